"""Start a one-off dyno: ask for the app, its formation and its sizes side by side, then send one call, once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from herodyno.cli.run.options import RunRequest
from herodyno.cli.run.streams import RunStreams
from herodyno.cli.session import Session
from herodyno.dynos import CLOCKS_DIFFER, App, Dyno, DynoSize, names_with_ids
from herodyno.errors import BadReply, HerodynoError, NotFound, PlatformFailed, RefusedByHeroku, WriteUnclear
from herodyno.heroku.api.platform import Platform
from herodyno.heroku.api.wire import OneOff
from herodyno.heroku.attach.exit_marker import new_word
from herodyno.operations.executor import Executor, outcome_of
from herodyno.operations.one_off.command import command_for_dyno
from herodyno.operations.prices import cents_per_month, is_flat, per_hour, size_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is sent. `word` is the run's random word, "" when no status is announced."""

    request: RunRequest
    app_name: str
    app: App
    env: Mapping[str, str]
    wants_tty: bool
    command: str
    word: str
    sizes: tuple[DynoSize, ...]

    @property
    def is_attached(self) -> bool:
        """Whether the dyno's streams are joined to this process's."""
        return not self.request.options.detach

    @property
    def needs_no_tty(self) -> bool:
        """Whether Heroku must be told to give the command no terminal."""
        return self.is_attached and not self.wants_tty

    @property
    def call(self) -> dict[str, Any]:
        """The call as --dry-run shows it, the values of variables hidden."""
        body: dict[str, Any] = {"command": self.command, "attach": self.is_attached}
        body["env"] = dict.fromkeys(self.env, "[hidden]")
        optional = {
            "force_no_tty": self.needs_no_tty,
            "size": self.request.options.size,
            "type": self.request.options.type,
            "time_to_live": self.request.ttl,
        }
        body |= {name: value for name, value in optional.items() if value}
        return {"method": "POST", "path": f"/apps/{quote(self.app_name, safe='')}/dynos", "body": body}

    def __str__(self) -> str:
        return _call_text(self.call)

    @property
    def call_for_journal(self) -> str:
        """The call with the command as it was asked for, what looks like a secret or a person taken out."""
        from herodyno.diagnosis.report.redaction import redact

        return _call_text({**self.call, "body": {**self.call["body"], "command": redact(self.request.command)}})

    def price_of(self, size: str) -> str:
        """ "~$0.035/hour"; "" when the API gives no price or the size has none of its own."""
        known = size_named(size, self.sizes)
        cents = cents_per_month(known)
        return "" if known is None or cents is None or is_flat(known) else per_hour(cents)


def _call_text(call: Mapping[str, Any]) -> str:
    return f"{call['method']} {call['path']} {json.dumps(call['body'])}"


def prepare(session: Session, app_name: str, request: RunRequest, streams: RunStreams) -> Prepared:
    """Ask for the app, then make the command that announces its own exit status."""
    platform = session.platform
    app, formation, sizes = platform.gather(
        lambda: platform.app(app_name), lambda: platform.formation(app_name), lambda: _sizes(platform, app_name)
    )
    options = request.options
    word = "" if options.detach or options.no_exit_code else new_word()
    is_native = app.stack == "cnb" or app.generation == "fir"
    command = command_for_dyno(
        request.command,
        word=word,
        process_types={each.type for each in formation},
        launcher=is_native and not options.no_launcher,
    )
    return Prepared(
        request=request,
        app_name=app_name,
        app=app,
        env={**streams.env, **request.env},
        wants_tty=streams.wants_tty,
        command=command,
        word=word,
        sizes=sizes,
    )


def start(session: Session, executor: Executor, prepared: Prepared) -> OneOff:
    """Send the call once, noted in the journal before and after.

    When the answer is lost, raises WriteUnclear, which names the dynos started meanwhile.
    """
    app, options = prepared.app_name, prepared.request.options
    begun = session.now()
    key = executor.intend(verb="run", app=app, call=prepared.call_for_journal)
    try:
        started = session.platform.run(
            app,
            prepared.command,
            attach=prepared.is_attached,
            size=options.size,
            type=options.type,
            env=prepared.env,
            force_no_tty=prepared.needs_no_tty,
            time_to_live=prepared.request.ttl,
        )
    except (WriteUnclear, BadReply, PlatformFailed) as error:
        found = _started_since(session, app, prepared.command, begun - CLOCKS_DIFFER)
        executor.settle(key, "seen" if found else "unclear", after=names_with_ids(found))
        names = " and ".join(dyno.name for dyno in found)
        state = f"started meanwhile: {names}" if found else "no such dyno is seen so far, but it may still start"
        raise type(error)(
            f"{error.message}; it was sent once; {state}",
            next_step=f"herodyno stop {found[0].name} --app {app}"
            if found
            else f"look before you repeat it: herodyno run list --app {app}",
        ) from error
    except HerodynoError as error:
        executor.settle(key, outcome_of(error), request_id=session.platform.last_request_id)
        raise
    except KeyboardInterrupt:
        session.output.note(f"it may have been started; look: herodyno run list --app {app}")
        raise
    executor.settle(key, "done", request_id=session.platform.last_request_id, after=names_with_ids([started.dyno]))
    return started


def _started_since(session: Session, app: str, command: str, since: Any) -> list[Dyno]:
    try:
        dynos = session.platform.dynos(app)
    except HerodynoError:
        return []
    return [dyno for dyno in dynos if dyno.command == command and dyno.created_at and dyno.created_at >= since]


def _sizes(platform: Platform, app: str) -> tuple[DynoSize, ...]:
    # Prices are only shown: a run works without them.
    try:
        return tuple(platform.sizes(app))
    except (NotFound, RefusedByHeroku):
        return ()
