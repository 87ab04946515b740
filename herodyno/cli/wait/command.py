"""`herodyno wait`: return when the wanted dynos are up on the newest release, fail when they never will be."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from herodyno.cli.options import App, Remote, Timeout, argument, parse_version
from herodyno.cli.session import Session
from herodyno.cli.wait.polling import wait_for
from herodyno.operations.wait import WaitGoal
from herodyno.typed_values import parse_duration
from herodyno.units import json_seconds


class WaitOptions(NamedTuple):
    """The flags of `wait`."""

    types: Annotated[list[str] | None, argument("[TYPE]...")] = None
    app: App = None
    remote: Remote = None
    release: Annotated[str | None, typer.Option("--release", metavar="vN", help="this release or a later one")] = None
    timeout: Timeout = "10m"


def wait(ctx: typer.Context, options: WaitOptions) -> None:
    """Wait until all wanted dynos are up on the newest succeeded release.

    Examples:
      herodyno wait --app example-app
      herodyno wait web worker --timeout 5m --app example-app
      herodyno wait --release v42 --app example-app

    Ends at once when it cannot be: a dyno crashed or the release failed (exit 1),
    no dynos are wanted or there is no such type (exit 5). Exit 8 after --timeout.
    """
    session = Session.of(ctx)
    seconds = parse_duration(options.timeout, flag="--timeout")
    version = None if options.release is None else parse_version(options.release, flag="--release ")
    goal = WaitGoal(types=frozenset(options.types or ()), version=version)
    name = session.app_name(options.app, options.remote)
    begun = session.now()
    done = wait_for(session, name, goal, seconds)
    if session.output.wants_json:
        session.output.json(
            {
                "schema": "herodyno.wait/1",
                "app": {"name": name},
                "result": "done",
                "text": done.text,
                "seconds": json_seconds((session.now() - begun).total_seconds()),
                "api_calls": session.platform.calls,
            }
        )
