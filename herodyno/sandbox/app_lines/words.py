"""A pattern becomes a line: each `{name}` in it is a value that is given, or is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_FIELD = re.compile(r"\{(\w+)\}")  # the braces of a JSON line hold a quote, so they are no field
_NAMES = ("amara", "bo", "chidi", "dolores", "emre", "freya", "goran", "hina", "ines", "jorge")
_TOWNS = ("Aarhus", "Bergen", "Cadiz", "Dresden", "Evora", "Faro", "Ghent", "Harare")
_DRAWN: dict[str, Callable[[Random], object]] = {
    "n": lambda random: random.randint(1, 9999),
    "few": lambda random: random.randint(2, 40),
    "waiting": lambda random: random.randint(18, 40),
    "ms": lambda random: random.randint(3, 4000),
    "amount": lambda random: f"{random.uniform(3, 400):.2f}",
    "address": lambda random: f"10.4.{random.randint(0, 255)}.{random.randint(1, 254)}",
    "hex": lambda random: f"{random.getrandbits(48):012x}",
    "sku": lambda random: f"{random.choice('ABCDEFGH')}{random.choice('KLMNOP')}-{random.randint(1000, 9999)}",
    "name": lambda random: random.choice(_NAMES),
    "town": lambda random: random.choice(_TOWNS),
}


def fill(pattern: str, random: Random, **given: object) -> str:
    """The line: `given` values first, drawn ones for the other fields."""
    return _FIELD.sub(lambda match: str(given[match[1]] if match[1] in given else _DRAWN[match[1]](random)), pattern)


def expression(pattern: str) -> re.Pattern[str]:
    """What finds the lines of a pattern, with any values in its fields."""
    return re.compile(".{1,60}?".join(map(re.escape, _FIELD.split(pattern)[::2])))
