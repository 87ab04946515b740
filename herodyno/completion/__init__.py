"""TAB: what the shells know of the command line, and the names that ordinary commands have seen."""
