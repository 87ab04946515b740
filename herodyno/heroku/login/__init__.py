"""Whose token it is: where a login is kept, how a new one is made."""
