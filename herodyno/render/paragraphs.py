"""Sections of a report: a label in the gutter, sentences beside it, folded where a terminal is narrow."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from itertools import zip_longest

from herodyno.render.clean import clean
from herodyno.render.text import Line, Role, Span

GUTTER = 14
NEVER_FOLDED = 1_000_000
_HELD = "\xa0%"


def section(label: str, sentences: Iterable[str], width: int | None, role: Role = "heading") -> list[Line]:
    """The sentences, each from a new line, beside the label; a long label takes several lines of the gutter."""
    body = [part for sentence in sentences for part in folded(sentence, width, GUTTER)]
    return beside(label, [(Span(part),) for part in body], role)


def beside(label: str, body: list[Line], role: Role = "heading") -> list[Line]:
    """The lines with the label, of one or more lines, to their left; nothing without any line."""
    if not body:
        return []
    heads = label.split("\n")
    pairs = zip_longest(heads, body, fillvalue=())
    return [(Span((head or "").ljust(GUTTER), role), *rest) for head, rest in pairs]


def field(label: str, sentence: str, width: int | None) -> list[Line]:
    """One labelled sentence inside a section ("   effect     replaces that one dyno; …")."""
    head = f"   {label}".ljust(GUTTER)
    return [
        (Span(" " * GUTTER if i else head, "quiet"), Span(part))
        for i, part in enumerate(folded(sentence, width, GUTTER))
    ]


def folded(text: str, width: int | None, indent: int) -> list[str]:
    """The cleaned text in pieces that fit beside `indent` columns; one piece where nothing limits it."""
    room = NEVER_FOLDED if width is None else max(20, width - indent)
    held = clean(text).replace(" %", _HELD)  # a number stays with its sign
    pieces = textwrap.wrap(held, room, break_long_words=False, break_on_hyphens=False)
    return [piece.replace(_HELD, " %") for piece in pieces] or [""]
