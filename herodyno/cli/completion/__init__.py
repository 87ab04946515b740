"""The command `completion` and its steps."""
