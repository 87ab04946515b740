"""What `restart` will do: which dynos it replaces, by which calls, and what must be confirmed first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from herodyno.dynos import Dyno, Formation, names_with_ids
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.operations.at_once import restart_reasons, taken_whole
from herodyno.operations.targets import by_natural_order, find_target, with_id
from herodyno.operations.writes import Write, dyno_write


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Conditions that a dyno must meet to be restarted; those left at their default do not count.

    `over_memory` is a share of the memory quota (0.9).
    """

    over_memory: float | None = None
    older_than: timedelta | None = None
    stale_release: bool = False
    crashed: bool = False

    def __bool__(self) -> bool:
        return self.over_memory is not None or self.older_than is not None or self.stale_release or self.crashed


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPlan:
    """The dynos to replace and the calls that replace them. `whole` is "app", a process type, or "" for single dynos.

    `reasons` must be confirmed when all dynos restart at once. `confirms` are the process types in those reasons.
    `notes` are sentences for a person.
    """

    app: str
    whole: str
    dynos: tuple[Dyno, ...]
    writes: tuple[Write, ...]
    notes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    confirms: tuple[str, ...] = ()


def plan_restart(
    app: str,
    words: Sequence[str],
    dynos: Sequence[Dyno],
    formation: Sequence[Formation],
    *,
    only: Sequence[Dyno] | None = None,
) -> RestartPlan:
    """The plan for the dynos that the words name; without words, for the whole app.

    `only` are the dynos that the selectors left, None without selectors. Raises UsageError for a one-off dyno, which
    would not come back, and the errors of `find_target`.
    """
    targets = [find_target(app, word, dynos, formation) for word in words]
    one_off = [dyno for target in targets for dyno in target.dynos if dyno.is_one_off]
    if one_off:
        raise UsageError(
            f"{', '.join(names_with_ids(one_off))}: a one-off dyno does not come back; nothing was sent.",
            next_step=f"To end it: herodyno stop {one_off[0].name} --app {app}",
        )
    if only is not None:
        # A selector names no dyno. Dynos that it chose therefore need a confirmation, and the share limits them.
        chosen = _unique(only)
        reasons = restart_reasons(taken_whole(chosen, dynos), chosen, dynos)
        return RestartPlan(app=app, whole="", dynos=chosen, writes=_one_by_one(app, chosen), reasons=reasons)
    types = {target.type for target in targets if target.type}
    writes: tuple[Write, ...]
    if not targets:
        chosen, types = target_dynos(app, words, dynos, formation), {dyno.type for dyno in dynos if not dyno.is_one_off}
        whole, writes = "app", (Write(verb="restart", app=app, dynos=chosen),)
    elif len(targets) == 1 and types:
        whole, chosen = targets[0].type, targets[0].dynos
        writes = (Write(verb="restart", app=app, type=whole, dynos=chosen),)
    else:
        whole, chosen = "", _unique(dyno for target in targets for dyno in target.dynos)
        writes = _one_by_one(app, chosen)
    confirms = taken_whole(chosen, dynos, types_named=types)
    return RestartPlan(
        app=app,
        whole=whole,
        dynos=chosen,
        writes=writes,
        notes=tuple(note for each in confirms if whole != "app" for note in _at_once(each, chosen)),
        reasons=restart_reasons(confirms, chosen, dynos),
        confirms=confirms,
    )


def target_dynos(
    app: str, words: Sequence[str], dynos: Sequence[Dyno], formation: Sequence[Formation]
) -> tuple[Dyno, ...]:
    """The dynos of the formation that the words name (all without words), before selectors."""
    if not words:
        return by_natural_order(dyno for dyno in dynos if not dyno.is_one_off)
    return plan_restart(app, words, dynos, formation).dynos


def select(
    dynos: Iterable[Dyno],
    selectors: Selectors,
    *,
    now: datetime,
    newest_release: int | None,
    memory: Mapping[str, float],
) -> tuple[Dyno, ...]:
    """The dynos that meet every selector. A dyno of which the needed fact is not known does not.

    `newest_release` is a version number. `memory` maps a dyno id to its share of the memory quota.
    """

    def fits(dyno: Dyno) -> bool:
        if selectors.crashed and dyno.state != "crashed":
            return False
        if selectors.older_than is not None and (
            dyno.created_at is None or now - dyno.created_at <= selectors.older_than
        ):
            return False
        if selectors.stale_release and (
            dyno.release is None or newest_release is None or dyno.release >= newest_release
        ):
            return False
        return selectors.over_memory is None or memory.get(dyno.id, 0.0) > selectors.over_memory

    return tuple(dyno for dyno in dynos if fits(dyno))


def require_id(app: str, words: Sequence[str], wanted: str, dynos: Sequence[Dyno]) -> Dyno:
    """--if-id: the dyno, if that incarnation still exists. `wanted` is an id or its beginning.

    Raises Refused when the incarnation is gone, NotFound when the named dyno does not exist, UsageError for several
    words or an ambiguous id.
    """
    if len(words) > 1:
        raise UsageError("--if-id goes with one dyno; nothing was sent.")
    candidates = dynos if not words else [dyno for dyno in dynos if dyno.name == words[0]]
    found = with_id(wanted, candidates)
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise UsageError(f"--if-id {wanted} fits {', '.join(names_with_ids(found))}; nothing was sent.")
    if words and not candidates:
        raise NotFound(f"{app} has no dyno {words[0]!r}; nothing was sent.")
    now = f"; {words[0]} is now {', '.join(dyno.id[:8] for dyno in candidates)}" if words else ""
    raise Refused(f"dyno id {wanted} is gone{now}: somebody or Heroku replaced it; nothing was sent.")


def _unique(dynos: Iterable[Dyno]) -> tuple[Dyno, ...]:
    return by_natural_order({dyno.id or dyno.name: dyno for dyno in dynos}.values())


def _one_by_one(app: str, dynos: Iterable[Dyno]) -> tuple[Write, ...]:
    return tuple(dyno_write("restart", app, dyno) for dyno in dynos)


def _at_once(process_type: str, dynos: Iterable[Dyno]) -> tuple[str, ...]:
    up = sum(dyno.type == process_type and dyno.state == "up" for dyno in dynos)
    if up < 2:
        return ()
    return (f"All {up} {process_type} dynos that are up restart at once; --rolling goes one by one.",)
