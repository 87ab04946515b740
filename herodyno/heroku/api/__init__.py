"""The Platform API: calls, replies as values, repeats within a deadline."""
