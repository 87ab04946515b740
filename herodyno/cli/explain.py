"""`herodyno explain`: what an H, R or L code means. The package has the table: no network."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any, NamedTuple

import typer

from herodyno.cli.options import argument
from herodyno.cli.session import Session
from herodyno.errors import NotFound
from herodyno.logs.codes.code import Code
from herodyno.logs.codes.table import CODES
from herodyno.render.paragraphs import section
from herodyno.render.text import Block, Column, Line, Span, Table

KINDS = {
    "server": "the app or its dynos failed the request",
    "client": "the caller ended the request",
    "state": "the app is meant to answer so",
    "runtime": "something befell a dyno",
    "loss": "log lines were lost",
}


class ExplainOptions(NamedTuple):
    """The words of `explain`."""

    codes: Annotated[list[str] | None, argument("[CODE]...")] = None


def explain(ctx: typer.Context, options: ExplainOptions) -> None:
    """Say what Heroku's error codes mean, why they come, and what to try. Offline.

    Examples:
      herodyno explain H12
      herodyno explain R14 R15 --json
      herodyno explain               (lists all codes)
    """
    output = Session.of(ctx).output
    wanted = [_code(word) for word in options.codes or ()]
    if output.wants_json:
        output.json({"schema": "herodyno.explain/1", "codes": [_document(code) for code in wanted or CODES.values()]})
        return
    width = min(output.width, 100) if output.is_terminal else None
    output.show(*(_page(code, width) for code in wanted) if wanted else [_all_codes()])


def _code(word: str) -> Code:
    code = CODES.get(word.upper())
    if code is None:
        begun = [name for name in CODES if name.startswith(word.upper())]
        near = begun[:8] or get_close_matches(word.upper(), CODES, n=3, cutoff=0.5)
        known = f"did you mean {', '.join(near)}?" if near else "all of them: herodyno explain"
        raise NotFound(f"there is no code {word!r} among the {len(CODES)} known", next_step=known)
    return code


def _page(code: Code, width: int | None) -> list[Line]:
    dyno = "its line names the dyno" if code.names_dyno else "its line names no dyno"
    lines: list[Line] = [(Span(f"{code.code:<14}{code.title}", "heading"),)]
    lines += section("", [f"{code.kind}: {KINDS[code.kind]}; {code.severity}; {dyno}"], width)
    lines += section("MEANING", [code.meaning], width)
    lines += section("CAUSE", [code.cause], width)
    lines += section("TRY", [f"{number} {step}" for number, step in enumerate(code.to_try, start=1)], width)
    return lines + section("MORE", [code.url], width)


def _all_codes() -> Block:
    return Table(
        columns=(Column(heading="CODE"), Column(heading="KIND"), Column(heading="TITLE", shrinks=True)),
        rows=tuple((Span(code.code), Span(code.kind), Span(code.title)) for code in CODES.values()),
    )


def _document(code: Code) -> dict[str, Any]:
    return {**code._asdict(), "to_try": list(code.to_try), "url": code.url}
