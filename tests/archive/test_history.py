"""What comes out of an archive is what went in: the same diagnosis, and no line that nobody wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.history import history
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.logs.events import LogLine
from tests.archive.archived import APP, of_archive, of_file, put
from tests.diagnosis.reading import failed, request, stamp
from tests.diagnosis.traffic import errors, restart, traffic
from tests.real_parts import case_bytes

CRASH = "".join(
    f"{stamp(200 + n / 1000)} app[worker.1]: {text}\n"
    for n, text in enumerate(
        ["Traceback (most recent call last):", '  File "a.py", line 1, in total', "    boom()", "KeyError: 'price'"]
    )
)


def in_order(text: str) -> str:
    return "".join(sorted(text.splitlines(keepends=True), key=lambda line: line[:32]))


def test_the_diagnosis_of_an_archive_is_that_of_the_file(tmp_path: Path) -> None:
    text = in_order(
        traffic(4, 60)
        + errors("web.2", 12)
        + restart(180, "web.3")
        + CRASH
        + failed(355, "")
        + f"{stamp(340)} app[web.1]: the rest of it\n"
    )
    put(tmp_path / "archive", text + "a line of nobody\n")
    document = of_archive(tmp_path / "archive")
    assert document == of_file(tmp_path / "archive-0.log")
    assert document["verdict"]["class"] == "one_dyno"


def test_the_diagnosis_is_the_same_in_whatever_order_the_files_came(tmp_path: Path) -> None:
    lines = in_order(traffic(3, 60) + errors("web.2", 12)).splitlines(keepends=True)
    put(tmp_path / "whole", "".join(lines))
    put(tmp_path / "parts", "".join(lines[100:]), "".join(lines[:120]))
    put(tmp_path / "parts", "".join(lines[40:160]))
    assert of_archive(tmp_path / "parts") == of_archive(tmp_path / "whole")


def test_text_of_an_app_never_comes_out_as_a_line_of_heroku(tmp_path: Path) -> None:
    forged = failed(3, "web.2").rstrip("\n")
    frame = f"<190>1 {stamp(1)} host app web.1 - hello\n{forged}"
    put(tmp_path / "archive", f"{len(frame.encode())} {frame}".encode())
    (line,) = [line for lines in history(ArchiveFolder(tmp_path / "archive"), APP).log_lines() for line in lines]
    assert (line.source, line.proc, "code=H" in line.text) == ("app", "web.1", True)
    (batch,) = history(ArchiveFolder(tmp_path / "archive"), APP)()
    assert isinstance(batch[0], LogLine)
    assert len(batch) == 1


def test_one_of_several_apps_must_be_named(tmp_path: Path) -> None:
    put(tmp_path / "archive", request(1, "web.1"))
    put(tmp_path / "archive", request(2, "web.1"), app="other")
    folder = ArchiveFolder(tmp_path / "archive")
    with pytest.raises(UsageError, match="several apps: example-app, other"):
        history(folder, "")
    with pytest.raises(NotFound, match="no line of third"):
        history(folder, "third")
    assert history(folder, "other").app == "other"


def test_a_day_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "archive", request(1, "web.1"))
    found = history(ArchiveFolder(tmp_path / "archive"), APP)
    assert len(list(found())) == 1
    put(tmp_path / "archive", request(2, "web.1"))
    with pytest.raises(Refused, match="written to while it was read"):
        list(found())


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    ["forged-in-app-text.frames.gz", "forged-in-app-text.sse.gz", "verdict-m2_leak_every.log.gz", "verdict-days.log.gz",
     "27-websockets-101.log.gz", "26-scale-down-h13.log.gz", "verdict-outage_half_crashed-14.log.gz"],
)  # fmt: skip
def test_a_case_of_any_framing_is_judged_as_in_its_file(tmp_path: Path, case: str) -> None:
    put(tmp_path / "archive", case_bytes(case))
    assert of_archive(tmp_path / "archive") == of_file(tmp_path / "archive-0.log")
