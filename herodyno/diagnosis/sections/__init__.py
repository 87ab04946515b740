"""The sections of a report beside the verdict: incarnations, changes, coverage."""
