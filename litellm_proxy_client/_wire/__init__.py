"""Pure: requests, responses and errors as values, without I/O."""
