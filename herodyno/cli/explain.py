"""`herodyno explain`: what an H, R or L code means; from the table in the package, no network."""

from __future__ import annotations
