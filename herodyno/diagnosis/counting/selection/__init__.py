"""A part of a log is counted in the pass that gathers the timeline of the whole."""
