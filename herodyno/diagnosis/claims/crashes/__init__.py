"""Claims about crashes, and what to do."""
