"""`herodyno rollback`: bring back the code and config vars of an earlier release."""

from __future__ import annotations

import shlex
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.options import App, Confirm, DryRun, ReadOnly, Remote, Timeout, Wait, argument, parse_version
from herodyno.cli.session import Session
from herodyno.cli.wait.polling import wait_for
from herodyno.cli.writing import Writing
from herodyno.dynos import Dyno, Release
from herodyno.errors import NotFound
from herodyno.heroku.api.platform import Platform
from herodyno.operations.executor import Sent
from herodyno.operations.rollback_plan import RollbackPlan, plan_rollback
from herodyno.operations.wait import WaitGoal
from herodyno.render.releases import rollback_blocks, rollback_document
from herodyno.typed_values import parse_duration
from herodyno.units import zone_of

# Ours: among so many of the newest releases is the one that runs, and the one to go back to.
RELEASES_LOOKED_AT = 100


class RollbackOptions(NamedTuple):
    """The flags of `rollback`."""

    release: Annotated[str | None, argument("[vN]")] = None
    app: App = None
    remote: Remote = None
    wait: Wait = False
    timeout: Timeout = "10m"
    dry_run: DryRun = False
    confirm: Confirm = None
    read_only: ReadOnly = False


def rollback(ctx: typer.Context, options: RollbackOptions) -> None:
    """Go back to an earlier release: its code and config vars, as a new release.

    Examples:
      herodyno rollback --app example-app --dry-run
      herodyno rollback v40 --app example-app --wait
      herodyno rollback v40 --app example-app --confirm example-app

    Without vN: the newest earlier release that succeeded, is not expired and has
    other code. Shows what is undone and asks for the app's name. Database
    migrations and add-ons stay as they are.
    """
    version = None if options.release is None else parse_version(options.release)
    seconds = parse_duration(options.timeout, flag="--timeout")
    writing = Writing(Session.of(ctx), options)
    session, output = writing.session, writing.session.output
    plan = plan_rollback(writing.app, version, *_snapshot(session.platform, writing.app, version))
    if not output.wants_json:
        output.show(*rollback_blocks(plan, now=session.now(), zone=zone_of(session.now(), utc=output.utc)))
    for note in plan.notes:
        output.note(note)
    writing.confirm([plan.reason], does="rollback")
    sent = writing.send_all([plan.write])
    if output.wants_json:
        output.json(rollback_document(plan, sent, dry_run=options.dry_run))
    elif options.dry_run:
        writing.show_calls([plan.write])
    if options.dry_run:
        return
    output.note(_done(plan, sent[0]))
    if options.wait:
        with writing.note_when_interrupted(f"rolled back to v{plan.target.version}, not yet known to be up"):
            wait_for(session, plan.app, WaitGoal(), seconds)


def _snapshot(platform: Platform, app: str, version: int | None) -> tuple[list[Release], list[Dyno]]:
    """The newest releases, the wanted one among them, and the dynos."""
    releases, dynos = platform.gather(
        lambda: platform.releases(app, limit=RELEASES_LOOKED_AT), lambda: platform.dynos(app)
    )
    if version is None or any(each.version == version for each in releases):
        return releases, dynos
    try:
        return [*releases, platform.release(app, version)], dynos
    except NotFound:
        raise NotFound(
            f"{app} has no release v{version}; nothing was sent.",
            next_step=f"See what there is: herodyno releases --app {app}",
        ) from None


def _done(plan: RollbackPlan, sent: Sent) -> str:
    made = f"v{sent.release}" if sent.release else "the newest release"
    beside = ""
    if sent.release and sent.release > plan.write.newest + 1:
        beside = f"; a release came in between (v{sent.release - 1}) and is undone, too"
    return f"{made} has v{plan.target.version} again{beside}; to undo: {shlex.join(plan.write.undo)}"
