"""What typer says about a mistyped command line, in plain words and with what to type next."""

from __future__ import annotations

import re
from typing import Any

import typer

from herodyno.errors import UsageError

# typer: "'abc' is not a valid int.", "0 is not in the range x>=1."
_NO_NUMBER = re.compile(r"(.+) is not (?:a valid int\w*(?: range)?|in the range \S+)\.", re.DOTALL)


def usage_error(error: typer.TyperException) -> UsageError:
    """The error as ours: exit code 2, the flag by its name, the help of the command it was given to."""
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "herodyno"
    near = getattr(error, "possibilities", None)
    message = _whole_number(error) or (getattr(error, "message", "") if near else error.format_message())
    message = message[:1].lower() + message[1:].rstrip(".")
    return UsageError(message, next_step=f"did you mean {' or '.join(near)}?" if near else f"see: {path} --help")


def _whole_number(error: Any) -> str:
    param = getattr(error, "param", None)
    found = _NO_NUMBER.fullmatch(error.format_message() if param is None else error.message)
    if param is None or found is None:
        return ""
    least, most = getattr(param.type, "min", None), getattr(param.type, "max", None)
    bounds = "".join(f" {word} {bound}" for word, bound in (("from", least), ("to", most)) if bound is not None)
    return f"{' or '.join(param.opts)} takes a whole number{bounds}, not {found[1]}"
