"""Numbers of facts: rates, shared time, outliers, tense, latency, memory. Pure functions."""
