"""Restart: the plan, the rolling restart, and the comparison of before and after."""
