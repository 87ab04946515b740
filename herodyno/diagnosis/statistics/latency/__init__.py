"""Service times: which dyno is slower than its peers, and when all became slow."""
