"""The report of `restart --verify`: rates of the restarted dynos and of their peers, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from herodyno.dynos import Dyno, DynoSize
from herodyno.operations.restart.readings import Readings
from herodyno.operations.restart.verify import Comparison, compare, did_it_help, memory_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """What the same measures say after the restart. `others` is None when every dyno of the type was restarted."""

    restarted: Comparison
    others: Comparison | None
    memory: tuple[str, ...]
    sentence: str


def helped(
    old: Sequence[Dyno],
    new: Sequence[Dyno],
    peers: Sequence[str],
    before: Readings,
    after: Readings,
    *,
    restarted_at: datetime,
    alone_at: datetime,
    sizes: Mapping[str, DynoSize],
) -> Helped:
    """Compare. `old` were restarted at `restarted_at` and may have served until `alone_at` (preboot), `new` live now,
    `peers` are names of the other dynos."""
    names = [dyno.name for dyno in old]
    up_at = {dyno.name: dyno.updated_at or restarted_at for dyno in new if dyno.name in names}
    # A dyno's first requests after its start count; those its predecessor still finishes do not.
    since = max([*up_at.values(), alone_at])
    restarted = compare(", ".join(names), before.errors(names, until=restarted_at), after.errors(names, since=since))
    others = None
    if peers:
        others = compare("other dynos", before.errors(peers, until=restarted_at), after.errors(peers, since=since))
    now = {dyno.name: dyno for dyno in new}
    shares = [
        (dyno.name, before.memory_share(dyno, sizes), after.memory_share(now[dyno.name], sizes))
        for dyno in old
        if dyno.name in now
    ]
    return Helped(
        restarted=restarted,
        others=others,
        memory=tuple(memory_change(shares)),
        sentence=did_it_help(restarted, others),
    )
