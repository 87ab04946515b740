"""Several apps: tables of a line each, and JSON."""
