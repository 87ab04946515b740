"""`herodyno releases` and `herodyno rollback`."""
