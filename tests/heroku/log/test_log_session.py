"""The bytes of a log session: all of them as they came, a word where they are not all, and never the token."""

from __future__ import annotations

import gzip
import itertools
import traceback
from functools import partial
from typing import NamedTuple

import httpx
import pytest

from herodyno.errors import BadReply, HerodynoError, NotFound, PlatformFailed, Unreachable
from herodyno.heroku.log.log_session import log_bytes as log_bytes_of
from herodyno.heroku.net.hosts import LogHosts
from tests.heroku.faults import Line, Script, closed, dribble, faults, hang, head, raw, reply, reset

SECRET = "b5d4a3c2"  # the URL of a log session is all that is needed to read it
log_bytes = partial(log_bytes_of, hosts=LogHosts("http://127.0.0.1:1"))
LINES = "2026-11-23T02:00:00.000000+00:00 app[web.1]: façade 🦉\r\n".encode() * 3
PLAIN = {"content_type": "text/plain"}
CHUNKED = head(200, content_type="text/plain", transfer_encoding="chunked")


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


class Case(NamedTuple):
    """What the server does, which error must come of it and with which words, after which bytes."""

    row: str
    script: Script
    error: type[HerodynoError]
    words: str
    before: bytes = b""


CASES = [
    Case("C1 reset", raw(CHUNKED + chunk(LINES), then=reset), Unreachable, "log incomplete", LINES),
    Case("C1 closed early", raw(CHUNKED + chunk(LINES), then=closed), Unreachable, "log incomplete", LINES),
    Case("C1 shorter than said", raw(head(200, **PLAIN, content_length=900) + LINES), Unreachable, "incomplete", LINES),
    Case("C1 hangs", raw(CHUNKED + chunk(LINES), then=hang), Unreachable, "log incomplete", LINES),
    Case("B16 never answers", hang, Unreachable, "no log"),
    Case("B17 dribbles the headers", dribble(b"HTTP/1.1 200 OK\r\nX: "), Unreachable, "no log"),
    Case("B21 no HTTP", raw(b"220 mail.example ESMTP\r\n\r\n"), Unreachable, "not an HTTP reply"),
    Case("B24 a portal", reply(200, b"<html>", content_type="text/html"), BadReply, "captive portal"),
    Case("B39 a redirect", reply(302, b"", location="https://evil.example/"), BadReply, "https://evil.example: not f"),
    Case("C15 session expired", reply(404, b"Not found", **PLAIN), NotFound, "expired"),
    Case("C15 session refused", reply(403, b"", **PLAIN), NotFound, "expired"),
    Case("C15 session gone", reply(410, b"", **PLAIN), NotFound, "expired"),
    Case("Logplex is slow", reply(500, b"timeout", **PLAIN), PlatformFailed, "500"),
    Case("packed", reply(200, gzip.compress(LINES), content_encoding="gzip"), BadReply, "packed"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.row)
def test_a_fault_is_told_after_the_bytes_that_came(case: Case) -> None:
    with faults(case.script) as server:
        got: list[bytes] = []
        with pytest.raises(case.error) as caught:
            got.extend(log_bytes(f"{server.url}/sessions/7?srv={SECRET}", seconds=0.3))
        assert b"".join(got) == case.before
        assert case.words in caught.value.message
        assert caught.value.next_step
        assert SECRET not in "".join(traceback.format_exception(caught.value))
        assert len(server.asked) == 1


def test_a_dribbling_log_ends_at_its_deadline_with_the_bytes_that_came() -> None:
    with faults(raw(head(200, **PLAIN, content_length=10_000), then=dribble(b"x"))) as server:
        got: list[bytes] = []
        with pytest.raises(Unreachable, match="log incomplete"):
            got.extend(log_bytes(server.url, seconds=0.3))
    assert 1 <= len(b"".join(got)) < 100


@pytest.mark.parametrize("size", [1, 2, 3, 7, 56])
def test_c11_c12_bytes_split_anywhere_come_through_whole(size: int) -> None:
    pieces = [LINES[at : at + size] for at in range(0, len(LINES), size)]
    with faults(raw(CHUNKED + b"".join(map(chunk, pieces)) + b"0\r\n\r\n")) as server:
        assert b"".join(log_bytes(server.url)) == LINES


def test_nul_heartbeats_and_events_are_left_to_the_parser() -> None:
    events = b"\x00id: 1\ndata: " + LINES + b"\n\n\x00"
    with faults(reply(200, events, content_type="text/event-stream")) as server:
        assert b"".join(log_bytes(server.url)) == events


def test_the_session_is_asked_without_the_token_and_unpacked() -> None:
    with faults(reply(200, LINES, **PLAIN)) as server:
        assert b"".join(log_bytes(f"{server.url}/sessions/7?srv=s")) == LINES
    asked = server.asked[0]
    assert asked.path == "/sessions/7?srv=s"
    assert "authorization" not in asked.headers
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.headers["accept"].startswith("text/event-stream, text/plain")


def test_a_tail_outlives_the_deadline_of_its_beginning() -> None:
    def speak(line: Line) -> None:
        line.connection.sendall(CHUNKED)
        while not line.stop.wait(0.05):
            line.connection.sendall(chunk(b"line\n"))

    with faults(speak) as server:
        stream = log_bytes(server.url, tail=True, seconds=0.1)
        assert b"".join(itertools.islice(stream, 8)) == b"line\n" * 8
        stream.close()  # type: ignore[attr-defined]  # the caller of an Iterator leaves it to be collected


def test_a_silent_tail_ends_when_idle() -> None:
    with faults(raw(CHUNKED + chunk(LINES), then=hang)) as server:
        stream = log_bytes(server.url, tail=True, idle_seconds=0.2)
        assert next(stream) == LINES
        with pytest.raises(Unreachable, match="log incomplete"):
            next(stream)


def test_a_tail_the_server_ends_in_good_order_just_ends() -> None:
    with faults(raw(CHUNKED + chunk(LINES) + b"0\r\n\r\n")) as server:
        assert list(log_bytes(server.url, tail=True)) == [LINES]


@pytest.mark.parametrize("url", ["http://logs.example.com/x", "ftp://127.0.0.1/x", "/sessions/7", "", "https://["])
def test_a_log_is_read_over_tls_only(url: str) -> None:
    with pytest.raises(BadReply):
        next(log_bytes(url))


def test_an_in_process_server_may_answer() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=LINES, headers={"content-type": "text/plain"})

    transport = httpx.MockTransport(answer)
    assert b"".join(log_bytes("https://logs-api.heroku.com/x", httpx_transport=transport)) == LINES


HEROKU = LogHosts("https://api.heroku.com", ("logs.example.com",))


def served(answers: dict[str, httpx.Response]) -> httpx.MockTransport:
    """A network in which each address gives its answer, and any other fails the test."""
    return httpx.MockTransport(lambda request: answers[str(request.url)])


def log() -> httpx.Response:
    return httpx.Response(200, content=LINES, headers=PLAIN_HEADERS)


def to(location: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"location": location})


PLAIN_HEADERS = {"content-type": "text/plain"}
SESSION = f"https://logs-api.heroku.com/sessions/7?srv={SECRET}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["https://eu.herokai.com/s", "/s", "https://logs.example.com/s", "https://a.logs.example.com:8443/s"]
)
def test_one_redirect_within_https_is_followed(status: int, location: str) -> None:
    target = str(httpx.URL(SESSION).join(location))
    network = served({SESSION: to(location, status), target: log()})
    assert b"".join(log_bytes_of(SESSION, hosts=HEROKU, httpx_transport=network)) == LINES


@pytest.mark.parametrize(
    ("location", "named"),
    [
        ("http://logs-api.heroku.com/s", "http://logs-api.heroku.com"),
        ("https://evil.example/s", "https://evil.example"),
        ("//evil.example/s", "https://evil.example"),
        ("https://heroku.com@evil.example/s", "https://evil.example"),
        ("https://heroku.com.evil.example/s", "https://heroku.com.evil.example"),
        ("https://127.0.0.1/s", "https://127.0.0.1"),
        ("ftp://logs-api.heroku.com/s", "ftp://logs-api.heroku.com"),
    ],
)
def test_any_other_redirect_is_not_followed_and_its_target_is_named(location: str, named: str) -> None:
    network = served({SESSION: to(location)})
    with pytest.raises(BadReply) as caught:
        list(log_bytes_of(SESSION, hosts=HEROKU, httpx_transport=network))
    assert caught.value.message == f"logs-api.heroku.com redirects the log session to {named}: not followed"
    assert SECRET not in str(caught.value)


def test_a_second_redirect_is_not_followed() -> None:
    network = served({SESSION: to("/two"), "https://logs-api.heroku.com/two": to("https://logs-api.heroku.com/three")})
    with pytest.raises(BadReply, match=r"redirects the log session to .*: not followed"):
        list(log_bytes_of(SESSION, hosts=HEROKU, httpx_transport=network))


def test_a_redirect_to_nonsense_ends_the_reading() -> None:
    for location in ("https://[", "https://", "http://:x/"):
        with pytest.raises(Unreachable):
            list(log_bytes_of(SESSION, hosts=HEROKU, httpx_transport=served({SESSION: to(location)})))
