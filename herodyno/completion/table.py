"""The command line as the shells need to know it: commands, their flags, and what kind of word each takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# Kinds whose words come from the file of seen names. "target" is a dyno or a type; "scale" is TYPE=N:SIZE.
SEEN = ("app", "dyno", "type", "size", "release", "target", "scale")
# "choice" has its words beside it; "command" is another program's command line; "" is anything: no proposal.
KINDS = (*SEEN, "remote", "file", "choice", "command", "")


class Takes(NamedTuple):
    """What a flag or an argument takes. `words` are those of kind "choice"."""

    kind: str
    words: tuple[str, ...] = ()


class Flag(NamedTuple):
    """One flag under all its names; `takes` is None where it takes no value."""

    names: tuple[str, ...]
    help: str
    takes: Takes | None


class CommandRow(NamedTuple):
    """One place in the tree: `path` is "", "ps" or "auth login"; `below` are the words that lead further down."""

    path: str
    summary: str
    flags: tuple[Flag, ...]
    takes: Takes | None
    below: tuple[str, ...] = ()


def shared_flags(commands: Sequence[CommandRow]) -> list[Flag]:
    """The flags that every command has."""
    return [flag for flag in commands[0].flags if all(flag in each.flags for each in commands)]


def own_flags(command: CommandRow, commands: Sequence[CommandRow]) -> list[Flag]:
    """The flags that not every command has."""
    shared = shared_flags(commands)
    return [flag for flag in command.flags if flag not in shared]
