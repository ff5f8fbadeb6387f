"""Pure: how the events of each stream protocol add up to a response."""
