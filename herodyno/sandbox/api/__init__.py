"""The simulated Platform API: routes, state, answers."""
