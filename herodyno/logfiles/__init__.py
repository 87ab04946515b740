"""Log files and standard input, packed or not, to blocks of whole lines."""
