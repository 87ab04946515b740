"""Words to writes: a pure plan each, one executor."""
