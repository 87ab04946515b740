"""What `stop` will do. One-off dynos end; Heroku starts dynos of the formation again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from herodyno.dynos import ONE_OFF_TYPES, Dyno, Formation, names_with_ids
from herodyno.errors import UsageError
from herodyno.operations.at_once import taken_whole
from herodyno.operations.targets import by_natural_order, find_target
from herodyno.operations.writes import Write, dyno_write


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlan:
    """The dynos to stop and the calls that stop them. `reasons` must be confirmed, `notes` are for a person."""

    app: str
    dynos: tuple[Dyno, ...]
    writes: tuple[Write, ...]
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def plan_stop(
    app: str,
    words: Sequence[str],
    dynos: Sequence[Dyno],
    formation: Sequence[Formation],
    *,
    type: str = "",
    older_than: timedelta | None = None,
    now: datetime,
) -> StopPlan:
    """The plan for the dynos that the words and --type name; without dynos when none fits.

    `older_than` keeps only dynos created longer ago. Raises UsageError when neither a word nor --type is given, and
    the errors of `find_target`.
    """
    require_target(words, type)
    wanted = [*words, *([type] if type else [])]
    running = {dyno.type for dyno in dynos}
    # `stop run` while no one-off runs is no mistake: the word is not looked up.
    targets = [
        find_target(app, word, dynos, formation) for word in wanted if word in running or word not in ONE_OFF_TYPES
    ]
    chosen = by_natural_order(
        {
            dyno.id or dyno.name: dyno
            for target in targets
            for dyno in target.dynos
            if older_than is None or (dyno.created_at is not None and now - dyno.created_at > older_than)
        }.values()
    )
    whole = targets[0].type if len(targets) == 1 and older_than is None else ""
    if whole and chosen and whole not in ONE_OFF_TYPES:
        writes: tuple[Write, ...] = (Write(verb="stop", app=app, type=whole, dynos=chosen),)
    else:
        writes = tuple(dyno_write("stop", app, dyno) for dyno in chosen)
    types = taken_whole(chosen, dynos, types_named={target.type for target in targets if target.type})
    reasons = (f"{', '.join(names_with_ids(chosen))} stop ({', '.join(types)})",) if types and chosen else ()
    return StopPlan(app=app, dynos=chosen, writes=writes, reasons=reasons, notes=_notes(app, chosen))


def require_target(words: Sequence[str], type: str) -> None:
    """Raise UsageError when neither a word nor --type says what to stop: nothing given never means everything."""
    if not words and not type:
        raise UsageError(
            "stop what? nothing was sent.",
            next_step="name a dyno, a dyno id or a type: herodyno stop run.1234, or stop --type run --older-than 6h",
        )


def _notes(app: str, dynos: Sequence[Dyno]) -> tuple[str, ...]:
    back = [dyno for dyno in dynos if not dyno.is_one_off]
    if not back:
        return ()
    types = " ".join(f"{name}=0" for name in sorted({dyno.type for dyno in back}))
    return (
        f"{', '.join(names_with_ids(back))}: Heroku starts dynos of the formation again by itself."
        f" To have none: herodyno scale {types} --app {app} --confirm {app}",
    )
