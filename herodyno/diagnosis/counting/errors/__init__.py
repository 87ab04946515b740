"""Failed requests: how they are counted, and what is kept of them."""
