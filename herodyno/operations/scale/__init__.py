"""Scale: what was typed to a plan of absolute numbers."""
