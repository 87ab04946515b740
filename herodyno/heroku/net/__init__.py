"""Connections: hosts, TLS, proxies, one try of one request."""
