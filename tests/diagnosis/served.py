"""Lives made up from what their dynos did, without a log: good requests a second, and errors at chosen times."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.statistics.outliers import Assessment, assess
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.timeline.incarnations import Incarnation


class Served(NamedTuple):
    """What one dyno did: good requests a second, and its errors as (seconds, "/path" or "/path CODE").

    `start` and `end` are its own, None when they lie outside the window.
    """

    each_second: float
    errors: list[tuple[float, str]]
    start: float | None = None
    end: float | None = None
    release: int | None = None


def subjects(*dynos: Served, seconds: float = 300.0) -> list[Subject]:
    """The lives in a window that begins at 0."""
    found = []
    for number, dyno in enumerate(dynos, 1):
        facts = IncarnationFacts()
        born, died = max(0.0, dyno.start or 0.0), seconds if dyno.end is None else dyno.end
        times = [(born + i / dyno.each_second, "") for i in range(int((died - born) * dyno.each_second))]
        for at, failed in sorted(times + dyno.errors):
            facts.saw(at, at, lines=1)
            facts.requests += 1
            facts.grid.add(at, error=bool(failed), service_ms=20)
            if failed:
                path, _, code = failed.partition(" ")
                facts.errors.add(code or "H12", code or "H12", path, "192.0.2.7", at)
        incarnation = Incarnation(f"web.{number}", 1, dyno.start)
        incarnation.end, incarnation.release = dyno.end, dyno.release
        found.append(Subject(incarnation, facts, born, died))
    return found


def judged(*dynos: Served, seconds: float = 300.0) -> list[Assessment]:
    """What is decided of each."""
    incarnations = subjects(*dynos, seconds=seconds)
    told = assess(incarnations)
    return [told[incarnation.incarnation.key] for incarnation in incarnations]


def odd(rate: float, seed: int, *, seconds: float = 300.0) -> list[tuple[float, str]]:
    """Errors at random times, so many a second, of nine paths."""
    random, at, found = Random(seed), 0.0, []
    while (at := at + random.expovariate(rate)) < seconds:
        found.append((at, f"/p{random.randint(0, 8)}"))
    return found
