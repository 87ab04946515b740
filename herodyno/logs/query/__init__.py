"""What a person asks of a log: filters, fields, marks, statistics."""
