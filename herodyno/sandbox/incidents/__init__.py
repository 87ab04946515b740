"""What goes wrong in the sandbox, on a clock, with its known truth."""
