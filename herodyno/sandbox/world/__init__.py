"""Apps and dynos as time goes by, and the lines they write."""
