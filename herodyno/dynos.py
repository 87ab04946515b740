"""The nouns, in Heroku's own words: App, Dyno, DynoSize, Formation, Release.

Every time is an aware UTC datetime. A string the API did not tell is "", a number or time None:
the API may send null for any field, and a row must still be shown.
NamedTuples: every command makes these classes anew, and a frozen dataclass takes four times as long to make.
Source of the fields: Heroku's published API schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

Generation = Literal["cedar", "fir"]

# Daily cycling: after 24 hours plus up to 216 minutes (Dev Center, "Dynos and the Dyno Manager").
CYCLE_EARLIEST = timedelta(hours=24)
CYCLE_LATEST = timedelta(hours=27, minutes=36)

_ORDINAL = re.compile(r"^(?P<type>[-\w]+)\.(?P<number>\d{1,9})$")
_POD = re.compile(r"^(?P<type>[a-z0-9-]+)[-.][0-9a-z]+-[0-9a-z]{5}$")
_FIR_SIZE = re.compile(r"^dyno-\d+c-(?P<gb>\d+(?:\.\d+)?)gb$", re.IGNORECASE)


class App(NamedTuple):
    """An app; `generation` decides what can be known (Fir has no Logplex history, no runtime metrics)."""

    name: str
    id: str = ""
    generation: Generation = "cedar"
    stack: str = ""
    maintenance: bool = False
    space: str = ""
    shield: bool = False
    team: str = ""
    released_at: datetime | None = None


class Dyno(NamedTuple):
    """A running (or crashed) dyno: one incarnation of a name.

    `id` is a UUID, new for each incarnation; `name` is reused. `release` is the version number it
    runs. `created_at` is when this incarnation was made, `updated_at` its last change of state.
    `state` is an open set: crashed, down, idle, starting, up, and whatever comes.
    """

    name: str
    id: str = ""
    type: str = ""
    state: str = ""
    size: str = ""
    command: str = ""
    release: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def is_one_off(self) -> bool:
        """Whether it came from `run`, the Scheduler or a release phase rather than the formation."""
        return self.type in ONE_OFF_TYPES


ONE_OFF_TYPES = frozenset({"run", "scheduler", "release"})


class Formation(NamedTuple):
    """What is wanted for one process type: how many dynos of which size."""

    type: str
    quantity: int = 0
    size: str = ""
    command: str = ""


class Release(NamedTuple):
    """A version of code and config. `status`: expired, failed, pending, succeeded."""

    version: int
    id: str = ""
    status: str = ""
    description: str = ""
    user: str = ""
    current: bool = False
    created_at: datetime | None = None


class DynoSize(NamedTuple):
    """A size an app may use. `memory_gb` as the API tells it; `cost_cents` per `cost_unit` or None."""

    name: str
    id: str = ""
    memory_gb: float | None = None
    compute: int | None = None
    dedicated: bool = False
    cost_cents: int | None = None
    cost_unit: str = ""

    @property
    def memory_mb(self) -> float | None:
        """The memory quota in MB, or None when the API did not tell."""
        return None if self.memory_gb is None else self.memory_gb * 1024


def newest_succeeded(releases: Iterable[Release]) -> int | None:
    """The version that dynos should run: releases that failed or are pending run nowhere."""
    return max((release.version for release in releases if release.status == "succeeded"), default=None)


def process_type_of(name: str) -> str:
    """The process type in a dyno's name: "web" of "web.1", of Fir's "web-848cd4f64d-pvpr2" too."""
    found = _ORDINAL.match(name) or _POD.match(name)
    return found["type"] if found else name.partition(".")[0]


def is_fir_name(name: str) -> bool:
    """Whether the name is one Fir gives: never reused, so the name alone is an incarnation."""
    return not _ORDINAL.match(name) and bool(_POD.match(name))


def natural_order(name: str) -> tuple[str, int, str]:
    """A sort key that puts web.2 before web.10."""
    found = _ORDINAL.match(name)
    return (found["type"], int(found["number"]), "") if found else (process_type_of(name), -1, name)


def short_id(dyno_id: str) -> str:
    """The first eight characters of a dyno id, enough for a person to compare."""
    return dyno_id[:8]


def memory_mb_in_name(size: str) -> float | None:
    """The memory quota in MB that a Fir size carries in its name ("dyno-1c-0.5gb"), else None."""
    found = _FIR_SIZE.match(size)
    return float(found["gb"]) * 1024 if found else None
