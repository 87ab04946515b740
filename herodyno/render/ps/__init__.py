"""The dynos of an app on screen, what changed between two looks, and what the log shows of each."""
