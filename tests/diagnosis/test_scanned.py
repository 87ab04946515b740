"""One pass over bytes gives the sightings and the facts that the events give, field by field."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.diagnosis.folding import fold
from herodyno.diagnosis.scanned import ScannedLogs
from herodyno.diagnosis.sightings import sightings
from herodyno.diagnosis.timeline import timeline
from herodyno.logs.blocks import line_blocks
from herodyno.logs.read import read_events
from tests.diagnosis.reading import LOGS, failed, request, sample, stamp

REAL = Path(__file__).parents[3] / "shared" / "data" / "logs"
OWN = sorted(path.name for path in LOGS.glob("*.log"))
FILES = sorted(path.name for path in REAL.glob("*") if path.suffix in {".log", ".txt"})
ONE_ID, OTHER_ID = "8c1d7a55-0000-4000-8000-000000000001", "8c1d7a55-0000-4000-8000-000000000002"


def plain(value: Any) -> Any:
    """Anything as dicts, lists and scalars that can be compared."""
    if isinstance(value, array):
        numbers = iter(value)
        return sorted(zip(numbers, numbers, numbers, strict=True))
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if hasattr(type(value), "__slots__") and not isinstance(value, tuple):
        return {name: plain(getattr(value, name)) for name in type(value).__slots__}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def chunks(data: bytes, size: int) -> Iterable[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def assert_same(data: bytes, size: int = 1 << 17) -> None:
    """Both ways over the same bytes, the scan in chunks of `size`."""
    events = list(read_events([data], year=2026, framing="text"))
    slowly = sightings(events)
    scanned = ScannedLogs([lambda: line_blocks(chunks(data, size))], year=2026)
    quickly = scanned.sightings()

    assert sorted(quickly.boundaries, key=lambda event: event.line.number) == slowly.boundaries
    assert sorted(quickly.actions, key=lambda event: event.line.number) == slowly.actions
    assert plain(quickly.names) == plain(slowly.names)
    assert plain(quickly.ids) == plain(slowly.ids)
    assert plain(quickly.window) == plain(slowly.window)

    times = timeline(slowly, None, ())
    assert plain(scanned.facts(times)) == plain(fold(events, times))


@pytest.mark.parametrize("size", [700, 5_000, 1 << 17])
@pytest.mark.parametrize("name", OWN)
def test_logs_of_this_folder(name: str, size: int) -> None:
    assert_same((LOGS / name).read_bytes(), size)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real log lines are not part of a user's checkout")
@pytest.mark.parametrize("size", [3_000, 1 << 17])
@pytest.mark.parametrize("name", FILES)
def test_real_logs(name: str, size: int) -> None:
    assert_same((REAL / name).read_bytes(), size)
