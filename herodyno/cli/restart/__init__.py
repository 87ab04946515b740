"""The command `restart` and its steps."""
