"""ONLY HERE: the lines named beside the verdict, each with its counts on both sides."""

from __future__ import annotations

from herodyno.diagnosis.claims.only_here import OnlyHere as Found
from herodyno.diagnosis.claims.printed import shown
from herodyno.diagnosis.counting.printed import SLOT_SECONDS
from herodyno.diagnosis.report.only_here import OnlyHere, OnlyHereLine
from herodyno.diagnosis.report.secret_forms import REDACTED, TOKEN
from herodyno.diagnosis.statistics.only_here.named import Named
from herodyno.diagnosis.statistics.only_here.sides import Sides
from herodyno.diagnosis.timeline.incarnations import moment
from herodyno.dynos import natural_order
from herodyno.logs.patterns.word_marks import SECRET

MOST_LINES = 10
NO_PROOF = "Said beside the errors, not proved to be their cause."


def only_here_section(found: Found | None) -> OnlyHere | None:
    """The section, None when no line is named."""
    if found is None:
        return None
    sides, kept = found.sides, found.lines[:MOST_LINES]
    hardly = any(each.others_n for each in kept)
    return OnlyHere(
        heading=sides.heading[hardly],
        against=sides.against,
        lines=tuple(_line(each, sides) for each in kept),
        notes=tuple(_notes(found)),
    )


def _line(named: Named, sides: Sides) -> OnlyHereLine:
    requests, others = (sum(numbers) for numbers in zip(*(each.requests for each in sides.strata), strict=True))
    is_served = bool(requests or others)
    template, example = shown(named.line.template), shown(named.example)
    return OnlyHereLine(
        template=template,
        example=template if _shows_more(example, template) else example,
        kind=named.line.kind,
        n=named.n,
        peers_n=named.others_n,
        requests=requests if is_served else None,
        peers_requests=others if is_served else None,
        p_adjusted=named.p_adjusted,
        first=moment(named.first),
        every=named.every,
        dynos=tuple(sorted({dyno for dyno, _ in named.printed}, key=natural_order)),
    )


def _shows_more(example: str, template: str) -> bool:
    """Whether an example shows what its template takes for a secret."""
    return template.count(SECRET) > example.count(REDACTED) + example.count(TOKEN)


def _notes(found: Found) -> list[str]:
    """How many kinds of lines there are beyond those told, how much was looked at, and that a line proves nothing."""
    notes = []
    if len(found.lines) > MOST_LINES:
        notes.append(
            f"In all {len(found.lines)} kinds of lines are printed here alone: the log level, or the work, may differ."
        )
    if found.one_slot_in > 1:
        notes.append(
            f"The app printed much: {SLOT_SECONDS} s in {found.one_slot_in * SLOT_SECONDS} were read for this."
        )
    return [*notes, NO_PROOF]
