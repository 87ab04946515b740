"""Log lines as text, records or on a terminal."""
