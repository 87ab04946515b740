"""`herodyno stop`: end one-off dynos; dynos of the formation are started again by Heroku."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from herodyno.cli.options import App, Remote
from herodyno.cli.session import Session
from herodyno.cli.writing import Confirm, DryRun, ReadOnly, Writing
from herodyno.dynos import names_with_ids
from herodyno.operations.stop_plan import plan_stop, require_target
from herodyno.operations.targets import require_words
from herodyno.render.calls import dyno_calls_document
from herodyno.units import parse_duration

Targets = Annotated[list[str] | None, typer.Argument(metavar="[DYNO|ID|TYPE]...", show_default=False)]
Type = Annotated[str, typer.Option("--type", metavar="TYPE", help="dynos of this process type, such as run")]
OlderThan = Annotated[str | None, typer.Option("--older-than", metavar="TIME", help="only older dynos: 6h")]


def stop(
    ctx: typer.Context,
    targets: Targets = None,
    app: App = None,
    remote: Remote = None,
    type: Type = "",
    older_than: OlderThan = None,
    dry_run: DryRun = False,
    confirm: Confirm = None,
    read_only: ReadOnly = False,
) -> None:
    """Stop dynos: a dyno, a dyno id, a process type, or one-offs by age.

    Examples:
      herodyno stop run.1234 --app example-app
      herodyno stop --type run --older-than 6h --app example-app --dry-run
      herodyno stop worker --app example-app --confirm example-app

    A dyno of the formation comes back by itself: to have fewer, use scale.
    Stopping all dynos of a process type asks for the app's name.
    """
    session = Session.of(ctx)
    output = session.output
    require_target(targets or [], type)
    require_words([*(targets or []), *([type] if type else [])])
    age = (
        None
        if older_than is None
        else timedelta(seconds=parse_duration(older_than, flag="--older-than", unit_needed=True))
    )
    writing = Writing(session, app=app, remote=remote, dry_run=dry_run, read_only=read_only, confirmed=confirm)
    platform, name = session.platform, writing.app
    dynos, formation = platform.gather(lambda: platform.dynos(name), lambda: platform.formation(name))
    plan = plan_stop(name, targets or [], dynos, formation, type=type, older_than=age, now=session.now())
    for note in plan.notes:
        output.note(note)
    if not plan.dynos:
        output.note(f"no dyno of {name} is meant: nothing to do")
    else:
        writing.confirm(plan.reasons, does=f"stop of {', '.join(names_with_ids(plan.dynos))}")
    sent = writing.send_all(plan.writes)
    if output.wants_json:
        output.json(
            dyno_calls_document(
                "herodyno.stop/1",
                name,
                plan.dynos,
                notes=plan.notes,
                writes=plan.writes,
                sent=sent,
                dry_run=dry_run,
            )
        )
    elif dry_run:
        writing.show_calls(plan.writes)
    elif sent:
        output.note(f"stopped {', '.join(names_with_ids(plan.dynos))}")
