"""What a record of a log says: when, from whom, what. A shape reads one kind of record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

# (time, source, proc, text). The time is None where the record has none.
Read: TypeAlias = tuple[datetime | None, str, str, str]
# Reads a record of this kind; None for any other.
Shape: TypeAlias = Callable[[str], Read | None]
