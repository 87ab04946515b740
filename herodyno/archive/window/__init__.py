"""The counts of a window by an engine: what it counts, what it leaves, and how the two become one."""
