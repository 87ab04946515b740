"""`herodyno top`: the live view of an app."""

from __future__ import annotations

import io
import sys
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.live.answers import SELDOM_CALLS
from herodyno.cli.live.interval import parse_interval
from herodyno.cli.options import App, DryRun, ReadOnly, Remote, option
from herodyno.cli.session import Session
from herodyno.errors import ExtraMissing, UsageError
from herodyno.render.output import Output
from herodyno.units import zone_of

# Ours. Longer ones would show yesterday's dynos beside today's lines.
LONGEST_SECONDS = 60.0


class TopOptions(NamedTuple):
    """The flags of `top`."""

    app: App = None
    remote: Remote = None
    every: Annotated[str, option("--every", metavar="TIME", help="ask the API so often: 5s")] = "5s"
    dry_run: DryRun = False
    read_only: ReadOnly = False


def top(ctx: typer.Context, options: TopOptions) -> None:
    """Watch an app live: dynos, rates, memory, verdict, log; restart and stop.

    Examples:
      herodyno top --app example-app
      herodyno top --every 2s --read-only --app example-app
      herodyno sandbox shell -- herodyno top

    Rates are of the last minute. The verdict is that of diagnose, on the lines
    that have come. Restarts and stops ask as the commands do. ? shows the keys.
    """
    session = Session.of(ctx)
    output = session.output
    if output.wants_json or not is_at_a_terminal(output):
        raise UsageError("top needs a terminal", next_step="in a pipe: herodyno ps --watch, herodyno diagnose --watch")
    interval = parse_interval(options.every, flag="--every", seldom_calls=SELDOM_CALLS, longest=LONGEST_SECONDS)
    try:
        from herodyno.top.app import TopApp
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "textual":
            raise
        raise ExtraMissing(
            "top needs Textual, which is not installed", next_step="pip install 'herodyno[top]'"
        ) from None
    from herodyno.cli.live.top_feed import TopFeed
    from herodyno.cli.live.typed import Typed

    name = session.app_name(options.app, options.remote)
    flags = [*(["--dry-run"] if options.dry_run else []), *(["--read-only"] if options.read_only else [])]
    with TopFeed(silent(session), name, interval) as feed:
        zone = zone_of(session.now(), utc=output.utc)
        app = TopApp(feed, Typed(session, name, flags), zone=zone, signs=output.signs)
        ended_by = app.run()
    for text in app.ran:
        output.note(text)
    if ended_by is not None:
        raise ended_by


def is_at_a_terminal(output: Output) -> bool:
    """Whether a person sees stdout, types on stdin, and the terminal can move its cursor."""
    return output.draws_frames and sys.stdin.isatty()


def silent(session: Session) -> Session:
    """A session that says nothing: a note would stand across the screen."""
    quiet = Session(
        Output(io.StringIO(), None, {}),
        environ=session.environ,
        clock=session.now,
        httpx_transport=session.httpx_transport,
        sleep=session.sleep,
    )
    quiet.no_input = True
    quiet.output.utc = session.output.utc
    return quiet
