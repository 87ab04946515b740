"""The command `run` and its steps."""
