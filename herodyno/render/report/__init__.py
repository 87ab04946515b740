"""The report of a diagnosis as a file: a page, pictures, a post-mortem draft."""
