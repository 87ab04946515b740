"""The API's JSON becomes our nouns: tolerant of null, missing and extra fields, exact about what cannot be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from herodyno.dynos import Dyno


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose token it is. `name` may be "" (people need not give one)."""

    email: str
    id: str = ""
    name: str = ""
    two_factor: bool = False
    suspended_at: datetime | None = None
    delinquent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormationUpdate:
    """What to change for one process type; None leaves quantity, "" leaves size as it is."""

    type: str
    quantity: int | None = None
    size: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOff:
    """A one-off dyno just made. `attach_url` is a secret (a shell on the dyno), "" when not attached."""

    dyno: Dyno
    attach_url: str = field(default="", repr=False)
