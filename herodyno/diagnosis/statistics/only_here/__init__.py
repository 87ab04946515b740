"""Lines that one side prints and the other does not: the two sides, the test, and what a clock prints."""
