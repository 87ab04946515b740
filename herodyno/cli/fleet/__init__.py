"""What commands do for several apps at once."""
