"""Claims about all dynos of a type: they fail or slow down alike, one client explains it, or there is only one."""
