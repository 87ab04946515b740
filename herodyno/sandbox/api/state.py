"""What the API keeps beside the world: options, the bucket of calls, log sessions, attach secrets, tokens, switches."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from herodyno.sandbox.world.nouns import User

BUCKET = 4500  # calls per account; source: Dev Center, "Platform API Reference", rate limits
REFILL_PER_MINUTE = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this Heroku behaves on request.

    `two_factor` is the code that is asked for ("" = none); `warning` goes out with every reply, and `warning_if_real`
    with one to a token that looks like a real one; `rate_limit` is what the bucket holds; `refused_tokens` get 401,
    `forbidden_apps` 403. `log_url` is where log sessions are read,
    `rendezvous` host:port of the attach URLs. A log session must be opened within `session_opens` seconds and ends
    `session_lasts` seconds after it was made (sources: open Logplex; Heroku's own editor extension); a tail is cut
    after `cut_after` lines (0 = never), so that a client has to come again.
    """

    two_factor: str = ""
    warning: str = ""
    warning_if_real: str = ""
    rate_limit: int = BUCKET
    refused_tokens: frozenset[str] = frozenset({"", "undefined", "invalid"})
    forbidden_apps: frozenset[str] = frozenset()
    log_url: str = "https://logs-api.heroku.com"
    rendezvous: str = "rendezvous.runtime.heroku.com:5000"
    session_opens: float = 360
    session_lasts: float = 900
    cut_after: int = 0


@dataclass(slots=True, kw_only=True)
class LogSession:
    """What a log session was asked for. `lines` is None for the usual number."""

    id: str
    app: str
    created_at: datetime
    tail: bool = False
    lines: int | None = None
    source: str = ""
    dyno: str = ""
    type: str = ""
    opened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A one-off dyno that waits for its client; `inside` is a second process in a dyno that is there already."""

    app: str
    dyno: str
    command: str
    env: Mapping[str, str]
    tty: bool = True
    inside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """An OAuth authorization: a token that a login made."""

    id: str
    token: str
    description: str
    created_at: datetime
    expires_in: int | None = None


@dataclass(kw_only=True)
class Desk:
    """The state of the API. `secret` makes the part of a URL that nobody may guess.

    A log tail that has nothing to say calls `wait`: it comes back when there may be more, and False ends the tail.
    `lock` guards world and desk where several threads use them.
    """

    account: User
    options: Options = field(default_factory=Options)
    secret: Callable[[], str] | None = None
    wait: Callable[[], bool] = lambda: False
    lock: threading.RLock = field(default_factory=threading.RLock)
    sessions: dict[str, LogSession] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    authorizations: list[Authorization] = field(default_factory=list)
    revoked: set[str] = field(default_factory=set)
    browser_logins: dict[str, str] = field(default_factory=dict)
    features: dict[tuple[str, str], bool] = field(default_factory=dict)
    pre_authorized: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # The account's id comes from the world's seed, so the same world gives the same request ids.
        self._random = random.Random(f"api {self.account.id}")  # noqa: S311 - repeatable on purpose
        self._spent = 0.0
        self._counted_at: datetime | None = None

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def new_secret(self) -> str:
        return self.secret() if self.secret else self.new_id()

    def remaining(self, at: datetime) -> int:
        """Calls left in the bucket; it fills again with time."""
        if self._counted_at is not None:
            minutes = (at - self._counted_at).total_seconds() / 60
            self._spent = max(0, self._spent - minutes * REFILL_PER_MINUTE)
        self._counted_at = at
        return int(self.options.rate_limit - self._spent)

    def spend(self, at: datetime) -> bool:
        """Take one call; False when the bucket is empty."""
        if self.remaining(at) < 1:
            return False
        self._spent += 1
        return True
