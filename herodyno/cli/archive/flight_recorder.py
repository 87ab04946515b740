"""The process beside a receiver: it compacts each hour, and as flight recorder keeps a bundle of what turned bad.

It reads the journal's files and asks nobody, so it works while Heroku's API does not.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from herodyno.archive.compaction import compact_journal
from herodyno.archive.days.past_days import judge_past_days
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.journal import Journal
from herodyno.archive.recent import recent_lines
from herodyno.cli.archive.beside import ProcessBeside, Say, trouble
from herodyno.cli.archive.prune import drop_old
from herodyno.cli.diagnose.bundle import Bundle
from herodyno.cli.diagnose.inputs import Inputs, judged
from herodyno.cli.session import Session
from herodyno.diagnosis.counting.one_pass import log_of
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.dynos import App
from herodyno.logs.events import LogLine
from herodyno.openmetrics import Samples
from herodyno.render.fleet.metrics.diagnosis import diagnosis_samples
from herodyno.render.output import Output
from herodyno.units import file_stamp

# All ours.
LOOK_SECONDS = 60.0
WINDOW_SECONDS = 1800.0
COMPACT_SECONDS = 3600.0
JUDGE_SECONDS = 60.0  # of each hour for past days, the newest first: a verdict of now waits no longer
MOST_APPS = 1000  # that have samples: a sender may name its own app
LOOKS_ALIKE = 2
COOLDOWN = timedelta(minutes=30)

LEVELS = {"critical": ("critical",), "warning": ("warning", "critical")}
_NOT_IN_A_NAME = re.compile(r"[^\w.-]|^\.+", re.ASCII)


class Recording(NamedTuple):
    """What to record. `level` "" keeps no bundles; `keep` None drops no days; `compacts`: each hour."""

    archive: Path
    level: str
    bundles: Path
    keep: timedelta | None
    look_seconds: float = LOOK_SECONDS
    compacts: bool = True

    @property
    def name(self) -> str:
        """What a person calls the process."""
        return "flight recorder" if self.level else "compaction"


@dataclass(slots=True)
class Incidents:
    """Which verdicts begin an incident: as bad in LOOKS_ALIKE looks, once until as many looks were not, and not twice
    within COOLDOWN."""

    level: str
    _bad: dict[str, tuple[str, int]] = field(default_factory=dict)  # app -> the class of its verdict, looks alike
    _good: dict[str, int] = field(default_factory=dict)  # app with an incident -> looks since that were not bad
    _last: dict[str, datetime] = field(default_factory=dict)

    def begins(self, app: str, found: Diagnosis, now: datetime) -> bool:
        """Whether this verdict begins an incident of the app."""
        verdict = found.verdict
        if verdict.severity not in LEVELS[self.level] or verdict.ongoing is False:
            self._bad.pop(app, None)
            if app in self._good:
                self._good[app] += 1
                if self._good[app] >= LOOKS_ALIKE:
                    del self._good[app]
            return False
        kind, looks = self._bad.get(app, ("", 0))
        looks = looks + 1 if kind == verdict.kind else 1
        self._bad[app] = verdict.kind, looks
        if app in self._good:
            self._good[app] = 0
            return False
        is_cool = app not in self._last or now - self._last[app] >= COOLDOWN
        if looks < LOOKS_ALIKE or not is_cool:
            return False
        self._good[app], self._last[app] = 0, now
        return True


def bundle_name(app: str, now: datetime) -> str:
    """The name of a bundle's file. A drain may call itself a path."""
    return f"{_NOT_IN_A_NAME.sub('_', app)}-{file_stamp(now)}.zip"


class FlightRecorder:
    """The work of the process, look by look. `tell` gets a sentence for a person, `measure` each look's verdicts."""

    def __init__(
        self,
        recording: Recording,
        tell: Callable[[str], None],
        measure: Callable[[Samples], None] = lambda samples: None,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._recording = recording
        self._tell = tell
        self._measure = measure
        self._incidents = Incidents(recording.level or "critical")
        self._session = Session(Output(None, None, {}), clock=clock)
        self._journal = Journal(recording.archive / "journal")
        self._compacted: datetime | None = None

    def look(self) -> None:
        """Judge the newest lines of each app; each hour compact, and drop old days."""
        now = self._session.now()
        try:
            if self._recording.level:
                samples = Samples()
                recent = recent_lines(self._journal, seconds=WINDOW_SECONDS, now=now)
                for number, (app, lines) in enumerate(recent):
                    found = self._judge(app, lines, now)
                    if number < MOST_APPS:
                        samples.merge(diagnosis_samples([(app, found)]))
                self._measure(samples)
        finally:  # lines that cannot be judged keep no day from being compacted
            self._compacted = self._compacted or now
            if self._recording.compacts and now - self._compacted >= timedelta(seconds=COMPACT_SECONDS):
                self._compacted = now
                self._compact(now)

    def trouble(self) -> str:
        """Look, and say in a line what went wrong, "" for nothing."""
        return trouble(self._recording.name, self)

    def _judge(self, app: str, lines: list[LogLine], now: datetime) -> Diagnosis:
        inputs = Inputs(
            log=log_of(lines, year=now),
            app=App(name=app),
            at=now,
            source=Source(kind="archive"),
            year=now,
            at_log_end=True,
        )
        found = judged(self._session, inputs)
        if not self._incidents.begins(app, found, now):
            return found
        self._recording.bundles.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._recording.bundles / bundle_name(app, now)
        with closing(Bundle(inputs)) as bundle:
            found = judged(self._session, bundle.inputs)
            bundle.write(path, found, Filter())
        self._tell(f"{app}: {found.verdict.summary}; bundle: {path}")
        return found

    def _compact(self, now: datetime) -> None:
        folder = ArchiveFolder(self._recording.archive)
        compact_journal(folder, self._journal, now=now, damage=self._damaged)
        if self._recording.keep:
            drop_old(folder, self._recording.keep, now)
        end = time.monotonic() + JUDGE_SECONDS
        judge_past_days(folder, may_judge=lambda: time.monotonic() < end)

    def _damaged(self, path: Path, lost: int) -> None:
        self._tell(f"{lost:,} bytes of {path} cannot be read; it stays, all else was read")


class RecorderProcess(ProcessBeside):
    """The process."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording.name, partial(_recorder, recording), recording.look_seconds)


def _recorder(recording: Recording, say: Say) -> FlightRecorder:
    return FlightRecorder(recording, say, say, clock=lambda: datetime.now(UTC))
