"""What the archive and its receiver say of themselves."""
