"""Completion: the scripts for the shells, and the file of names that they propose."""
