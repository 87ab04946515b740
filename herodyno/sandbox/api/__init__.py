"""The simulated Platform API: routes, handlers, state."""
