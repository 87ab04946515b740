"""The command `archive`: what log drains sent, kept for days."""
