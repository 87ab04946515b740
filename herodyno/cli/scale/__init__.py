"""The command `scale` and its steps."""
