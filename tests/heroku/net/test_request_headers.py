"""HEROKU_HEADERS adds headers, and may not touch those that decide who sees the token."""

import pytest

from herodyno.errors import UsageError
from herodyno.heroku.net.request_headers import checked_token, request_headers


def test_headers_of_the_environment_are_added_and_may_name_the_agent() -> None:
    headers = request_headers("t", '{"X-Trace": "1", "User-Agent": "ours/1", "Accept": "text/html"}')
    assert headers["x-trace"] == "1"
    assert headers["user-agent"] == "ours/1"
    assert headers["accept"].startswith("application/vnd.heroku+json")


def test_a_token_that_can_be_sent_is_returned_as_it_is() -> None:
    assert checked_token(" HRKU-x\n", source="here") == "HRKU-x"


@pytest.mark.parametrize(
    "text",
    [
        "X-Trace: 1",
        "[1]",
        '{"Authorization": "Bearer other"}',
        '{"HOST": "evil.example"}',
        '{"Content-Length": "0"}',
        '{"X": "a\\r\\nAuthorization: b"}',
        '{"X": 1}',
        '{"X": "é"}',
        '{"a b": "c"}',
        '{"": "c"}',
    ],
)
def test_headers_that_cannot_be_sent_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="HEROKU_HEADERS"):
        request_headers("t", text)
