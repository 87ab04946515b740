"""The command `auth` and its steps."""
