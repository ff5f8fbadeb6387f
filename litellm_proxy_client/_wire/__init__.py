"""Pure: requests, responses and errors as values. Nothing here does I/O."""
