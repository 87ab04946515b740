"""The tool's answer to a case, as a reader of its JSON has it: by the command line, nothing of the code under test."""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from herodyno.cli.app import run
from herodyno.cli.session import Session
from herodyno.render.output import Output
from tests.diagnosis.world.app import App
from tests.diagnosis.world.formats import written
from tests.diagnosis.world.heroku import KEPT_LINES, ps_document, transport

ACCUSING = ("one_dyno", "some_dynos")
CALM = ("nothing_found", "not_enough_data")


@dataclass(frozen=True)
class Answer:
    """The document of `herodyno.diagnose`, and the exit code. Of several apps the worst comes first, then `others`."""

    document: dict[str, Any]
    code: int
    others: tuple[dict[str, Any], ...] = ()

    @property
    def kind(self) -> str:
        return self.document["verdict"]["class"]

    @property
    def severity(self) -> str:
        return self.document["verdict"]["severity"]

    @property
    def ongoing(self) -> bool | None:
        """True, False, or None where it is not known, or not told at all."""
        return self.document["verdict"].get("ongoing")

    @property
    def ended_with(self) -> str:
        return str(self.document["verdict"].get("ended_with") or "")

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.document["incarnations"]

    @property
    def findings(self) -> list[dict[str, Any]]:
        return self.document["findings"]

    @property
    def accused(self) -> list[dict[str, Any]]:
        """The rows of dynos called the cause, in the headline or below it."""
        if self.kind in ACCUSING or any(finding["kind"] in ACCUSING for finding in self.findings):
            return [row for row in self.rows if row["outlier"]["verdict"] == "outlier"]
        return []

    @cached_property
    def headline(self) -> str:
        """The verdict's sentences."""
        verdict = self.document["verdict"]
        return "\n".join([verdict["summary"], *verdict["details"], *verdict["not_claimed"]])

    @cached_property
    def words(self) -> str:
        """Everything said: verdict, findings, actions and the lists of sentences."""
        told = [finding["sentence"] for finding in self.findings]
        for action in self.document["actions"]:
            told += [" ".join(action["argv"]), action["text"], action["effect"], action["risk"]]
            told += [note["text"] for note in action["notes"]]
        for value in self.document.values():
            if isinstance(value, list):
                told += [item for item in value if isinstance(item, str)]
        return "\n".join([self.headline, *told, *(change["text"] for change in self.document["changes"])])

    @cached_property
    def claims(self) -> str:
        """The headline and the sentences of the findings: without what happened and what could be done."""
        return "\n".join([self.headline, *(finding["sentence"] for finding in self.findings)])

    def says(self, pattern: str) -> bool:
        """Whether a pattern is found in what is said, whatever the case of letters."""
        return bool(re.search(pattern, self.words, re.IGNORECASE))

    @property
    def changing(self) -> list[str]:
        """The commands that would change the app."""
        return [" ".join(action["argv"]) for action in self.document["actions"] if action["mutates"] and action["argv"]]

    @property
    def restarts(self) -> list[str]:
        return [text for text in self.changing if text.startswith("herodyno restart")]

    @property
    def calls_crash(self) -> bool:
        """Whether anything is called a crash: the verdict, a finding, a row's end."""
        return (
            self.kind == "crash"
            or any(finding["kind"] == "crash" for finding in self.findings)
            or any(row["end_reason"] in ("crashed", "killed") for row in self.rows)
        )

    def seconds(self, app: App, text: str | None) -> float | None:
        """A time of the document in seconds after the window's start."""
        return None if text is None else datetime.fromisoformat(text).timestamp() - app.base


def asked(
    app: App, how: str = "file", *, argv: Sequence[str] = (), files: Sequence[tuple[str, bytes]] | None = None
) -> Answer:
    """Ask for a diagnosis. `how` is "file", "dynos" (a file, and the API's list beside it) or "live"."""
    told, notes, code = printed(app, how, argv=("--json", *argv), files=files)
    if not told.startswith("{"):
        raise AssertionError(f"no answer: code {code}, {told}{notes}")
    # One document is spread over lines, those of several apps are a line each.
    several = told.startswith('{"')
    document, *others = (json.loads(text) for text in (told.splitlines() if several else [told]))
    return Answer(document, code, tuple(others))


def printed(
    app: App, how: str = "file", *, argv: Sequence[str] = (), files: Sequence[tuple[str, bytes]] | None = None
) -> tuple[str, str, int]:
    """(stdout, stderr, exit code) of a diagnosis."""
    with tempfile.TemporaryDirectory() as folder:
        line = ["diagnose", *argv]
        if how == "live":
            line += ["--app", app.name]
        else:
            given = files or [("app.log", log_of(app))]
            for name, data in given:
                (Path(folder) / name).write_bytes(data)
            line += ["--from-file", *(str(Path(folder) / name) for name, _ in given)]
        if how == "dynos":
            (Path(folder) / "dynos.json").write_bytes(ps_document(app))
            line += ["--dynos", str(Path(folder) / "dynos.json")]
        return _run(app, line)


def log_of(app: App) -> bytes:
    """The app's log in its form."""
    return written(sorted(app.lines, key=lambda line: line.arrived), app.form, app=app.name)


def visible_from(app: App, how: str) -> float:
    """From when every line is seen: a log session holds the last 1,500 that arrived."""
    arrived = sorted(line.arrived for line in app.lines)
    return arrived[-KEPT_LINES] - app.base if how == "live" and len(arrived) > KEPT_LINES else 0.0


def _run(app: App, line: list[str]) -> tuple[str, str, int]:
    # Made up, in the shape of a real token.
    environ = {"HEROKU_API_KEY": "HRKU-01234567-89ab-4cde-8f01-23456789abcd", "TZ": "UTC", "NO_COLOR": "1"}  # made up
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2)]
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = streams
    try:
        session = Session(
            Output.of_process(environ), environ=environ, clock=lambda: app.moment(app.seconds + 1),
            httpx_transport=transport(app), sleep=lambda seconds: None,
        )  # fmt: skip
        code = run(line, session)
        for stream in streams:
            stream.flush()
    finally:
        sys.stdout, sys.stderr = before
    told, notes = (stream.buffer.getvalue().decode() for stream in streams)
    return (told, notes, code)
