"""What `stop` will do: one-off dynos by name, id, type or age; dynos of the formation, which come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from herodyno.dynos import ONE_OFF_TYPES, Dyno, Formation
from herodyno.errors import UsageError
from herodyno.operations.at_once import taken_whole
from herodyno.operations.targets import by_natural_order, find_target
from herodyno.operations.writes import Write, dyno_write, named


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlan:
    """The dynos to be stopped and the calls that do it. `reasons` must be confirmed, `notes` are to be read."""

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
    """The plan for these words and --type; empty when no dyno fits. Nothing stops everything (`require_target`)."""
    require_target(words, type)
    wanted = [*words, *([type] if type else [])]
    living = {dyno.type for dyno in dynos}
    # No one-off running is an ordinary state, no mistake.
    targets = [
        find_target(app, word, dynos, formation) for word in wanted if word in living or word not in ONE_OFF_TYPES
    ]
    those = by_natural_order(
        {
            dyno.id or dyno.name: dyno
            for target in targets
            for dyno in target.dynos
            if older_than is None or (dyno.created_at is not None and now - dyno.created_at > older_than)
        }.values()
    )
    whole = targets[0].type if len(targets) == 1 and older_than is None else ""
    if whole and those and whole not in ONE_OFF_TYPES:
        writes: tuple[Write, ...] = (Write(verb="stop", app=app, type=whole, dynos=those),)
    else:
        writes = tuple(dyno_write("stop", app, dyno) for dyno in those)
    types = taken_whole(those, dynos, types_named={target.type for target in targets if target.type})
    reasons = (f"{', '.join(named(those))} stop ({', '.join(types)})",) if types and those else ()
    return StopPlan(app=app, dynos=those, writes=writes, reasons=reasons, notes=_notes(app, those))


def require_target(words: Sequence[str], type: str) -> None:
    """UsageError when neither a word nor --type says what to stop."""
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
        f"{', '.join(named(back))}: Heroku starts dynos of the formation again by itself."
        f" To have none: herodyno scale {types} --app {app} --confirm {app}",
    )
