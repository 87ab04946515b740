"""A reply's body becomes JSON, or says why not; its status becomes the error that it means."""

import pytest

from herodyno.errors import BadReply, NotAuthenticated, PlatformFailed, RateLimited, RefusedByHeroku, TwoFactorNeeded
from herodyno.heroku.net.replies import Reply, error_of

URL = "https://api.heroku.com/apps/example-app/dynos"


def reply(body: bytes, status: int = 200, kind: str = "application/json; charset=utf-8") -> Reply:
    return Reply("GET", URL, status, {"content-type": kind, "request-id": "req-7"}, body)


@pytest.mark.parametrize(
    ("row", "body", "kind", "words"),
    [
        ("B24", b"<html>", "text/html; charset=utf-8", "got text/html, not JSON"),
        ("B25", b'{"a": ', "application/json", "no JSON"),
        ("B25", b"[NaN]", "application/json", "no JSON"),
        ("B25", b"9" * 5000, "application/json", "no JSON"),
        ("B25", b"[" * 100_000, "application/json", "no JSON"),
        ("B26", b"", "application/json", "an empty reply"),
        ("B26", b" \n", "application/json", "an empty reply"),
    ],
)
def test_a_body_that_is_no_json_names_call_and_request_id(row: str, body: bytes, kind: str, words: str) -> None:
    with pytest.raises(BadReply) as caught:
        reply(body, kind=kind).json()
    assert words in caught.value.message
    assert f"GET {URL} (Request-Id req-7)" in caught.value.message
    assert "captive portal" in caught.value.next_step


def test_b31_a_bom_is_taken() -> None:
    assert reply(b"\xef\xbb\xbf[1]").json() == [1]


def test_b32_invalid_utf_8_is_replaced() -> None:
    assert reply(b'["a\xff"]').json() == ["a\ufffd"]


@pytest.mark.parametrize("kind", ["", "text/plain"])
def test_json_under_another_name_is_taken(kind: str) -> None:
    assert reply(b"[]", kind=kind).json() == []


def test_b1_a_refused_token_is_told_with_its_source() -> None:
    told = error_of(
        reply(b'{"id": "unauthorized", "message": "Invalid credentials."}', 401), token_source="HEROKU_API_KEY"
    )
    assert isinstance(told, NotAuthenticated)
    assert told.message == "Heroku does not take the token from HEROKU_API_KEY: Invalid credentials."
    assert told.next_step == "correct or unset HEROKU_API_KEY"
    assert error_of(reply(b"", 401), token_source="the keyring").next_step == "herodyno auth login"


def test_b2_a_refusal_keeps_what_support_asks_for() -> None:
    body = b'{"id": "invalid_params", "message": "No such size as 1X.", "url": "https://devcenter.heroku.com/x"}'
    told = error_of(reply(body, 422))
    assert isinstance(told, RefusedByHeroku)
    assert (told.error_id, told.status, told.request_id) == ("invalid_params", 422, "req-7")
    assert told.url == "https://devcenter.heroku.com/x"


def test_b4_the_rate_limit_says_when_to_come_back() -> None:
    told = error_of(Reply("GET", URL, 429, {"retry-after": "3600"}, b""))
    assert isinstance(told, RateLimited)
    assert (told.seconds, told.next_step) == (3600, "try again in 1 h")
    assert "in a minute" in error_of(Reply("GET", URL, 429, {}, b"")).next_step


def test_b23_a_page_is_not_dumped() -> None:
    told = error_of(reply(b"<html>secret stack</html>", 500, "text/html"))
    assert isinstance(told, PlatformFailed)
    assert "secret" not in told.message


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_a_page_in_place_of_an_api_error_is_a_portal(status: int) -> None:
    assert isinstance(error_of(reply(b"<html>", status, "text/html")), BadReply)


def test_b47_two_factors_name_the_app() -> None:
    told = error_of(reply(b'{"id": "two_factor", "message": "A second factor.", "app": {"name": "example-app"}}', 403))
    assert isinstance(told, TwoFactorNeeded)
    assert told.app == "example-app"


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"7", b'{"id": 7, "message": null}', b"\xff"])
@pytest.mark.parametrize("status", [300, 401, 402, 403, 404, 418, 429, 500, 599])
def test_any_body_of_any_refusal_becomes_an_error(status: int, body: bytes) -> None:
    assert error_of(reply(body, status)).message


def test_a_body_is_not_in_the_repr() -> None:
    assert "secret" not in repr(reply(b'{"attach_url": "rendezvous://secret"}'))
