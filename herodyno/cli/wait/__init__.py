"""The command `wait`, and the polling that other commands wait with."""
