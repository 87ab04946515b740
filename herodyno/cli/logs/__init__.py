"""The command `logs` and its steps."""
