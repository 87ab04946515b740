"""`herodyno scale`: show the formation, or change it, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from herodyno.cli.options import App, Remote
from herodyno.cli.scale.work import carry_out, fetch, show_formation
from herodyno.cli.session import Session
from herodyno.cli.waiting import Timeout, Wait
from herodyno.cli.writing import Confirm, DryRun, ReadOnly, Writing
from herodyno.errors import UsageError
from herodyno.operations.scale.formation_file import read_formation_file, save_formation
from herodyno.operations.scale.grammar import parse_scale_words
from herodyno.operations.scale.plan import plan_scale, require_quantity
from herodyno.units import parse_duration

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
    wishes = parse_scale_words(words or [])
    if sum(map(bool, (wishes, save, apply, diff))) > 1:
        raise UsageError("give either TYPE=N words, --save, --apply or --diff; nothing was sent.")
    if if_quantity is not None and len(wishes) != 1:
        raise UsageError("--if-quantity goes with exactly one TYPE=N; nothing was sent.")
    seconds = parse_duration(timeout, flag="--timeout")
    source, file_wishes = read_formation_file(file) if (file := apply or diff) else ("", ())
    writing = Writing(Session.of(ctx), app=app, remote=remote, dry_run=dry_run, read_only=read_only, confirmed=confirm)
    there = fetch(writing)
    if save:
        save_formation(save, writing.app, there.formation)
        writing.session.output.note(f"saved; bring it back with: herodyno scale --apply {save} --app {writing.app}")
    if not (wishes or file_wishes):
        show_formation(writing, there, saved=save is not None)
        return
    foreign = [f"{file} was saved from {source}"] if source not in ("", writing.app) else []
    if if_quantity is not None:
        require_quantity(wishes[0], there.formation, if_quantity)
    plan = plan_scale(writing.app, wishes or file_wishes, there.formation, there.sizes)
    carry_out(writing, plan, reasons=foreign, send=diff is None, wait_seconds=seconds if wait else None)
