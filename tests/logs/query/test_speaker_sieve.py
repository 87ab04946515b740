"""A splitter that drops lines by a sieve gives the others, whatever the cuts between chunks."""

from __future__ import annotations

from typing import cast

import pytest

from herodyno.logs.query.selecting import Lifetime, Selection
from herodyno.logs.query.speaker_sieve import LinesOfSpeakers, speaker_sieve
from herodyno.logs.scan.compiled import sieve
from herodyno.logs.scan.compiled.sieve import LineSieve


class WithoutB:
    """Drops lines that begin with b; it must see whole lines only."""

    def wanted(self, lines: bytes) -> bytes:
        assert lines.endswith(b"\n")
        return b"".join(line for line in lines.splitlines(keepends=True) if not line.startswith(b"b"))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_only_whole_lines_are_sieved_and_the_last_stays(size: int) -> None:
    lines = LinesOfSpeakers(cast("LineSieve", WithoutB()))
    data = b"a1\nb1\r\n\nb2\na2\r\nb3"
    found = [record for at in range(0, len(data), size) for record in lines.feed(data[at : at + size])]
    assert [*found, *lines.flush()] == [b"a1", b"", b"a2", b"b3"]


def test_a_line_too_long_to_be_held_ends_the_sieving() -> None:
    lines = LinesOfSpeakers(cast("LineSieve", WithoutB()))
    found = [record for _ in range(40) for record in lines.feed(b"b" * (1 << 16))]
    found += [*lines.feed(b"\nb\n"), *lines.flush()]
    assert found[0].endswith(b"bytes more]")
    assert found[1:] == [b"b"]


def test_there_is_none_without_names_and_times_for_incarnations_and_without_the_compiled_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert speaker_sieve(Selection(request_id="4f0c")) is None
    assert speaker_sieve(Selection(lifetimes=(Lifetime("web.1", None, None),))) is None
    monkeypatch.setattr(sieve, "library", lambda: None)
    assert speaker_sieve(Selection(targets=("web.1",))) is None
