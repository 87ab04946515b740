"""The endpoint answers 204 for what is on the disk, and refuses what its owner must mend, before the body is read."""

import asyncio
import gzip
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.archive.journal import Journal
from herodyno.archive.receive import endpoint as endpoint_module
from herodyno.archive.receive.admission import LONGEST_BODY_BYTES
from herodyno.archive.receive.metrics import receive_samples
from herodyno.archive.records import Frame
from tests.archive.receive.drain import BODY, OLD_PASSWORD, PASSWORD, Drained, credentials, logplex, parts
from tests.exposition import parsed, values
from tests.real_parts import REAL_LOGS, need_shared_data


async def never() -> dict[str, Any]:
    """A body that nobody may read."""
    raise AssertionError("the body was read")


def test_a_frame_is_stored_as_it_came_with_what_its_headers_say() -> None:
    drained = Drained()
    assert drained.ask(logplex()).status == 204
    (frame,) = drained.stored
    assert frame._replace(received_us=0) == Frame(0, "example-app", "d.1", "a" * 32, BODY, "logplex", 1, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        credentials(password="wrong"),
        credentials(password=""),
        credentials(name="nobody"),
        credentials(name="many", password=PASSWORD),
        credentials(name="bound", password="of-bound") | {"logplex-drain-token": "d.other"},
        {"authorization": f"Bearer {PASSWORD}"},
        {"authorization": "Basic ====" },
    ],
    ids=["none", "wrong", "empty", "no such drain", "of another drain", "of another token", "bearer", "no base64"],
)  # fmt: skip
def test_a_wrong_a_missing_or_a_reused_password_is_refused_unread_and_nothing_is_stored(
    headers: dict[str, str],
) -> None:
    drained = Drained()
    answer = asyncio.run(drained.answered(headers, never))
    assert (answer.status, drained.stored, drained.counters.refused[401]) == (401, [], 1)
    assert answer.headers["connection"] == "close"


def test_both_passwords_work_while_a_drain_changes() -> None:
    drained = Drained()
    for number, password in enumerate((PASSWORD, OLD_PASSWORD)):
        assert drained.ask(logplex(str(number), **credentials(password=password))).status == 204
    assert len(drained.stored) == 2


@pytest.mark.parametrize("query", ["app=../../etc/passwd", "app=a%2Fb", "app=..", "app=" + "a" * 99, "app=%00"])
def test_a_path_in_place_of_an_app_is_left_out_and_the_frame_is_kept_under_its_drain(query: str) -> None:
    drained = Drained()
    assert drained.ask(credentials("many", "of-many"), query=query).status == 204
    assert [(frame.app, frame.drain) for frame in drained.stored] == [("", "many")]


def test_the_app_is_that_of_the_drain_then_that_of_the_address_then_nobodys() -> None:
    drained = Drained()
    drained.ask(logplex("1"), query="app=other-app")
    drained.ask(logplex("2", **credentials("many", "of-many")), query="app=other-app")
    drained.ask(logplex("3", **credentials("many", "of-many")))
    assert [frame.app for frame in drained.stored] == ["example-app", "other-app", ""]


@pytest.mark.parametrize(
    "body",
    [b"", b"-5 <45>1 x", b"99999999 <45>1 x", b"abc <45>1 x", BODY + b"7 <45>1 too long", b"\xff\x00", b"\n" * 9],
)
def test_a_frame_that_nobody_can_parse_is_kept_and_acknowledged(body: bytes) -> None:
    drained = Drained()
    assert drained.ask(logplex(), body).status == 204
    assert [frame.body for frame in drained.stored] == [body]


def test_a_frame_that_comes_again_is_acknowledged_and_not_stored_twice() -> None:
    drained = Drained()
    assert [drained.ask(logplex()).status for _ in range(3)] == [204, 204, 204]
    assert len(drained.stored) == 1
    assert drained.counters.drains["d.1"].repeated == 2


def test_the_id_of_one_drain_says_nothing_of_another() -> None:
    drained = Drained()
    drained.ask(logplex())
    drained.ask(logplex(**{"logplex-drain-token": "d.2"}))
    assert len(drained.stored) == 2


def test_a_shuttle_of_a_shield_space_has_its_own_headers() -> None:
    drained = Drained()
    told = {"x-request-id": "r-1", "logplex-msg-count": "3", "logplex-drop-count": "4", "logplex-lost-count": "5"}
    for _ in range(2):
        assert drained.ask(credentials() | told).status == 204
    (frame,) = drained.stored
    assert frame[1:4] + frame[5:] == ("example-app", "example-app", "r-1", "shuttle", 3, 9)
    assert drained.counters.total().dropped == 9


def test_a_body_that_says_it_is_too_large_is_refused_unread() -> None:
    drained = Drained()
    headers = logplex() | {"content-length": str(100 << 20)}
    assert asyncio.run(drained.answered(headers, never)).status == 413


def test_a_body_that_turns_out_too_large_is_refused() -> None:
    drained = Drained()
    answer = asyncio.run(drained.answered(logplex(), parts(*[bytes(1 << 20)] * 12)))
    assert (answer.status, drained.stored) == (413, [])


def test_a_packed_body_is_unpacked_and_a_bomb_is_not() -> None:
    drained = Drained()
    headers = logplex() | {"content-encoding": "gzip"}
    assert drained.ask(headers, gzip.compress(BODY)).status == 204
    assert drained.stored[0].body == BODY
    assert drained.ask(headers, gzip.compress(bytes(LONGEST_BODY_BYTES + 1))).status == 413
    assert drained.ask(headers, gzip.compress(BODY)[:-9]).status == 400
    assert drained.ask(headers, b"no gzip").status == 400
    assert drained.ask(logplex() | {"content-encoding": "br"}).status == 415
    assert len(drained.stored) == 1


def test_a_slow_body_ends_stores_nothing_and_may_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint_module, "BODY_SECONDS", 0.05)
    drained = Drained()

    async def slow() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    assert asyncio.run(drained.answered(logplex(), slow)).status == 503
    assert drained.stored == []


def test_a_drain_whose_bodies_hang_holds_no_other_drain_and_its_room_comes_back() -> None:
    drained = Drained()

    async def hangs() -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    async def work() -> list[int]:
        hung = [
            asyncio.create_task(drained.answered(logplex() | {"logplex-drain-token": f"d.{number}"}, hangs))
            for number in range(endpoint_module.BODIES_AT_ONCE * 2)
        ]
        await asyncio.sleep(0.01)
        async with asyncio.timeout(2):
            other = await drained.answered(credentials("many", "of-many"), parts(BODY))
        for each in hung:
            each.cancel()
        await asyncio.gather(*hung, return_exceptions=True)
        async with asyncio.timeout(2):
            own = await drained.answered(logplex("b" * 32), parts(BODY))
        return [other.status, own.status]

    assert asyncio.run(work()) == [204, 204]


def test_a_sender_that_hangs_up_within_its_body_leaves_nothing() -> None:
    drained = Drained()

    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    assert asyncio.run(drained.answered(logplex(), gone)).status == 400
    assert drained.stored == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_in_a_browser_is_refused(method: str) -> None:
    drained = Drained()
    assert drained.ask(logplex() | {"origin": "https://evil.test"}, method=method, path="/metrics").status == 403
    assert drained.stored == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [(credentials(), 200), (credentials("bound", "of-bound"), 200), (credentials(password="wrong"), 401), ({}, 401)],
    ids=["a drain's", "of a drain with a token", "wrong", "none"],
)
def test_metrics_are_for_who_has_a_password_whatever_host_a_proxy_names(headers: dict[str, str], status: int) -> None:
    drained = Drained()
    drained.ask(logplex())
    answer = drained.ask(headers | {"host": "127.0.0.1:8601"}, method="GET", path="/metrics")
    assert (answer.status, "example-app" in answer.text + answer.body.decode()) == (status, status == 200)


def test_metrics_are_of_the_format_that_was_asked_for_and_each_answer_to_a_sender_is_counted() -> None:
    drained = Drained()
    for headers in (logplex(), logplex(), credentials(password="wrong")):
        drained.ask(headers)
    asked = credentials() | {"accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}
    answer = drained.ask(asked, method="GET", path="/metrics")
    text = answer.body.decode()
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert values(text, "herodyno_receive_requests_total", status="204") == [2]
    assert values(text, "herodyno_receive_requests_total", status="401") == [1]
    assert values(text, "herodyno_receive_frames_total", app="example-app", drain="d.1") == [1]
    assert values(text, "herodyno_receive_repeated_frames_total") == [1]
    older = drained.ask(credentials(), method="GET", path="/metrics")
    assert older.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "# TYPE herodyno_receive_frames_total counter\n" in older.body.decode()
    assert "# EOF" not in older.body.decode()


def test_the_length_of_an_answer_is_in_bytes() -> None:
    drained = Drained()
    drained.ask(logplex(**{"logplex-drain-token": "d.é"}))
    answer = drained.ask(credentials(), method="GET", path="/metrics")
    assert "d.é" in answer.body.decode()
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_health_says_whether_the_disk_takes_frames() -> None:
    drained = Drained()
    assert drained.ask({"host": "logs.example.com"}, method="GET", path="/health")[:2] == (200, "ok\n")
    drained.counters.trouble = "No space left on device"
    assert drained.ask({}, method="GET", path="/health").status == 503


def test_health_says_that_the_disk_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint_module, "HOLD_SECONDS", 0.05)
    goes_on = threading.Event()
    drained = Drained(lambda frames: goes_on.wait(30) and None)

    async def asked() -> list[int]:
        held = await drained.answered(logplex(), parts(BODY))
        during = await drained.answered({}, parts(), method="GET", path="/health")
        goes_on.set()
        while drained.commits.seconds_at_work():
            await asyncio.sleep(0.01)
        after = await drained.answered({}, parts(), method="GET", path="/health")
        return [held.status, during.status, after.status]

    assert asyncio.run(asked()) == [503, 503, 200]


@pytest.mark.parametrize(("method", "path", "status"), [("PUT", "/", 405), ("GET", "/", 404), ("GET", "/v1/logs", 404)])
def test_other_requests_are_told_what_there_is(method: str, path: str, status: int) -> None:
    drained = Drained()
    assert drained.ask(logplex(), method=method, path=path).status == status
    assert drained.stored == []


def test_a_disk_that_takes_nothing_is_no_quick_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint_module, "HOLD_SECONDS", 0.1)

    def full(frames: Sequence[Frame]) -> None:
        raise OSError(28, "No space left on device")

    drained = Drained(full)

    async def timed() -> tuple[int, float]:
        began = asyncio.get_running_loop().time()
        answer = await drained.answered(logplex(), parts(BODY))
        return answer.status, asyncio.get_running_loop().time() - began

    status, seconds = asyncio.run(timed())
    assert status == 503
    assert seconds >= 0.09
    assert [str(failure) for failure in drained.failures] == ["[Errno 28] No space left on device"]
    assert drained.counters.total().frames == 0


def test_a_disk_that_is_slow_is_answered_late_and_the_frame_that_comes_again_is_stored_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(endpoint_module, "HOLD_SECONDS", 0.05)
    stored: list[Frame] = []

    goes_on = threading.Event()

    def slow(frames: Sequence[Frame]) -> None:
        goes_on.wait(30)
        stored.extend(frames)

    drained = Drained(slow)

    async def twice() -> list[int]:
        first = await drained.answered(logplex(), parts(BODY))
        goes_on.set()
        while drained.commits.seconds_at_work():
            await asyncio.sleep(0.01)
        return [first.status, (await drained.answered(logplex(), parts(BODY))).status]

    assert asyncio.run(twice()) == [503, 204]
    assert len(stored) == 1


def test_public_frames_are_stored_byte_for_byte(tmp_path: Path) -> None:
    need_shared_data()
    bodies = [path.read_bytes() for path in sorted(REAL_LOGS.glob("*.frames"))]
    assert bodies
    journal = Journal(tmp_path)
    drained = Drained(journal.append)
    assert {drained.ask(logplex(str(number)), body).status for number, body in enumerate(bodies)} == {204}
    journal.close()
    assert [frame.body for path in journal.sealed() for frame in journal.read(path)] == bodies


WORDS = st.text(st.characters(max_codepoint=255), max_size=120)
NAMES = st.sampled_from(
    ["authorization", "logplex-frame-id", "logplex-drain-token", "logplex-msg-count", "logplex-lost-count",
     "content-length", "content-encoding", "x-request-id", "origin", "host"]
)  # fmt: skip


@settings(max_examples=60)
@given(
    st.dictionaries(NAMES, WORDS),
    WORDS,
    WORDS,
    st.binary(max_size=200),
    st.booleans(),
    st.sampled_from(["GET", "POST"]),
)
def test_whatever_is_sent_gets_one_answer_and_only_what_is_acknowledged_is_stored(
    headers: dict[str, str], path: str, query: str, body: bytes, knows_password: bool, method: str
) -> None:
    drained = Drained()
    known = credentials("many", "of-many") if knows_password else {}
    ascii_query = query.encode("ascii", "ignore").decode()
    answer = drained.ask(headers | known, body, method=method, path=path, query=ascii_query)
    assert answer.status in {200, 204, 400, 401, 403, 404, 405, 413, 415}
    assert len(drained.stored) == (answer.status == 204)
    assert knows_password or not drained.stored
    parsed(receive_samples(drained.counters).text())
    assert drained.counters.answered == ({answer.status: 1} if method == "POST" else {})
