"""A simulation of apps, dynos, router and logs in time."""
