"""From lines to staged rows: the commonest many at a time as columns, every other one as an event."""
