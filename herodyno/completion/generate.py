"""The text of each shell's completion script, made from the table of commands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from herodyno.completion import bash, fish, zsh
from herodyno.completion.table import CommandRow

_TABLES = {"bash": bash.shell_table, "zsh": zsh.shell_table, "fish": fish.shell_table}


def generated(shell: str, commands: Sequence[CommandRow]) -> str:
    """The script for "bash", "zsh" or "fish": the frame of that shell with the table put in."""
    frame = Path(__file__).with_name(f"frame.{shell}").read_text(encoding="utf-8")
    return frame.replace("# @TABLE@", _TABLES[shell](commands))
