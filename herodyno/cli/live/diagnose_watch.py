"""`diagnose --watch`: the log is followed, and judged again and again; in a pipe a line when the verdict changes."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

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
from herodyno.operations.alerts import Reading
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.diagnosis.first_screen import first_screen
from herodyno.render.diagnosis.report import diagnosis_lines
from herodyno.render.diagnosis.verdict_line import verdict_line
from herodyno.render.text import Line
from herodyno.units import full_stamp, zone_of

if TYPE_CHECKING:
    from herodyno.cli.diagnose.alerts.alerting import Alerting

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
        self.log_is_lost = True

    def look(self, contact: Contact) -> Diagnosis | None:
        """The diagnosis now, with the last answers while the API is silent. Raises the error that ended the log."""
        self._last = contact.look(self._reader.read) or self._last
        if self._last is None:
            return None
        if self._log is None:
            self._log = self._stack.enter_context(HeldLog(self._session, self._app, self._last.app.generation))
            self._log.wait_for_history(_HISTORY_SECONDS)
        held = self._log.held()
        self.log_is_lost = held.lost_at is not None
        return judged(self._session, live_inputs_of(self._session, self._last, held), self._filter)

    def lines(self, look: Diagnosis) -> list[Line]:
        """The first screen, with room for a line about an outage; with `in_full`, as much of the report as fits."""
        output = self._session.output
        if self._in_full:
            return diagnosis_lines(look, width=output.width, utc=output.utc)
        return first_screen(look, width=output.width, height=output.height - 1, utc=output.utc, signs=output.signs)

    def changes(self, before: Diagnosis | None, after: Diagnosis) -> list[VerdictChange]:
        """The diagnosis when its verdict changed."""
        if before is not None and Reading.of(before) == Reading.of(after):
            return []
        zone = zone_of(after.generated_at, utc=self._session.output.utc)
        return [VerdictChange(after, full_stamp(after.generated_at, zone))]


def watch_diagnosis(
    session: Session, app: str, log_filter: Filter, *, every: str, in_full: bool, alerting: Alerting | None
) -> NoReturn:
    """Judge again and again until Ctrl-C. With `alerting`, each look is held against its state."""
    interval = parse_interval(every, flag="--watch", seldom_calls=SELDOM_CALLS)
    with ExitStack() as stack:
        watched = DiagnoseWatch(session, app, log_filter, stack, in_full=in_full)

        def shown(found: Diagnosis, contact: Contact) -> None:
            # The verdict of a lost log is that of then. Without the API, the lines alone can still show trouble.
            if alerting and not watched.log_is_lost:
                alerting.look(found, is_whole=not contact.trouble)

        watch(session, interval, watched, shown)
