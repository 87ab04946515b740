"""The command `ps` and its steps."""
