"""Input and output: connections, deadlines, retries and the background event loop."""
