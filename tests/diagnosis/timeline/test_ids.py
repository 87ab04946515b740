"""An id holds from created_at, or at most 28 h before its first metric line; what came before is another dyno's."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from herodyno.dynos import Dyno
from tests.diagnosis.reading import NOON, failed, judged, read, request, sample, stamp
from tests.real_parts import case_bytes

OLD, NEW = "aaaaaaaa-1111-4111-8111-111111111111", "bbbbbbbb-2222-4222-8222-222222222222"
HOUR = 3600.0


def web(dyno_id: str, made: float | None, name: str = "web.1") -> Dyno:
    created = None if made is None else NOON + timedelta(seconds=made)
    return Dyno(name=name, id=dyno_id, type="web", state="up", size="Standard-1X", release=7, created_at=created)


def ids(
    text: str, dynos: list[Dyno] | None, name: str = "web.1"
) -> list[tuple[str | None, float | None, float | None]]:
    """(id, start, end) of each incarnation, in seconds after noon."""

    def after_noon(seconds: float | None) -> float | None:
        return None if seconds is None else seconds - NOON.timestamp()

    return [
        (each.id, after_noon(each.start), after_noon(each.end)) for each in read(text, dynos).times.incarnations[name]
    ]


def metrics(first: float, last: float, dyno_id: str = NEW) -> str:
    return "".join(sample(at, "web.1", dyno_id, 200) for at in range(int(first), int(last), 20))


def test_an_id_of_the_metrics_holds_from_created_at() -> None:
    text = failed(0, "web.1") + metrics(5400, 5600)

    assert ids(text, [web(NEW, 5000)]) == [(None, None, 5000), (NEW, 5000, None)]
    assert ids(text, [web(NEW, -5000)]) == [(NEW, -5000, None)]


def test_the_first_sample_is_believed_where_created_at_is_later() -> None:
    text = request(0, "web.1") + metrics(5400, 5600)

    assert ids(text, [web(NEW, 5500)]) == [(None, None, 5400), (NEW, 5400, None)]


@pytest.mark.parametrize(("hours", "held"), [(27.9, 1), (28.1, 2), (71.0, 2)])
@pytest.mark.parametrize("listed", [True, False])
def test_without_created_at_an_id_holds_for_28_hours_before_its_first_sample(
    hours: float, held: int, *, listed: bool
) -> None:
    first = hours * HOUR
    found = ids(failed(0, "web.1") + metrics(first, first + 200), [web(NEW, None)] if listed else None)

    assert len(found) == held
    assert found[-1][0] == NEW
    if held == 2:
        assert found[0][0] is None
        assert found[1][1] == pytest.approx(first - 28 * HOUR)


def test_a_dyno_of_the_api_without_created_at_and_samples_is_not_older_than_28_hours() -> None:
    text = failed(30, "web.1") + request(30 * HOUR, "web.1")

    assert [own[0] for own in ids(text, [web(NEW, None)])] == [None, NEW]
    assert [own[0] for own in ids(failed(30, "web.1") + request(20 * HOUR, "web.1"), [web(NEW, None)])] == [NEW]


def test_a_start_line_long_before_created_at_is_an_older_dynos() -> None:
    start = f"{stamp(0)} heroku[web.1]: Starting process with command `bin/web`\n"

    assert ids(start + metrics(5400, 5600), [web(NEW, 5000)]) == [(None, 0, 5000), (NEW, 5000, None)]
    assert ids(start + metrics(60, 600), [web(NEW, -4)]) == [(NEW, 0, None)]


def test_what_was_told_before_created_at_is_told_of_the_older_dyno() -> None:
    text = (
        request(0, "web.1")
        + f"{stamp(4990)} heroku[web.1]: Restarting\n"
        + f"{stamp(4991)} heroku[web.1]: Stopping all processes with SIGTERM\n"
        + metrics(5400, 5600)
    )
    result = read(text, [web(NEW, 5000)])
    old, new = result.times.incarnations["web.1"]

    assert (old.id, old.end_reason, new.id, new.end, new.end_reason) == (None, "restarted", NEW, None, None)
    assert {each.key for each in result.times.of_line.values()} == {old.key}


def test_the_errors_before_are_counted_for_the_older_dyno() -> None:
    text = "".join(failed(at, "web.1") for at in range(40, 400, 10)) + metrics(5400, 5600)
    result = read(text, [web(NEW, 5000)])
    old, new = result.times.incarnations["web.1"]

    assert result.facts.of(old.key).errors.n == 36
    assert result.facts.of(new.key).errors.n == 0


@pytest.mark.parametrize(
    ("dynos", "text", "source"),
    [
        (None, request(0, "web.1"), "unknown"),
        (None, metrics(0, 60), "runtime-metrics"),
        ([web(NEW, -60)], metrics(0, 60), "api+runtime-metrics"),
        ([web(NEW, -60)], request(0, "web.1"), "api"),
        ([web("", -60)], request(0, "web.1"), "unknown"),
    ],
)
def test_the_source_of_an_id_is_told(dynos: list[Dyno] | None, text: str, source: str) -> None:
    (own,) = read(text, dynos).times.incarnations["web.1"]

    assert own.id_source == source


def test_the_name_of_a_fir_dyno_is_its_id_while_it_has_no_other() -> None:
    name = "web-848cd4f64d-pvpr2"
    (own,) = read(request(0, name)).times.incarnations[name]
    (listed,) = read(request(0, name), [web(NEW, -60, name)]).times.incarnations[name]
    twice = read(
        request(0, name)
        + f"{stamp(1)} heroku[{name}]: Process exited with status 1\n"
        + f"{stamp(5)} heroku[{name}]: Starting process with command `bin/web`\n"
    ).times.incarnations[name]

    assert (own.id, own.id_source) == (None, "name")
    assert (listed.id, listed.id_source) == (NEW, "api")
    assert [each.id_source for each in twice] == ["unknown", "unknown"]
    assert read(request(0, "web.1")).times.incarnations["web.1"][0].id_source == "unknown"


def test_a_dyno_without_a_time_in_the_api_is_the_last_of_its_name() -> None:
    start = f"{stamp(60)} heroku[web.1]: State changed from down to starting\n"
    text = request(0, "web.1") + start + request(90, "web.1")

    assert [own[0] for own in ids(text, [web(NEW, None)])] == [None, NEW]
    assert [own[0] for own in ids(text, [web(NEW, -500)])] == [NEW, None]


@pytest.mark.parametrize("name", ["r_short_m", "days"])
def test_no_id_is_accused_of_errors_older_than_itself(name: str) -> None:
    text = case_bytes(f"verdict-{name}.log.gz").decode()
    listed = json.loads(case_bytes(f"verdict-{name}.dynos.json"))
    dynos = [
        Dyno(
            name=row["name"], id=row["id"], type="web", state="up", release=5,
            created_at=datetime.fromisoformat(row["created_at"]),
        )
        for row in listed
    ]  # fmt: skip
    found = judged(text, dynos, at=datetime(2026, 6, 1 if name == "r_short_m" else 4, 12, tzinfo=UTC))

    assert {(row.dyno, row.id) for row in found.incarnations if row.errors.n} == {("web.2", None)}
    assert not any("--if-id" in action.argv for action in found.actions)


def test_the_source_of_an_id_that_an_older_list_of_dynos_gives_is_the_api() -> None:
    start = f"{stamp(60)} heroku[web.1]: State changed from down to starting\n"
    text = request(0, "web.1") + start + request(90, "web.1")

    assert read(text, [web(NEW, -500)]).times.incarnations["web.1"][0].id_source == "api"
