"""A drain is found by what a person knows of it. One of an add-on, and a doubled one, are refused."""

from __future__ import annotations

import pytest

from herodyno.dynos import App, LogDrain
from herodyno.errors import HerodynoError, NotFound, Refused, UsageError
from herodyno.heroku.api.drain_calls import DrainAddress
from herodyno.operations.log_drains import add_call, chosen, require_new

APP = App("example-app", id="01234567-89ab-cdef-0123-456789abcdef")
OURS = LogDrain(id="1", token="d.1", url="https://example-app:secret@logs.example.com/")
OTHER = LogDrain(id="2", token="d.2", url="https://logs.example.com:8443/bulk/KEY")
TLS = LogDrain(id="3", token="d.3", url="syslog+tls://logs.example.net:514")
ADDED = LogDrain(id="4", token="d.4", url="https://in.example.org/", addon="papertrail-1")
DRAINS = [OURS, OTHER, TLS, ADDED]


@pytest.mark.parametrize(
    ("word", "drain"),
    [("1", OURS), ("d.1", OURS), ("logs.example.com", OURS), ("https://logs.example.com", OURS),
     ("https://example-app:secret@logs.example.com:443/", OURS), ("logs.example.com:8443", OTHER),
     ("logs.example.net:514", TLS)],
)  # fmt: skip
def test_a_drain_is_found_by_id_token_host_or_address(word: str, drain: LogDrain) -> None:
    assert chosen(APP, DRAINS, word) == drain


@pytest.mark.parametrize(
    ("drains", "word", "error", "said"),
    [
        (DRAINS, "nowhere.example.com", NotFound, "https://logs.example.com:8443/… 2"),
        ([], "d.1", NotFound, "it has none"),
        ([OURS, OURS], "logs.example.com", UsageError, "2 drains"),
        (DRAINS, "in.example.org", Refused, "papertrail-1"),
    ],
)
def test_what_cannot_be_removed_says_what_there_is(
    drains: list[LogDrain], word: str, error: type[HerodynoError], said: str
) -> None:
    with pytest.raises(error, match=said) as caught:
        chosen(APP, drains, word)
    assert "secret" not in f"{caught.value.message}{caught.value.next_step}"
    assert "KEY" not in f"{caught.value.message}{caught.value.next_step}"


@pytest.mark.parametrize(
    ("url", "is_new"),
    [("https://logs.example.com/", False), ("https://logs.example.com:443/", False),
     ("https://logs.example.com/x/", True), ("https://logs.example.com:8443/bulk/KEY/", False),
     ("https://logs.example.org/", True)],
)  # fmt: skip
def test_a_place_is_the_same_whatever_user_port_spelling_and_end(url: str, is_new: bool) -> None:
    address = DrainAddress(url, "example-app")
    if is_new:
        require_new(APP, DRAINS, address)
        return
    with pytest.raises(Refused, match="already"):
        require_new(APP, DRAINS, address)


def test_a_call_that_is_shown_has_no_password() -> None:
    address = DrainAddress("https://logs.example.com/", "example-app", "secret")
    for generation in ("cedar", "fir"):
        call = add_call(APP._replace(generation=generation), address)
        assert "secret" not in str(call)
        assert "[hidden]" in str(call)
