"""What the app printed last: the last exception with its message, or else the last lines, redacted.

Whoever has the log before them must not be sent to read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.counting.raised import STOPPED, Raised, RaisedFacts
from herodyno.diagnosis.report.redaction import redact

# An exception longer before an exit may have been handled: then the last lines say more.
_NEAR_SECONDS = 60.0
# Characters shown of a message, and of a line.
LONGEST_SHOWN = 160


def exception_shown(raised: Raised) -> str:
    """An exception as people name it: "KeyError: 'name'"."""
    return shown(f"{raised.kind}: {raised.message}".rstrip(": "))


def shown(text: str) -> str:
    """A text of the app in one short line, redacted."""
    line = redact(" ".join(text.split()))
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN].rstrip()} ..."


def raised_by_the_app(analysis: Analysis) -> list[RaisedFacts]:
    """The exceptions dyno by dyno, and those that several dynos of one name could have raised."""
    own = [dyno.facts.raised for dyno in analysis.dynos()]
    return [*own, *analysis.observations.facts.ambiguous_raised.values()]


def last_exception(raised: Iterable[RaisedFacts]) -> Raised | None:
    """The youngest exception, the one of an ordinary stop left out."""
    last = (each for facts in raised for each in facts.newest.values() if each.kind != STOPPED)
    return max(last, default=None)


class Printed(NamedTuple):
    """What a dyno printed last before it ended. `lines` are at most three, and only given without an `exception`."""

    at: float
    exception: str
    lines: tuple[str, ...] = ()

    def sentence(self, clock: str) -> str:
        """The last words. `clock` is the time of `at` for a reader."""
        if self.exception:
            sentence = f"The last exception it printed, at {clock}: {self.exception}"
        else:
            lines = "line" if len(self.lines) == 1 else "lines"
            sentence = f"The last {lines} it printed: {' / '.join(self.lines)}"
        return sentence if sentence.endswith(".") else f"{sentence}."


def last_lines(printed: Printed | None) -> list[str]:
    """A sentence where the summary has no exception: the last lines, or that there are none."""
    if printed is None:
        return ["No line that it printed is in this log."]
    return [] if printed.exception else [printed.sentence("")]


def before_exit(dynos: Iterable[IncarnationAnalysis]) -> Printed | None:
    """The last that these dynos printed before they ended.

    An exception within a minute of an end says most, the youngest first. Without one, the last lines of the youngest
    dyno that printed any.
    """
    youngest = sorted(dynos, key=lambda dyno: dyno.incarnation.end or 0.0, reverse=True)
    for dyno in youngest:
        end, raised = dyno.incarnation.end, last_exception([dyno.facts.raised])
        if raised is not None and (end is None or end - raised.seconds <= _NEAR_SECONDS):
            return Printed(raised.seconds, exception_shown(raised))
    for dyno in youngest:
        if output := dyno.facts.output:
            return Printed(output[-1].seconds, "", tuple(shown(line.raw) for line in output))
    return None
