"""Logins: where a token is kept, and how a new one is made."""
