"""What each route of the simulated Platform API answers."""
