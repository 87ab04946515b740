"""A diagnosis as text, JSON or one line for Nagios."""
