"""The Platform API: its calls, its replies as values, repeats within a deadline."""
