"""Sentences that bind every verdict, a log for each, and what an attack on them found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from herodyno.dynos import Dyno
from tests.diagnosis.reading import NOON, failed, judged, request, sample, stamp
from tests.diagnosis.traffic import errors, traffic

ACCUSING = ("one_dyno", "some_dynos")
OLD = "aaaaaaaa-1111-4111-8111-111111111111"
IDS = tuple(f"{n}{n}{n}{n}{n}{n}{n}{n}-0000-4000-8000-000000000000" for n in range(1, 6))


def line(at: float, dyno: str, word: str) -> str:
    return f"{stamp(at)} heroku[{dyno}]: {word}\n"


def web(n: int, made: float, dyno_id: str = "") -> Dyno:
    return Dyno(
        name=f"web.{n}", id=dyno_id or IDS[n], type="web", state="up", created_at=NOON + timedelta(seconds=made)
    )


def overlap(at: float, dyno: str, *, exit_after: float) -> str:
    return (
        line(at, dyno, "Restarting")
        + line(at + 0.1, dyno, "State changed from up to starting")
        + line(at + 1, dyno, "Starting process with command `x`")
        + line(at + 1.2, dyno, "Stopping all processes with SIGTERM")
        + line(at + 3, dyno, "State changed from starting to up")
        + line(at + exit_after, dyno, "Process exited with status 143")
    )


@pytest.mark.parametrize("made", [400, 72000])
def test_a_culprit_replaced_after_the_end_of_the_log_is_gone(made: float) -> None:
    dynos = [web(1, -9000), web(2, made), web(3, -9000), web(4, -9000)]

    found = judged(traffic(4, 200) + errors("web.2", 25), dynos, at=NOON + timedelta(seconds=made + 20))

    assert (found.verdict.kind, found.verdict.replaced) == ("one_dyno", True)
    assert found.incarnations[0].id is None
    assert not any(action.mutates for action in found.actions)


def test_a_list_of_dynos_older_than_a_restart_names_the_old_life() -> None:
    found = judged(traffic(2, 200) + overlap(200, "web.2", exit_after=1.5), [web(1, -9000), web(2, -9000)])

    assert [(row.id, row.end is None) for row in found.incarnations if row.dyno == "web.2"] == [
        (None, True),
        (IDS[2], False),
    ]


def test_an_h13_just_before_an_exit_belongs_to_the_dyno_that_exits_crash_or_not() -> None:
    h13 = request(131.3, "web.1", code="H13", status=503, service=20000)

    found = judged(traffic(2, 100) + overlap(100, "web.1", exit_after=31.35) + h13)

    assert [row.errors.n for row in found.incarnations if row.dyno == "web.1" and row.end] == [1]


def test_with_preboot_two_dynos_serve_until_one_is_told_to_stop() -> None:
    boot = line(300, "web.2", "Starting process with command `x`") + line(
        304, "web.2", "State changed from starting to up"
    )

    found = judged(traffic(4, 200) + errors("web.2", 25) + boot)

    assert found.coverage.ambiguous_requests > 20
    assert not any(action.mutates for action in found.actions)


@pytest.mark.parametrize("first", ["exit", "state"])
def test_a_dyno_that_crashes_at_boot_does_not_end_the_one_before_it(first: str) -> None:
    told_ = [
        line(104, "web.1", "Process exited with status 1"),
        line(104.02, "web.1", "State changed from starting to crashed"),
    ]
    if first == "state":
        told_ = [told_[1].replace(stamp(104.02), stamp(104)), told_[0].replace(stamp(104), stamp(104.02))]
    ended = overlap(100, "web.1", exit_after=20).replace(line(103, "web.1", "State changed from starting to up"), "")

    found = judged(traffic(2, 100) + ended + "".join(told_))

    ends = [(row.end_reason, row.exit_status) for row in found.incarnations if row.dyno == "web.1"]
    assert sorted(ends, key=str) == [("crashed", 1), ("restarted", 143)]


def test_a_line_that_came_twice_ends_no_second_life() -> None:
    twice = overlap(200, "web.1", exit_after=2) + line(202, "web.1", "Process exited with status 143")

    found = judged(traffic(2, 100) + twice)

    assert sorted(str(row.end_reason) for row in found.incarnations if row.dyno == "web.1") == ["None", "restarted"]


def test_a_log_that_begins_with_the_exit_of_a_stop_shows_no_crash() -> None:
    begins = line(0, "web.1", "Process exited with status 143") + line(1, "web.1", "Starting process with command `x`")

    assert judged(begins + traffic(2, 100)).verdict.kind == "nothing_found"


def test_two_moments_of_trouble_on_one_dyno_of_eight_accuse_nobody() -> None:
    hung = "".join(failed(at + i, "web.2", path=f"/orders/{at}{i}") for at in (60, 250) for i in range(8))

    assert judged(traffic(8, 150) + hung).verdict.kind not in ACCUSING


def test_what_fails_while_a_dyno_warms_up_accuses_nobody() -> None:
    boot = line(60, "web.4", "State changed from down to starting") + line(
        62, "web.4", "State changed from starting to up"
    )
    cold = "".join(failed(63 + i * 3, "web.4", path=f"/p{i}") for i in range(15))
    warm = "".join(request(110 + i, "web.4") for i in range(240))

    assert judged(traffic(3, 200) + boot + cold + warm).verdict.kind not in ACCUSING


def test_memory_lines_that_came_twice_are_no_gap() -> None:
    rising = "".join(sample(t, "web.1", OLD, 200 + t / 72) * 2 for t in range(0, 3 * 3600, 20))

    assert judged(rising, at=NOON + timedelta(hours=3)).incarnations[0].memory.trend.kind == "growing"


def test_an_l10_counts_as_lost_in_the_log_of_its_own_drain_only() -> None:
    told = "Error L10 (output buffer overflow): "
    own = f"{stamp(5)} heroku[logplex]: {told}7 messages dropped since 2026-03-02T12:00:00+00:00.\n"
    anothers = own.replace(told, f"{told}drain 'd.efe51fd5-8fdb-4153-b094-f5e9f7df3058' ").replace("7", "9")

    assert [judged(text + traffic(2, 50)).coverage.lost_lines for text in (own, anothers)] == [7, 0]


def test_a_gap_of_over_a_minute_ends_an_episode() -> None:
    told = "".join(line(at, "web.1", "Error R14 (Memory quota exceeded)") for at in (0, 20, 80, 141, 200))

    (row,) = judged(told).incarnations

    assert (row.memory.r14, row.memory.r14_episodes) == (5, 2)


def test_a_dyno_made_while_the_last_one_stops_is_another_one() -> None:
    begins = line(0, "web.1", "Error R12 (Exit timeout) -> x") + line(0.1, "web.1", "Process exited with status 137")

    found = judged(begins + traffic(2, 100), [web(1, -20), web(2, -9000)])

    assert [(row.id, row.end_reason) for row in found.incarnations if row.dyno == "web.1" and row.end] == [
        (None, "stopped")
    ]
