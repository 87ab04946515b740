"""The same columns by a compiled part, where one was built. Its matcher is generated from the scan's patterns."""
