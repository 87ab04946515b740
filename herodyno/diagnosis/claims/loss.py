"""A log of which more than half is lost: said in the headline, and no advice to listen to what would lose as much."""

from __future__ import annotations

from dataclasses import replace

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import Claim, from_table, on_app, suggestion
from herodyno.diagnosis.report.phrases import codes_in_words
from herodyno.diagnosis.report.report import Action
from herodyno.logs.codes.table import CODES, row_of
from herodyno.units import count, percent, spoken_duration

# From this part of the log on, what was not read outweighs what was.
_MUCH = 0.5
# A log session counts as full from this part of its cap.
FULL = 0.99
# A shorter span gives no pace.
_SHORTEST = 10.0


def lost_lines(analysis: Analysis) -> dict[str, int]:
    """The lines lost from what was read here, by L code."""
    lost: dict[str, int] = {}
    for (code, is_mine), n in analysis.observations.facts.lost_lines.items():
        if n and (is_mine or row_of(code).loses_for_all):
            lost[code] = lost.get(code, 0) + n
    return lost


def is_much_lost(analysis: Analysis) -> bool:
    """Whether more than half of the log is lost."""
    return _share(sum(lost_lines(analysis).values()), analysis) > _MUCH


def listening_loses(analysis: Analysis) -> bool:
    """Whether a live log would lose as much: Heroku loses the lines for every reader, or for a log session.

    What a drain lost (L10) a log session may have.
    """
    return _share(sum(n for code, n in lost_lines(analysis).items() if code != "L10"), analysis) > _MUCH


def _share(lost: int, analysis: Analysis) -> float:
    return lost / (lost + analysis.observations.facts.lines) if lost else 0.0


def pace(analysis: Analysis) -> float:
    """Lines a second that the app wrote, the lost ones too; 0 when the span is too short to tell."""
    observations = analysis.observations
    if observations.seconds < _SHORTEST:
        return 0.0
    return (observations.facts.lines + sum(lost_lines(analysis).values())) / observations.seconds


def with_loss(claim: Claim, analysis: Analysis) -> Claim:
    """The claim that heads the report, told for what it is worth when more than half of the log is not there."""
    claim = _with_short_reach(claim, analysis)
    if not is_much_lost(analysis):
        return claim
    lost, lines = lost_lines(analysis), analysis.observations.facts.lines
    n = sum(lost.values())
    share, per_second = percent(n / (n + lines)), pace(analysis)
    writes = f" The app writes about {per_second:,.0f} lines/s." if per_second >= 1 else ""
    return replace(
        claim,
        summary=f"{claim.summary}; {share} of the log is lost",
        details=(
            f"{count(n)} of {count(n + lines, 'line')} are lost ({codes_in_words(lost)} lines): counts are lower "
            f"bounds, and shares may be bent.{writes}",
            *claim.details,
        ),
        confidence="low" if claim.kind == "nothing_found" or claim.confidence == "low" else "medium",
    )


def _with_short_reach(claim: Claim, analysis: Analysis) -> Claim:
    """A log session holds so many lines. When they begin in the second half of the span asked for, say so."""
    observations = analysis.observations
    cap, asked, end = observations.source.cap, observations.scope.start, observations.scope.end
    if cap is None or observations.facts.lines < cap * FULL or asked is None:
        return claim
    until = end.timestamp() if end is not None else observations.now
    missing, span = observations.start - asked.timestamp(), until - asked.timestamp()
    if span <= 0 or missing / span <= _MUCH:
        return claim
    reach = spoken_duration(until - observations.start)
    return replace(
        claim,
        summary=f"{claim.summary}; the log reaches back {reach} of the {spoken_duration(span)} asked for",
        confidence="low" if claim.kind == "nothing_found" or claim.confidence == "low" else "medium",
    )


def lose_less(analysis: Analysis) -> tuple[Action, ...]:
    """What to do instead of listening to a log that loses most of its lines."""
    code = max(lost_lines(analysis).items(), key=lambda item: (item[1], item[0]))[0]
    steps = tuple(from_table(step, analysis) for step in CODES[code].to_try)
    return (*steps, read_archive(analysis)) if code == "L11" else steps


def read_archive(analysis: Analysis) -> Action:
    """To judge what a drain has kept. Whoever gave a file is not sent to read a file."""
    if analysis.observations.source.kind in ("file", "stdin", "archive"):
        return suggestion("judge a longer part of this log: what a drain or Papertrail has kept")
    return suggestion(
        "or read an archive", "herodyno", "diagnose", "--from-file", "app.log", *on_app(analysis),
        effect="judges what a drain or Papertrail has kept",
    )  # fmt: skip


def listen(text: str, minutes: int, analysis: Analysis, *, effect: str = "") -> tuple[Action, ...]:
    """`herodyno diagnose --listen 5m`; what loses less instead, where a live log loses most of its lines."""
    if listening_loses(analysis):
        return lose_less(analysis)
    command = ("herodyno", "diagnose", "--listen", f"{minutes}m", *on_app(analysis))
    return (suggestion(text, *command, effect=effect),)


def look_longer(analysis: Analysis) -> tuple[Action, ...]:
    """What to do when too little was seen."""
    if listening_loses(analysis):
        return lose_less(analysis)
    per_second = pace(analysis)
    more = f" (about {count(round(per_second * 3) * 100, 'line')} at this pace)" if per_second >= 1 else ""
    effect = f"follows the log for 5 min{more}, then judges"
    return (*listen("look longer", 5, analysis, effect=effect), read_archive(analysis))
