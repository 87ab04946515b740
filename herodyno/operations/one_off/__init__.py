"""A command in a one-off dyno: attached or detached, and how it ended."""
