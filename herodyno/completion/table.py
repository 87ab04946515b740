"""The command line as a table for the shells: commands, their flags, and the kind of word that each takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# Kinds whose words come from the file of seen names. "target" is a dyno or a process type, "scale" is TYPE=N:SIZE.
SEEN = ("app", "dyno", "type", "size", "release", "target", "scale")
# "choice" lists its words, "command" is another program's command line, "" is any word: nothing is proposed.
KINDS = (*SEEN, "remote", "file", "choice", "command", "")


class Takes(NamedTuple):
    """The kind of word that a flag or an argument takes, see KINDS. `words` are those of the kind "choice"."""

    kind: str
    words: tuple[str, ...] = ()


class Flag(NamedTuple):
    """One flag with all its names. `takes` is None for a flag without a value."""

    names: tuple[str, ...]
    help: str
    takes: Takes | None


class CommandRow(NamedTuple):
    """One command of the tree. `path` is "", "ps" or "auth login"; `below` are the words of its subcommands."""

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
