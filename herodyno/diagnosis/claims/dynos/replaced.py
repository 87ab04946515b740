"""An accused dyno that is gone, or about to be: when it ended, how its successor does, and what is left to do."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.claims.claim import at_clock, suggestion
from herodyno.diagnosis.claims.ending import left_at
from herodyno.diagnosis.claims.loss import listen
from herodyno.diagnosis.report.phrases import interval, named
from herodyno.diagnosis.report.report import Action
from herodyno.units import count


def left_at_clock(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    """The time of day at which a dyno that was replaced ended."""
    return at_clock(left_at(dyno.incarnation, analysis), analysis)


def _left_unseen(dyno: IncarnationAnalysis, analysis: Analysis) -> bool:
    """Whether the dyno ended after the log. Only the API's list, asked later, shows that."""
    return dyno.incarnation.end is None or dyno.incarnation.end > analysis.observations.end


def _runs_beside(dyno: IncarnationAnalysis, analysis: Analysis) -> bool:
    """Whether the log shows the successor, and no line says that the dyno stopped (preboot)."""
    successor = analysis.observations.successor(dyno.incarnation)
    begun = successor is not None and successor.start is not None and successor.start <= analysis.observations.end
    return dyno.incarnation.end is None and begun


def replaced_when(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    """The end of the headline: what is known of the dyno's end."""
    if _runs_beside(dyno, analysis):
        return "; its successor runs already"
    if _left_unseen(dyno, analysis):
        return "; replaced since the log ended"
    what = "scaled away" if dyno.incarnation.end_reason == "scaled_down" else "already replaced"
    return f"; {what} at {left_at_clock(dyno, analysis)}"


def what_became(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    """When the dyno ended, and how its successor does."""
    successor = analysis.observations.successor(dyno.incarnation)
    if successor is not None and successor.start is not None and _runs_beside(dyno, analysis):
        since = at_clock(successor.start, analysis)
        return (
            f"{named(successor)} runs under that name since {since}, and no line says that "
            f"{named(dyno.incarnation)} was stopped: with preboot both run for minutes; "
            "requests since then are counted for neither."
        )
    if _left_unseen(dyno, analysis):
        now = f"the API lists {named(successor)} under that name" if successor else "the API lists no such dyno"
        return f"{named(dyno.incarnation)} is gone since: {now}, and this log says nothing of it."
    ended = f"{named(dyno.incarnation)} ended at {left_at_clock(dyno, analysis)}"
    if successor is None:
        return f"{ended} and has no successor in this window."
    facts = analysis.observations.facts_of(successor)
    if not facts.requests:
        return f"{ended}; of the new {named(successor)} this log holds no request."
    return (
        f"{ended}; the new {named(successor)} has {facts.errors.n} of {count(facts.requests)} requests failing "
        f"({interval(facts.errors.n, facts.requests)})."
    )


def watch_successor(guilty: Sequence[IncarnationAnalysis], analysis: Analysis) -> tuple[Action, ...]:
    """What is left to do for dynos that are gone."""
    beside = any(_runs_beside(dyno, analysis) for dyno in guilty)
    gone = "the dyno that failed is " if len(guilty) == 1 else "the dynos that failed are "
    nothing = suggestion(f"nothing to restart: {gone}{'about to be stopped by Heroku' if beside else 'gone'}")
    if not any(analysis.observations.successor(dyno.incarnation) for dyno in guilty):
        return (nothing,)
    effect = "reads the log for five minutes and judges again"
    return (nothing, *listen("watch its successor" if len(guilty) == 1 else "watch what came after them", 5, analysis,
                             effect=effect))  # fmt: skip
