"""When nothing stands out: nothing found, not enough data, or nothing on the dynos asked for."""
