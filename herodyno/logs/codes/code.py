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
    """

    code: str
    title: str
    kind: CodeKind
    severity: CodeSeverity
    names_dyno: bool
    meaning: str
    cause: str
    to_try: tuple[str, ...]

    @property
    def url(self) -> str:
        """Dev Center's section on it."""
        words = "".join(letter if letter.isalnum() else " " for letter in f"{self.code} {self.title}".lower())
        return f"{_ARTICLE}#{'-'.join(words.split())}"
