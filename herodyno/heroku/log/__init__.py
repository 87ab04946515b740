"""Log sessions: opened, read, followed through breaks."""
