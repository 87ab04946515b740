"""The nouns of the simulated Heroku: what its API can show and its log can hold.

They are the sandbox's own (nothing is shared with the client, so that one proves the other).
Every time is an aware UTC datetime.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from herodyno.sandbox.world.behaviour import Behaviour, Traffic
from herodyno.sandbox.world.log_buffer import LogBuffer
from herodyno.sandbox.world.simulator import Planned

Generation = Literal["cedar", "fir"]


class Refused(Exception):
    """The platform says no: an HTTP status with Heroku's own id and message, and more fields of the error body."""

    def __init__(self, status: int, id: str, message: str, **fields: object) -> None:
        super().__init__(message)
        self.status, self.id, self.message, self.fields = status, id, message, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A dyno size. `memory_mb` is the quota; above `memory_mb * kill_factor` the platform kills (R15)."""

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
    """A person (or an add-on) by whom things happen."""

    id: str
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A team, space, pipeline or region: plain data with an id and a name. `shield` is of spaces."""

    id: str
    name: str
    shield: bool = False


@dataclass(slots=True, kw_only=True)
class Release:
    """A version of code and config. `status`: pending, succeeded, failed, expired.

    `commands` is its Procfile, `manner` how its code behaves by process type.
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
    manner: dict[str, Behaviour]
    status: str = "succeeded"


@dataclass(slots=True, kw_only=True)
class Formation:
    """What is wanted for one process type."""

    id: str
    type: str
    quantity: int
    size: str
    command: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FormationUpdate:
    """One wish of a scale call. None leaves the value as it is; `size` in any case of letters."""

    type: str
    quantity: int | None = None
    size: str | None = None


@dataclass(slots=True, kw_only=True)
class Dyno:
    """One incarnation. `id` is new for each, `name` is a slot that is used again (on Cedar).

    `state`: starting, up, crashed, idle, down while the API shows it; then stopping, gone.
    `ended_at`, `exit_status` and `end_reason` tell the end, for tests that ask for the truth.
    `crashes` counts the crashes in a row before this one; `plans` is what is still to happen to it.
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
    crashes: int = 0
    behaviour: Behaviour = field(default_factory=Behaviour, repr=False)
    plans: list[Planned] = field(default_factory=list, repr=False)


@dataclass(slots=True, kw_only=True)
class Drain:
    """A log drain; `token` is what L10 lines name."""

    id: str
    token: str
    url: str
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True, kw_only=True)
class App:
    """An app with everything that hangs on it. `dynos` maps name to the incarnation the API shows.

    `past` holds the incarnations that ended or are stopping, oldest first. `process_tier`: eco, basic,
    production, private, shield. `runtime_metrics` and `preboot` are app features. `serving` are
    the web dynos the router sends requests to, `unlaunchable` the names that the platform cannot
    start at the moment (R99), `last_request` is in seconds of the world.
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

    @property
    def release(self) -> Release:
        """The newest release that succeeded, which new dynos run."""
        return next(each for each in reversed(self.releases) if each.status == "succeeded")

    def incarnations(self) -> Sequence[Dyno]:
        """Every incarnation there was, by time of creation."""
        return sorted([*self.past, *self.dynos.values()], key=lambda each: (each.created_at, each.name))
