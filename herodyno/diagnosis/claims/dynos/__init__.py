"""Claims about dynos that fail more than their peers: at fault, explained by clients, or only while they started."""
