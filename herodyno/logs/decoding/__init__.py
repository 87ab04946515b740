"""Bytes to lines: one decoder for every way in which log lines travel."""
