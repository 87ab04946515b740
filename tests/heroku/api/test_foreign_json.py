"""JSON of others is refused before it takes memory or depth."""

from __future__ import annotations

import pytest

from herodyno.heroku.api.foreign_json import MOST_BYTES, MOST_PARTS, read_json


def test_what_is_small_is_read() -> None:
    assert read_json(b'[{"name": "web.1"}]') == [{"name": "web.1"}]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b" " * (MOST_BYTES + 1), "more than 4 MB"),
        (b"[" + b"{}," * MOST_PARTS + b"{}]", "more than 50,000 objects and lists"),
        (b"[" * 9999 + b"]" * 9999, "nested too deeply"),
        (b"9" * 9999, "integer string conversion"),
        (b"\xff", "decode"),
        (b"", "Expecting value"),
    ],
)
def test_what_is_too_large_too_deep_or_no_json_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_json(data)
