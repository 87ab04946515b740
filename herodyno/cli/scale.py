"""`herodyno scale`: show the formation, or change it, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from herodyno.cli.options import App, Remote
from herodyno.cli.scale_view import formation_document, plan_blocks, plan_document
from herodyno.cli.session import Session
from herodyno.cli.waiting import Timeout, Wait, wait_for
from herodyno.cli.writing import Confirm, DryRun, ReadOnly, Writing
from herodyno.errors import NotFound, UsageError
from herodyno.operations.durations import parse_duration
from herodyno.operations.formation_file import read_formation_file, save_formation
from herodyno.operations.scale_grammar import parse_scale_words
from herodyno.operations.scale_plan import formation_words, plan_scale, require_quantity
from herodyno.operations.wait import Wish
from herodyno.operations.writes import scale_write
from herodyno.render.text import line

Save = Annotated[Path | None, typer.Option("--save", metavar="FILE", help="write the formation to a file (TOML)")]
Apply = Annotated[Path | None, typer.Option("--apply", metavar="FILE", help="make the formation what the file says")]
Diff = Annotated[Path | None, typer.Option("--diff", metavar="FILE", help="show what --apply would change")]
IfQuantity = Annotated[int | None, typer.Option("--if-quantity", metavar="N", min=0, help="only if it has N now")]
Words = Annotated[list[str] | None, typer.Argument(metavar="[TYPE=N[:SIZE]]...", show_default=False)]


def scale(
    ctx: typer.Context,
    words: Words = None,
    app: App = None,
    remote: Remote = None,
    wait: Wait = False,
    timeout: Timeout = "10m",
    if_quantity: IfQuantity = None,
    save: Save = None,
    apply: Apply = None,
    diff: Diff = None,
    dry_run: DryRun = False,
    confirm: Confirm = None,
    read_only: ReadOnly = False,
) -> None:
    """Show the formation, or set the number and size of dynos.

    Examples:
      herodyno scale --app example-app
      herodyno scale web=3:standard-2x worker+1 --app example-app --dry-run
      herodyno scale web=standard-2x --app example-app --wait
      herodyno scale web=4 --if-quantity 3 --app example-app
      herodyno scale --save formation.toml --app example-app
      herodyno scale --apply formation.toml --app example-app

    All of it is done or nothing. web+1 and worker-2 are counted from what is there
    now. Going to 0, or losing more than half of a type, asks for the app's name.
    """
    session = Session.of(ctx)
    output = session.output
    wishes = parse_scale_words(words or [])
    if sum(map(bool, (wishes, save, apply, diff))) > 1:
        raise UsageError("give either TYPE=N words, --save, --apply or --diff; nothing was sent.")
    seconds = parse_duration(timeout, flag="--timeout")
    source, file_wishes = read_formation_file(file) if (file := apply or diff) else ("", ())
    writing = Writing(session, app=app, remote=remote, dry_run=dry_run, read_only=read_only, confirmed=confirm)
    platform, name = session.platform, writing.app
    formation, sizes, _ = platform.gather(
        lambda: platform.formation(name), lambda: platform.sizes(name), output.prepare
    )
    if save:
        save_formation(save, name, formation)
        output.note(f"saved to {save}; bring it back with: herodyno scale --apply {save} --app {name}")
    if not (wishes or file_wishes):
        if not formation:
            raise NotFound(f"{name} has no process types", next_step="deploy a Procfile first")
        if output.wants_json:
            output.json(formation_document(name, formation, sizes))
        elif not save:
            output.lines([line(" ".join(formation_words(formation)))])
        return
    if source not in ("", name):
        output.note(f"{apply or diff} was saved from {source}, and is used on {name}")
    if if_quantity is not None:
        require_quantity(wishes, formation, if_quantity)
    plan = plan_scale(name, wishes or file_wishes, formation, sizes)
    writes = [scale_write(plan)] if plan.changes else []
    if not output.wants_json:
        output.show(*plan_blocks(plan))
    for note in plan.notes:
        output.note(note)
    if diff:
        writes = []
    elif writes:
        writing.confirm(plan.drops)
    if dry_run and not output.wants_json:
        writing.show_calls(writes)
    sent = writing.send_all(writes)
    if sent and not dry_run:
        output.note(f"done; to undo: {' '.join(writes[0].undo)}")
    if output.wants_json:
        output.json(plan_document(plan, writes, sent, dry_run=dry_run or bool(diff)))
    if wait and sent and not dry_run:
        wait_for(session, name, Wish(types=frozenset(each.type for each in plan.types), version=0), seconds)
