"""Starting a one-off dyno: what the app needs is looked up side by side, then one call starts it, once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from herodyno.cli.session import Session
from herodyno.dynos import App, Dyno, DynoSize
from herodyno.errors import BadReply, HerodynoError, NotFound, PlatformFailed, RefusedByHeroku, WriteUnclear
from herodyno.heroku.api.platform import Platform
from herodyno.heroku.api.wire import OneOff
from herodyno.heroku.attach.exit_marker import new_word
from herodyno.operations.one_off.command import command_for_dyno
from herodyno.operations.prices import cents_per_month, is_flat, per_hour, size_named

_CLOCKS_DIFFER = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for. `text` is the command as shell text, `ttl` the dyno's longest life in seconds."""

    app: str
    text: str
    size: str
    type: str
    env: Mapping[str, str]
    wants_tty: bool
    ttl: int | None
    is_attached: bool
    wants_status: bool
    may_launch: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is sent. `word` is the run's random word, "" where no status is announced."""

    wanted: Wanted
    app: App
    command: str
    word: str
    sizes: tuple[DynoSize, ...]

    @property
    def call(self) -> dict[str, Any]:
        """The call as --dry-run shows it: the values of variables are nobody's business."""
        body: dict[str, Any] = {"command": self.command, "attach": self.wanted.is_attached}
        body["env"] = dict.fromkeys(self.wanted.env, "[hidden]")
        optional = {
            "force_no_tty": self.wanted.is_attached and not self.wanted.wants_tty,
            "size": self.wanted.size,
            "type": self.wanted.type,
            "time_to_live": self.wanted.ttl,
        }
        body |= {name: value for name, value in optional.items() if value}
        return {"method": "POST", "path": f"/apps/{quote(self.wanted.app, safe='')}/dynos", "body": body}

    def __str__(self) -> str:
        return f"{self.call['method']} {self.call['path']} {json.dumps(self.call['body'])}"

    def price_of(self, size: str) -> str:
        """ "~$0.035/hour", or "" where the API does not tell or the size has no price of its own."""
        known = size_named(size, self.sizes)
        cents = cents_per_month(known)
        return "" if known is None or cents is None or is_flat(known) else per_hour(cents)


def prepare(session: Session, wanted: Wanted) -> Prepared:
    """Look at the app, then write the command that tells its status."""
    platform = session.platform
    app, formation, sizes = platform.gather(
        lambda: platform.app(wanted.app), lambda: platform.formation(wanted.app), lambda: _sizes(platform, wanted.app)
    )
    word = new_word() if wanted.is_attached and wanted.wants_status else ""
    is_native = app.stack == "cnb" or app.generation == "fir"
    command = command_for_dyno(
        wanted.text,
        word=word,
        process_types={each.type for each in formation},
        launcher=is_native and wanted.may_launch,
    )
    return Prepared(wanted=wanted, app=app, command=command, word=word, sizes=sizes)


def start(session: Session, prepared: Prepared) -> OneOff:
    """Send it once. Raises WriteUnclear, naming what was started, when the answer was lost."""
    wanted = prepared.wanted
    begun = session.now()
    try:
        return session.platform.run(
            wanted.app,
            prepared.command,
            attach=wanted.is_attached,
            size=wanted.size,
            type=wanted.type,
            env=wanted.env,
            force_no_tty=wanted.is_attached and not wanted.wants_tty,
            time_to_live=wanted.ttl,
        )
    except (WriteUnclear, BadReply, PlatformFailed) as error:
        found = _started_since(session, wanted.app, prepared.command, begun - _CLOCKS_DIFFER)
        names = " and ".join(dyno.name for dyno in found)
        told = f"started meanwhile: {names}" if found else "no such dyno is seen so far, but it may still start"
        raise type(error)(
            f"{error.message}; it was sent once; {told}",
            next_step=f"herodyno stop {found[0].name} --app {wanted.app}"
            if found
            else f"look before you repeat it: herodyno run list --app {wanted.app}",
        ) from error
    except KeyboardInterrupt:
        session.output.note(f"it may have been started; look: herodyno run list --app {wanted.app}")
        raise


def _started_since(session: Session, app: str, command: str, since: Any) -> list[Dyno]:
    try:
        dynos = session.platform.dynos(app)
    except HerodynoError:
        return []
    return [dyno for dyno in dynos if dyno.command == command and dyno.created_at and dyno.created_at >= since]


def _sizes(platform: Platform, app: str) -> tuple[DynoSize, ...]:
    # A price is good to know and no reason to fail.
    try:
        return tuple(platform.sizes(app))
    except (NotFound, RefusedByHeroku):
        return ()
