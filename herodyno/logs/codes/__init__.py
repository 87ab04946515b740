"""Heroku's H, R and L codes on one table, and exit statuses. Each property of a code stands once."""
