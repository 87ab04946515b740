"""The same trouble again: by fingerprint, each occurrence once, and in words that name how much was looked through."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from herodyno.diagnosis.report.occurrences import each_once, occurrences
from herodyno.diagnosis.report.past import Occurrence, Recurrence
from herodyno.diagnosis.report.recurrence import heads_of, recurrence, sentence, with_recurrence
from herodyno.dynos import Dyno
from tests.diagnosis.reading import NOON, judged, request, stamp
from tests.diagnosis.traffic import OLD, errors, traffic

HOUR = 3600.0


def once(began_h: float, *, dyno: str = "web.2", ended_h: float | None = None, **more: Any) -> Occurrence:
    """web.2 began to fail at an hour, 8 hours after its start, until it was restarted."""
    return Occurrence(
        kind="one_dyno", type="web", code="H12", dyno=dyno, dyno_id=more.pop("dyno_id", f"id-{began_h}"),
        began=NOON.timestamp() + began_h * HOUR, age_h=more.pop("age_h", 8.0), end_reason="restarted",
        ended=None if ended_h is None else NOON.timestamp() + ended_h * HOUR, **more,
    )  # fmt: skip


def test_each_accused_dyno_is_an_occurrence_with_its_code_and_paths() -> None:
    (one,) = occurrences(judged(traffic(3, 240) + errors("web.2", 25)))
    assert (one.fingerprint, one.dyno, one.age_h) == (("one_dyno", "web", "H12"), "web.2", None)
    assert one.paths
    assert NOON.timestamp() <= one.began < NOON.timestamp() + 60


def test_dynos_that_crashed_or_were_over_their_quota_are_occurrences_too() -> None:
    lines = [f"{stamp(9)} heroku[web.1]: Error R14 (Memory quota exceeded)\n"]
    lines += [f"{stamp(50)} heroku[web.3]: Process exited with status 1\n"]
    lines += [f"{stamp(51)} heroku[web.3]: State changed from up to crashed\n"]
    found = occurrences(judged("".join(lines) + request(60, "web.2")))
    assert [one.fingerprint for one in found] == [("memory", "web", "R14"), ("crash", "web", "exit status 1")]


@pytest.mark.parametrize(("after", "known"), [(5.0, False), (600.0, True)])
def test_what_may_have_begun_before_the_window_has_no_age(after: float, known: bool) -> None:
    made = NOON - timedelta(hours=5)
    own = Dyno(name="web.1", id=OLD, type="web", state="up", created_at=made)
    lines = request(0, "web.1") + "".join(
        f"{stamp(after + n)} heroku[web.1]: Error R14 (Memory quota exceeded)\n" for n in (0, 20)
    )
    (one,) = occurrences(judged(lines, dynos=[own]))
    assert (one.age_h is not None) is known


def test_a_dyno_that_two_windows_show_counts_once_and_the_later_one_knows_how_it_ended() -> None:
    first, second = once(1, dyno_id="a"), once(12, dyno_id="a", ended_h=13)
    assert [(one.began, one.ended) for one in each_once([second, first])] == [(first.began, second.ended)]
    unnamed = [once(1, dyno_id=None), once(1.5, dyno_id=None), once(9, dyno_id=None)]
    assert [one.began for one in each_once(unnamed)] == [unnamed[0].began, unnamed[2].began]


def test_only_the_same_trouble_of_the_last_days_counts() -> None:
    now = judged(traffic(3, 240) + errors("web.2", 25))
    past = [once(-24 * 31, ended_h=-24 * 31 + 1), once(-30, ended_h=-29)]
    found = recurrence(now, past, days=30, looked=3)
    assert found is not None
    assert len(found.found) == 2
    assert recurrence(now, [], days=30, looked=3) is None
    assert recurrence(judged(traffic(3, 60)), past, days=30, looked=3) is None
    assert with_recurrence(now, found).verdict.details[-1] == sentence(found)


@pytest.mark.parametrize(
    ("more", "unlike"),
    [
        ({}, 0),
        ({"paths": ("/p2", "/b")}, 0),
        ({"paths": ("/b",)}, 1),
        ({"paths": ("/p0",), "template": "pool exhausted after *"}, 0),  # the newest printed nothing of its own
    ],
)
def test_other_paths_are_other_trouble_where_both_have_paths(more: dict[str, Any], unlike: int) -> None:
    now = judged(traffic(3, 240) + errors("web.2", 25))
    assert heads_of(now)[-1].paths == ("/p0", "/p1", "/p2")
    found = recurrence(now, [once(-50), once(-30, **more)], days=30, looked=3)
    assert found is not None
    assert (len(found.found), found.unlike) == (3 - unlike, unlike)
    assert ("not counted: 1 more on other paths" in sentence(found)) == bool(unlike)


def test_a_first_time_says_what_else_there_was() -> None:
    now = judged(traffic(3, 240) + errors("web.2", 25))
    found = recurrence(now, [once(-30, paths=("/b",))], days=30, looked=30)
    assert found is not None
    assert sentence(found) == (
        "First time in 30 days: H12 on web.2; "
        "not counted: 1 more on other paths, or with another line that only the dyno printed."
    )


def test_another_line_of_its_own_is_other_trouble_and_a_later_window_tells_it() -> None:
    first, other = once(1, template="pool exhausted"), once(9, template="certificate expired")
    assert not first.is_like(other)
    assert once(1).is_like(other)
    early, late = once(1, dyno_id="a"), once(12, dyno_id="a", paths=("/b",), template="pool exhausted")
    assert [(one.paths, one.template) for one in each_once([early, late])] == [(late.paths, late.template)]


@pytest.mark.parametrize(
    ("found", "looked", "words"),
    [
        (
            [once(0, ended_h=1), once(9, ended_h=10), once(18.5)],
            30,
            "Third time in 30 days: H12 on web.2; each 8.0 h after the dyno's start; "
            "after 2 ends of its dyno it stayed away for 8.0 to 8.5 h.",
        ),
        (
            [once(10 * n) for n in range(7)],
            30,
            "7 times in 30 days: H12 on web.2; each 8.0 h after the dyno's start.",
        ),
        (
            [once(0, age_h=None), once(20, dyno="web.3")],
            4,
            "Second time in 30 days (4 days in the archive looked through): H12 on web.2 and web.3; "
            "1 of 2 with a known start 8.0 h after the dyno's start.",
        ),
    ],
)
def test_the_sentence_has_its_denominators(found: list[Occurrence], looked: int, words: str) -> None:
    assert sentence(Recurrence(found=tuple(found), days=30, looked=looked)) == words
