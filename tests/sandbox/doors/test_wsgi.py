"""The sandbox is a proper WSGI application, and answers API and log sessions behind one callable."""

from __future__ import annotations

import io
from email.utils import parsedate_to_datetime
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from herodyno.sandbox.doors.wsgi import application
from tests.sandbox.conftest import MakeWorld


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/apps", "200 OK"),
        ("POST", "/apps/example-app/log-sessions", "201 Created"),
        ("DELETE", "/apps/example-app/dynos", "202 Accepted"),
        ("GET", "/sessions/guess", "404 Not Found"),
        ("GET", "/", "404 Not Found"),
    ],
)
def test_it_keeps_the_rules_of_wsgi(make_world: MakeWorld, method: str, path: str, status: str) -> None:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_AUTHORIZATION": "Bearer any",
        "CONTENT_LENGTH": "2",
        "CONTENT_TYPE": "application/json",
        "wsgi.input": io.BytesIO(b"{}"),
    }
    setup_testing_defaults(environ)
    seen: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        seen.append(status)
        assert "X-Herodyno-Sandbox" in dict(headers)
        return lambda data: None

    reply = validator(application(make_world()))(environ, start_response)
    try:
        assert b"".join(reply)
    finally:
        reply.close()
    assert seen == [status]


def test_its_date_is_what_its_own_clock_says(make_world: MakeWorld) -> None:
    world = make_world()
    world.tick(3600)
    environ: dict[str, Any] = {"PATH_INFO": "/apps"}
    setup_testing_defaults(environ)
    sent: dict[str, str] = {}
    application(world)(environ, lambda status, headers: sent.update(headers))
    assert parsedate_to_datetime(sent["Date"]) == world.now.replace(microsecond=0)
