"""One error code of Heroku's, and the kinds of codes."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

CodeKind: TypeAlias = Literal["server", "client", "state", "runtime", "loss"]
CodeSeverity: TypeAlias = Literal["critical", "warning", "info"]

KIND_MEANINGS: dict[CodeKind, str] = {
    "server": "the app or its dynos failed the request",
    "client": "the caller ended the request",
    "state": "the app is meant to answer so",
    "runtime": "something befell a dyno",
    "loss": "log lines were lost",
}

_ARTICLE = "https://devcenter.heroku.com/articles/error-codes"


class Code(NamedTuple):
    """One row of the table.

    `severity` is herodyno's own, for a single line; the numbers in a log decide what the whole log means.
    `names_dyno`: whether the line usually names the dyno (router lines by `dyno=`, R codes by their source).
    `to_try` are steps in the order to try them. A command is written so that it can be typed, with APP, SIZE and
    web.N to be filled in. A comment on a command stands in brackets or is separated by a colon.

    `cut_by_stop`: a dyno that Heroku stops gives the code to requests that it drops instead of answering them.
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
    cut_by_stop: bool = False
    foretells_exit: float = 0.0
    ends_life: bool = False
    speaks_of: Literal["", "old", "new"] = ""
    loses_here: bool = False
    loses_for_all: bool = False

    @property
    def url(self) -> str:
        """The section on the code in Dev Center's "Heroku Error Codes"."""
        words = "".join(letter if letter.isalnum() else " " for letter in f"{self.code} {self.title}".lower())
        return f"{_ARTICLE}#{'-'.join(words.split())}"
