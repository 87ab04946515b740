"""The command `diagnose` and its steps."""
