"""What `help` shows beside the help of a command: topics, the manual as data and as a page, the schemas."""
