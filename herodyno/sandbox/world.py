"""A simulated Heroku on a clock: ask it, change it, and turn it with `tick`.

Pure: no real clock, no sockets, no threads. Randomness comes from the seed, so the same seed and
the same turns give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from herodyno.sandbox.nouns import (
    App,
    Drain,
    Dyno,
    Formation,
    FormationUpdate,
    Generation,
    Named,
    Release,
    Size,
    User,
)

START = datetime(2026, 11, 23, 2, 6, 28, tzinfo=UTC)


class World:
    """The platform: apps and their dynos, turned by `tick`. Methods raise Refused as Heroku's API would.

    `app` arguments are names or ids; `by` is an e-mail ("" = the account's own).
    """

    now: datetime
    account: User
    apps: dict[str, App]  # by name, in order of creation
    sizes: dict[str, Size]  # by canonical name ("Standard-1X")
    teams: list[Named]
    spaces: list[Named]
    pipelines: list[Named]

    def __init__(self, *, seed: int = 1, start: datetime = START) -> None: ...

    def tick(self, seconds: float) -> None:
        """Let time pass: dynos boot, exit, cycle; traffic writes its lines."""
        raise NotImplementedError

    # Asking

    def app(self, app: str) -> App:
        """404 not_found "Couldn't find that app."."""
        raise NotImplementedError

    def dynos(self, app: str) -> list[Dyno]:
        """What the API lists: not the ones that are being stopped."""
        raise NotImplementedError

    def dyno(self, app: str, name_or_id: str) -> Dyno:
        raise NotImplementedError

    def formation(self, app: str) -> list[Formation]:
        raise NotImplementedError

    def size(self, name: str) -> Size:
        """In any case of letters; 422 invalid_params "No such size as …" otherwise."""
        raise NotImplementedError

    # Changing

    def create_app(
        self,
        name: str,
        *,
        formation: Mapping[str, tuple[int, str, str]],
        generation: Generation = "cedar",
        keep_all: bool = False,
    ) -> App:
        """An app with one release; `formation` maps a type to (quantity, size, command). Its dynos begin to start."""
        raise NotImplementedError

    def scale(self, app: str, updates: Sequence[FormationUpdate], *, by: str = "") -> list[Formation]:
        """Absolute quantities. 404 for an unknown type, 422 for sizes and counts that do not fit."""
        raise NotImplementedError

    def restart(self, app: str, *, type: str = "", dyno: str = "", by: str = "") -> None:
        """One dyno (name or id), one type, or all when neither is given."""
        raise NotImplementedError

    def stop(self, app: str, *, type: str = "", dyno: str = "", by: str = "") -> None:
        """Formation dynos are started again by the platform; one-off dynos stay stopped."""
        raise NotImplementedError

    def run(
        self,
        app: str,
        command: str,
        *,
        attach: bool = False,
        size: str = "",
        type: str = "run",
        env: Mapping[str, str] | None = None,
        time_to_live: int | None = None,
        by: str = "",
    ) -> Dyno:
        """A one-off dyno. Detached, it ends by itself; attached, it waits for `client_came` (R13 after 30 s)."""
        raise NotImplementedError

    def client_came(self, app: str, dyno: str) -> None:
        """The rendezvous of an attached one-off dyno has its client: the command starts."""
        raise NotImplementedError

    def client_left(self, app: str, dyno: str) -> None:
        """The client of an attached one-off dyno hung up: SIGHUP, and it exits."""
        raise NotImplementedError

    def exit(self, app: str, dyno: str, status: int) -> None:
        """A dyno's process ends by itself now."""
        raise NotImplementedError

    def say(self, app: str, dyno: str, text: str) -> None:
        """A dyno's process prints; every line of `text` is a log line of its own."""
        raise NotImplementedError

    def deploy(self, app: str, *, commands: Mapping[str, str] | None = None, by: str = "") -> Release:
        raise NotImplementedError

    def rollback(self, app: str, release: str, *, by: str = "") -> Release:
        """A new release with the code of an older one (its version, "v41", or id)."""
        raise NotImplementedError

    def set_config(self, app: str, values: Mapping[str, str | None], *, by: str = "") -> Release:
        """None removes. Every dyno of the formation restarts."""
        raise NotImplementedError

    def set_maintenance(self, app: str, on: bool, *, by: str = "") -> None:
        raise NotImplementedError

    def log_session_created(self, app: str, *, by: str = "") -> None:
        """Write the line Heroku writes when somebody opens a log session."""
        raise NotImplementedError

    def add_drain(self, app: str, url: str) -> Drain:
        raise NotImplementedError

    def remove_drain(self, app: str, drain: str) -> Drain:
        """By id, token or url."""
        raise NotImplementedError
