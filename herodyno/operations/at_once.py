"""What one command may take at once: the one rule that `restart`, `stop` and a roll's batch follow.

- All dynos of a type, by the type's name or one by one, and so the whole app: asks for the app's name.
- A part of a type, and whatever a selector chose: `restart` refuses more than --max-share of those that are up.
- One dyno by its own name or id: goes unasked, even where it is its type's only one.

Crashed dynos serve nothing: taking them takes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from math import floor

from herodyno.dynos import Dyno, Formation
from herodyno.errors import Refused
from herodyno.operations.writes import named

DEFAULT_SHARE = 0.5


def taken_whole(taken: Collection[Dyno], dynos: Iterable[Dyno], *, types_named: Iterable[str] = ()) -> tuple[str, ...]:
    """The types of which nothing is left: named as a type, or two or more dynos that make up all of it."""
    left = {dyno.type for dyno in dynos if dyno not in taken}
    serving = _serving(taken)
    return tuple(sorted({each for each in serving if serving.count(each) > 1 and each not in left} | set(types_named)))


def restart_reasons(whole: Sequence[str], taken: Collection[Dyno], dynos: Iterable[Dyno]) -> tuple[str, ...]:
    """What a restart at once has to have confirmed: the whole app, or the types of several dynos taken whole."""
    if not any(dyno not in taken for dyno in dynos if not dyno.is_one_off) and (whole or len(_serving(taken)) > 1):
        return (f"all {len(taken)} dynos of the app restart at once",)
    counts = {each: sum(dyno.type == each for dyno in taken) for each in whole}
    return tuple(f"all {number} {each} dynos restart at once" for each, number in counts.items() if number > 1)


def allowed_at_once(up: int, wanted: int, share: float) -> int:
    """How many dynos of a type that are up may be taken at once: a share of them, and one where others stay up.

    The only dyno of a type may be taken too; the last one up of several may not.
    """
    least = 1 if up >= 2 or wanted <= 1 else 0
    return max(floor(share * up + 1e-9), least)


def require_capacity(
    taken: Iterable[Dyno], dynos: Iterable[Dyno], formation: Iterable[Formation], share: float
) -> None:
    """Refused when taking these dynos at once takes more than the share of a type's dynos that are up."""
    living = list(dynos)
    wanted = {each.type: each.quantity for each in formation}
    lost: dict[str, list[Dyno]] = {}
    for dyno in taken:
        if dyno.state == "up":
            lost.setdefault(dyno.type, []).append(dyno)
    for process_type, those in lost.items():
        up = sum(dyno.type == process_type and dyno.state == "up" for dyno in living)
        allowed = allowed_at_once(up, wanted.get(process_type, 0), share)
        if len(those) > allowed:
            raise Refused(
                f"taking {', '.join(named(those))} at once leaves {up - len(those)} of {up} {process_type} dynos"
                f" that are up; at most {allowed} may go (--max-share {share:.0%}); nothing was sent.",
                next_step="Add --rolling, or raise --max-share if the lost capacity is meant.",
            )


def _serving(dynos: Iterable[Dyno]) -> list[str]:
    return [dyno.type for dyno in dynos if dyno.state != "crashed"]
