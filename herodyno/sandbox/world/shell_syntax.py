"""The syntax of the harmless shell: text to a tree, with the quoting of a POSIX shell.

Pipes, redirections and command substitution are a ShellSyntaxError. Globs have no meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

Word = tuple[tuple[str, bool], ...]  # pieces: (text, whether $NAME in it is expanded)

OPERATORS = ("&&", "||", ";", "\n", "(", ")")
UNKNOWN = ("|", "&", "<", ">", "`")


class ShellSyntaxError(Exception):
    """The text is not a command of this shell."""


@dataclass(frozen=True, slots=True)
class Simple:
    """A command of words. Words like NAME=VALUE at the front are assignments."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """(operator, command) in order: ";" runs always, "&&" after success, "||" after failure."""

    steps: tuple[tuple[str, Simple | Block], ...]
    subshell: bool = False


def parse(text: str) -> Block:
    """The tree of a command line. Raises ShellSyntaxError."""
    return _Parser(list(_tokens(text))).block(until="")


@dataclass(slots=True)
class _Parser:
    units: list[str | Word]
    at: int = field(default=0)

    def block(self, until: str) -> Block:
        steps: list[tuple[str, Simple | Block]] = []
        operator = ";"
        while self.at < len(self.units):
            unit = self.units[self.at]
            if unit == until:
                self.at += 1
                return Block(tuple(steps), subshell=until == ")")
            if unit in (";", "\n"):
                operator, self.at = ";", self.at + 1
            elif unit in ("&&", "||"):
                operator, self.at = str(unit), self.at + 1
            elif unit == "(":
                self.at += 1
                steps.append((operator, self.block(until=")")))
            elif unit == ")":
                raise ShellSyntaxError("syntax error near `)'")
            else:
                steps.append((operator, self._simple()))
        if until:
            raise ShellSyntaxError(f"syntax error: `{until}' is missing")
        return Block(tuple(steps))

    def _simple(self) -> Simple:
        words: list[Word] = []
        while self.at < len(self.units) and not isinstance(unit := self.units[self.at], str):
            words.append(unit)
            self.at += 1
        return Simple(tuple(words))


_BARE = re.compile(r"[^\s'\"\\;&|()<>`]+")
_IN_QUOTES = re.compile(r'(?:[^"\\]|\\.)*', re.DOTALL)


def _tokens(text: str) -> Iterator[str | Word]:
    at = 0
    while at < len(text):
        if operator := next((each for each in OPERATORS if text.startswith(each, at)), ""):
            yield operator
            at += len(operator)
        elif text[at].isspace():
            at += 1
        elif text[at] == "#":
            at = text.find("\n", at) if "\n" in text[at:] else len(text)
        elif text[at] in UNKNOWN:
            raise ShellSyntaxError(f"the sandbox's shell has no `{text[at]}'")
        else:
            word, at = _word(text, at)
            yield word


def _word(text: str, at: int) -> tuple[Word, int]:
    pieces: list[tuple[str, bool]] = []
    while at < len(text):
        if text[at] == "'":
            end = text.find("'", at + 1)
            if end < 0:
                raise ShellSyntaxError("unexpected end while looking for `''")
            pieces.append((text[at + 1 : end], False))
            at = end + 1
        elif text[at] == '"':
            inside = _IN_QUOTES.match(text, at + 1)
            if inside is None or inside.end() >= len(text):
                raise ShellSyntaxError("unexpected end while looking for `\"'")
            pieces += [("", False), *_double_quoted(inside[0])]
            at = inside.end() + 1
        elif text[at] == "\\":
            pieces.append((text[at + 1 : at + 2], False))
            at += 2
        elif bare := _BARE.match(text, at):
            pieces.append((bare[0], True))
            at = bare.end()
        else:
            break
    return tuple(pieces), at


def _double_quoted(inside: str) -> Iterator[tuple[str, bool]]:
    for part in re.split(r"(\\.)", inside, flags=re.DOTALL):
        if part.startswith("\\"):
            yield (part[1:] if part[1] in '$`"\\' else part, False)
        else:
            yield (part, True)
