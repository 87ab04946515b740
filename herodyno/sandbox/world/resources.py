"""The resources of the simulated Heroku, in the API's own words: App, Dyno, Formation, Release, Size, Drain.

They are the sandbox's own classes. The client shares none of them, so each side proves the other.
Every time is an aware datetime in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from herodyno.sandbox.app_lines.frameworks import FLASK, Framework
from herodyno.sandbox.world.log_buffer import LogBuffer
from herodyno.sandbox.world.simulator import ScheduledEvent
from herodyno.sandbox.world.workload import ProcessProfile, Traffic

Generation = Literal["cedar", "fir"]


class Refused(Exception):
    """The platform refuses: the HTTP status, Heroku's own id and message, and further fields of the error body."""

    def __init__(self, status: int, id: str, message: str, **fields: object) -> None:
        super().__init__(message)
        self.status, self.id, self.message, self.fields = status, id, message, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A dyno size. `memory_mb` is the memory quota. Above `memory_mb * kill_factor` the dyno is killed (R15)."""

    name: str
    id: str
    memory_mb: int
    compute: int
    dedicated: bool
    precise_dyno_units: float
    private_space_only: bool
    generation: Generation
    tier: str
    cost_cents: int | None
    kill_factor: float
    can_autoscale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or an add-on who changes an app."""

    id: str
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A team, space, pipeline or region. Only a space has `shield`."""

    id: str
    name: str
    shield: bool = False


@dataclass(slots=True, kw_only=True)
class Release:
    """A version of code and config. `status` is pending, succeeded, failed or expired.

    `commands` is its Procfile: process type to command. `profiles` is how its code behaves, by process type.
    """

    id: str
    version: int
    description: str
    user: User
    created_at: datetime
    updated_at: datetime
    slug_id: str
    commit: str
    commands: dict[str, str]
    profiles: dict[str, ProcessProfile]
    status: str = "succeeded"


@dataclass(slots=True, kw_only=True)
class Formation:
    """The quantity, size and command of one process type."""

    id: str
    type: str
    quantity: int
    size: str
    command: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FormationUpdate:
    """One process type in a scale call. None leaves the value as it is. `size` is in any case of letters."""

    type: str
    quantity: int | None = None
    size: str | None = None


@dataclass(slots=True, kw_only=True)
class Dyno:
    """One incarnation. Its `id` is its own. Its `name` is used again by its successor, except on Fir.

    `state` is starting, up, crashed, idle or down. `crashes` counts its crashes in a row, those of its predecessors
    included. `scheduled` are the events that wait for it. `ended_at`, `exit_status` and `end_reason` are the truth
    about its end, for tests; the API shows none of them. The API's list still has the incarnation `list_lag` seconds
    after `unlisted_at`.
    """

    id: str
    name: str
    type: str
    size: str
    command: str
    release: int
    created_at: datetime
    updated_at: datetime
    state: str = "starting"
    one_off: bool = False
    attach: bool = False
    env: dict[str, str] = field(default_factory=dict)
    started_at: datetime | None = None
    up_at: datetime | None = None
    ended_at: datetime | None = None
    exit_status: int | None = None
    end_reason: str = ""
    unlisted_at: datetime | None = None
    list_lag: float = 0.0
    crashes: int = 0
    profile: ProcessProfile = field(default_factory=ProcessProfile, repr=False)
    scheduled: list[ScheduledEvent] = field(default_factory=list, repr=False)


@dataclass(slots=True, kw_only=True)
class Drain:
    """A log drain. L10 lines name its `token`."""

    id: str
    token: str
    url: str
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True, kw_only=True)
class TelemetryDrain:
    """A telemetry drain of a Fir app or of a space. `owner` is the id of that app or space; `kind` says which.

    `exporter` is otlphttp or otlp (gRPC). `headers` are secrets.
    """

    id: str
    owner: str
    kind: str
    signals: list[str]
    exporter: str
    endpoint: str
    headers: dict[str, str] = field(repr=False)
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True, kw_only=True)
class App:
    """An app with everything that belongs to it.

    `dynos` maps a name to the incarnation that the API shows. `past` are the incarnations that ended or are stopping,
    oldest first. `serving` are the web dynos that get requests. `unlaunchable` are names that the platform cannot
    start at present (R99). `process_tier` is eco, basic, production, private or shield. `runtime_metrics`, `preboot`
    and `session_affinity` are app features. `last_request` is in seconds since the start of the world.
    """

    id: str
    name: str
    legacy_id: int
    generation: Generation
    owner: User
    created_at: datetime
    updated_at: datetime
    released_at: datetime | None
    region: Named
    stack: str
    process_tier: str
    host: str
    team: Named | None = None
    space: Named | None = None
    pipeline: Named | None = None
    pipeline_stage: str = ""
    maintenance: bool = False
    runtime_metrics: bool = True
    preboot: bool = False
    session_affinity: bool = False
    config: dict[str, str] = field(default_factory=dict)
    formation: dict[str, Formation] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    dynos: dict[str, Dyno] = field(default_factory=dict)
    past: list[Dyno] = field(default_factory=list)
    serving: list[Dyno] = field(default_factory=list)
    unlaunchable: set[str] = field(default_factory=set)
    traffic: Traffic | None = None
    last_request: float = 0.0
    drains: list[Drain] = field(default_factory=list)
    log: LogBuffer = field(default_factory=LogBuffer)
    framework: Framework = FLASK

    @property
    def release(self) -> Release:
        """The newest release that succeeded. New dynos run it."""
        return next(each for each in reversed(self.releases) if each.status == "succeeded")

    def incarnations(self) -> Sequence[Dyno]:
        """Every incarnation that there was, by time of creation."""
        return sorted([*self.past, *self.dynos.values()], key=lambda each: (each.created_at, each.name))
