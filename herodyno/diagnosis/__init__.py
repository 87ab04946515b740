"""Events and dynos to a verdict. Pure."""
