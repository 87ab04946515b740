"""Values to bytes: text, tables, JSON."""
