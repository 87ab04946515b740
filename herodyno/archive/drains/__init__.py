"""The drains that may send into an archive, kept in its `drains.json`."""
