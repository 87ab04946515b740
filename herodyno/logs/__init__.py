"""Log text to meaning: bytes, lines, events. Pure."""
