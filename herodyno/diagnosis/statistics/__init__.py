"""Numbers of facts: rates, outliers, episodes, latency, memory. Pure functions."""
