"""The report of `restart --verify`: rates of the restarted dynos and of their peers, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from herodyno.dynos import Dyno, DynoSize
from herodyno.operations.restart.line_change import LineChange, NamedLine, line_changes
from herodyno.operations.restart.measurements import Measurements
from herodyno.operations.restart.rate_change import RateChange, did_it_help, memory_change, rate_change


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonReport:
    """The comparison of before and after.

    `others` is None when every dyno of the type was restarted. `memory` has one sentence for each restarted dyno with
    a sample on both sides. `lines` are those that only the restarted dynos printed before. `sentence` answers whether
    the restart helped.
    """

    restarted: RateChange
    others: RateChange | None
    memory: tuple[str, ...]
    lines: tuple[LineChange, ...]
    sentence: str


def comparison_report(
    old: Sequence[Dyno],
    new: Sequence[Dyno],
    peers: Sequence[str],
    before: Measurements,
    after: Measurements,
    *,
    restarted_at: datetime,
    alone_at: datetime,
    sizes: Mapping[str, DynoSize],
    only_here: Sequence[NamedLine] = (),
) -> ComparisonReport:
    """Compare the measurements `before` and `after` a restart.

    The dynos `old` were restarted at `restarted_at`. With preboot they served beside their successors until
    `alone_at`. `new` are the app's dynos now, `peers` the names of the dynos that were not restarted. `sizes` maps
    the name of a size to the size. `only_here` are the lines that some dynos printed before and their peers did not.
    """
    names = [dyno.name for dyno in old]
    up_at = {dyno.name: dyno.updated_at or restarted_at for dyno in new if dyno.name in names}
    # The new dyno's requests count from its start. Requests that the old dyno still finishes do not count.
    since = max([*up_at.values(), alone_at])
    restarted = rate_change(
        ", ".join(names), before.errors(names, until=restarted_at), after.errors(names, since=since)
    )
    others = None
    if peers:
        others = rate_change("other dynos", before.errors(peers, until=restarted_at), after.errors(peers, since=since))
    born = {dyno.name: dyno.created_at for dyno in old}
    now = {dyno.name: dyno for dyno in new}
    shares = [
        (dyno.name, before.memory_share(dyno, sizes), after.memory_share(now[dyno.name], sizes))
        for dyno in old
        if dyno.name in now
    ]
    return ComparisonReport(
        restarted=restarted,
        others=others,
        memory=tuple(memory_change(shares)),
        lines=tuple(line_changes(only_here, born, before, after, until=restarted_at, since=since)),
        sentence=did_it_help(restarted, others),
    )
