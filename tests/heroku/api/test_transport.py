"""The client against a server that misbehaves: each case bears its row of the fault table (B1 … B50)."""

from __future__ import annotations

import traceback
from typing import NamedTuple

import pytest

from herodyno.errors import (
    BadReply,
    HerodynoError,
    NotAuthenticated,
    NotFound,
    PlatformFailed,
    RateLimited,
    RefusedByHeroku,
    TwoFactorNeeded,
    Unreachable,
    WriteUnclear,
)
from tests.heroku.clients import OK, TOKEN, Client, Clock, client, error
from tests.heroku.faults import Line, Script, bomb, closed, faults, head, raw, reply, reset


class Case(NamedTuple):
    """What the server does; which error must come of it, with which words, after how many requests."""

    row: str
    scripts: tuple[Script, ...]
    error: type[HerodynoError] | None = None
    words: str = ""
    requests: int = 1
    method: str = "GET"


PAGE = reply(500, b"<html>stack</html>", content_type="text/html")
SHORT = raw(head(200, content_type="application/json", content_length=500) + b'[{"name": "web.1"}')
CUT_CHUNK = raw(head(200, transfer_encoding="chunked") + b"40\r\n[{")
SENT_THEN_RESET = raw(head(200, content_length=500) + b"[{", then=reset)
TORN_GZIP = reply(200, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", content_encoding="gzip")

CASES = [
    Case("B1 401", (error(401),), NotAuthenticated, "HEROKU_API_KEY"),
    *(
        Case(f"B2 {status}", (error(status),), RefusedByHeroku, f"own words. ({status}, some_id, Request-Id req-7)")
        for status in (402, 403, 409, 410, 416, 422, 423)
    ),
    Case("B2 404", (error(404, "not_found"),), NotFound, "Request-Id req-7"),
    Case("B3 429 with Retry-After", (error(429, retry_after=1), OK), requests=2),
    Case("B3 429 on a write", (error(429, retry_after=1), OK), requests=2, method="POST"),
    Case("B4 429, an hour", (error(429, retry_after=3600),), RateLimited, "budget of API calls"),
    Case("B5 garbage", (error(429, retry_after="soon"), OK), requests=2),
    Case("B5 negative", (error(429, retry_after=-5), OK), requests=2),
    Case("B5 a date", (error(429, retry_after="Wed, 21 Oct 2026 07:28:00 GMT"), OK), requests=2),
    Case("B6 503 once", (error(503), OK), requests=2),
    Case("B7 500 for ever", (error(500),), PlatformFailed, "Request-Id req-7", requests=3),
    Case("B8 503 on a write", (error(503),), PlatformFailed, "503", method="POST"),
    Case("B9 reset on a write", (reset, OK), WriteUnclear, "may have happened", method="POST"),
    Case("B10 always reset on a write", (reset,), WriteUnclear, "may have happened", method="POST"),
    Case("B11 reset on a delete", (reset, OK), WriteUnclear, "may have happened", method="DELETE"),
    Case("B12 reset on a patch", (reset, OK), WriteUnclear, "may have happened", method="PATCH"),
    Case("B13 reset once", (reset, OK), requests=2),
    Case("B14 always reset", (reset,), Unreachable, "cut the connection off", requests=3),
    Case("B15 closed before headers", (closed,), Unreachable, "cut short", requests=3),
    Case("B15 closed once", (closed, OK), requests=2),
    Case("B15 closed on a write", (closed, OK), WriteUnclear, "may have happened", method="POST"),
    Case("B18 shorter than promised", (SHORT,), Unreachable, "cut short", requests=3),
    Case("B18 on a write", (SHORT,), WriteUnclear, "may have happened", method="POST"),
    Case("B19 a chunk cut short", (CUT_CHUNK,), Unreachable, "cut short", requests=3),
    Case("B19 gzip cut short", (TORN_GZIP,), Unreachable, "cut short", requests=3),
    Case("B20 reset in mid-body, once", (SENT_THEN_RESET, OK), requests=2),
    Case("B20 reset in mid-body", (SENT_THEN_RESET,), Unreachable, "cut the connection off", requests=3),
    Case("B21 another protocol", (raw(b"220 mail.example ESMTP\r\n\r\n"),), BadReply, "not an HTTP reply"),
    Case("B21 noise", (raw(bytes(range(256)) * 4),), BadReply, "not an HTTP reply"),
    Case("B21 on a write", (raw(b"220 mail.example ESMTP\r\n\r\n"),), WriteUnclear, "not an HTTP reply", method="POST"),
    Case("B22 a header of 200 KB", (raw(head(200, x="a" * 200_000)),), BadReply, "not an HTTP reply"),
    Case("B23 500 with a page", (PAGE,), PlatformFailed, "500 with text/html", requests=3),
    Case("B36 a reply of 40 MB", (raw(head(200) + b" " * (40 << 20)),), BadReply, "larger than 32 MB"),
    Case("B39 a redirect elsewhere", (reply(302, {}, location="https://evil.example/"),), BadReply, "redirect (302)"),
    Case("B40 a redirect to itself", (reply(301, {}, location="/x"),), BadReply, "redirect (301)"),
    Case("B41 a gzip bomb", (bomb(64),), BadReply, "larger than 32 MB"),
    Case("B41 no gzip", (reply(200, b"plain", content_encoding="gzip"),), BadReply, "not the gzip"),
    Case("B41 another packing", (reply(200, b"plain", content_encoding="br"),), BadReply, "not asked for"),
    Case("B47 two factors, nobody to ask", (error(403, "two_factor"),), TwoFactorNeeded, "Heroku's own words."),
    Case("B50 403 sudo", (error(403, "sudo_required", "Use sudo."),), RefusedByHeroku, "Use sudo."),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.row)
def test_66_67_68_a_fault_ends_as_the_table_says(case: Case) -> None:
    with client(*case.scripts) as (made, server):
        if case.error is None:
            assert made.transport.request(case.method, "/apps/example-app/dynos").is_success
        else:
            with pytest.raises(case.error) as caught:
                made.transport.request(case.method, "/apps/example-app/dynos")
            assert type(caught.value) is case.error
            assert case.words in caught.value.message
            assert caught.value.next_step or case.error is RefusedByHeroku
            assert TOKEN not in "".join(traceback.format_exception(caught.value))
        assert len(server.asked) == case.requests == made.transport.calls
        assert made.transport.retries == case.requests - 1 == len(made.notes) == len(made.slept)


def test_writes_refused_by_the_operating_system_are_tried_again_since_nothing_left() -> None:
    with faults(OK) as server:
        pass
    made = Client(server)
    with pytest.raises(Unreachable, match=r"no connection to 127\.0\.0\.1: Connection refused") as caught:
        made.transport.request("POST", "/apps/example-app/dynos", body={"command": "ls"})
    assert type(caught.value) is Unreachable
    assert made.transport.calls == 3


def test_each_write_has_a_connection_of_its_own_and_reads_share_one() -> None:
    with client(OK) as (made, server):
        for _ in range(3):
            made.transport.request("GET", "/account")
        assert server.connections == 1
        for _ in range(3):
            made.transport.request("DELETE", "/apps/example-app/dynos")
        assert server.connections == 4


def test_a_stale_connection_costs_a_read_one_repeat() -> None:
    def answer_and_close(line: Line) -> None:
        OK(line)
        closed(line)

    with client(OK, answer_and_close, OK) as (made, server):
        for _ in range(3):
            assert made.transport.request("GET", "/account").is_success
        assert len(server.asked) == 3


def test_retry_after_is_waited_for_beyond_the_deadline_but_not_beyond_a_minute() -> None:
    clock = Clock()
    options = {"now": clock.now, "sleep": clock.sleep, "seconds": 5}
    with client(error(429, retry_after=40), error(429, retry_after=19), OK, **options) as (made, _):
        assert made.transport.request("GET", "/account").is_success
        assert clock.at == 59
    with client(error(429, retry_after=40), error(429, retry_after=21), OK, **options) as (made, server):
        with pytest.raises(RateLimited) as caught:
            made.transport.request("GET", "/account")
        assert caught.value.seconds == 21
        assert len(server.asked) == 2


def test_tries_end_where_the_next_would_begin_after_the_deadline() -> None:
    clock = Clock()
    with client(reset, now=clock.now, sleep=clock.sleep, seconds=0.4) as (made, server):
        with pytest.raises(Unreachable):
            made.transport.request("GET", "/account")
        assert len(server.asked) == 1


def test_68_every_retry_is_one_line_that_says_why_and_when() -> None:
    with client(error(503), error(429, retry_after=1), OK) as (made, _):
        made.transport.request("GET", "/account")
    first, second = made.notes
    assert first.startswith("Heroku answered 503; trying again in ")
    assert first.endswith(" s (2 of 3)")
    assert second == "Heroku answered 429; trying again in 1.0 s (3 of 3)"


def test_requests_side_by_side_say_the_same_fault_once() -> None:
    with client(error(503), OK, error(503), OK) as (made, _):
        made.transport.request("GET", "/account")
        made.transport.request("GET", "/apps/example-app")
    assert len(made.slept) == 2
    assert len(made.notes) == 1


def test_b46_a_warning_of_herokus_is_said_once_whatever_it_holds() -> None:
    warned = reply(200, {}, x_heroku_warning="warning: old \x1b[2J stack", warning_message="second")
    with client(warned) as (made, _):
        made.transport.request("GET", "/account")
        made.transport.request("GET", "/account")
    assert made.notes == ["Heroku warns: old \x1b[2J stack"]
