"""Endpoints: the request that each method sends, and how its response is parsed. This package does no I/O."""
