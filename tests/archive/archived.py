"""Logs put into an archive, and what comes out of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from herodyno.archive.compaction import Compacted
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.history import history
from herodyno.archive.importing import import_logs
from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.dynos import App
from herodyno.logfiles.opened import Logs
from herodyno.logfiles.parts import log_in
from herodyno.render.diagnosis.document import diagnosis_document
from tests.diagnosis.reading import NOON

APP = "example-app"


def put(root: Path, *texts: str | bytes, app: str = APP) -> Compacted:
    """Import texts, each as a file of its own."""
    names = []
    for number, text in enumerate(texts):
        path = root.parent / f"{root.name}-{number}.log"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        names.append(str(path))
    with Logs(names, year=2026) as logs:
        return import_logs(ArchiveFolder(root), logs, app=app, years_until=datetime(2027, 1, 1, tzinfo=UTC))


def rows(root: Path, app: str = APP) -> list[dict[str, Any]]:
    """All rows of an app, in the order of time."""
    return [row for some in history(ArchiveFolder(root), app).rows() for row in some]


def messages(root: Path, app: str = APP) -> list[str]:
    """The texts of all lines."""
    return [row["message"] for row in rows(root, app)]


def of_archive(root: Path, app: str = APP) -> dict[str, Any]:
    """The diagnosis of all lines of an archive."""
    return _document(Log(logs=[history(ArchiveFolder(root), app)], year=2026))


def of_file(path: Path) -> dict[str, Any]:
    """The diagnosis of a file."""
    with Logs([str(path)], year=2026) as logs:
        return _document(log_in(logs))


def _document(log: Log) -> dict[str, Any]:
    found = diagnose(log, app=App(name=APP), at=NOON, source=Source(kind="file"), at_log_end=True)
    document: dict[str, Any] = json.loads(json.dumps(diagnosis_document(found)))
    return document
