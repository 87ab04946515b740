"""Facts merge by a table: every field stands in the table, and a field that were left out would be noticed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import pytest

from herodyno.diagnosis.counted import Counted, MergeRule, total
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.one_pass import Log, OnePass
from herodyno.diagnosis.timeline.boundaries import Boundaries
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.logs.events import Event
from herodyno.logs.parsing.read import read_events
from herodyno.logs.scan.blocks import line_blocks
from tests.diagnosis.oracle import facts_by_events, seen_in
from tests.diagnosis.plain_values import plain
from tests.diagnosis.reading import LOGS, request, sample


def classes(base: type[Counted] = Counted) -> Iterator[type[Counted]]:
    for kind in base.__subclasses__():
        yield kind
        yield from classes(kind)


KINDS = sorted(
    {kind.__qualname__: kind for kind in classes() if kind.__module__.startswith("herodyno")}.values(),
    key=lambda kind: kind.__qualname__,
)
# Fields that spare work: without them more lines are read again, and the facts are the same.
SPARING = {
    ("BlockList", "earliest"), ("BlockList", "latest"), ("Unassigned", "changed"), ("Unassigned", "first_ids"),
    ("Segment", "first"), ("Segment", "low"), ("Segment", "high"), ("Segment", "foretells"),
}  # fmt: skip
# In a log of text every line that is read has a time; test_undated.py merges those of others.
OF_OTHER_FRAMINGS = {("Facts", "undated")}
FIELDS = [
    (kind, name)
    for kind in KINDS
    for name, _ in kind.table()
    if (kind.__qualname__, name) not in SPARING | OF_OTHER_FRAMINGS
]
# Every field in the slow run, and in every run one of each three.
SOME = [field if place % 3 == 0 else pytest.param(*field, marks=pytest.mark.slow) for place, field in enumerate(FIELDS)]


def test_the_table_of_a_class_is_its_slots() -> None:
    assert {"Facts", "IncarnationFacts", "ErrorFacts", "MemoryFacts", "Unassigned"} <= {
        kind.__qualname__ for kind in KINDS
    }
    for kind in KINDS:
        assert [name for name, _ in kind.table()] == list(kind.__slots__)
        assert not hasattr(kind(), "__dict__")


def test_a_field_that_does_not_say_how_it_merges_fails_at_the_first_merge() -> None:
    @dataclass(slots=True, eq=False)
    class Forgetful(Counted):
        told: int = total()
        forgotten: int = 0

    with pytest.raises(KeyError, match="merge rule"):
        Forgetful().update(Forgetful())


def test_a_field_begins_anew_for_each() -> None:
    for kind in KINDS:
        one, other = kind(), kind()
        for name in kind.__slots__:
            value = getattr(one, name)
            assert value is not getattr(other, name) or isinstance(value, (int, float, bytes, type(None))), name


def test_parts_that_are_merged_say_what_the_oracle_says() -> None:
    assert list(found()) == list(expected())


@pytest.mark.parametrize(("kind", "name"), SOME, ids=lambda it: getattr(it, "__qualname__", it))
def test_a_field_that_were_not_merged_would_be_noticed(
    kind: type[Counted], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    oracle = expected()  # before a merge is spoilt
    table = {**dict(kind.table()), name: MergeRule(lambda mine, other: mine)}
    monkeypatch.setattr(kind, "table", classmethod(lambda cls: tuple(table.items())))
    with suppress(IndexError):  # the lists of blocks do not fit one another
        assert any(one != other for one, other in zip(found(), oracle, strict=True))


@cache
def expected() -> list[tuple[Any, ...]]:
    """What the oracle says of the logs, asked before a merge is spoilt."""
    answers = []
    for parts in PARTED:
        events = events_of(b"".join(parts))
        seen = seen_in(events)
        facts = facts_by_events(events, timeline(seen, None, ()))
        answers.append(told(facts, seen))
    return [answer for answer in answers for _ in range(2)]


def found() -> Iterator[tuple[Any, ...]]:
    """What parts say that were counted apart and merged: by the pass before their timeline, and over one timeline."""
    for parts in PARTED:
        logs = [partial(line_blocks, [part]) for part in parts]
        counted = OnePass(Log(logs=[partial(line_blocks, parts)], year=2026, parts=logs, spread=map))
        seen, events = counted.boundaries, events_of(b"".join(parts))
        times = timeline(seen, None, ())
        yield told(counted.facts(times), seen)
        facts, rest = (
            facts_by_events(half, times) for half in (events[: len(events) // 2], events[len(events) // 2 :])
        )
        facts.update(rest)
        yield told(facts, seen)


def events_of(data: bytes) -> list[Event]:
    return list(read_events([data], year=2026, framing="text"))


def told(facts: Facts, seen: Boundaries) -> tuple[Any, ...]:
    numbers = sorted(event.line.number for event in [*seen.events, *seen.actions])
    return plain(facts), plain(seen.names), plain(seen.ids), plain(seen.span), numbers


def more(day: str) -> str:
    """Lines of the kinds that the logs of the folder lack, in the evening of a day."""
    at = f"2026-03-{day}T18:00:"
    seconds = (int(day) - 2) * 86400
    return "".join(
        f"{at}{number:02}.000000+00:00 {line}\n"
        for number, line in enumerate(
            [
                "heroku[logplex]: Error L10 (output buffer overflow): 12 messages dropped since x.",
                f"heroku[worker.7]: Process running mem={500 + int(day)}M(101.3%)",
                "heroku[worker.7]: Error R14 (Memory quota exceeded)",
                "heroku[worker.7]: Error R15 (Memory quota vastly exceeded)",
                "Unread" if day != DAYS[0] else "app[web.7]: read",
                "heroku[web.7]: source=web.7 dyno=heroku.1.x sample#memory_total=unknown",
                "heroku[web.8]: Stopping all processes with SIGTERM",
                "app[web.7]: Traceback (most recent call last):",
                'app[web.7]:   File "/app/x.py", line 3, in total',
                f"app[web.7]: KeyError: {day}",
                "app[web.7]: level=info",
            ]
        )
    ) + "".join(
        [
            *(request(seconds + 6.5 * 3600 + i, "web.7", service=i * 60_000) for i in range(3)),
            request(seconds + 6.6 * 3600, "", code="H80", status=503),
            request(seconds + 6.6 * 3600, "web.7", code="H27", status=499),
            request(seconds + 6.6 * 3600, "web.7", code="H12", status=503),
            request(seconds + 6 * 3600 + 13, "web.8", code="H13", status=503),
            f"{at}15.000000+00:00 heroku[web.8]: Process exited with status 143\n",
            f"2026-03-{day} 18:00:16 app[web.7]: no offset\n",
            sample(seconds + 6.7 * 3600, "web.7", f"aaaaaaaa-{day}11-4111-8111-111111111111", 200 + int(day) * 100),
        ]
    )


# Three days, each a part: so no traceback is open where a part ends. The days come in order, and backwards.
DAYS = ("02", "03", "04")
PARTED = [
    [(path.read_text().replace("2026-03-02", f"2026-03-{day}") + more(day)).encode() for day in days]
    for path in sorted(LOGS.glob("*.log"))
    for days in (DAYS, DAYS[::-1])
]
PARTED.append([more("05").encode(), b"Mar 05 19:00:00 example-app app/web.7: no year\n"])
