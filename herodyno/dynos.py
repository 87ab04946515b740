"""The nouns, in Heroku's own words: App, Dyno, DynoSize, Formation, Release, LogDrain.

Every time is an aware UTC datetime. The API may send null for any field, and the row must still be shown: a missing
text is "", a missing number or time is None. Source of the fields: Heroku's published API schema.

The nouns are NamedTuples because every command defines these classes, and a frozen dataclass takes four times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from herodyno.heroku_facts import MB_PER_GB

Generation = Literal["cedar", "fir"]

# A shorter beginning of a dyno id is more often a mistyped name. Ours.
SHORTEST_ID_PREFIX = 4
# Times of the API, of Logplex and of this machine may differ by so much. Ours.
CLOCKS_DIFFER = timedelta(seconds=5)

_ORDINAL = re.compile(r"^(?P<type>[-\w]+)\.(?P<number>\d{1,9})$")
_ROLLBACK = re.compile(r"Rollback to v(\d{1,9})", re.ASCII | re.IGNORECASE)
_POD = re.compile(r"^(?P<type>[a-z0-9-]+)[-.][0-9a-z]+-[0-9a-z]{5}$")
_FIR_SIZE = re.compile(r"^dyno-\d+c-(?P<gb>\d+(?:\.\d+)?)gb$", re.IGNORECASE)


class App(NamedTuple):
    """An app. A Fir app has neither a log history at Logplex nor runtime metrics. `space` and `team` are names."""

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

    `id` is a UUID, new for each incarnation; `name` is reused. `release` is the version of the release that it runs.
    `created_at` is when this incarnation was created, `updated_at` when its state last changed. `state` is an open
    set: crashed, down, idle, starting, up, and others.
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
        """Whether the dyno comes from `run`, the Scheduler or a release phase, not from the formation."""
        return self.type in ONE_OFF_TYPES


ONE_OFF_TYPES = frozenset({"run", "scheduler", "release"})


class Formation(NamedTuple):
    """The number and size of dynos that the app should have of one process type."""

    type: str
    quantity: int = 0
    size: str = ""
    command: str = ""


class Release(NamedTuple):
    """A version of code and config vars. `status` is expired, failed, pending or succeeded.

    `slug_id` is the id of its code, a slug or (on Fir) an image; "" for a release without code, and for one of a
    container app. `can_roll_back` is whether Heroku takes the release as the target of a rollback, None when the API
    does not say.
    """

    version: int
    id: str = ""
    status: str = ""
    description: str = ""
    user: str = ""
    current: bool = False
    created_at: datetime | None = None
    slug_id: str = ""
    can_roll_back: bool | None = None


class NewestRelease(NamedTuple):
    """The newest release, and the newest that succeeded, which runs. `wait` and `diagnose` tell its state by this."""

    release: Release
    running: Release | None

    @property
    def has_failed(self) -> bool:
        """Whether it failed. Then it took no effect."""
        return self.release.status == "failed"

    @property
    def failure(self) -> str:
        """ "release v43 failed; v42 keeps running"."""
        runs = f"v{self.running.version} keeps running" if self.running else "none before it succeeded"
        return f"release v{self.release.version} failed; {runs}"


class DynoSize(NamedTuple):
    """A size that an app may use.

    `memory_gb` is the memory quota in GB, `compute` the CPU share. `cost_cents` are US cents per `cost_unit` ("month",
    "hour"), or None without a price.
    """

    name: str
    id: str = ""
    memory_gb: float | None = None
    compute: int | None = None
    dedicated: bool = False
    cost_cents: int | None = None
    cost_unit: str = ""

    @property
    def memory_mb(self) -> float | None:
        """The memory quota in MB (1,024 MB are 1 GB), or None when not known."""
        return None if self.memory_gb is None else self.memory_gb * MB_PER_GB


def rolled_back_to(release: Release) -> int | None:
    """The version whose code a release brought back. None for a release that is no rollback."""
    found = _ROLLBACK.match(release.description)
    return int(found[1]) if found else None


def newest_succeeded(releases: Iterable[Release]) -> int | None:
    """The version that dynos should run: releases that failed or are pending run nowhere."""
    return max((release.version for release in releases if release.status == "succeeded"), default=None)


class LogDrain(NamedTuple):
    """A drain that an app has: a log drain, or on Fir a telemetry drain, which has `signals` and no `token`.

    `url` is a secret: it may hold a user, a password or a key. `token` is "d.…". `addon` made the drain, "" for none.
    """

    id: str
    url: str
    token: str = ""
    addon: str = ""
    signals: tuple[str, ...] = ()
    created_at: datetime | None = None

    @property
    def place(self) -> str:
        """The address without what may be a secret: scheme, host and port. A path shows as "/…"."""
        try:
            parts = urlsplit(self.url)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            return "an address that cannot be read"
        return f"{parts.scheme}://{parts.hostname or ''}{port}{'/…' if parts.path.strip('/') else ''}"

    def __repr__(self) -> str:
        return f"LogDrain({self.id!r}, {self.place!r})"


def newest_release(releases: Iterable[Release]) -> NewestRelease | None:
    """The newest release in any order of releases; None without a release."""
    ordered = sorted(releases, key=lambda release: release.version)
    if not ordered:
        return None
    running = next((release for release in reversed(ordered) if release.status == "succeeded"), None)
    return NewestRelease(ordered[-1], running)


def process_type_of(name: str) -> str:
    """The process type in a dyno's name: "web" for "web.1" and for Fir's "web-848cd4f64d-pvpr2"."""
    found = _ORDINAL.match(name) or _POD.match(name)
    return found["type"] if found else name.partition(".")[0]


def is_fir_name(name: str) -> bool:
    """Whether the name is one of Fir. Fir never reuses a name, so the name alone identifies an incarnation."""
    return not _ORDINAL.match(name) and bool(_POD.match(name))


def natural_order(name: str) -> tuple[str, int, str]:
    """A sort key that puts web.2 before web.10."""
    found = _ORDINAL.match(name)
    return (found["type"], int(found["number"]), "") if found else (process_type_of(name), -1, name)


def short_id(dyno_id: str) -> str:
    """The first eight characters of a dyno id: enough for a person to compare."""
    return dyno_id[:8]


def names_with_ids(dynos: Iterable[Dyno]) -> list[str]:
    """ "web.1 (6f1c02ab)" for each dyno, in natural order."""
    return [f"{dyno.name} ({short_id(dyno.id)})" for dyno in sorted(dynos, key=lambda each: natural_order(each.name))]


def memory_mb_in_name(size: str) -> float | None:
    """The memory quota in MB that the name of a Fir size contains (512 for "dyno-1c-0.5gb"), or None."""
    found = _FIR_SIZE.match(size)
    return float(found["gb"]) * MB_PER_GB if found else None
