"""The state of the API beside the world: options, rate limit, log sessions, attachments, tokens, features."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from herodyno.sandbox.heroku_facts import (
    RATE_LIMIT,
    RATE_REFILL_PER_MINUTE,
    SESSION_LIFETIME,
    SESSION_OPEN_TIMEOUT,
)
from herodyno.sandbox.world.resources import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the simulated API behaves.

    `two_factor` is the code that every call must send, "" for none. `warning` goes out with every reply.
    `warning_if_real` replaces it for a token that looks like a real one. `rate_limit` is the size of the bucket.
    `refused_tokens` get 401 and `forbidden_apps` 403. `log_url` is the base of log session URLs, `rendezvous` the
    host:port of attach URLs. A log session must be opened within `session_opens` seconds. It ends `session_lasts`
    seconds after it was created. A tail is cut after `cut_after` lines, 0 for never, so that its client must reconnect.
    """

    two_factor: str = ""
    warning: str = ""
    warning_if_real: str = ""
    rate_limit: int = RATE_LIMIT
    refused_tokens: frozenset[str] = frozenset({"", "undefined", "invalid"})
    forbidden_apps: frozenset[str] = frozenset()
    log_url: str = "https://logs-api.heroku.com"
    rendezvous: str = "rendezvous.runtime.heroku.com:5000"
    session_opens: float = SESSION_OPEN_TIMEOUT
    session_lasts: float = SESSION_LIFETIME
    cut_after: int = 0


@dataclass(slots=True, kw_only=True)
class LogSession:
    """A log session and its filters. `lines` is None for Heroku's default."""

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
    """A one-off dyno that waits for its client. `inside` is a second process in a dyno that runs already."""

    app: str
    dyno: str
    command: str
    env: Mapping[str, str]
    tty: bool = True
    inside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """An OAuth authorization: the token of a login. `expires_in` is in seconds from its creation."""

    id: str
    token: str
    description: str
    created_at: datetime
    expires_in: int | None = None
    scope: tuple[str, ...] = ("global",)

    def seconds_left(self, at: datetime) -> int | None:
        """Seconds until the token expires, 0 when it has; None for a token without an end."""
        if self.expires_in is None:
            return None
        return max(0, self.expires_in - int((at - self.created_at).total_seconds()))


@dataclass(kw_only=True)
class State:
    """The state of the API of one world.

    `secret` makes the part of a URL that nobody may guess. A log tail without lines calls `wait`, which returns when
    there may be more; False ends the tail. `lock` guards the world and this state where several threads use them.
    `sessions`, `attachments` and `browser_logins` are by secret, `features` by (app id, feature name).
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
        """A UUID of version 4. The same world gives the same ids."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def new_secret(self) -> str:
        """The secret part of a URL."""
        return self.secret() if self.secret else self.new_id()

    def remaining(self, at: datetime) -> int:
        """Calls left in the bucket at this time. The bucket fills again with time."""
        if self._counted_at is not None:
            minutes = (at - self._counted_at).total_seconds() / 60
            self._spent = max(0, self._spent - minutes * RATE_REFILL_PER_MINUTE)
        self._counted_at = at
        return int(self.options.rate_limit - self._spent)

    def spend(self, at: datetime) -> bool:
        """Take one call from the bucket. False when the bucket is empty."""
        if self.remaining(at) < 1:
            return False
        self._spent += 1
        return True
