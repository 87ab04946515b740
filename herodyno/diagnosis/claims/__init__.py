"""What may be claimed, one kind a file: each reads the numbers of a Study and answers with claims or none."""
