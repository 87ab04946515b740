"""What goes wrong in a world: incidents and scenarios, each with its ground truth."""
