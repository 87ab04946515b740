"""Sorted files of one day into one: each line once, few files open at a time."""
