"""Rows and events to facts: each line is counted once."""
