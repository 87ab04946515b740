"""Whether dynos failed alike: over all of them, judged or not, from birth on.

"None stands out" is a claim too, so it is tested. A dyno too young to be accused may still have most of the errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.statistics.comparison import Comparison
from herodyno.diagnosis.statistics.peer_sums import judged_lines
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.statistics.rates import holm

_FAR = 0.01  # chance of a dyno that is apart, corrected
_UNEVEN = 0.05  # chance of a dyno that is uneven, corrected
_FAR_RATIO = 3.0
_FAR_LINES = 5


class Evenness(NamedTuple):
    """How a dyno compares with its peers.

    `uneven`: it fails more often than they do, beyond chance. `apart`: line by line it fails three times as often.
    `spared`: it fails a third as often or less, beyond chance. `expected` are the errors it would have at their rate.
    `shared` are its errors beside peers past its first two minutes, `unshared` all others. `due` are the errors that it
    would have past its first two minutes if all that served at a time failed alike.
    """

    apart: bool
    uneven: bool
    spared: bool
    expected: float
    shared: int
    unshared: int
    due: float


NOT_COMPARED = Evenness(apart=False, uneven=False, spared=False, expected=0.0, shared=0, unshared=0, due=0.0)


class Row(NamedTuple):
    """What is needed of one comparison, from birth on. Comparisons of a hundred dynos are too large to be kept."""

    lines: float
    expected: float
    ratio: float | None
    by_lines: float | None
    by_moments: float | None
    so_few: float | None


def evenness(
    subjects: Sequence[Subject],
    rows: Mapping[IncarnationKey, Row],
    due: Mapping[IncarnationKey, float],
    beside_peers: Mapping[IncarnationKey, int],
) -> dict[IncarnationKey, Evenness]:
    """How each subject compares with its peers, by its row. `beside_peers` has the errors that could be compared."""
    by_lines = _corrected({key: row.by_lines for key, row in rows.items()})
    by_moments = _corrected({key: row.by_moments for key, row in rows.items()})
    so_few = _corrected({key: row.so_few for key, row in rows.items()})
    found = {}
    for subject in subjects:
        key = subject.incarnation.key
        row, lines = rows[key], judged_lines(subject)
        is_triple = row.ratio is None or row.ratio >= _FAR_RATIO
        is_far = by_lines.get(key, 1.0) <= _FAR and row.lines >= _FAR_LINES and is_triple
        found[key] = Evenness(
            apart=is_far,
            uneven=is_far or by_moments.get(key, 1.0) <= _UNEVEN,
            spared=so_few.get(key, 1.0) <= _FAR,
            expected=row.expected,
            shared=beside_peers[key],
            unshared=lines - beside_peers[key],
            due=due[key],
        )
    return found


def row(beside: Comparison) -> Row:
    """The row of a dyno beside its peers, from its birth on."""
    lines, expected = beside.lines, beside.expected
    return Row(
        lines,
        expected,
        ratio=beside.ratio,
        by_lines=beside.chance_by_lines() if beside.own else None,
        by_moments=beside.chance() if beside.own else None,
        so_few=beside.chance_of_so_few() if lines * 3 <= expected else None,
    )


def _corrected(chances: Mapping[IncarnationKey, float | None]) -> dict[IncarnationKey, float]:
    """The chances by Holm's method, those that are None left out."""
    made = {key: chance for key, chance in chances.items() if chance is not None}
    return dict(zip(made, holm(list(made.values())), strict=True))
