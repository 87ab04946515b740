"""What may be claimed, one kind of claim a file: each function reads an Analysis and returns claims, or none."""
