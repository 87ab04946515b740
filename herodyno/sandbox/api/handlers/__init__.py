"""The handlers of the routes, one module for each resource: the resource as JSON, and its calls."""
