"""`herodyno wait`: until the wanted dynos are up on the newest release, or it is known that they will not be."""

from __future__ import annotations

from typing import Annotated

import typer

from herodyno.cli.options import App, Remote
from herodyno.cli.session import Session
from herodyno.cli.waiting import Timeout, wait_for
from herodyno.errors import UsageError
from herodyno.operations.wait import WaitGoal
from herodyno.units import json_seconds, parse_duration

Types = Annotated[list[str] | None, typer.Argument(metavar="[TYPE]...", show_default=False)]
Version = Annotated[str | None, typer.Option("--release", metavar="vN", help="this release or a later one")]


def wait(
    ctx: typer.Context,
    types: Types = None,
    app: App = None,
    remote: Remote = None,
    release: Version = None,
    timeout: Timeout = "10m",
) -> None:
    """Wait until all wanted dynos are up on the newest succeeded release.

    Examples:
      herodyno wait --app example-app
      herodyno wait web worker --timeout 5m --app example-app
      herodyno wait --release v42 --app example-app

    Ends at once when it cannot be: a dyno crashed or the release failed (exit 1),
    no dynos are wanted or there is no such type (exit 5). Exit 8 after --timeout.
    """
    session = Session.of(ctx)
    seconds = parse_duration(timeout, flag="--timeout")
    wish = WaitGoal(types=frozenset(types or ()), version=None if release is None else _version(release))
    name = session.app_name(app, remote)
    begun = session.now()
    done = wait_for(session, name, wish, seconds)
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


def _version(text: str) -> int:
    digits = text.removeprefix("v")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise UsageError(f"--release {text!r} is not a release.", next_step="Write it as --release v42.")
    return int(digits)
