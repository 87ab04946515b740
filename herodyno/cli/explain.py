"""`herodyno explain`: what an H, R or L code means. The package has the table: no network."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.options import argument
from herodyno.cli.session import Session
from herodyno.errors import NotFound
from herodyno.logs.codes.code import Code
from herodyno.logs.codes.table import CODES
from herodyno.render.explain import code_page, codes_table, explain_document


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
        output.json(explain_document(wanted or CODES.values()))
        return
    width = min(output.width, 100) if output.is_terminal else None
    output.show(*(code_page(code, width) for code in wanted) if wanted else [codes_table(CODES.values())])


def _code(word: str) -> Code:
    code = CODES.get(word.upper())
    if code is None:
        begun = [name for name in CODES if name.startswith(word.upper())]
        near = begun[:8] or get_close_matches(word.upper(), CODES, n=3, cutoff=0.5)
        known = f"did you mean {', '.join(near)}?" if near else "all of them: herodyno explain"
        raise NotFound(f"there is no code {word!r} among the {len(CODES)} known", next_step=known)
    return code
