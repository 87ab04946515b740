"""The apps of the independent world say why in a third of the seeds, and change nothing else by what they say."""

from __future__ import annotations

from collections import Counter

import pytest

from herodyno.logs.events import AppException
from tests.diagnosis.independent_families import FAMILIES
from tests.diagnosis.independent_voices import MISLEADING, REASONS, voice
from tests.diagnosis.reading import events_of

SEEDS = range(12)


def test_a_third_says_why_a_third_misleads_and_a_third_says_nothing() -> None:
    thirds = Counter((bool(each.why), bool(each.misleading)) for each in map(voice, range(600)))

    assert set(thirds) == {(True, False), (False, True), (False, False)}
    assert min(thirds.values()) > 150


@pytest.mark.parametrize("saying", [*REASONS, *MISLEADING])
def test_the_mark_of_a_saying_is_in_every_line_of_it_and_in_no_other(saying: tuple[str, str]) -> None:
    mark, text = saying

    assert all(mark in "\n".join(voice(seed).lines(text)) for seed in SEEDS)
    assert sum(mark in each.text for each in (*REASONS, *MISLEADING)) == 1


def test_the_guilty_dyno_says_why_and_all_dynos_mislead_alike() -> None:
    for seed in SEEDS:
        incident = FAMILIES["one guilty dyno"](f"one guilty dyno/{seed}")
        world, (bad,) = incident.world, incident.guilty
        for saying in filter(None, (world.voice.why, world.voice.misleading)):
            by = Counter(line.partition(":")[0] for _, _, line in world.printed if saying.mark in line)
            if saying is world.voice.why:
                assert by[f"app[{bad.name}]"] >= 0.7 * by.total() > 0
            else:
                assert set(by) == {f"app[{run.name}]" for run in world.runs}


def test_a_traceback_is_read_as_the_exception_that_says_why() -> None:
    saying = next(each for each in REASONS if "\n" in each.text)
    lines = voice(1).lines(saying.text)
    log = "".join(f"2026-03-02T11:00:00.0000{n}+00:00 app[web.1]: {line}\n" for n, line in enumerate(lines))

    (event,) = events_of(log)
    assert isinstance(event, AppException)
    assert saying.mark in event.message
