"""The lines of a log session are read as the reply's content type says, as `logs` reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from herodyno.cli.diagnose.fetch import _kept

LINE = b"2026-03-02T12:00:00.000000+00:00 app[web.1]: one\n"


def session(content_type: str, *chunks: bytes) -> Any:
    def log_bytes(url: str, *, opened: Callable[[str, object], None]) -> Iterator[bytes]:
        opened(content_type, None)
        yield from chunks

    platform = SimpleNamespace(log_session=lambda app, **_: "https://logs.example/1")
    return SimpleNamespace(platform=platform, log_bytes=log_bytes, now=lambda: datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("content_type", "body", "texts"),
    [
        ("text/plain", b"data: printed without a head\n" + LINE, ["data: printed without a head", "one"]),
        ("text/event-stream", b"data: " + LINE + b"\n", ["one"]),
        ("", b"data: " + LINE + b"\n", ["one"]),
    ],
)
def test_the_content_type_of_the_reply_decides(content_type: str, body: bytes, texts: list[str]) -> None:
    lines, is_complete = _kept(session(content_type, body[:7], body[7:]), "example-app", "cedar")
    assert ([line.text for line in lines], is_complete) == (texts, True)
