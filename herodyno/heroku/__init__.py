"""The outside world: Platform API, log sessions, credentials."""
