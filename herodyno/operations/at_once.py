"""How many dynos one command may end at once: the one rule of `restart`, `stop` and a roll's batch.

- All dynos of a process type, and so the whole app: must be confirmed by the app's name. It does not matter whether
  the type was named or its dynos one by one.
- A part of a type, and any dynos that a selector chose: `restart` refuses more than --max-share of those that are up.
- One dyno by its own name or id: needs no confirmation, even when it is the only one of its type.

Crashed dynos serve nothing, so a type of which all are crashed goes unasked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from math import floor

from herodyno.dynos import Dyno, Formation, names_with_ids
from herodyno.errors import Refused

DEFAULT_SHARE = 0.5


def taken_whole(taken: Collection[Dyno], dynos: Iterable[Dyno], *, types_named: Iterable[str] = ()) -> tuple[str, ...]:
    """The process types that the command ends whole.

    These are the types in `types_named`, and every type of which it ends all dynos, two or more, of which one serves.
    """
    left = {dyno.type for dyno in dynos if dyno not in taken}
    ended = [dyno.type for dyno in taken]
    whole = {each for each in _serving(taken) if ended.count(each) > 1 and each not in left}
    return tuple(sorted(whole | set(types_named)))


def whole_app(number: int, how: str) -> str:
    """ "all 4 dynos of the app restart, batch by batch"; `how` has its comma."""
    return "the only dyno of the app restarts" if number == 1 else f"all {number} dynos of the app restart{how}"


def restart_reasons(whole: Sequence[str], taken: Collection[Dyno], dynos: Iterable[Dyno]) -> tuple[str, ...]:
    """What must be confirmed before a restart at once: the whole app, or each type in `whole` with several dynos."""
    if not any(dyno not in taken for dyno in dynos if not dyno.is_one_off) and (whole or len(_serving(taken)) > 1):
        return (whole_app(len(taken), " at once"),)
    serving = set(_serving(taken))
    counts = {each: sum(dyno.type == each for dyno in taken) for each in whole if each in serving}
    return tuple(f"all {number} {each} dynos restart at once" for each, number in counts.items() if number > 1)


def allowed_at_once(up: int, wanted: int, share: float) -> int:
    """How many of the `up` dynos of a type may end at once: the share of them, but at least one where others stay up.

    `wanted` is the type's quantity in the formation. The only dyno of a type may end; the last one up of several
    may not.
    """
    least = 1 if up >= 2 or wanted <= 1 else 0
    return max(floor(share * up + 1e-9), least)


def require_capacity(
    taken: Iterable[Dyno], dynos: Iterable[Dyno], formation: Iterable[Formation], share: float
) -> None:
    """Raise Refused when ending these dynos at once ends more than the share of a type's dynos that are up."""
    all_dynos = list(dynos)
    wanted = {each.type: each.quantity for each in formation}
    lost: dict[str, list[Dyno]] = {}
    for dyno in taken:
        if dyno.state == "up":
            lost.setdefault(dyno.type, []).append(dyno)
    for process_type, chosen in lost.items():
        up = sum(dyno.type == process_type and dyno.state == "up" for dyno in all_dynos)
        allowed = allowed_at_once(up, wanted.get(process_type, 0), share)
        if len(chosen) > allowed:
            names = ", ".join(names_with_ids(chosen))
            raise Refused(
                f"taking {names} at once leaves {up - len(chosen)} of {up} {process_type} dynos"
                f" that are up; at most {allowed} may go (--max-share {share:.0%}); nothing was sent.",
                next_step="Add --rolling, or raise --max-share if the lost capacity is meant.",
            )


def _serving(dynos: Iterable[Dyno]) -> list[str]:
    return [dyno.type for dyno in dynos if dyno.state != "crashed"]
