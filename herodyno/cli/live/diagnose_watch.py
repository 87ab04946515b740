"""`diagnose --watch`: the log is followed, and judged again and again; in a pipe a line when the verdict changes."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, NamedTuple, NoReturn

from herodyno.cli.diagnose.inputs import judged
from herodyno.cli.live.answers import SELDOM_CALLS, Answers, AnswersReader
from herodyno.cli.live.contact import Contact
from herodyno.cli.live.held_log import HeldLog
from herodyno.cli.live.interval import parse_interval
from herodyno.cli.live.live_inputs import live_inputs_of
from herodyno.cli.live.watch import watch
from herodyno.cli.session import Session
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.diagnosis.first_screen import first_screen
from herodyno.render.diagnosis.report import diagnosis_lines
from herodyno.render.diagnosis.verdict_line import verdict_line
from herodyno.render.text import Line
from herodyno.units import full_stamp, zone_of

_HISTORY_SECONDS = 10.0


class VerdictChange(NamedTuple):
    """A diagnosis whose verdict is another than that before."""

    found: Diagnosis
    stamp: str

    def line(self) -> Line:
        """The time, the verdict, what to type."""
        return verdict_line(self.found, self.stamp)

    def record(self) -> dict[str, Any]:
        """`herodyno.diagnose/2`."""
        return diagnosis_document(self.found)


class DiagnoseWatch:
    """The verdict on one app from the lines held. The log begins once the API has said of which generation it is."""

    def __init__(self, session: Session, app: str, log_filter: Filter, stack: ExitStack, *, in_full: bool) -> None:
        self._session, self._app, self._filter, self._stack = session, app, log_filter, stack
        self._in_full = in_full
        self._reader = AnswersReader(session, app, with_sizes=True)
        self._last: Answers | None = None
        self._log: HeldLog | None = None

    def look(self, contact: Contact) -> Diagnosis | None:
        """The diagnosis now, with the last answers while the API is silent. Raises the error that ended the log."""
        self._last = contact.look(self._reader.read) or self._last
        if self._last is None:
            return None
        if self._log is None:
            self._log = self._stack.enter_context(HeldLog(self._session, self._app, self._last.app.generation))
            self._log.wait_for_history(_HISTORY_SECONDS)
        return judged(self._session, live_inputs_of(self._session, self._last, self._log.held()), self._filter)

    def lines(self, look: Diagnosis) -> list[Line]:
        """The first screen, with room for a line about an outage; with `in_full`, as much of the report as fits."""
        output = self._session.output
        if self._in_full:
            return diagnosis_lines(look, width=output.width, utc=output.utc)
        return first_screen(look, width=output.width, height=output.height - 1, utc=output.utc, signs=output.signs)

    def changes(self, before: Diagnosis | None, after: Diagnosis) -> list[VerdictChange]:
        """The diagnosis when its verdict changed."""
        if before is not None and _essence(before) == _essence(after):
            return []
        zone = zone_of(after.generated_at, utc=self._session.output.utc)
        return [VerdictChange(after, full_stamp(after.generated_at, zone))]


def watch_diagnosis(session: Session, app: str, log_filter: Filter, *, every: str, in_full: bool) -> NoReturn:
    """Judge again and again until Ctrl-C."""
    interval = parse_interval(every, flag="--watch", seldom_calls=SELDOM_CALLS)
    with ExitStack() as stack:
        watch(session, interval, DiagnoseWatch(session, app, log_filter, stack, in_full=in_full))


def _essence(found: Diagnosis) -> tuple[object, ...]:
    """What makes a verdict another one: not a count, not the confidence, but what it is and of which dyno ids."""
    first = found.findings[0].kind if found.findings else ""
    accused = {(each.dyno, each.dyno_id) for each in found.findings if each.kind == first}
    verdict = found.verdict
    return verdict.kind, verdict.severity, verdict.ongoing, frozenset(accused)
