"""Whether a line that only the restarted dynos printed went away with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from herodyno.diagnosis.counting.printed import PrintedFacts, Span, joined
from herodyno.diagnosis.statistics.rates import binomial_tail
from herodyno.logs.patterns.word_marks import ANY
from herodyno.operations.restart.measurements import Measurements
from herodyno.units import spoken_duration

LineJudgement = Literal["gone", "fewer", "still_there", "not_enough_data"]

# So few on the one side would come by chance once in a hundred restarts that change nothing.
CHANCE = 0.01


class NamedLine(NamedTuple):
    """A line that these dynos print and their peers do not. `kind` is "line" or "exception"."""

    template: str
    kind: str
    dynos: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """How often the dynos printed a line before their restart and after, as (times, seconds of log).

    The seconds are those that the dyno lived, of several the one that lived longest.
    What comes within five seconds on one dyno is once. `template` has marks where the lines differ.
    """

    template: str
    kind: str
    dynos: tuple[str, ...]
    before: tuple[int, float]
    after: tuple[int, float]
    judgement: LineJudgement

    def __str__(self) -> str:
        """ "web.2: "pool of <n> exhausted": 12 in 5 min before, 0 in 5 min after: gone"."""
        (n, seconds), (n_after, seconds_after) = self.before, self.after
        word = {
            "gone": "gone",
            "fewer": "fewer",
            "still_there": "still there",
            "not_enough_data": "too little log to say",
        }[self.judgement]
        return (
            f'{", ".join(self.dynos)}: "{self.template}": {n} in {spoken_duration(seconds)} before, '
            f"{n_after} in {spoken_duration(seconds_after)} after: {word}"
        )


def line_changes(
    lines: Sequence[NamedLine],
    born: Mapping[str, datetime | None],
    before: Measurements,
    after: Measurements,
    *,
    until: datetime,
    since: datetime,
) -> list[LineChange]:
    """The change of each of the lines that the restarted dynos printed.

    `born` are these dynos, with the time when each was created, None where it is not known. What was logged from then
    on and before `until` is the old dynos', what was logged from `since` on is that of the new ones.
    """
    spans_after = after.spans(since=since)
    found = []
    for line in lines:
        printers = tuple(name for name in line.dynos if name in born)
        if not printers:
            continue
        sides = [{name: side.printed[name] for name in printers if name in side.printed} for side in (before, after)]
        lives = {name: before.spans(since=born[name], until=until) for name in printers}
        spans = lives, dict.fromkeys(printers, spans_after)
        n, n_after = _times(line, sides, spans)
        read, read_after = ([_seconds(each) for each in side.values()] for side in spans)
        served = sum(before.errors([name], since=born[name], until=until)[1] for name in printers)
        served_after = after.errors(printers, since=since)[1]
        share = min(_share(sum(read), sum(read_after)), _share(served, served_after))
        found.append(
            LineChange(
                template=line.template, kind=line.kind, dynos=printers, before=(n, max(read)),
                after=(n_after, max(read_after)), judgement=judged(n, n_after, share),
            )
        )  # fmt: skip
    return found


def _times(
    line: NamedLine, sides: Sequence[Mapping[str, PrintedFacts]], spans: Sequence[Mapping[str, Sequence[Span]]]
) -> tuple[int, int]:
    """How often each side printed the line, each dyno within its spans."""
    times = [0, 0]
    for each in joined({(name, at): printed for at, side in enumerate(sides) for name, printed in side.items()}):
        if each.kind == line.kind and _may_be_one(each.template.split(), line.template.split()):
            for (name, at), printed in each.of.items():
                times[at] += printed.events_within(spans[at][name])
    return times[0], times[1]


def judged(before: int, after: int, share: float) -> LineJudgement:
    """What may be said of these counts, where the log after has this share of the chances to print the line."""

    def is_fewer(n: int) -> bool:
        # So many or more on the side before, if each fell there by its share.
        return binomial_tail(before, before + n, 1 - share) <= CHANCE

    if is_fewer(after):
        return "fewer" if after else "gone"
    return "still_there" if after and is_fewer(0) else "not_enough_data"


def _may_be_one(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a line may belong to both templates: other lines beside it may have made either wider."""
    return len(words) == len(others) and all(
        word == other or word.endswith(ANY) or other.endswith(ANY) for word, other in zip(words, others, strict=True)
    )


def _seconds(spans: Sequence[Span]) -> float:
    return sum(end - start for start, end in spans)


def _share(before: float, after: float) -> float:
    """What comes after as a share of both. A new dyno that serves less has fewer chances to print a line."""
    return after / (before + after) if before + after else 1.0
