"""Heroku's H, R and L codes: one table, each property of a code stated once."""
