"""A case judged and held against the truth, and the figures of a family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from tests.diagnosis.world import everything as everything  # enters the families
from tests.diagnosis.world.answer import CALM, Answer, asked, visible_from
from tests.diagnosis.world.case import FAMILIES, Case
from tests.diagnosis.world.lives import Life
from tests.diagnosis.world.truth import sufficient, tense_is_clear, widespread


class Outcome(NamedTuple):
    """One case judged. A pair is (right, of); None: not measured in this case."""

    family: str
    seed: int
    how: str
    verdict: str
    wrongly: tuple[str, ...]
    found: bool | None
    attributed: tuple[int, int]
    tense: bool | None
    failed: tuple[str, ...]
    demands: int
    forecasts: tuple[int, int, int]  # (hold the true time, given, asked for)
    told: str


def judged(name: str, seed: int) -> Outcome:
    """Draw, ask, compare."""
    case = FAMILIES[name].draw(f"{name}/{seed}")
    answer = asked(case.app, case.how, argv=case.argv, files=case.files)
    rows = [(row, _true(row, case, answer)) for row in answer.rows]
    accused = [(row, life) for row, life in rows if row in answer.accused]
    failed = [demand for demand, holds in case.demands.items() if not holds(answer)]
    return Outcome(
        family=name, seed=seed, how=case.how, verdict=answer.kind,
        wrongly=tuple(f"{row['dyno']} {row['id'] or '-'}" for row, life in accused if life not in case.guilty),
        found=_found(case, answer, [life for _, life in accused]),
        attributed=_attributed(case, rows), tense=_tense(case, answer),
        failed=tuple(failed), demands=len(case.demands), forecasts=_forecasts(case, answer),
        told=f"{answer.headline[:240]!r}; ongoing {answer.ongoing}, {answer.ended_with or '-'}; {answer.changing}",
    )  # fmt: skip


def _found(case: Case, answer: Answer, accused: Sequence[Life | None]) -> bool | None:
    if not case.kinds:
        return None
    since = visible_from(case.app, case.how)
    enough = case.enough
    if enough is None:
        enough = sufficient(case.app, case.guilty, since) if case.guilty else widespread(case.app, since)
    return answer.kind in case.kinds and all(life in accused for life in case.guilty) if enough else None


def _true(row: dict[str, Any], case: Case, answer: Answer) -> Life | None:
    """The life a row means: by its id, else the one of that name that shares most time with it."""
    app = case.app
    if row["id"]:
        return next((life for life in app.lives if life.id == row["id"]), None)
    start, end = answer.seconds(app, row["from"]), answer.seconds(app, row["to"])
    low, high = -1e6 if start is None else start, app.seconds + 1e6 if end is None else end
    named = [life for life in app.lives if life.name == row["dyno"]]
    return max(named, key=lambda life: min(high, life.gone, 2e6) - max(low, life.born), default=None)


def _attributed(case: Case, rows: Sequence[tuple[dict[str, Any], Life | None]]) -> tuple[int, int]:
    """Error lines told of the life that wrote them, and those that were told or had to be.

    While two lives of a name overlap, and for seconds around, a log alone cannot always say which of them answered.
    """
    since = visible_from(case.app, case.how)
    told: Counter[Life | None] = Counter()
    for row, life in rows:
        told[life] += row["errors"]["n"]
    right = of = 0
    for life in case.app.lives if case.lives is None else case.lives:
        errors = [seen.at for seen in life.seen if seen.failed and seen.at >= since]
        others = [each for each in case.app.lives if each.name == life.name and each is not life]
        certain = sum(not any(each.born - 5 <= at < each.gone + 31 for each in others) for at in errors)
        right += min(told[life], len(errors))
        of += max(told.pop(life, 0), certain)
    return right, of + sum(told.values())


def _tense(case: Case, answer: Answer) -> bool | None:
    """Whether what is past is told as past, with what ended it, and what goes on as going on."""
    if case.ongoing is None or answer.kind in CALM:
        return None
    since = visible_from(case.app, case.how)
    if case.enough is None and not tense_is_clear(case.app, ongoing=case.ongoing, since=since):
        return None
    if answer.ongoing is not case.ongoing:
        return False
    return case.ongoing or not case.cures or any(cure in answer.ended_with for cure in case.cures)


def _forecasts(case: Case, answer: Answer) -> tuple[int, int, int]:
    hold = given = 0
    for dyno_id, true in case.forecasts:
        row = next((row for row in answer.rows if row["id"] == dyno_id), None)
        span = row and row["memory"]["trend"]["eta_quota"]
        if span:
            given += 1
            low, high = answer.seconds(case.app, span["from"]), answer.seconds(case.app, span["to"])
            hold += low is not None and high is not None and low <= true <= high
    return hold, given, len(case.forecasts)


class Figures(NamedTuple):
    """The figures of a family, each (hits, of)."""

    wrongly: tuple[int, int]
    found: tuple[int, int]
    attributed: tuple[int, int]
    tense: tuple[int, int]
    said: tuple[int, int]
    forecasts: tuple[int, int, int]


def figures(outcomes: Iterable[Outcome]) -> Figures:
    """Add up."""
    own = list(outcomes)
    found, tense = ([getattr(o, name) for o in own if getattr(o, name) is not None] for name in ("found", "tense"))
    demanded = [o for o in own if o.demands]
    return Figures(
        wrongly=(sum(bool(o.wrongly) for o in own), len(own)),
        found=(sum(found), len(found)),
        attributed=(sum(o.attributed[0] for o in own), sum(o.attributed[1] for o in own)),
        tense=(sum(tense), len(tense)),
        said=(sum(not o.failed for o in demanded), len(demanded)),
        forecasts=tuple(sum(o.forecasts[i] for o in own) for i in range(3)),
    )  # fmt: skip
