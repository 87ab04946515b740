"""`diagnose --on`: a command of the user's runs when the verdict changes."""
