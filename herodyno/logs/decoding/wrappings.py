"""What people and tools put around a line of text: colours, quote marks, a CI job's own time. It is taken off.

Only a line whose own head, with a time, begins behind the wrapping counts as one of Heroku. An app's line has Heroku's
head in front, so nothing that an app prints is ever unwrapped.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Wrapping(NamedTuple):
    """One kind of wrapping: `around` matches what is taken off. `example` is such a line."""

    name: str
    around: re.Pattern[str]
    example: str


_LINE = "2026-11-23T02:00:00.000001+00:00 heroku[web.1]: Idling"
_WORDS = r"[^\t\[\]]{1,200}"  # a job or a step; a head of Heroku has brackets
_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"
# Taken off in this order, so that a CI job may have kept the colours of the CLI.
WRAPPINGS = (
    # `heroku logs` colours its lines under FORCE_COLOR, `script` and `unbuffer`.
    Wrapping("colours", re.compile(r"\x1b\[[\d;]{0,16}m"), f"\x1b[36m{_LINE[:48]}\x1b[39m{_LINE[48:]}"),
    # GitHub's own log has a time before each line; `gh run view --log` has job and step before that time.
    Wrapping(
        "CI job",
        re.compile(rf"\A(?:{_WORDS}\t{_WORDS}\t)?\ufeff?{_STAMP} "),
        f"test\tlogs\t2026-11-23T02:01:00.1234567Z {_LINE}",
    ),
    # Issues, mails and chats.
    Wrapping("quote", re.compile(r"\A(?:[ \t]|>|[-*+|] |// |# |`(?!`)|`{3}){1,40}"), f"> {_LINE}"),
)


def unwrapped(raw: str) -> str:
    """The line without what is around it, the line itself when nothing is."""
    for wrapping in WRAPPINGS:
        raw = wrapping.around.sub("", raw)
    return raw
