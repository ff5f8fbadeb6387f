"""I/O: connections, deadlines, retries, streams and the background event loop."""
