"""Many lines at a time: the commonest lines as columns, all others as events."""
