"""The archive: what log drains sent, kept for days."""
