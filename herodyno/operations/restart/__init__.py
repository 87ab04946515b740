"""Restart: a plan, one dyno after the other, and a comparison before and after."""
