"""The work of `scale`: fetch, show the plan, ask, send, wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from herodyno.cli.session import Session
from herodyno.cli.wait.polling import wait_for
from herodyno.cli.writing import Writing
from herodyno.dynos import DynoSize, Formation
from herodyno.errors import BadReply, NotFound, RefusedByHeroku
from herodyno.operations.executor import Sent
from herodyno.operations.scale.plan import ScalePlan, formation_words, scale_write
from herodyno.render.scale import formation_document, plan_blocks, plan_document
from herodyno.render.text import line

if TYPE_CHECKING:
    from herodyno.cli.scale.autoscaler import LookingBeside
    from herodyno.diagnosis.autoscaling import Autoscaling


@dataclass(frozen=True, slots=True, kw_only=True)
class FormationSnapshot:
    """The formation now, the sizes that the app may use, and who scales it like a program."""

    formation: Sequence[Formation]
    sizes: Sequence[DynoSize]
    autoscaling: tuple[Autoscaling, ...] = ()


def fetch_formation(writing: Writing, *, will_change: bool) -> FormationSnapshot:
    """Ask for formation and sizes side by side, and before a change for the log's lines of the API."""
    session, platform, app = writing.session, writing.session.platform, writing.app
    executor = writing.executor
    is_sent = will_change and not (executor.dry_run or executor.read_only)  # a log session is a POST
    beside = _look_beside(session, app) if is_sent else None
    held: list[str] = []  # of an app that nobody knows, the formation's error says it alone
    formation, sizes, _ = platform.gather(
        lambda: platform.formation(app),
        lambda: sizes_if_known(session, app, note=held.append),
        session.output.prepare,
    )
    for text in held:
        session.output.note(text)
    return FormationSnapshot(formation=formation, sizes=sizes, autoscaling=beside.seen() if beside else ())


def _look_beside(session: Session, app: str) -> LookingBeside:
    from herodyno.cli.scale.autoscaler import LookingBeside  # showing the formation loads no reader of logs

    return LookingBeside(session, app)


def sizes_if_known(session: Session, app: str, *, note: Callable[[str], None]) -> list[DynoSize]:
    """The sizes that an app may use. When the API does not list them, none and a note: scaling works without."""
    try:
        return session.platform.sizes(app)
    except (NotFound, RefusedByHeroku, BadReply) as error:
        note(f"sizes and prices are not known here ({error.message})")
        return []


def show_formation(writing: Writing, snapshot: FormationSnapshot, *, saved: bool) -> None:
    """Show the formation as one line that `scale` takes."""
    if not snapshot.formation:
        raise NotFound(f"{writing.app} has no process types", next_step="deploy a Procfile first")
    output = writing.session.output
    if output.wants_json:
        output.json(formation_document(writing.app, snapshot.formation, snapshot.sizes))
    elif not saved:
        output.lines([line(" ".join(formation_words(snapshot.formation)))])


def apply_plan(
    writing: Writing, plan: ScalePlan, *, reasons: Sequence[str], send: bool, wait_seconds: float | None
) -> None:
    """Show the plan. With `send`, ask for what must be confirmed, send the plan, and wait for `wait_seconds`.

    The reasons to confirm are `reasons` and the plan's own.
    """
    output, dry_run = writing.session.output, writing.executor.dry_run or not send
    writes = [scale_write(plan)] if plan.changes and send else []
    if not output.wants_json:
        output.show(*plan_blocks(plan))
    asked = [*reasons, *plan.reasons]
    for note in [*(() if plan.changes else reasons), *plan.notes]:
        output.note(note)
    if plan.changes and asked and dry_run:
        output.note(f"to send it, the app's name is asked for: {'; '.join(asked)}")
    if writes:
        writing.confirm(asked, does=f"scale to {', '.join(writes[0].after)}")
    resized = {each.type for each in plan.changes if each.resizes}
    waits = wait_seconds is not None and bool(writes) and not dry_run
    old = [dyno for dyno in writing.session.platform.dynos(plan.app) if dyno.type in resized] if waits else []
    sent: list[Sent] = writing.send_all(writes)
    if output.wants_json:
        output.json(plan_document(plan, writes, sent, dry_run=dry_run))
    elif writing.executor.dry_run:
        writing.show_calls(writes)
    if not sent or dry_run:
        return
    output.note(f"done; to undo: {' '.join(writes[0].undo)}")
    if wait_seconds is not None:
        from herodyno.operations.wait import WaitGoal, replaced_ids

        types = frozenset(each.type for each in plan.types if each.quantity_after)
        if types:
            goal = WaitGoal(types=types, version=0, old_ids=replaced_ids(old))
            with writing.note_when_interrupted(f"scaled to {', '.join(writes[0].after)}, not yet known to be up"):
                wait_for(writing.session, plan.app, goal, wait_seconds)
