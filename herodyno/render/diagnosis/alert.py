"""What a command is told when the verdict changes: `herodyno.alert/1` on its stdin, a few facts in its environment."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.errors import shortened
from herodyno.operations.alerts import On, Reading, changed
from herodyno.render.clean import clean
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.units import json_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message. `found` is redacted already. `before` is None when nothing was known before.

    `key` stays the same when the message is tried again. `since` is when the reading was first seen, `before_since`
    when that before became known.
    """

    key: str
    at: datetime
    app: str
    on: On
    number: int
    found: Diagnosis
    reading: Reading
    since: datetime | None
    before: Reading | None
    before_since: datetime | None

    @property
    def text(self) -> str:
        """The message on one line, clean, for a chat."""
        verdict = self.found.verdict
        was = f", was {_words(self.before)}" if self.before else ""
        argv = self.found.actions[0].argv if self.found.actions else ()
        command = f"; next: {shlex.join(argv)}" if argv else ""
        head = f"{self.app}: " if self.app else ""
        return shortened(clean(f"{head}{verdict.label} ({verdict.severity}{was}): {verdict.summary}{command}"))


def alert_document(alert: Alert) -> dict[str, Any]:
    """`herodyno.alert/1`."""
    return {
        "schema": "herodyno.alert/1",
        "id": alert.key,
        "at": json_time(alert.at),
        "app": alert.app,
        "on": alert.on,
        "try": alert.number,
        "text": alert.text,
        "changed": list(changed(alert.before, alert.reading)),
        "before": None if alert.before is None else _record(alert.before, alert.before_since),
        "now": _record(alert.reading, alert.since),
        "diagnosis": diagnosis_document(alert.found),
    }


def alert_environ(alert: Alert) -> dict[str, str]:
    """The facts that a short script wants, without a parser of JSON."""
    now, before = alert.reading, alert.before
    facts = {
        "ID": alert.key,
        "APP": alert.app,
        "TEXT": alert.text,
        "CLASS": now.kind,
        "SEVERITY": now.severity,
        "ONGOING": {True: "true", False: "false", None: ""}[now.ongoing],
        "DYNOS": shortened(" ".join(name for name, _ in now.dynos)),
        "BEFORE_CLASS": before.kind if before else "",
        "BEFORE_SEVERITY": before.severity if before else "",
    }
    return {f"HERODYNO_ALERT_{name}": clean(value) for name, value in facts.items()}


def _record(reading: Reading, since: datetime | None) -> dict[str, Any]:
    return {
        "class": reading.kind,
        "severity": reading.severity,
        "ongoing": reading.ongoing,
        "dynos": [{"dyno": name, "dyno_id": dyno_id or None} for name, dyno_id in reading.dynos],
        "since": json_time(since),
    }


def _words(reading: Reading) -> str:
    return f"{reading.kind.replace('_', ' ').upper()}, {reading.severity}"
