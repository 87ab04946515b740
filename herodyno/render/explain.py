"""`explain`: Heroku's error codes as pages, as a list and as `herodyno.explain/1`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from herodyno.logs.codes.code import KIND_MEANINGS, Code
from herodyno.logs.codes.look_for import LOOK_FOR
from herodyno.render.paragraphs import section
from herodyno.render.text import Column, Field, Line, Span, Table, table

_ONLY_HERE = "ONLY HERE in herodyno diagnose names lines that the failing dynos print and others do not"
FIELDS = (
    Field[Code](Column("CODE"), lambda code: Span(code.code)),
    Field[Code](Column("KIND"), lambda code: Span(code.kind)),
    Field[Code](Column("TITLE", shrinks=True), lambda code: Span(code.title)),
)


def codes_table(codes: Iterable[Code]) -> Table:
    """One line per code."""
    return table(FIELDS, codes)


def code_page(code: Code, width: int | None) -> list[Line]:
    """All that is known of a code."""
    dyno = "its line names the dyno" if code.names_dyno else "its line names no dyno"
    lines: list[Line] = [(Span(f"{code.code:<14}{code.title}", "heading"),)]
    lines += section("", [f"{code.kind}: {KIND_MEANINGS[code.kind]}; {code.severity}; {dyno}"], width)
    lines += section("MEANING", [code.meaning], width)
    lines += section("CAUSE", [code.cause], width)
    if look_for := LOOK_FOR.get(code.code):
        lines += section("LOOK FOR", [f"{look_for}; {_ONLY_HERE}"], width)
    lines += section("TRY", [f"{number} {step}" for number, step in enumerate(code.to_try, start=1)], width)
    return lines + section("MORE", [code.url], width)


def explain_document(codes: Iterable[Code]) -> dict[str, Any]:
    """`herodyno.explain/1`."""
    return {"schema": "herodyno.explain/1", "codes": [_record(code) for code in codes]}


def _record(code: Code) -> dict[str, Any]:
    """What a reader wants to know. The properties with defaults are there for the counting."""
    properties = {name: value for name, value in code._asdict().items() if name not in Code._field_defaults}
    return {**properties, "look_for": LOOK_FOR.get(code.code), "to_try": list(code.to_try), "url": code.url}
