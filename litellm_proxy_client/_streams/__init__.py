"""Pure: accumulate the events of each stream protocol into a response."""
