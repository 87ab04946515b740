"""Requests that a dyno answered: most lines of a log, so they are counted many at a time."""
