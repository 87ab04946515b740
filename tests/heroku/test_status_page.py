"""The status page: no token goes there, two seconds are the most it costs, and what it says is never proof."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from herodyno.heroku.status_page import LARGEST, page_of, status_sentence

PAGE = "https://status.heroku.com"
GREEN = {"status": [{"system": "Apps", "status": "green"}, {"system": "Data", "status": "red"}], "incidents": []}
OPEN = {"title": "Errors in routing", "created_at": "2026-11-23T02:04:30.000Z", "full_url": "https://x", "updates": []}


def said(reply: Any, status: int = 200, seen: list[httpx.Request] | None = None) -> str:
    def answer(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        if callable(reply):
            reply()
        body = reply if isinstance(reply, bytes) else json.dumps(reply).encode() if not callable(reply) else b"{}"
        return httpx.Response(status, content=body)

    return status_sentence(PAGE, httpx_transport=httpx.MockTransport(answer), seconds=0.3)


def test_no_open_incident_is_no_proof() -> None:
    assert said(GREEN) == "status.heroku.com: no open incident (it can lag behind: not proof of anything)."


def test_open_incidents_are_told_with_their_time_and_at_most_three() -> None:
    told = {"status": [{"system": "Apps", "status": "yellow"}], "incidents": [OPEN] * 5}
    one = '"Errors in routing" since 2026-11-23 02:04 UTC'
    assert said(told) == f"status.heroku.com: apps yellow; {one}; {one}; {one}."


@pytest.mark.parametrize(
    "reply",
    [b"<html>", b"[]", b"{}", b'{"status": [], "incidents": []}', b'{"status": [1], "incidents": []}', b'"a"',
     {"status": GREEN["status"], "incidents": [{}]}, b" " * (LARGEST + 1) + json.dumps(GREEN).encode()],
    ids=range(8),
)  # fmt: skip
def test_what_cannot_be_read_is_as_if_it_had_not_come(reply: Any) -> None:
    assert said(reply) == "status.heroku.com: could not be reached in 0 s (not proof of anything)."


@pytest.mark.parametrize("status", [301, 404, 503])
def test_another_status_than_200_says_nothing(status: int) -> None:
    assert "could not be reached" in said(GREEN, status)


def _refuse() -> None:
    raise httpx.ConnectError("no")


@pytest.mark.parametrize("trouble", [_refuse, lambda: time.sleep(1.0)], ids=["refused", "silent"])
def test_trouble_costs_no_more_than_the_time_given(trouble: Callable[[], None]) -> None:
    began = time.monotonic()
    assert "could not be reached" in said(trouble)
    assert time.monotonic() - began < 0.9


def test_the_request_holds_nothing_of_ours() -> None:
    seen: list[httpx.Request] = []
    said(GREEN, seen=seen)
    (request,) = seen
    assert str(request.url) == f"{PAGE}/api/v4/current-status"
    assert {"authorization", "cookie"}.isdisjoint(request.headers)


@pytest.mark.parametrize(
    ("environ", "api", "page"),
    [
        ({}, "https://api.heroku.com", PAGE),
        ({}, "http://127.0.0.1:5111", ""),
        ({}, "https://api.herokudev.com", ""),
        ({"HEROKU_STATUS_HOST": "http://127.0.0.1:5111/"}, "http://127.0.0.1:5111", "http://127.0.0.1:5111"),
        ({"HEROKU_STATUS_HOST": "https://status.example.com"}, "https://api.heroku.com", "https://status.example.com"),
        ({"HEROKU_STATUS_HOST": "http://status.example.com"}, "https://api.heroku.com", ""),
        ({"HEROKU_STATUS_HOST": "status.example.com"}, "https://api.heroku.com", ""),
        ({"HEROKU_STATUS_HOST": "http://[::1"}, "https://api.heroku.com", ""),
    ],
)
def test_whom_to_ask(environ: dict[str, str], api: str, page: str) -> None:
    assert page_of(environ, api) == page
