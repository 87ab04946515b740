"""`herodyno sandbox`: a simulated Heroku on this machine, for rehearsals and for tests of scripts."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple
from urllib.parse import urlsplit

import typer

from herodyno.cli.archive.address import receiver_address
from herodyno.cli.options import argument, option, switch
from herodyno.cli.session import Session
from herodyno.errors import ExtraMissing, NotFound, Refused, UsageError
from herodyno.render.scenarios import scenarios_document, scenarios_table
from herodyno.render.text import line
from herodyno.sandbox.api.state import Options
from herodyno.sandbox.heroku_facts import RATE_LIMIT
from herodyno.sandbox.incidents.scenarios import duration, names, scenario, summary

if TYPE_CHECKING:
    from herodyno.sandbox.doors.server import Server

FASTEST = 3600.0

Scenario = Annotated[str, typer.Option("--scenario", metavar="NAME", help="see: herodyno sandbox scenarios")]
Speed = Annotated[str, typer.Option("--speed", metavar="60x", help="seconds of its time in one real second")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="another seed, another course of the scenario")]
TwoFactor = Annotated[str, option("--two-factor", metavar="CODE", help="ask for this second factor")]
RealShell = Annotated[
    bool, switch("--real-shell", help="one-off dynos run commands of YOUR machine, not harmless ones")
]


class ServeOptions(NamedTuple):
    """The flags of `sandbox serve`."""

    scenario: Scenario = "one-bad-dyno"
    speed: Speed = "1x"
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes a free one")] = 0
    seed: Seed = 1
    two_factor: TwoFactor = ""
    calls: Annotated[int, typer.Option("--calls", metavar="N", min=0, help="API calls until it answers 429")] = (
        RATE_LIMIT
    )
    cut_tails: Annotated[
        int, typer.Option("--cut-tails", metavar="N", min=0, help="end log tails after N lines; 0 never")
    ] = 0
    drain: Annotated[
        str, option("--drain", metavar="URL", help="send the first app's log there: http://127.0.0.1:N")
    ] = ""
    archive: Annotated[str, option("--archive", metavar="DIR", help="make that drain's password in this archive")] = ""
    real_shell: RealShell = False


class ShellOptions(NamedTuple):
    """The flags of `sandbox shell`."""

    command: Annotated[list[str] | None, argument("[-- COMMAND...]")] = None
    scenario: Scenario = "one-bad-dyno"
    speed: Speed = "1x"
    seed: Seed = 1
    two_factor: TwoFactor = ""
    real_shell: RealShell = False


def serve(ctx: typer.Context, options: ServeOptions) -> None:
    """Serve a simulated Heroku on 127.0.0.1 until Ctrl-C.

    Examples:
      herodyno sandbox serve
      herodyno sandbox serve --scenario crash-loop --speed 60x --port 5111
      herodyno sandbox serve --drain http://127.0.0.1:8601 --archive logs

    Paste the printed lines into another shell: there, herodyno and the official
    Heroku CLI talk to the sandbox. Changes last as long as it runs.
    """
    output = Session.of(ctx).output
    state = Options(two_factor=options.two_factor, rate_limit=options.calls, cut_after=options.cut_tails)
    name = options.scenario
    where = _drain_address(options)
    with _server(options, state, options.port) as server:
        if where:
            _add_drain(server, where, options.archive)
        if output.wants_json:
            document = {"schema": "herodyno.sandbox-serve/1", "scenario": name, "url": server.url}
            output.json({**document, "environment": server.environment})
        else:
            output.lines([line(f"export {key}={shlex.quote(value)}") for key, value in server.environment.items()])
        output.flush()
        output.note(f"sandbox: {name} at {server.url}, {server.speed:g} s of its time a second; Ctrl-C ends it")
        if where and options.archive:
            output.note(f"its log goes to {where}; receive it: {_receive_line(where, options.archive)}")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            output.note("sandbox: ended, nothing is kept")


def shell(ctx: typer.Context, options: ShellOptions) -> None:
    """Open a shell in which Heroku is the sandbox; or run one command so.

    Examples:
      herodyno sandbox shell --scenario crash-loop
      herodyno sandbox shell -- herodyno diagnose
      herodyno sandbox shell --speed 60x -- heroku ps

    Your own token and app are hidden from it. The sandbox ends with the shell.
    """
    session = Session.of(ctx)
    argv = options.command or [session.environ.get("SHELL") or "/bin/sh"]
    with _server(options, Options(two_factor=options.two_factor)) as server:
        if not options.command:
            session.output.note(f"sandbox: {options.scenario}, app {server.environment['HEROKU_APP']}; `exit` ends it")
        try:
            environ = {**os.environ, "HERODYNO_ACCOUNT": "", **server.environment}
            ended = subprocess.run(argv, env=environ, check=False)  # noqa: S603 - as asked
        except FileNotFoundError:
            raise NotFound(f"there is no command {argv[0]!r} here") from None
    # Python gives the negative number of a signal that ended the command. Shells give 128 and the number.
    raise typer.Exit(ended.returncode if ended.returncode >= 0 else 128 - ended.returncode)


def scenarios(ctx: typer.Context) -> None:
    """List the scenarios: what happens in the simulated app.

    Examples:
      herodyno sandbox scenarios
      herodyno sandbox scenarios --json
    """
    output = Session.of(ctx).output
    listed = {each: summary(each) for each in names()}
    if output.wants_json:
        output.json(scenarios_document(listed))
    else:
        output.show(scenarios_table(listed))


COMMANDS = {"serve": serve, "shell": shell, "scenarios": scenarios}


def _server(options: ServeOptions | ShellOptions, state: Options, port: int = 0) -> Server:
    """The server. Its scenario ends now, so that the ages of its dynos are true."""
    pace, name = _parse_speed(options.speed), options.scenario
    if name not in names():
        near = get_close_matches(name, names(), n=1, cutoff=0.5)
        asked = f"did you mean {near[0]}?" if near else "all of them: herodyno sandbox scenarios"
        raise UsageError(f"there is no scenario {name!r}", next_step=asked)
    try:
        from herodyno.sandbox.doors.server import PortTaken, Server
    except ModuleNotFoundError as missing:
        raise ExtraMissing(
            f"the sandbox's server needs {missing.name}, which is not installed",
            next_step="pip install 'herodyno[sandbox]'",
        ) from None
    start = datetime.now(UTC) - timedelta(seconds=duration(name))
    world = scenario(name, seed=options.seed, start=start)
    try:
        return Server(world, port=port, speed=pace, options=state, use_real_shell=options.real_shell)
    except PortTaken as taken:
        raise Refused(str(taken), next_step="leave --port out, or name another") from None


def _drain_address(options: ServeOptions) -> str:
    """Where --drain sends to, "" for nowhere. Raises UsageError for an address that the sandbox never talks to."""
    if not options.drain:
        if options.archive:
            raise UsageError("--archive goes with --drain", next_step="add --drain http://127.0.0.1:8601")
        return ""
    from herodyno.sandbox.doors.drains import is_local

    where = receiver_address(options.drain, flag="--drain")
    if not is_local(where):
        raise UsageError("the sandbox sends to this machine only", next_step="write --drain http://127.0.0.1:8601")
    if options.archive:
        from herodyno.archive.folder import ArchiveFolder

        ArchiveFolder(Path(options.archive)).require_ours()
    return where


def _receive_line(url: str, archive: str) -> str:
    """What receives there what the sandbox sends."""
    return f"herodyno archive receive --archive {shlex.quote(archive)} --port {urlsplit(url).port or 80}"


def _add_drain(server: Server, url: str, archive: str) -> None:
    """Add a drain of the first app. With an archive the drain has a password of it, which no process list shows."""
    from herodyno.archive.drains.changes import new_password
    from herodyno.sandbox.doors.first_drain import add_first_drain

    app = next(iter(server.world.apps.values()))
    password = new_password(Path(archive), app.name, app=app.name) if archive else ""
    with server.state.lock:
        add_first_drain(server.world, app, url, user=app.name, password=password)


def _parse_speed(speed: str) -> float:
    try:
        pace = float(speed.lower().removesuffix("x"))
    except ValueError:
        pace = 0.0
    if not 0 < pace <= FASTEST:
        raise UsageError(f"--speed {speed!r} is no speed", next_step="write 1x, 60x, up to 3600x")
    return pace
