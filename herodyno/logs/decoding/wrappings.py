"""What people and tools put around a line of text: colours, quote marks, a CI job's own time. It is taken off.

Only a line whose own head, with a time, begins behind the wrapping counts as one of Heroku. An app's line has Heroku's
head in front, so nothing that an app prints is ever unwrapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Wrapping(NamedTuple):
    """One kind of wrapping: `around` matches what is taken off. `example` is such a line."""

    name: str
    around: re.Pattern[str]
    example: str


_LINE = "2026-11-23T02:00:00.000001+00:00 heroku[web.1]: Idling"
_WORDS = r"[^\t\[\]]{1,200}"  # a job or a step; a head of Heroku has brackets
_STAMP_Z = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"
_STAMP = rf"{_STAMP_Z[:-1]}(?:Z|\+00:00)"
_BEGINS = r"\d{4}-\d\d-\d\dT|[A-Z][a-z]{2} [ \d]\d \d\d:|<\d{1,3}>"  # how a head begins
# Taken off in this order, so that a CI job may have kept the colours of the CLI.
WRAPPINGS = (
    # `heroku logs` colours its lines under FORCE_COLOR, `script` and `unbuffer`.
    Wrapping("colours", re.compile(r"\x1b\[[\d;]{0,16}m"), f"\x1b[36m{_LINE[:48]}\x1b[39m{_LINE[48:]}"),
    # `grep` writes the file's name, the line's number, or both; `cat -n` and `nl` the number.
    Wrapping(
        "name or number",
        re.compile(rf"\A(?: {{0,6}}\d{{1,9}}\t|(?:[\w./-]{{1,255}}[:-])?(?:\d{{1,9}}[:-])?)(?={_BEGINS})", re.ASCII),
        f"app.log:12:{_LINE}",
    ),
    # Docker Compose writes the service.
    Wrapping("service", re.compile(r"\A[\w.-]{1,64} {1,40}\| ", re.ASCII), f"logs-1  | {_LINE}"),
    # fluentd and Loki write a time and tags, with tabs around them.
    Wrapping(
        "tags",
        re.compile(rf"\A{_STAMP}\t(?:[\w.-]{{1,64}}\t(?=\{{\")|\{{[^\t\[\]{{}}]{{1,400}}\}}\t)"),
        f'2026-11-23T02:01:00.123456789Z\t{{app="example"}}\t{_LINE}',
    ),
    # GitHub writes a time, `gh run view --log` job and step too; GitLab writes the stream behind the time; CircleCI and
    # Jenkins write the time in brackets.
    Wrapping(
        "CI job",
        re.compile(rf"\A(?:{_WORDS}\t{_WORDS}\t\ufeff?{_STAMP_Z}|\ufeff?{_STAMP}(?: \d\d[OE])?|\[{_STAMP}\](?: \+)?) "),
        f"test\tlogs\t2026-11-23T02:01:00.1234567Z {_LINE}",
    ),
    # Issues, mails, chats, web pages and patches.
    Wrapping(
        "quote",
        re.compile(rf"\A(?:[ \t]|>|[-*+|] |\+(?={_BEGINS})|// |# |`(?!`)|`{{3}}|<pre>){{1,40}}"),
        f"> {_LINE}",
    ),
)


def unwrapped(raw: str) -> Iterator[str]:
    """The line with one more of its wrappings off each time, none for a line that has none."""
    inner = raw.replace("\xa0", " ")  # a web page's blanks
    if inner != raw:
        yield inner
    for wrapping in WRAPPINGS:
        without = wrapping.around.sub("", inner)
        if without != inner:
            inner = without
            yield inner
