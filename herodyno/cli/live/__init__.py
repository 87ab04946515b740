"""What looks again and again: `ps --watch`, `diagnose --watch`, `top`."""
