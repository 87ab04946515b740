"""Lines chosen, marked and counted: filters, fields, statistics."""
