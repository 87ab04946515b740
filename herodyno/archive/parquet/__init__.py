"""Parquet files of an archive: the only door to pyarrow, which the first function that needs it loads."""
