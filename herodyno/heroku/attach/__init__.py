"""One-off dynos attached to a terminal: rendezvous, terminal modes, exit marker."""
