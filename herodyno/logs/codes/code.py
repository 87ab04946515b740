"""What is known of one error code."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

# server: the app or its dynos failed a request · client: the caller did · state: the app is meant to
# answer so · runtime: something befell a dyno · loss: log lines were lost
CodeKind: TypeAlias = Literal["server", "client", "state", "runtime", "loss"]
CodeSeverity: TypeAlias = Literal["critical", "warning", "info"]

_ARTICLE = "https://devcenter.heroku.com/articles/error-codes"


class Code(NamedTuple):
    """One row of the table. `to_try` are steps in the order to try them, commands written out so that
    they can be typed (APP, SIZE, web.N are to be filled in); words about one stand in brackets or beyond a colon.

    `names_dyno`: whether the line usually says which dyno it was (router lines: `dyno=`; R codes:
    their source). `severity` is ours, for a single sighting; numbers decide what a log as a whole means.

    `foretells_exit`: a dyno that exits within so many seconds after the line had the request; 0: the code says
    nothing of exits. `ends_life`: the line marks how a dyno's life ended, or that no process began. `speaks_of`:
    in a restart, the dyno of that name which is on its way out, or the dyno which boots. `loses_here`: a line
    that names no drain tells of the stream it stands in. `loses_for_all`: no reader has the lost lines.
    """

    code: str
    title: str
    kind: CodeKind
    severity: CodeSeverity
    names_dyno: bool
    meaning: str
    cause: str
    to_try: tuple[str, ...]
    foretells_exit: float = 0.0
    ends_life: bool = False
    speaks_of: Literal["", "old", "new"] = ""
    loses_here: bool = False
    loses_for_all: bool = False

    @property
    def url(self) -> str:
        """Dev Center's section on it."""
        words = "".join(letter if letter.isalnum() else " " for letter in f"{self.code} {self.title}".lower())
        return f"{_ARTICLE}#{'-'.join(words.split())}"
