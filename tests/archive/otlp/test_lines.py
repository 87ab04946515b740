"""A request of OTLP becomes lines with app, speaker, time, dyno id; nothing that it says is lost, no secret is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.archive.otlp.lines import otlp_lines
from herodyno.archive.parquet.tables import table_of
from herodyno.archive.records import LOGS, METRICS, Frame
from herodyno.archive.rows import Row, row_of
from herodyno.logs.events import MemorySample
from herodyno.logs.parsing.event import event_of
from tests.archive.otlp.fir import (
    IDS,
    MIB,
    ONE,
    attributes,
    encoded,
    joined,
    logs,
    memory,
    metrics,
    nanoseconds,
    record,
    resource,
)
from tests.diagnosis.reading import NOON

NOON_US = round(NOON.timestamp() * 1e6)


def frame(request: dict[str, Any] | bytes, origin: str = LOGS, *, app: str = "", as_json: bool = False) -> Frame:
    body = request if isinstance(request, bytes) else encoded(request, as_json=as_json)
    return Frame(NOON_US + 9, app, "team", "f", body, origin)


def rows(*requests: Frame) -> list[Row]:
    return [row_of(event_of(line), NOON_US, 1, came, line.raw) for each in requests for line, came in otlp_lines(each)]


@pytest.mark.parametrize("as_json", [False, True], ids=["protobuf", "json"])
def test_a_record_fills_the_columns_and_the_rest_is_kept_beside_them(as_json: bool) -> None:
    more = {"attributes": attributes(user__id=7), "traceId": "0af7651916cd43dd8448eb211c80319c"}
    if not as_json:
        del more["traceId"]  # the other encoding of a request in a test
    (row,) = rows(frame(logs((resource(), [record(1, "hello\n", severityNumber=17, **more)])), as_json=as_json))
    assert (row.app, row.source, row.proc, row.dyno, row.process_type) == ("example-app", "app", ONE, ONE, "web")
    assert (row.dyno_uuid, row.dyno_uuid_how, row.origin, row.severity) == (IDS[ONE], "otlp", "otlp", 3)
    assert (row.release, row.app_id, row.recv_us) == ("v42", "01234567-89ab-4def-8123-456789abcdef", NOON_US + 9)
    assert (row.message, row.kind) == ("hello", "app")
    assert json.loads(row.attrs or "{}") == {"user.id": "7"} | ({"trace_id": more["traceId"]} if as_json else {})


@pytest.mark.parametrize(
    ("service", "speaker"),
    [("heroku-router", ("heroku", "router")), ("heroku-api", ("heroku", "api")), ("heroku-runtime", ("heroku", ONE)),
     ("my-own-name", ("app", ONE))],
)  # fmt: skip
def test_the_parts_of_heroku_speak_as_on_cedar(service: str, speaker: tuple[str, str]) -> None:
    (row,) = rows(frame(logs((resource(service=service), [record(1, "at=info")]))))
    assert (row.source, row.proc) == speaker
    assert row.app == "example-app"


def test_the_app_is_that_of_the_drain_then_that_of_the_record_and_never_a_path() -> None:
    request = logs((resource(heroku__app__name="other-app"), [record(1, "hello")]))
    assert [row.app for row in rows(frame(request, app="mine"), frame(request))] == ["mine", "other-app"]
    forged = logs((resource(service="../etc", heroku__app__name="../../etc/passwd"), [record(1, "hello")]))
    assert [row.app for row in rows(frame(forged))] == ["team"]


@pytest.mark.parametrize(("time", "at"), [(nanoseconds(5), 5.0), ("0", 9e-6), ("1000000000", 9e-6)])
def test_a_time_that_cannot_be_is_that_of_the_request(time: str, at: float) -> None:
    ((line, _),) = otlp_lines(frame(logs((resource(), [record(1, "hello", timeUnixNano=time)]))))
    assert line.at is not None
    assert line.at.timestamp() == pytest.approx(NOON.timestamp() + at, abs=1e-6)


def test_a_body_of_several_values_is_json_and_of_several_lines_one_row() -> None:
    values = {"kvlistValue": {"values": attributes(event="boot", tries=2)}}
    first, second = rows(frame(logs((resource(), [record(1, "", body=values), record(2, "one\ntwo")]))))
    assert json.loads(first.message) == {"event": "boot", "tries": 2}
    assert second.message == "one\ntwo"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\x00", b'{"resourceLogs": 7}', b"[" * 9999, b"plain text"])
def test_a_body_that_nobody_can_read_is_kept_as_a_line(body: bytes) -> None:
    found = list(otlp_lines(frame(body)))
    assert [line.at for line, _ in found] == [None] * bool(body)
    assert all(came.app == "team" for _, came in found)


def test_metrics_of_one_dyno_and_second_are_one_line_of_runtime_metrics() -> None:
    told = {
        "container__memory__usage": ("By", 300.5 * MIB),
        "container__memory__working_set": ("By", 280 * MIB),
        "container__memory__rss": ("By", 250 * MIB),
        "k8s__container__memory_limit": ("By", 512 * MIB),
        "system__cpu__load_average__1m": ("{thread}", 1.25),
        "http__server__requests": ("1", 7.0),
        "container__memory__cache": ("By", float("nan")),
    }
    request = metrics(resource(), 5, **told)
    ((first, came), (second, _)) = otlp_lines(frame(request, METRICS))
    assert first.text == (
        f"source={ONE} dyno=heroku.0.{IDS[ONE]} sample#memory_total=300.50MB sample#memory_rss=250.00MB "
        "sample#memory_quota=512.00MB"
    )
    assert second.text.endswith("sample#load_avg_1m=1.25")
    event = event_of(first)
    assert isinstance(event, MemorySample)
    assert (event.dyno, event.dyno_id, event.total_mb, event.swap_mb) == (ONE, IDS[ONE], 300.5, None)
    assert came.known is not None
    assert came.known["dyno_uuid"] == IDS[ONE]


def test_metrics_of_nobody_or_in_no_known_unit_are_no_lines() -> None:
    of_nobody = resource(service__instance__id="not-an-id")
    memory = {"container__memory__usage": ("By", 300.0 * MIB)}
    parts = {"container__memory__usage": ("furlong", 300.0)}
    found = [metrics(of_nobody, 1, **memory), metrics(resource(), 1, **parts)]
    assert [line for each in found for line in otlp_lines(frame(each, METRICS))] == []


WHOLE = joined(*(memory(ONE, at, 300.0) for at in range(3)))
SAID = logs((resource(), [record(1, "hello", attributes=attributes(a=1, b="ä")), record(2, "x", body={})]))


@settings(max_examples=60)
@given(
    st.sampled_from([(SAID, LOGS), (WHOLE, METRICS)]),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6),
    st.integers(0, 10_000),
)
def test_whatever_a_damaged_request_holds_it_becomes_lines_and_rows(
    told: tuple[dict[str, Any], str], as_json: bool, changes: list[tuple[int, int]], cut: int
) -> None:
    request, origin = told
    body = bytearray(encoded(request, as_json=as_json))
    for place, value in changes:
        body[place % len(body)] = value
    found = rows(frame(bytes(body), origin), frame(bytes(body[: cut % len(body)]), origin))
    table_of(found)
    assert all(row.origin == "otlp" and row.app for row in found)
