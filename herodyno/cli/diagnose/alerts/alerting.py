"""Each look at a verdict is held against the state, and the user's command runs when a message is due."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from herodyno.cli.diagnose.alerts.hook import Ended, run_hook
from herodyno.cli.diagnose.alerts.options import AlertOptions
from herodyno.cli.session import Session
from herodyno.diagnosis.report.redaction import redact, redact_tokens
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.errors import HerodynoError, Refused
from herodyno.operations.alerts import QUICK_TRIES, REST, AlertState, Reading, step
from herodyno.operations.journal import new_key
from herodyno.render.diagnosis.alert import Alert, alert_document, alert_environ
from herodyno.render.report.record import with_texts
from herodyno.units import spoken_duration

_MOST_LINES = 5  # of what a command that failed has printed


class Alerting:
    """The alerts about one app. With `goes_on`, trouble with the state file is told, and memory takes its place."""

    def __init__(self, session: Session, options: AlertOptions, *, no_redact: bool, goes_on: bool) -> None:
        self._session, self._options = session, options
        self._no_redact, self._goes_on = no_redact, goes_on
        self._memory = AlertState()
        self._is_unsaved = self._is_foreign = False
        self._trouble = self._told_trouble = ""

    def look(self, found: Diagnosis, *, is_whole: bool = True) -> None:
        """Take note of a diagnosis, and run the command when that is due.

        Without `goes_on`, raises Refused for a command that failed, or a state that cannot be read or written.
        """
        self._trouble = ""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._options.state.locked())
            except BlockingIOError:
                path = self._options.state.path
                self._session.output.note(f"another herodyno works with {path}: this look is left to it")
                return
            except OSError as error:
                self._cannot("locked", error)
            self._held(found, is_whole=is_whole)
        self._told_trouble = self._trouble

    def _held(self, found: Diagnosis, *, is_whole: bool) -> None:
        options, now = self._options, self._session.now()
        before, reading = self._read(), Reading.of(found)
        state, is_due = step(before, reading, now, on=options.on, cooldown=options.cooldown, is_whole=is_whole)
        if is_due:
            state = state.tried(new_key(), now)
        if state != before:
            self._write(state)
        if not is_due:
            return
        alert = Alert(
            key=state.pending,
            at=now,
            app=found.app.name,
            on=options.on,
            number=state.tries,
            found=self._redacted(found),
            reading=reading,
            since=state.candidate_at,
            before=state.told,
            before_since=state.told_at,
        )
        ended = self._run(alert)
        if not ended.failure:
            self._write(state.delivered(reading, self._session.now()), was_sent=True)
        self._tell(alert, ended)

    def _redacted(self, found: Diagnosis) -> Diagnosis:
        output, mask = self._session.output, redact_tokens if self._no_redact else redact
        return with_texts(found, lambda text: mask(output.masked(text)))

    def _run(self, alert: Alert) -> Ended:
        import json

        given = json.dumps(alert_document(alert)).encode() + b"\n"
        return run_hook(self._options.argv, given, {**self._session.environ, **alert_environ(alert)})

    def _tell(self, alert: Alert, ended: Ended) -> None:
        """Say on stderr what was run. The command's arguments are not shown: an address in them may be a secret."""
        output, name = self._session.output, Path(self._options.argv[0]).name
        what = f"alert {alert.key}, {alert.reading.kind} ({alert.reading.severity})"
        if not ended.failure:
            output.note(f"{what}: {name} was run, {ended.seconds:.1f} s")
            return
        again = "at the next look" if alert.number < QUICK_TRIES else f"in {spoken_duration(REST.total_seconds())}"
        failure = f"{what}: {name} {ended.failure}; again {again}"
        said = [text for text in ended.said.splitlines() if text.strip()]
        for text in said[:_MOST_LINES]:
            output.note(f"  {name}: {text}")
        if not self._goes_on:
            raise Refused(failure)
        output.note(failure)

    def _read(self) -> AlertState:
        """The state of the file. What could not be written is newer than the file, so it is written first."""
        if self._is_unsaved:
            self._write(self._memory)
        if not self._is_unsaved:
            try:
                self._memory = self._options.state.read() or self._memory
                self._is_foreign = False
            except (OSError, HerodynoError) as error:
                self._is_foreign = True
                self._cannot("read", error)
        return self._memory

    def _write(self, state: AlertState, *, was_sent: bool = False) -> None:
        """Keep the state. A file that could not be read may be somebody else's, and is left as it is."""
        self._memory = state
        if self._is_foreign:
            return
        try:
            self._options.state.write(state)
            self._is_unsaved = False
        except OSError as error:
            self._is_unsaved = True
            self._cannot("written", error, was_sent=was_sent)

    def _cannot(self, what: str, error: OSError | HerodynoError, *, was_sent: bool = False) -> None:
        """Tell the trouble, once while it lasts, or raise it."""
        reason = error.message if isinstance(error, HerodynoError) else error.strerror or str(error)
        if not self._goes_on and was_sent:
            raise Refused(
                f"{self._options.state.path} cannot be {what}: {reason}; the alert was sent, and may be again"
            )
        if not self._goes_on:
            raise self._options.state.unusable(what, reason)
        if reason not in (self._trouble, self._told_trouble):
            self._session.output.note(
                f"{self._options.state.path} cannot be {what}: {reason}; until it can, this watch remembers by itself"
            )
        self._trouble = reason
