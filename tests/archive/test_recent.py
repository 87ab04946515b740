"""The newest lines of each app, from the journal as it lies there: sealed files and the one that is written now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from herodyno.archive import recent
from herodyno.archive.journal import Journal
from herodyno.archive.recent import recent_lines
from herodyno.archive.records import LOGS, Frame
from tests.archive.frames import frame
from tests.archive.otlp.fir import encoded, logs, record, resource
from tests.diagnosis.reading import NOON

SOON = NOON + timedelta(minutes=5)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "journal")
    yield made
    made.close()


def recent_texts(journal: Journal) -> dict[str, list[str]]:
    found = recent_lines(Journal(journal.folder), seconds=1800, now=SOON)
    return {app: [line.text.rstrip() for line in lines] for app, lines in found}


def test_sealed_and_open_files_are_read_each_frame_once_and_old_ones_not(journal: Journal) -> None:
    journal.append([frame(1, "too old", at=-1700), frame(2, "one", "two")])
    journal.seal()
    journal.append([frame(2, "one", "two"), frame(3, "three")])
    assert recent_texts(journal) == {"example-app": ["one", "two", "three"]}
    ((_, lines),) = recent_lines(Journal(journal.folder), seconds=1800, now=SOON)
    assert [line.number for line in lines] == [1, 2, 3]


def test_each_app_has_its_own_lines_those_of_telemetry_too(journal: Journal) -> None:
    body = encoded(logs((resource(heroku__app__name="fir-app"), [record(1, "hello")])), as_json=False)
    telemetry = Frame(round(NOON.timestamp() * 1e6), "", "team", "t", body, LOGS)
    other = frame(5, "mine")._replace(app="", drain="d.2")
    journal.append([frame(1, "one"), telemetry, other])
    assert recent_texts(journal) == {"example-app": ["one"], "fir-app": ["hello"], "d.2": ["mine"]}


def test_of_an_app_that_says_too_much_the_newest_lines_are_kept(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    loud = [frame(n, f"loud {n}") for n in range(100)]
    quiet = frame(500, "quiet")._replace(app="quiet-app")
    size = len(loud[50].body)
    journal.append([quiet, *loud])
    monkeypatch.setattr(recent, "MOST_OF_APP", 10 * size)
    assert recent_texts(journal) == {"quiet-app": ["quiet"], "example-app": [f"loud {n}" for n in range(90, 100)]}
    monkeypatch.setattr(recent, "MOST_BYTES", 5 * size)
    held = recent_texts(journal)
    assert held["quiet-app"] == ["quiet"]
    assert held["example-app"][-1] == "loud 99"
    assert len(held["example-app"]) < 5


def test_the_half_record_of_a_writer_at_work_is_not_read(journal: Journal) -> None:
    journal.append([frame(1, "one")])
    (path,) = journal.folder.glob("*.open")
    with path.open("ab") as file:
        file.write(path.read_bytes()[-20:])
    assert recent_texts(journal) == {"example-app": ["one"]}


def test_a_line_of_a_clock_far_ahead_is_left_out_unless_most_are(journal: Journal) -> None:
    ahead = [frame(n, f"ahead {n}", at=9000)._replace(received_us=frame(n, "", at=0).received_us) for n in (7, 8)]
    journal.append([frame(1, "one"), ahead[0], frame(2, "two")])
    assert recent_texts(journal) == {"example-app": ["one", "two"]}
    journal.append([ahead[1]])
    assert len(recent_texts(journal)["example-app"]) == 4
