"""The flight recorder keeps one bundle of each incident, from the journal alone, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from herodyno.archive.engines.duckdb import engine
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.journal import Journal
from herodyno.cli.archive import beside, flight_recorder
from herodyno.cli.archive.flight_recorder import (
    COOLDOWN,
    FlightRecorder,
    Incidents,
    RecorderProcess,
    Recording,
    bundle_name,
)
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.openmetrics import Samples
from herodyno.sandbox.api.state import State
from herodyno.sandbox.doors.drains import Delivery
from herodyno.sandbox.incidents.scenarios import scenario
from tests.archive.archived import put
from tests.archive.frames import frame
from tests.archive.receive.drain import Drained, credentials
from tests.conftest import Invoke
from tests.diagnosis.reading import NOON, request
from tests.exposition import values


def drained_incident(archive: Path) -> None:
    """An archive whose journal, open still, holds what the drain of an app with a bad dyno sent just now."""
    world, journal = scenario("one-bad-dyno"), Journal(archive / "journal")
    drained = Drained(journal.append)

    def post(url: str, body: bytes, headers: dict[str, str]) -> int:
        return drained.ask({name.lower(): value for name, value in headers.items()} | credentials(), body).status

    world.add_drain("example-app", "http://127.0.0.1:8601/")
    delivery = Delivery(world, State(account=world.account), post)
    for _ in range(6):
        delivery.deliver()
        world.tick(60)
    journal.close()


def of(kind: str, severity: str = "critical", *, ongoing: bool | None = True) -> Diagnosis:
    verdict = SimpleNamespace(kind=kind, severity=severity, ongoing=ongoing)
    return cast("Diagnosis", SimpleNamespace(verdict=verdict))


def begun(*found: Diagnosis, every: timedelta = timedelta(minutes=1), level: str = "critical") -> list[int]:
    """The looks at which an incident begins."""
    incidents = Incidents(level)
    return [look for look, each in enumerate(found) if incidents.begins("a", each, NOON + look * every)]


BAD, OTHER, WORSE = of("one_dyno"), of("nothing_found", "ok"), of("whole_app")


def test_an_incident_begins_with_two_looks_alike_and_is_one_until_two_looks_are_good() -> None:
    assert begun(BAD, OTHER, BAD, WORSE, OTHER) == []
    assert begun(BAD, BAD, BAD, WORSE, OTHER, BAD, BAD) == [1]
    long = timedelta(hours=1)
    assert begun(BAD, BAD, OTHER, BAD, BAD, every=long) == [1]
    assert begun(BAD, BAD, OTHER, OTHER, BAD, BAD, every=long) == [1, 5]


def test_within_the_cooldown_a_second_incident_is_none_and_it_begins_when_that_is_over() -> None:
    again = (BAD, BAD, OTHER, OTHER) + (BAD,) * 40
    assert begun(*again) == [1, 1 + COOLDOWN // timedelta(minutes=1)]


def test_what_is_over_or_less_bad_than_asked_for_begins_nothing() -> None:
    over, warning = of("one_dyno", ongoing=False), of("memory", "warning")
    assert begun(over, over, warning, warning) == []
    assert begun(warning, warning, level="warning") == [1]


def test_a_bad_dyno_is_kept_once_with_all_lines_and_judged_again_alike_without_any_connection(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drained_incident(tmp_path)
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a connection"))
    told: list[str] = []
    recording = Recording(tmp_path, "critical", tmp_path / "bundles", None)
    recorder = FlightRecorder(recording, told.append, clock=lambda: datetime.now(UTC))
    for looks in range(4):
        assert len(told) == (looks > 1)
        recorder.look()
    (path,) = (tmp_path / "bundles").iterdir()
    assert told == [f"example-app: {told[0].partition(': ')[2].partition('; bundle')[0]}; bundle: {path}"]
    assert path.stat().st_mode & 0o777 == 0o600
    verdict = json.loads(invoke(f"diagnose --from-bundle {path} --json").stdout)["verdict"]
    assert (verdict["class"], verdict["severity"]) == ("one_dyno", "critical")
    assert "web.2" in verdict["summary"]


def test_each_look_measures_the_verdicts_of_all_apps_as_diagnose_does(tmp_path: Path) -> None:
    drained_incident(tmp_path)
    measured: list[Samples] = []
    recording = Recording(tmp_path, "critical", tmp_path / "bundles", None)
    FlightRecorder(recording, print, measured.append, clock=lambda: datetime.now(UTC)).look()
    (samples,) = measured
    assert values(samples.text(), "herodyno_diagnose_severity", app="example-app") == [2]
    assert values(samples.text(), "herodyno_diagnose_dyno_outlier", dyno="web.2") == [1]
    assert values(samples.text(), "herodyno_diagnose_dyno_memory_bytes", dyno="web.2") != []


def test_a_drain_that_calls_itself_a_path_names_a_file_in_the_folder() -> None:
    names = [bundle_name(app, NOON) for app in ("example-app", "../../etc/x", ".hidden", "d.1/2", "")]
    assert names == [f"{name}-20260302T120000Z.zip" for name in ("example-app", "__.._etc_x", "_hidden", "d.1_2", "")]


def test_keep_compacts_each_hour_and_drops_old_days(tmp_path: Path) -> None:
    put(tmp_path, request(1, "web.1"))
    journal = Journal(tmp_path / "journal")
    journal.append([frame(1, "hello", at=86_400)])
    journal.close()
    now = [NOON + timedelta(days=2)]
    recording = Recording(tmp_path, "", tmp_path / "bundles", timedelta(days=1))
    recorder = FlightRecorder(recording, lambda text: None, clock=lambda: now[0])
    recorder.look()
    assert ArchiveFolder(tmp_path).days() == ["2026-03-02"]
    now[0] += timedelta(hours=1)
    recorder.look()
    assert ArchiveFolder(tmp_path).days() == ["2026-03-03"]


def test_no_error_ends_the_process_and_lines_that_cannot_be_judged_keep_no_day_from_being_compacted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append([frame(1, "hello")])
    journal.close()

    def fails(*_: object, **__: object) -> None:
        raise ValueError("of the recorder\nsecond line")

    monkeypatch.setattr(flight_recorder, "recent_lines", fails)
    now = [NOON]
    recording = Recording(tmp_path, "critical", tmp_path / "bundles", None)
    recorder = FlightRecorder(recording, lambda text: None, clock=lambda: now[0])
    said = "flight recorder: a fault of herodyno: ValueError: of the recorder"
    assert recorder.trouble() == said
    now[0] += timedelta(hours=1)
    assert recorder.trouble() == said
    assert ArchiveFolder(tmp_path).days() == ["2026-03-02"]


def test_the_days_that_are_past_are_judged_after_each_hourly_compaction(tmp_path: Path) -> None:
    put(tmp_path, *(request(at, "web.1") for at in (1, 86_401)))
    now = [NOON + timedelta(days=2)]
    recorder = FlightRecorder(
        Recording(tmp_path, "", tmp_path / "bundles", None), lambda text: None, clock=lambda: now[0]
    )
    recorder.look()
    now[0] += timedelta(hours=1)
    recorder.look()
    assert [path.name for path in (tmp_path / "incidents").iterdir()] == ["day=2026-03-02.json"]


def test_a_process_that_is_ended_while_duckdb_works_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, request(1, "web.1"))
    spilled: list[Path] = []

    def look(_: FlightRecorder) -> None:
        with engine(ArchiveFolder(tmp_path).files()) as found:
            spilled.append(Path(found.rows("SELECT current_setting('temp_directory')")[0][0]))
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
            found.rows("SELECT max(hash(a.range, b.range)) FROM range(300000) a, range(300000) b")

    monkeypatch.setattr(FlightRecorder, "look", look)
    monkeypatch.setattr(os, "nice", lambda _: None)
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    make = partial(FlightRecorder, Recording(tmp_path, "", tmp_path, None), clock=lambda: NOON)
    try:
        with pytest.raises(SystemExit):
            beside._work("compaction", make, 60.0, SimpleNamespace(send=print), os.getppid())
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert [path.exists() for path in spilled] == [False]


@pytest.mark.parametrize(
    ("words", "said"),
    [("--bundle-on fatal", "--bundle-on 'fatal' is no level"), ("--bundle-dir x", "--bundle-dir is for --bundle-on"),
     ("--keep 3h", "--keep 3h is less than a day"), ("--keep soon", "--keep")],
)  # fmt: skip
def test_flags_that_mean_nothing_are_refused_before_anything_opens(
    invoke: Invoke, tmp_path: Path, words: str, said: str
) -> None:
    done = invoke(f"archive receive --archive {tmp_path / 'a'} {words}")
    assert done.code == 2
    assert said in done.stderr
    assert not (tmp_path / "a").exists()


def within(seconds: float, wanted: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not wanted() and time.monotonic() < end:
        time.sleep(0.1)
    return wanted()


@pytest.mark.slow
def test_the_process_writes_the_bundle_says_so_and_ends_with_the_receiver(tmp_path: Path) -> None:
    drained_incident(tmp_path)
    recorder = RecorderProcess(Recording(tmp_path, "critical", tmp_path / "bundles", None, look_seconds=0.2))
    said: list[str] = []
    try:
        assert within(60, lambda: bool(said.extend(recorder.told()) or said))
        assert values(recorder.samples().text(), "herodyno_diagnose_severity") == [2]
        assert "bundle: " in said[0]
        assert len(list((tmp_path / "bundles").glob("*.zip"))) == 1
    finally:
        recorder.close()


@pytest.mark.slow
def test_the_process_does_not_outlive_a_receiver_that_is_killed(tmp_path: Path) -> None:
    text = f"""if __name__ == "__main__":
    import time
    from pathlib import Path
    from herodyno.cli.archive.flight_recorder import RecorderProcess, Recording
    recorder = RecorderProcess(Recording(Path({str(tmp_path)!r}), "critical", Path("x"), None))
    print(recorder._process.pid, flush=True)
    time.sleep(60)
"""
    (tmp_path / "receiver.py").write_text(text)
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "receiver.py")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        recorder = int(process.stdout.readline())
        os.kill(recorder, 0)
        process.send_signal(signal.SIGKILL)
        process.wait(20)

    def is_gone() -> bool:
        status = Path(f"/proc/{recorder}/stat")
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"

    assert within(30, is_gone)
