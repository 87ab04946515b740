"""What was seen and what was not: the window, lost lines, missing metrics, and what would change the verdict."""

from __future__ import annotations

from typing import Literal

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.claims.claim import Claim, on_app
from herodyno.diagnosis.claims.loss import FULL
from herodyno.diagnosis.report.phrases import listed
from herodyno.diagnosis.report.redaction import redact
from herodyno.diagnosis.report.report import Coverage, Loss
from herodyno.diagnosis.report.undated import by_name, told_of_undated
from herodyno.diagnosis.timeline.incarnations import moment
from herodyno.heroku_facts import LINES_PER_SAMPLE, LONGEST_SAMPLE_GAP_SECONDS, SAMPLE_INTERVAL_SECONDS
from herodyno.logs.codes.table import row_of
from herodyno.logs.decoding.guesses import told_of_guesses
from herodyno.units import count

# When nearly every router line is an error, lines of good requests were filtered out before (Papertrail exclusions).
_ALL_FAILED = 0.98
# The note on a log of which the end is missing.
BROKE_OFF = "the log stream broke off: this is a part of it"
_LONGEST_UNREAD = 120  # characters shown of the first line that was not read


def coverage(analysis: Analysis, verdict: Claim) -> Coverage:
    """The coverage. `verdict` heads the report: what would change it depends on its kind."""
    observations, facts = analysis.observations, analysis.observations.facts
    at_the_end = [dyno for dyno in analysis.dynos() if _ran_at_the_end(dyno, analysis)]
    running = len({dyno.name for dyno in at_the_end})
    sampled = len({dyno.name for dyno in at_the_end if dyno.facts.memory.n})
    metrics: Literal["on", "off", "some"] = "off" if not sampled else "on" if sampled == running else "some"
    cap = observations.source.cap
    lost = facts.lost_lines
    losses = tuple(
        Loss(code=code, lines=lost[code, mine], events=events, this_stream=mine or row_of(code).loses_for_all)
        for (code, mine), events in sorted(facts.losses.items())
    )
    return Coverage(
        source=observations.source.kind,
        lines=facts.lines,
        cap=cap,
        cap_reached=cap is not None and facts.lines >= cap * FULL,
        start=moment(facts.first) if facts.first is not None else None,
        end=moment(facts.last) if facts.last is not None else None,
        seconds=round((facts.last or 0.0) - (facts.first or 0.0), 3),
        lost_lines=sum(loss.lines for loss in losses if loss.this_stream),
        losses=losses,
        unread_lines=facts.unread,
        undated=tuple((dyno, tuple(sorted(told.items()))) for dyno, told in by_name(facts.undated)),
        first_unread=redact(facts.first_unread[1][:_LONGEST_UNREAD]) if facts.first_unread else "",
        runtime_metrics=metrics,
        router_lines=facts.router_lines,
        router_share_suspect=_filtered(analysis),
        ambiguous_requests=sum(facts.ambiguous_requests.values()),
        unattributed_events=facts.unattributed,
        dynos_sampled=(len({dyno.name for dyno in at_the_end if dyno.level}), running),
        would_change=tuple(_would_change(analysis, verdict)),
        notes=tuple(_notes(analysis, metrics)),
    )


def _ran_at_the_end(dyno: IncarnationAnalysis, analysis: Analysis) -> bool:
    own, end = dyno.incarnation, analysis.observations.end
    return (own.start is None or own.start <= end) and (own.end is None or own.end >= end)


def _filtered(analysis: Analysis) -> bool:
    requests = sum(process_type.requests for process_type in analysis.types.values())
    errors = sum(process_type.errors for process_type in analysis.types.values())
    return requests >= 20 and errors / requests >= _ALL_FAILED


def _would_change(analysis: Analysis, verdict: Claim) -> list[str]:
    if verdict.tense.ongoing is False:
        return ["its coming back"]
    if verdict.kind in ("one_dyno", "some_dynos") and verdict.dyno:
        process_type = next(k for k in analysis.types.values() if verdict.dyno in k.names)
        others = [name for name in process_type.names if name not in {dyno.name for dyno in process_type.outliers}]
        return [f"errors starting on {listed(others)}", "the same paths failing elsewhere"]
    if verdict.kind == "whole_app":
        return ["errors staying on some dynos only"]
    if analysis.observations.source.failure:
        return ["the log"]
    if verdict.kind in ("not_enough_data", "nothing_found"):
        return ["a longer window"]
    return []


def _notes(analysis: Analysis, metrics: str) -> list[str]:
    observations = analysis.observations
    app = " ".join(on_app(analysis))
    notes = list(observations.times.notes)
    if observations.app.generation == "fir":
        history = "" if observations.source.kind == "archive" else "no log history, "
        samples = {"on": "", "off": "no runtime metrics, "}.get(metrics, "no runtime metrics of some dynos, ")
        notes.append(f"Fir: {history}{samples}some codes are not emitted; absence means nothing")
    elif metrics != "on" and not observations.source.failure and any(not dyno.over for dyno in analysis.dynos()):
        notes.append(_metrics_missing(analysis, metrics, app))
    notes += told_of_guesses(observations.facts.without_year, observations.facts.without_offset)
    if observations.facts.first is not None:  # else the verdict tells it
        notes += told_of_undated(observations.facts)
    if _filtered(analysis):
        notes.append("nearly every router line is an error: lines of good requests seem to be filtered out upstream")
    silent = sorted(d.name for d in observations.dynos or () if d.state == "up" and not _has_lines(d.name, analysis))
    if silent and not observations.source.failure:
        notes.append(f"{listed(silent)}: no line in the window")
    if observations.source.failure:
        notes.append(f"no log: {observations.source.failure}; this rests on the API alone")
    elif not observations.source.complete:
        notes.append(BROKE_OFF)
    lost = observations.facts.lost_lines
    notes += [_loss(*key, lost[key], events) for key, events in sorted(observations.facts.losses.items())]
    return notes


def _metrics_missing(analysis: Analysis, metrics: str, app: str) -> str:
    """Why memory levels and ids are missing. That metrics are off is shown by a live log longer than their interval."""
    observations = analysis.observations
    if unread := observations.facts.unread_samples:
        return f"{count(unread, 'metric line')} not understood: memory levels and dyno ids are missing"
    who = "no dyno" if metrics == "off" else "not every dyno"
    shows = observations.source.kind == "log-session" and observations.seconds >= 2 * LONGEST_SAMPLE_GAP_SECONDS
    enable = (
        f"heroku labs:enable log-runtime-metrics {app}".rstrip() + " (free; takes effect at the next restart; "
        f"{LINES_PER_SAMPLE} lines per dyno every {SAMPLE_INTERVAL_SECONDS} s)"
    )
    beside_r14 = any(dyno.level for dyno in analysis.dynos()) and metrics == "off"
    levels = "memory levels only beside R14" if beside_r14 else "no memory levels"
    so = f"so {levels}" if observations.dynos is not None else f"so no dyno ids and {levels}"
    if shows:
        return f"{who} logs runtime metrics, {so}: {enable}"
    of = "" if metrics == "off" else " of some dynos"
    return f"no runtime metrics{of} in this log, {so}; if they are off: {enable}"


def _loss(code: str, mine: bool, lines: int, events: int) -> str:
    """What an L code means for the counts here."""
    if code == "L14":
        return (
            f"L14: a drain's certificate is not valid, and it gets nothing ({count(events, 'report')}); not this stream"
        )
    if code == "L15":
        return "L15: the recent lines could not be had; they are not among those judged here"
    whose = "this log stream" if mine else "a drain, not this stream"
    if row_of(code).loses_for_all:  # what log-shuttle lost never came to Logplex
        whose = "every reader, of what dynos print; router lines and the platform's are whole"
    return f"{code}: {count(lines, 'line')} lost in {count(events, 'report')} by {whose}"


def _has_lines(name: str, analysis: Analysis) -> bool:
    return any(
        analysis.observations.facts_of(dyno).lines
        for dyno in analysis.observations.times.incarnations.get(name, ())
        if not analysis.observations.is_over(dyno)
    )
