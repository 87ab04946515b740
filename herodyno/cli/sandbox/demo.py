"""`herodyno demo`: the real client shows a simulated app with one bad dyno. No account, no network."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from herodyno.cli.diagnose.fetch import live_inputs
from herodyno.cli.diagnose.inputs import judged
from herodyno.cli.diagnose.work import show
from herodyno.cli.options import option
from herodyno.cli.ps import command as ps
from herodyno.cli.ps.snapshot import fetch_dynos
from herodyno.cli.session import Session
from herodyno.cli.tree import NOWHERE
from herodyno.errors import UsageError
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.text import line
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.incidents.scenarios import SCENARIOS, scenario

APP = "example-app"
USUAL = "one-bad-dyno"

NEXT = """\
What to type next, on an app of yours:
  herodyno auth login                              or set HEROKU_API_KEY
  herodyno ps --app example-app
  herodyno diagnose --app example-app
  herodyno diagnose --from-file app.log            offline, from a log on disk
  herodyno explain H12                             what a code means
  herodyno demo --scenario crash-loop              another incident
  herodyno demo --archive                          two days in an archive
  herodyno sandbox scenarios                       all of them
"""


class DemoOptions(NamedTuple):
    """The flags of `demo`."""

    scenario: Annotated[str, option("--scenario", metavar="NAME", help="which incident to show")] = USUAL
    archive: Annotated[
        str, option("--archive", metavar="DIR", help="two days in an archive instead; kept in a new DIR, or not")
    ] = ""


def demo(ctx: typer.Context, options: DemoOptions) -> None:
    """Show ps and diagnose on a simulated app with one bad web dyno among four.

    Examples:
      herodyno demo
      herodyno demo --scenario release-broke-app
      herodyno demo --archive

    Nothing leaves this machine: the simulated Heroku answers inside the process,
    and the same client, parser and statistics read it as would read the real one.
    With --archive: what days of log show and the last 1,500 lines cannot; it takes
    about five seconds, and leaves nothing behind without a DIR.
    """
    outer = Session.of(ctx)
    if options.archive:
        from herodyno.cli.sandbox.demo_archive import demo_archive

        if options.scenario != USUAL:
            raise UsageError("--archive has an incident of its own", next_step="leave --scenario out")
        demo_archive(outer, "" if options.archive == NOWHERE else options.archive)
        return
    output = outer.output
    session = simulated(outer, options.scenario)
    snapshot = fetch_dynos(session, APP)
    found = judged(session, live_inputs(session, APP))
    if output.wants_json:
        at = session.now()
        documents = {"ps": ps.document(snapshot, app=APP, now=at), "diagnose": diagnosis_document(found)}
        output.json({"schema": "herodyno.demo/1", **documents})
        return
    heading = ("Simulated, no account, no network:", SCENARIOS[options.scenario].summary)
    output.lines([*(line(text, "quiet") for text in heading), line()])
    output.lines([line(f"== herodyno ps --app {APP}", "heading")])
    ps.show(session, snapshot)
    output.lines([line(), line(f"== herodyno diagnose --app {APP}", "heading")])
    show(session, found)
    output.lines([line(), *(line(text) for text in NEXT.splitlines())])


def simulated(outer: Session, name: str) -> Session:
    """A session whose Heroku is the scenario. Its clock stands still at the end of the incident's log."""
    import httpx

    if name not in SCENARIOS:
        if name == "fleet":
            raise UsageError("the demo shows one app", next_step="200 of them: herodyno sandbox shell --scenario fleet")
        raise UsageError(f"there is no scenario {name!r}", next_step=f"one of: {', '.join(SCENARIOS)}")
    world = scenario(name)
    return Session(
        outer.output,
        environ={"HEROKU_API_KEY": "simulated"},
        clock=lambda: world.now,
        httpx_transport=httpx.WSGITransport(application(world)),
    )
