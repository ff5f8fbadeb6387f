"""The generator of `_async/` and `_sync/`; left out of the wheel."""
