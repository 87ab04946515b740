"""The API's dynos join the lives of the log: by id, else by start; never today's id for an older line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from herodyno.dynos import Dyno
from tests.diagnosis.reading import NOON, log, read, request, sample, stamp

OLD, NEW = "aaaaaaaa-1111-4111-8111-111111111111", "bbbbbbbb-2222-4222-8222-222222222222"


def web(dyno_id: str, made: datetime, name: str = "web.1") -> Dyno:
    return Dyno(name=name, id=dyno_id, type="web", state="up", size="Standard-1X", release=7, created_at=made)


def test_an_id_in_both_is_the_same_life() -> None:
    dyno = web(NEW, datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC))

    old, new = read(log("restart-with-overlap"), [dyno]).times.incarnations["web.1"]

    assert (new.id, new.id_source, new.release) == (NEW, "api+runtime-metrics", 7)
    assert (old.id, old.id_source, old.release) == (OLD, "runtime-metrics", None)


def test_todays_id_is_not_given_to_lines_older_than_the_dyno() -> None:
    text = "".join(request(seconds, "web.1") for seconds in range(0, 300, 10))
    dyno = web(NEW, NOON + timedelta(seconds=145))

    result = read(text, [dyno])
    previous, current = result.times.incarnations["web.1"]

    assert (previous.id, previous.id_source) == (None, "unknown")
    assert current.id == NEW
    assert result.facts.of(previous.key).requests == 15
    assert result.facts.of(current.key).requests == 15


def test_without_metrics_a_dyno_older_than_the_window_is_the_one_in_the_log() -> None:
    dyno = web(NEW, NOON - timedelta(hours=4))

    (incarnation,) = read(request(5, "web.1"), [dyno]).times.incarnations["web.1"]

    assert (incarnation.id, incarnation.id_source) == (NEW, "api")


def test_a_start_line_near_created_at_is_that_dynos_start() -> None:
    dyno = web(NEW, datetime(2026, 3, 2, 11, 59, 58, tzinfo=UTC))

    old, new = read(log("daily-cycle"), [dyno]).times.incarnations["web.1"]

    assert (old.id, new.id) == (None, NEW)


def test_a_dyno_only_in_the_api_and_a_dyno_only_in_the_log_are_both_there() -> None:
    result = read(request(5, "web.1"), [web(NEW, NOON - timedelta(hours=4), "web.2")])

    assert [incarnation.dyno for incarnation in result.times.all_incarnations()] == ["web.1", "web.2"]
    assert result.times.incarnations["web.2"][0].id == NEW


def test_a_name_the_api_no_longer_lists_has_ended() -> None:
    text = request(5, "web.2") + "".join(request(seconds, "web.1") for seconds in range(10, 400, 10))

    result = read(text, [web(NEW, NOON - timedelta(hours=4))])

    assert result.times.incarnations["web.2"][0].end == NOON.timestamp() + 65
    assert result.times.incarnations["web.1"][0].end is None


def test_metrics_that_contradict_the_api_are_believed_for_the_id_and_noted() -> None:
    text = "".join(sample(seconds, "web.1", OLD, 200) for seconds in range(0, 100, 20))
    dyno = web(NEW, NOON - timedelta(hours=1))

    times = read(text, [dyno]).times

    assert [incarnation.id for incarnation in times.incarnations["web.1"]] == [OLD]
    assert "matched by name and time" in times.notes[0]


def test_a_new_id_without_any_boundary_line_opens_a_life() -> None:
    text = sample(0, "web.1", OLD, 200) + request(30, "web.1") + sample(60, "web.1", NEW, 90)

    old, new = read(text).times.incarnations["web.1"]

    assert (old.id, new.id) == (OLD, NEW)
    assert old.end is not None


def platform(seconds: float, text: str, dyno: str = "web.1") -> str:
    return f"{stamp(seconds)} heroku[{dyno}]: {text}\n"


def test_a_stop_that_the_log_does_not_follow_to_its_end_ends_by_the_api_or_the_successor() -> None:
    stops = request(0, "web.1") + platform(10, "Stopping all processes with SIGTERM") + request(20, "web.2")
    successor = platform(9, "State changed from up to starting")

    def end(text: str, dynos: list[Dyno] | None = None) -> float | None:
        found = read(text, dynos).times.incarnations["web.1"][0].end
        return None if found is None else found - NOON.timestamp()

    assert end(stops) is None
    assert end(stops, [web(NEW, NOON - timedelta(hours=4), "web.2")]) == 40
    assert end(stops + successor) == 40


def test_an_old_dyno_that_logs_no_samples_any_more_does_not_run_beside_the_new_one() -> None:
    samples = "".join(sample(at, "web.1", OLD, 200) for at in range(0, 120, 20))
    begins = platform(150, "Starting process with command `x`")

    def old_end(last: float) -> float | None:
        found = read(samples + begins + request(last, "web.2")).times.incarnations["web.1"][0].end
        return None if found is None else found - NOON.timestamp()

    assert old_end(170) is None
    assert old_end(300) == 150
