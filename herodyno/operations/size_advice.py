"""Which dyno size fits what a process type used, with its price; nothing is advised of less than a day.

A size fits when it holds the 95th percentile of memory and a fifth more. None is advised that would not hold the most
memory that was seen, and no other where only single dynos or times exceeded the quota. A size with less CPU is advised
only where the load would stay below one runnable process: how many processors a shared dyno has, Heroku does not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.used import LEAST_HOURS, LEAST_SECONDS
from herodyno.dynos import DynoSize, Formation
from herodyno.operations.prices import cents_per_month, is_flat, per_month, size_named
from herodyno.units import count, megabytes, spoken_duration

# All ours.
HEADROOM = 0.2
_MOST_LOAD = 1.0
# A Basic dyno does not scale and has no runtime metrics (Dev Center, "Dyno Types"), so it takes no other's place.
_ALONE = "basic"

AdviceKind: TypeAlias = Literal["not_enough_data", "fits", "smaller", "larger", "none_fits", "over_quota", "unknown"]


class Used(NamedTuple):
    """What a type used: the 95th percentile of memory and the most (MB), the 95th percentile of load, each None where
    not measured; the time that memory samples cover, and how many R14 and R15 came."""

    memory_mb: float | None
    most_mb: float | None
    load: float | None
    seconds: float
    over_quota: int


class SizeAdvice(NamedTuple):
    """What to do about the size of a type, in a sentence. `cents` is how much more all its dynos cost a month, None
    where the API gives no price or the size stays."""

    kind: AdviceKind
    sentence: str
    size: str = ""
    advised: str = ""
    needed_mb: float | None = None
    cents: int | None = None


def size_advice(used: Used, row: Formation | None, sizes: Sequence[DynoSize]) -> SizeAdvice:
    """The advice for one type. `row` is the type's in the formation, None where the API does not know it."""
    if used.memory_mb is None or used.seconds < LEAST_SECONDS:
        time = spoken_duration(int(used.seconds))
        return SizeAdvice("not_enough_data", f"not enough data: memory of {time}, {LEAST_HOURS} hours are needed")
    needed = used.memory_mb * (1 + HEADROOM)
    most = max(needed, used.most_mb or 0)
    told = f"{megabytes(used.memory_mb)} (p95) and a fifth more are {megabytes(needed)}"
    current = size_named(row.size, sizes) if row else None
    if row is None or current is None or current.memory_mb is None:
        return SizeAdvice("unknown", f"{told}; its size now is not known", needed_mb=needed)
    has = f"{current.name} has {megabytes(current.memory_mb)}"
    is_enough = current.memory_mb >= needed
    if most > needed and (most > current.memory_mb or not is_enough):
        told += f", the most was {megabytes(most)}"
    if is_enough and (used.over_quota or most > current.memory_mb):
        why = f" and {count(used.over_quota, 'R14 or R15', 'R14 or R15')} came" if used.over_quota else ""
        return SizeAdvice(
            "over_quota", f"{told}; {has}{why}: no other size is advised, herodyno diagnose says which dynos",
            current.name, needed_mb=needed,
        )  # fmt: skip
    holding = [size for size in sizes if _may_replace(size, current) and (size.memory_mb or 0) >= needed]
    fitting = sorted((size for size in holding if (size.memory_mb or 0) >= most), key=_by_price)
    wanted = [size for size in fitting if not is_enough or _is_cheaper(size, current)]
    best = next((size for size in wanted if _holds_load(size, current, used.load)), None)
    if best is None:
        stays: AdviceKind = "fits" if is_enough else "none_fits"
        which = "which fits" if is_enough else "and no size of its kind holds that"
        why = _why_not(wanted, used.load, is_enough=is_enough)
        if not why and is_enough and any(_is_cheaper(size, current) for size in holding):
            why = f", and a smaller one would not hold the most, {megabytes(most)}"
        return SizeAdvice(stays, f"{told}; {has}, {which}{why}", current.name, needed_mb=needed)
    cents = _more(best, current, row.quantity)
    kind: AdviceKind = "smaller" if is_enough else "larger"
    first = "" if kind == "smaller" else "; fewer processes or threads (WEB_CONCURRENCY) may do, try them first"
    return SizeAdvice(
        kind, f"{told}; {has}: {best.name} holds that{_price(cents, row.quantity)}{first}",
        current.name, best.name, needed, cents,
    )  # fmt: skip


def _may_replace(size: DynoSize, current: DynoSize) -> bool:
    if size.name == current.name:
        return True
    is_alone = is_flat(size) or size.name.casefold() == _ALONE
    return size.dedicated == current.dedicated and not is_alone and size.memory_mb is not None


def _is_cheaper(size: DynoSize, current: DynoSize) -> bool:
    price, now = cents_per_month(size), cents_per_month(current)
    return price is not None and now is not None and price < now


def _holds_load(size: DynoSize, current: DynoSize, load: float | None) -> bool:
    """Whether the size has no less CPU, or surely enough of it."""
    if not size.compute or not current.compute:
        return False
    return size.compute >= current.compute or (load is not None and load * current.compute / size.compute <= _MOST_LOAD)


def _why_not(wanted: Sequence[DynoSize], load: float | None, *, is_enough: bool) -> str:
    """Why none of the sizes that hold the memory is advised."""
    if not wanted:
        return ""
    if is_enough:
        return (
            ", and a smaller one would not hold the load"
            if load is not None
            else (", and the load of a smaller one is not known")
        )
    return " and the load" if load is not None else " with as much CPU; how much the load needs is not known"


def _by_price(size: DynoSize) -> tuple[bool, int, float]:
    cents = cents_per_month(size)
    return cents is None, cents or 0, size.memory_mb or 0


def _more(size: DynoSize, current: DynoSize, quantity: int) -> int | None:
    price, now = cents_per_month(size), cents_per_month(current)
    return None if price is None or now is None or is_flat(current) else (price - now) * quantity


def _price(cents: int | None, quantity: int) -> str:
    if cents is None:
        return ", at a price that the API does not give"
    return f", {'+' if cents > 0 else ''}{per_month(cents)} for {count(quantity, 'dyno')}"
