"""Numbers with units as logs write them: "49ms", "906.01MB", "0.5". Times and sizes compare with their like."""

from __future__ import annotations

import re
from typing import NamedTuple

from herodyno.heroku_facts import BYTES_PER_MB, MB_PER_GB

_QUANTITY = re.compile(r"([+-]?\d{1,18}(?:\.\d{1,18})?)([A-Za-z%]{0,8})", re.ASCII)

# Unit to milliseconds, unit to bytes.
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "sec": 1000.0, "m": 60_000.0, "min": 60_000.0, "h": 3_600_000.0}
_BYTES = {"b": 1.0, "bytes": 1.0, "kb": 1024.0, "mb": float(BYTES_PER_MB), "gb": float(BYTES_PER_MB * MB_PER_GB)}


class Quantity(NamedTuple):
    """A number and the unit as written, "" when there was none."""

    number: float
    unit: str

    def against(self, other: Quantity) -> tuple[float, float] | None:
        """Both numbers in one unit, or None when the units cannot be converted.

        A number without a unit has the unit of the other number.
        """
        if not self.unit or not other.unit or self.unit == other.unit:
            return self.number, other.number
        for table in (_MILLISECONDS, _BYTES):
            own, its = table.get(self.unit.lower()), table.get(other.unit.lower())
            if own and its:
                return self.number * own, other.number * its
        return None


def quantity(text: str) -> Quantity | None:
    """The number that the whole text stands for, or None."""
    found = _QUANTITY.fullmatch(text)
    return Quantity(float(found[1]), found[2]) if found else None
