"""The days of an archive: what each of them holds, and what happened on it."""
