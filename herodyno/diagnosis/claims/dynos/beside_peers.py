"""With whom the lines of an accused dyno are compared: dynos of its release and size that ran at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf

from herodyno.diagnosis.analysis import IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.dynos.grounds import names_once
from herodyno.diagnosis.report.phrases import listed
from herodyno.diagnosis.statistics.only_here.sides import Life, Sides, Stratum, Stretch, stratum, stretch
from herodyno.diagnosis.statistics.onset import onset
from herodyno.diagnosis.statistics.peers import is_kin
from herodyno.dynos import natural_order
from herodyno.heroku_facts import REQUEST_TIMEOUT_SECONDS

# So many stretches of time at most: many dynos begin and end in a log of days.
_MOST_STRATA = 24
_SHORTEST_SECONDS = 5.0


def beside_peers(
    guilty: Sequence[IncarnationAnalysis],
    process_type: TypeAnalysis,
    *,
    is_over: bool,
) -> tuple[Sides, ...]:
    """The two sides. Empty where no peer ran in the time of an accused dyno. Peers do not stand out."""
    accused = {dyno.key for dyno in process_type.outliers}
    innocent = [dyno for dyno in process_type.dynos if dyno.key not in accused]
    strata: list[Stratum] = []
    for kin in dict.fromkeys(dyno.subject.kin for dyno in guilty):
        own = [_judged(dyno) for dyno in guilty if dyno.subject.kin == kin]
        peers = [_steady(dyno) for dyno in innocent if is_kin(kin, dyno.subject.kin)]
        strata += _strata([life for life in own if life], [life for life in peers if life])
    if not strata:
        return ()
    quiet = {dyno.key: before for dyno in guilty if (before := _quiet(dyno))}
    failing = {dyno.key: when for dyno in guilty if (when := _failing(dyno))}
    return (Sides(strata, "peers", _heading(names_once(guilty), strata, is_over=is_over), quiet, failing),)


def _heading(names: list[str], strata: Sequence[Stratum], *, is_over: bool) -> tuple[str, str]:
    """ "web.2 prints, its 3 peers in the same time do not:", and where they hardly do."""
    n = len({key[0] for each in strata for key in each.others})
    prints = "printed" if is_over else "prints" if len(names) == 1 else "print"
    do = "did" if is_over else "does" if n == 1 else "do"
    peers = f"{'its' if len(names) == 1 else 'their'} {'peer' if n == 1 else f'{n} peers'}"
    said = f"{listed(sorted(names, key=natural_order))} {prints}, {peers} in the same time"
    return (f"{said} {do} not:", f"{said} hardly {do}:")


def _steady(dyno: IncarnationAnalysis, since: float = -inf, until: float = inf) -> Life | None:
    """A dyno between its first two minutes and its stop."""
    own = stretch(dyno.subject, since, until)
    return Life(dyno.subject, Stretch(own.settled, own.end, own.settled)) if own and own.settled < own.end else None


def _judged(dyno: IncarnationAnalysis) -> Life | None:
    """An accused dyno in the part of the window in which it was judged."""
    return _steady(dyno, *(dyno.assessment.part or (-inf, inf)))


def _quiet(dyno: IncarnationAnalysis) -> Stretch | None:
    """An accused dyno before it began to fail, where one moment parts the good time from the bad."""
    began = onset(dyno.subject.facts.grid)
    life = _steady(dyno, until=began.seconds - REQUEST_TIMEOUT_SECONDS) if began else None
    return life.stretch if life else None


def _failing(dyno: IncarnationAnalysis) -> Stretch | None:
    """An accused dyno from the first half minute with an error to the last."""
    grid = dyno.subject.facts.grid
    cells = [seconds for seconds, errors in zip(grid.starts, grid.errors, strict=True) if errors]
    return Stretch(cells[0], cells[-1], cells[0]) if cells else None


def _strata(own: Sequence[Life], peers: Sequence[Life]) -> list[Stratum]:
    """The stretches of time in which both sides ran, cut where a dyno begins or ends."""
    cuts = sorted({edge for _, each in (*own, *peers) for edge in (each.start, each.end)})
    if len(cuts) > _MOST_STRATA:
        first, width = cuts[0], (cuts[-1] - cuts[0]) / _MOST_STRATA
        cuts = [first + i * width for i in range(_MOST_STRATA + 1)]
    found = (
        stratum(_within(own, start, end), _within(peers, start, end))
        for start, end in pairwise(cuts)
        if end - start >= _SHORTEST_SECONDS
    )
    return [each for each in found if each]


def _within(lives: Sequence[Life], start: float, end: float) -> list[Life]:
    return [
        life._replace(stretch=Stretch(first, last, first))
        for life in lives
        if (first := max(start, life.stretch.start)) < (last := min(end, life.stretch.end))
    ]
