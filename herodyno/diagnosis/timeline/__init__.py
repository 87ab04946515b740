"""Boundary lines to incarnations: which dyno id bore a name, and when."""
