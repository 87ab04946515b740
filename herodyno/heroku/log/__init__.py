"""Log sessions: one session read to its end, and a tail over many sessions."""
