"""A sender of OTLP is answered as its specification says: what was kept, what was not, and when to try again."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from herodyno.archive.receive.admission import LONGEST_BODY_BYTES
from herodyno.archive.records import Frame
from tests.archive.otlp.fir import JSON, PROTOBUF, encoded, logs, record, resource
from tests.archive.receive.drain import Drained, credentials

SAID = logs((resource(), [record(1, "hello")]))
SPANS = {"resourceSpans": [{"resource": resource(), "scopeSpans": [{"spans": [{"name": "a"}, {"name": "b"}]}]}]}


@pytest.mark.parametrize("as_json", [False, True], ids=["protobuf", "json"])
def test_a_request_is_stored_as_it_came_and_answered_in_its_own_encoding(as_json: bool) -> None:
    drained, headers = Drained(), JSON if as_json else PROTOBUF
    body = encoded(SAID, as_json=as_json)
    answer = drained.ask(headers, body, path="/v1/logs")
    assert (answer.status, answer.headers["content-type"]) == (200, headers["content-type"])
    assert (
        answer.body == b"{}"
        if as_json
        else not ExportLogsServiceResponse.FromString(answer.body).partial_success.error_message
    )
    (frame,) = drained.stored
    assert (frame.body, frame.origin, frame.app, frame.drain) == (body, "otlp-logs", "example-app", "example-app")


def test_a_request_that_comes_again_is_stored_once() -> None:
    drained, body = Drained(), encoded(SAID, as_json=False)
    assert [drained.ask(PROTOBUF, body, path="/prefix/v1/logs").status for _ in range(3)] == [200] * 3
    assert len(drained.stored) == 1
    assert drained.counters.total().repeated == 2


def test_a_packed_request_is_unpacked_and_a_bomb_is_not() -> None:
    drained, body = Drained(), encoded(SAID, as_json=False)
    packed = PROTOBUF | {"content-encoding": "gzip"}
    assert drained.ask(packed, gzip.compress(body), path="/v1/logs").status == 200
    assert drained.stored[0].body == body
    assert drained.ask(packed, gzip.compress(bytes(LONGEST_BODY_BYTES + 1)), path="/v1/logs").status == 413
    assert len(drained.stored) == 1


@pytest.mark.parametrize("as_json", [False, True], ids=["protobuf", "json"])
def test_traces_are_dropped_counted_and_said_to_be(as_json: bool) -> None:
    drained = Drained()
    answer = drained.ask(JSON if as_json else PROTOBUF, encoded(SPANS, as_json=as_json), path="/v1/traces")
    assert (answer.status, drained.stored, drained.counters.dropped_spans) == (200, [], 2)
    if as_json:
        assert json.loads(answer.body)["partialSuccess"]["rejectedSpans"] == "2"
    else:
        told = ExportTraceServiceResponse.FromString(answer.body).partial_success
        assert (told.rejected_spans, told.error_message) == (2, "traces are not kept: send logs and metrics alone")


def test_a_disk_that_takes_nothing_asks_to_repeat_at_once() -> None:
    def full(frames: Sequence[Frame]) -> None:
        raise OSError(28, "No space left on device")

    answer = Drained(full).ask(JSON, encoded(SAID, as_json=True), path="/v1/logs")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")


@pytest.mark.parametrize("kind", [JSON, PROTOBUF], ids=["json", "protobuf"])
def test_a_wrong_password_is_refused_in_the_encoding_of_the_request(kind: dict[str, str]) -> None:
    drained = Drained()
    answer = drained.ask(kind | credentials(password="wrong"), b"{}", path="/v1/logs")
    assert (answer.status, answer.headers["content-type"], drained.stored) == (401, kind["content-type"], [])
    told: Any = json.loads(answer.body)["message"] if kind is JSON else answer.body[2:].decode()
    assert told == "wrong drain or password"


def test_a_drain_of_logplex_may_have_such_an_address() -> None:
    drained = Drained()
    headers = credentials() | {"content-type": "application/logplex-1", "logplex-frame-id": "f"}
    assert drained.ask(headers, path="/v1/logs").status == 204
    assert drained.stored[0].origin == "logplex"
