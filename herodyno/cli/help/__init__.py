"""What `help` shows beside the help of a command, and what it says to words that are no command."""
