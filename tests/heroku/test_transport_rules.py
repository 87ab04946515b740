"""What a request carries and to whom, and what its answer tells: token, headers, second factor, clock."""

from __future__ import annotations

import subprocess
import sys
import traceback
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from herodyno.errors import BadReply, NotAuthenticated, TwoFactorNeeded, Unreachable, UsageError
from herodyno.heroku.api.transport import Transport
from tests.heroku.clients import OK, TOKEN, Clock, client, error
from tests.heroku.faults import faults, reply


def test_the_rate_limit_left_and_the_clock_are_read_from_the_headers() -> None:
    clock = Clock()
    dated = reply(200, {}, ratelimit_remaining=4321, date="Mon, 23 Nov 2026 12:00:00 GMT")
    with client(dated, reply(200, {}, ratelimit_remaining="?", date="soon"), now=clock.now) as (made, _):
        at = datetime(2026, 11, 23, 11, 50, tzinfo=UTC)
        assert made.transport.clock_skew(at) is None
        made.transport.request("GET", "/account")
        clock.sleep(30)
        made.transport.request("GET", "/account")
        assert made.transport.rate_limit_remaining == 4321
        assert made.transport.clock_skew(at) == timedelta(minutes=10, seconds=30)
        assert made.transport.corrected(at) == at + timedelta(minutes=10, seconds=30)
        near = at + timedelta(minutes=9, seconds=30)
        assert made.transport.corrected(near) == near


@pytest.mark.parametrize(
    ("local", "said"),
    [
        ("11:54", "the API's clock is 6 min ahead of this machine's"),
        ("12:06", "the API's clock is 6 min behind this machine's"),
        ("22:00", "the API's clock is 10 h behind this machine's"),
        ("11:58", "the API's clock is 2 min ahead of this machine's"),
        ("11:59", ""),
        ("12:01", ""),
    ],
)
def test_b52_clocks_that_differ_by_more_than_a_minute_are_noted_once(local: str, said: str) -> None:
    at = datetime.fromisoformat(f"2026-11-23T{local}+00:00")
    dated = reply(200, {}, date="Mon, 23 Nov 2026 12:00:00 GMT")
    with client(dated, dated, clock=lambda: at, now=Clock().now) as (made, _):
        for _ in range(2):
            made.transport.request("GET", "/account")
        assert [note.partition(":")[0] for note in made.notes] == ([said] if said else [])


def test_the_request_is_what_heroku_asks_for() -> None:
    with client(OK, heroku_headers='{"X-Origin": "test", "Accept": "text/html"}') as (made, server):
        made.transport.request("PATCH", "/apps/example-app/formation", body={"updates": []})
    asked = server.asked[0]
    assert (asked.method, asked.path, asked.body) == ("PATCH", "/apps/example-app/formation", b'{"updates": []}')
    assert asked.headers["accept"] == "application/vnd.heroku+json; version=3.sdk"
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["user-agent"].startswith("herodyno/")
    assert asked.headers["x-origin"] == "test"
    assert asked.headers["content-type"] == "application/json"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_b39_the_token_does_not_follow_a_redirect(method: str) -> None:
    with faults(OK) as elsewhere, client(reply(307, {}, location=elsewhere.url)) as (made, _):
        with pytest.raises(BadReply):
            made.transport.request(method, "/apps/example-app/dynos")
        assert elsewhere.asked == []


def test_a_loopback_host_is_never_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with faults(OK) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        with client(OK) as (made, _):
            made.transport.request("GET", "/account")
        assert proxy.asked == []


@pytest.mark.parametrize("token", [f"{TOKEN}\n", f" {TOKEN}\r\n", f"{TOKEN} "])
def test_e7_white_space_round_the_token_is_no_part_of_it(token: str) -> None:
    with faults(OK) as server:
        transport = Transport(server.url, token)
        transport.request("GET", "/account")
        transport.close()
    assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("token", ["", "  ", "HRKU-a\nX-Evil: y", "HRKU-a b", "HRKU-\x1b", "HRKU-é", "HRKU-\u202e"])
def test_e7_e8_a_token_no_header_can_hold_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(NotAuthenticated) as caught:
        Transport("", token, token_source="HEROKU_API_KEY", httpx_transport=httpx.MockTransport(_never))
    assert "HRKU" not in "".join(traceback.format_exception(caught.value))
    assert "HEROKU_API_KEY" in caught.value.message


def test_an_error_of_the_http_library_is_told_in_our_words_only() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.LocalProtocolError(f"Illegal header value {request.headers['authorization']}")

    transport = Transport("", TOKEN, httpx_transport=httpx.MockTransport(fail))
    with pytest.raises(Unreachable, match="could not be made") as caught:
        transport.request("GET", "/account")
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert TOKEN not in repr(transport)


def test_b48_a_second_factor_is_asked_for_once_and_the_call_repeated() -> None:
    asked_for: list[str] = []

    def code() -> str:
        asked_for.append("code")
        return "123456"

    wanted = reply(403, {"id": "two_factor", "message": "Second factor.", "app": {"name": "example-app"}})
    with client(wanted, reply(200, {}), OK, two_factor=code) as (made, server):
        assert made.transport.request("DELETE", "/apps/example-app/dynos").is_success
    assert [(asked.method, asked.path) for asked in server.asked] == [
        ("DELETE", "/apps/example-app/dynos"),
        ("PUT", "/apps/example-app/pre-authorizations"),
        ("DELETE", "/apps/example-app/dynos"),
    ]
    assert [asked.headers.get("heroku-two-factor-code") for asked in server.asked] == [None, "123456", None]
    assert asked_for == ["code"]


@pytest.mark.parametrize("app", [None, {}, {"name": "../account"}])
def test_b48_a_second_factor_without_an_app_goes_with_the_call_itself(app: object) -> None:
    wanted = reply(403, {"id": "two_factor", "message": "Second factor.", "app": app})
    with client(wanted, OK, two_factor=lambda: "123456") as (made, server):
        made.transport.request("GET", "/account")
    assert [asked.path for asked in server.asked] == ["/account", "/account"]
    assert server.asked[1].headers["heroku-two-factor-code"] == "123456"


def test_b48_a_wrong_code_is_not_asked_for_again() -> None:
    wanted = error(403, "two_factor", "Second factor.")
    with client(wanted, two_factor=lambda: "000000") as (made, server):
        with pytest.raises(TwoFactorNeeded, match="does not take this second-factor code"):
            made.transport.request("GET", "/account")
        assert len(server.asked) == 2


@pytest.mark.parametrize("host", ["https://evil.example", "http://api.heroku.com"])
def test_a26_a27_a_host_that_may_not_have_the_token_is_refused_at_once(host: str) -> None:
    with pytest.raises(UsageError):
        Transport(host, TOKEN, httpx_transport=httpx.MockTransport(_never))


@pytest.mark.parametrize("path", [".evil.example/", "@evil.example/", "https://evil.example/", ":80/", ""])
def test_what_is_no_path_is_never_sent(path: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        Transport("", TOKEN, httpx_transport=httpx.MockTransport(_never)).request("GET", path)


def test_neither_httpx_nor_ssl_is_loaded_before_a_transport_is_made() -> None:
    code = (
        "import sys, herodyno.heroku.api.platform, herodyno.heroku.log.log_session; "
        "print({'httpx', 'ssl'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "set()\n"


def _never(request: httpx.Request) -> httpx.Response:
    raise AssertionError("nothing may be sent")
