"""`herodyno scale`: show the formation, or change all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.options import (
    AppPatterns,
    Apps,
    AppsFile,
    Confirm,
    DryRun,
    Pipeline,
    ReadOnly,
    Remote,
    Stage,
    Team,
    Timeout,
    Wait,
    argument,
    is_for_several,
    only_app,
    option,
)
from herodyno.cli.scale.work import FormationSnapshot, apply_plan, fetch_formation, show_formation
from herodyno.cli.session import Session
from herodyno.cli.writing import Writing
from herodyno.errors import UsageError
from herodyno.operations.scale.formation_file import read_formation_file, save_formation
from herodyno.operations.scale.grammar import ScaleWord, parse_scale_words
from herodyno.operations.scale.plan import ScalePlan, plan_scale, require_quantity, scale_write
from herodyno.typed_values import parse_duration


class ScaleOptions(NamedTuple):
    """The flags of `scale`."""

    words: Annotated[list[str] | None, argument("[TYPE=N[:SIZE]]...")] = None
    app_names: Apps = None
    remote: Remote = None
    wait: Wait = False
    timeout: Timeout = "10m"
    if_quantity: Annotated[
        int | None, typer.Option("--if-quantity", metavar="N", min=0, help="only if it has N now")
    ] = None
    save: Annotated[Path | None, option("--save", metavar="FILE", help="write the formation to a file (TOML)")] = None
    apply: Annotated[Path | None, option("--apply", metavar="FILE", help="make the formation what the file says")] = (
        None
    )
    diff: Annotated[Path | None, option("--diff", metavar="FILE", help="show what --apply would change")] = None
    dry_run: DryRun = False
    confirm: Confirm = None
    read_only: ReadOnly = False
    apps: AppPatterns = None
    team: Team = ""
    pipeline: Pipeline = ""
    stage: Stage = ""
    apps_file: AppsFile = ""

    @property
    def app(self) -> str | None:
        """The app of -a, where the flags are not for several."""
        return only_app(self)


def scale(ctx: typer.Context, options: ScaleOptions) -> None:
    """Show the formation, or set the number and size of dynos.

    Examples:
      herodyno scale --app example-app
      herodyno scale web=3:standard-2x worker+1 --app example-app --dry-run
      herodyno scale web=standard-2x --wait --app my-app --confirm my-app
      herodyno scale web=4 --if-quantity 3 --app example-app
      herodyno scale --save formation.toml --app example-app
      herodyno scale --apply formation.toml --app example-app
      herodyno scale worker=2 --apps 'example-*' --dry-run

    All of it is done or nothing. web+1 and worker-2 are counted from what is there
    now. The app's name is asked for where a type goes to 0, loses or gains more
    than half, or restarts for its new size; and above +$100/month (price_step).
    Several apps are planned first, and their number is asked for.
    """
    changes, save, file = parse_scale_words(options.words or []), options.save, options.apply or options.diff
    if sum(map(bool, (changes, save, options.apply, options.diff))) > 1:
        raise UsageError("give either TYPE=N words, --save, --apply or --diff; nothing was sent.")
    if options.if_quantity is not None and len(changes) != 1:
        raise UsageError("--if-quantity goes with exactly one TYPE=N; nothing was sent.")
    seconds = parse_duration(options.timeout, flag="--timeout")
    if is_for_several(options):
        _scale_several(Session.of(ctx), options, changes)
        return
    source, changes_of_file = read_formation_file(file) if file else ("", ())
    writing = Writing(Session.of(ctx), options)
    snapshot = fetch_formation(writing, will_change=options.diff is None and bool(changes or changes_of_file))
    if save:
        save_formation(save, writing.app, snapshot.formation)
        writing.session.output.note(f"saved; bring it back with: herodyno scale --apply {save} --app {writing.app}")
    if not (changes or changes_of_file):
        show_formation(writing, snapshot, saved=save is not None)
        return
    foreign = [f"{file} was saved from {source}"] if source not in ("", writing.app) else []
    if options.if_quantity is not None:
        require_quantity(changes[0], snapshot.formation, options.if_quantity)
    plan = plan_scale(
        writing.app,
        changes or changes_of_file,
        snapshot.formation,
        snapshot.sizes,
        price_step_cents=writing.session.settings.price_step_cents,
    )
    plan = _with_warning(writing, plan, snapshot)
    wait_seconds = seconds if options.wait else None
    apply_plan(writing, plan, reasons=foreign, send=options.diff is None, wait_seconds=wait_seconds)


def _scale_several(session: Session, options: ScaleOptions, changes: Sequence[ScaleWord]) -> None:
    """Plan the same change for each app, and make it."""
    from herodyno.cli.fleet.writes import AppPlan, change_several

    about_one = {"--save": options.save, "--apply": options.apply, "--diff": options.diff, "--wait": options.wait}
    if flag := next((flag for flag, given in about_one.items() if given), ""):
        raise UsageError(f"{flag} is for one app; nothing was sent", next_step="leave one out")
    if not changes:
        raise UsageError("scale of several apps needs TYPE=N", next_step="what they have: herodyno ps --apps PATTERN")

    def plan_of(writing: Writing) -> AppPlan:
        snapshot = fetch_formation(writing, will_change=True)
        if options.if_quantity is not None:
            require_quantity(changes[0], snapshot.formation, options.if_quantity)
        plan = plan_scale(writing.app, changes, snapshot.formation, snapshot.sizes)
        plan = _with_warning(writing, plan, snapshot)
        for note in plan.notes:
            writing.session.output.note(note)
        writes = [scale_write(plan)] if plan.changes else []
        words = [f"{each.type} {_side(each.quantity_before, each.size_before)} -> "
                 f"{_side(each.quantity_after, each.size_after)}" for each in plan.changes]  # fmt: skip
        return AppPlan(writes, ", ".join(words), plan.cents_difference)

    change_several(session, options, plan_of, verb="scale")


def _with_warning(writing: Writing, plan: ScalePlan, snapshot: FormationSnapshot) -> ScalePlan:
    """The plan with a note where a program scales the same type."""
    if not snapshot.autoscaling:
        return plan
    from herodyno.cli.scale.autoscaler import with_autoscaling

    return with_autoscaling(writing.session, plan, snapshot.autoscaling)


def _side(quantity: int, size: str) -> str:
    return f"{quantity} x {size}"
