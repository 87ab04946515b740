"""Claims about memory: over the quota, growing, far above the peers, and what to do."""
