"""A profile counts what a plain count over the same lines counts."""

from __future__ import annotations

from pathlib import Path

from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.history import history
from herodyno.archive.profile import Profile, profile
from tests.archive.archived import APP, put
from tests.diagnosis.reading import request, sample

HOUR = 3600.0
ID = "aaaaaaaa-0000-4000-8000-000000000001"
SAMPLES = [(hour, f"web.{n}", 200.0 + 7 * hour + n) for hour in range(30) for n in (1, 2)]


def profiled(tmp_path: Path, text: str) -> Profile:
    put(tmp_path / "kept", text)
    return profile(history(ArchiveFolder(tmp_path / "kept"), APP))


def text_of() -> str:
    lines = [sample(hour * HOUR, dyno, ID, mb) for hour, dyno, mb in SAMPLES]
    lines += [request(hour * HOUR + n, "web.1", service=n) for hour in (0, 5) for n in range(1, 101)]
    lines += [request(5 * HOUR + 200, "web.2", code="H12", status=503, service=30_000)]
    return "".join(sorted(lines, key=lambda line: line[:32]))


def test_memory_requests_and_hours_are_those_of_the_lines(tmp_path: Path) -> None:
    found = profiled(tmp_path, text_of())
    (web,) = found.types
    memory = sorted(mb for _, _, mb in SAMPLES)
    assert web.memory is not None
    assert web.memory.n == 60
    assert (web.memory.p50, web.memory.p95, web.memory.highest) == (memory[29], memory[56], memory[-1])
    assert web.memory.days == 2
    assert web.memory.day_p95[0] < web.memory.p95 <= web.memory.day_p95[1]
    assert (web.measured_seconds, web.dyno_hours, web.most_dynos) == (0, 60, 2)
    assert (web.requests, web.failed) == (201, 1)
    assert web.service is not None
    assert (web.service.n, web.service.p50, web.service.highest) == (201, 51, 30_000)
    assert web.busiest is not None
    assert web.busiest[1] == 101
    assert web.codes["H12"] == 1
    assert found.without_dyno == 0


def test_what_is_measured_is_the_time_between_samples_less_its_gaps(tmp_path: Path) -> None:
    minutes = [n for n in range(-2, 1322) if not 600 < n < 660]  # from 11:58 on, 22 h 3 min with an hour's gap
    lines = [sample(n * 60.0, "web.1", ID, 200.0) for n in minutes]
    (web,) = profiled(tmp_path, "".join(lines)).types
    assert web.measured_seconds == (22 * 60 + 3 - 60) * 60


def test_a_request_of_no_dyno_is_in_no_row(tmp_path: Path) -> None:
    found = profiled(tmp_path, text_of() + request(29 * HOUR + 60, "", code="H10", status=503, service=0))
    assert found.without_dyno == 1
    assert found.types[0].requests == 201
