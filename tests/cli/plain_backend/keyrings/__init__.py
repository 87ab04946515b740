"""A regular package, as that of the real keyrings.alt: the first one on the path is imported."""
