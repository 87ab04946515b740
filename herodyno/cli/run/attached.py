"""`run` with its streams attached: each ending becomes an exit status, or an error that names the dyno left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import typer

from herodyno.cli.run.start import Prepared
from herodyno.cli.run.streams import RunStreams
from herodyno.cli.session import Session
from herodyno.dynos import Dyno
from herodyno.errors import HerodynoError, NotFound, RemoteStatusUnknown
from herodyno.heroku.api.wire import OneOff
from herodyno.heroku.attach.pump import Ending
from herodyno.operations.executor import Executor
from herodyno.operations.one_off.exit_in_log import LoggedExit, find_logged_exit, logged_exit
from herodyno.operations.writes import dyno_write

_IS_OVER = ("crashed", "complete", "down", "gone")


class Result(NamedTuple):
    """An exit status and its source: "connection", "log", or "" when no status was wanted."""

    status: int
    told_by: str


def run_attached(
    session: Session, executor: Executor, started: OneOff, prepared: Prepared, streams: RunStreams
) -> Result:
    """Join this process's streams to the dyno until it ends. Raises RemoteStatusUnknown without an exit status."""
    from herodyno.heroku.attach.rendezvous import address_of, attach
    from herodyno.heroku.net.tls import make_context
    from herodyno.operations.one_off.attached import carry

    run = _Run(session, started.dyno, prepared.app_name)
    try:
        address = address_of(started.attach_url, api_host=urlsplit(session.api_url).hostname or "")
        pipe = attach(address, make_context(session.environ))
    except HerodynoError as error:
        raise run.not_attached(error) from error
    except (KeyboardInterrupt, SystemExit):
        run.say_left("was left waiting for its connection")
        raise
    try:
        with pipe:
            heard = carry(
                pipe,
                word=prepared.word,
                stdin=streams.stdin,
                write=streams.write,
                is_raw=streams.is_raw,
                total_seconds=prepared.request.total_seconds,
            )
    except (KeyboardInterrupt, SystemExit):
        run.say_left("was let go of: Heroku hangs up on it")
        raise
    if heard.ending is Ending.DETACHED:
        run.say_left("was let go of: Heroku hangs up on it")
        raise typer.Exit(130)
    if heard.ending is Ending.OVERTIME:
        run.stop(executor)
        raise RemoteStatusUnknown(f"{run.name} was not done in the time allowed, and was stopped")
    if heard.status is not None and heard.ending is not Ending.OUTPUT_CLOSED:
        return Result(heard.status, "connection")
    if heard.ending is Ending.CLOSED and not prepared.word:
        return Result(0, "")
    if heard.ending in (Ending.CLOSED, Ending.LOST) and (end := run.look_for_end()).status is not None:
        return Result(end.status, "log")
    raise RemoteStatusUnknown(
        f"the exit status of {run.name} is not known: {heard.ending.value}", next_step=run.how_to_stop
    )


class _Run:
    """The dyno, and the questions about it when its connection gives no answer."""

    def __init__(self, session: Session, dyno: Dyno, app: str) -> None:
        self._session = session
        self._dyno = dyno
        self._app = app
        self.name = dyno.name
        self.how_to_stop = f"if it still runs, stop it: herodyno stop {dyno.name} --app {app}"

    def say_left(self, what: str) -> None:
        self._session.output.note(f"{self.name} {what}; {self.how_to_stop}")

    def not_attached(self, error: HerodynoError) -> RemoteStatusUnknown:
        """The error of a failed connection, with the dyno's state: left running, or ended at boot and why."""
        state = self._state()
        if state not in _IS_OVER:
            return RemoteStatusUnknown(
                f"{error.message}; {self.name} was left {state or 'running'}",
                next_step=(f"{error.next_step}\n" if error.next_step else "")
                + f"stop it: herodyno stop {self.name} --app {self._app}\n"
                f"without a connection: herodyno run --detach --wait --app {self._app} -- COMMAND",
            )
        told = self._end_so_far().told
        why = f": {told}" if told else ""
        return RemoteStatusUnknown(
            f"{error.message}; {self.name} is {state}{why}", next_step=f"see why: herodyno diagnose --app {self._app}"
        )

    def look_for_end(self) -> LoggedExit:
        """The end as the log has it. Waits some seconds for the log."""
        return find_logged_exit(self._log, self._dyno, year=self._session.now(), sleep=self._session.sleep)

    def stop(self, executor: Executor) -> None:
        """Stop the dyno. When that fails, say how to stop it."""
        try:
            executor.send(dyno_write("stop", self._app, self._dyno))
        except HerodynoError as error:
            self._session.output.note(f"stopping {self.name} failed: {error.message}; {self.how_to_stop}")

    def _state(self) -> str:
        try:
            return self._session.platform.dyno(self._app, self._dyno.id or self.name).state
        except NotFound:
            return "gone"
        except HerodynoError:
            return ""

    def _end_so_far(self) -> LoggedExit:
        try:
            return logged_exit(self._log(), self._dyno, year=self._session.now())
        except HerodynoError:
            return LoggedExit()

    def _log(self) -> Iterator[bytes]:
        return self._session.log_bytes(self._session.platform.log_session(self._app, dyno=self.name, source="heroku"))
