"""Many lines at a time: the commonest ones as columns, all others as events."""
