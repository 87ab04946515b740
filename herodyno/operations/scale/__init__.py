"""Scale: from typed words to a plan of absolute quantities."""
