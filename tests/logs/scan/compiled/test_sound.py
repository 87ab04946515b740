"""The compiled part finds lines sound that Python finds sound, and no others."""

from __future__ import annotations

from ctypes import CDLL

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.decoding import mending
from herodyno.logs.scan.compiled import sound

STAMP = b"2026-03-02T12:00:01.000002+00:00 "
HEADS = [STAMP + b"app[", STAMP + b"heroku[", STAMP + b"ap", STAMP, STAMP[:-1], STAMP[6:], b"+00:00 " + STAMP[7:], b""]
PARTS = st.sampled_from([*HEADS, b"web.1]: ", b"+00:00 ", b"+00:00", b" app[", b"\n", b"\r", b"\x00", b"\xff"])
LINES = st.lists(st.tuples(st.sampled_from(HEADS[:2]), st.binary(max_size=9), PARTS | st.just(b"")), max_size=4)


@pytest.mark.real
@given(LINES, st.lists(PARTS, max_size=6), st.sampled_from([b"\n", b""]))
def test_lines_are_judged_alike(
    part: CDLL, lines: list[tuple[bytes, bytes, bytes]], more: list[bytes], end: bytes
) -> None:
    text = b"".join(b"".join(line) + b"\n" for line in lines) + b"".join(more) + end
    found = part.herodyno_is_sound(text, len(text))
    assert found in ((-1, mending.is_sound(text)) if not text.endswith(b"\n") else (mending.is_sound(text),))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (STAMP + b"app[web.1]: one\n" + STAMP + b"heroku[web.1]: two\n", True),
        (STAMP + b"app[web.1]: one\ntwo\n", False),
        (STAMP + b"app[web.1]: one" + STAMP + b"app[web.1]: two\n", False),
        (STAMP + b"app[web.1]: one\n\n", False),
        (b"", False),
        (b"\n", False),
    ],
)
def test_sound_lines_have_one_head_each(lines: bytes, expected: bool) -> None:
    assert sound.is_sound(lines) is expected


def test_where_the_part_cannot_tell_python_does(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def herodyno_is_sound(self, lines: bytes, length: int) -> int:
            return -1

    monkeypatch.setattr(sound, "library", Silent)
    assert sound.is_sound(STAMP + b"app[web.1]: one\n")
    assert not sound.is_sound(b"one\n")
