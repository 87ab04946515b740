"""The completion script for bash: a frame of shell code around tables as `case` statements."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.completion.table import CommandRow, Flag, Takes, own_flags, shared_flags


def shell_table(commands: Sequence[CommandRow]) -> str:
    """Two shell functions: the words that may follow a command, and the value that one of its flags takes."""
    shared = shared_flags(commands)
    places, flags = [], [case for flag in shared for case in _cases("*' ", flag)]
    for each in commands:
        own = own_flags(each, commands)
        words = f"below='{' '.join(each.below)}' takes='{_kind(each.takes)}' flags='{_names(own)}'"
        places.append(f"        '{each.path}') {words} ;;")
        flags += [case for flag in own for case in _cases(f"'{each.path} ", flag)]
    return "\n".join(
        ["__herodyno_command() {", "    case $1 in", *places, "    esac", f"    flags+=' {_names(shared)}'", "}", "",
         "# Whether the flag takes a value, and which kind. $1: path and flag.",
         "__herodyno_flag() {", "    case $1 in", *flags, "        *) return 1 ;;", "    esac", "}"]
    )  # fmt: skip


def _cases(place: str, flag: Flag) -> list[str]:
    if flag.takes is None:
        return []
    patterns = " | ".join(f"{place}{name}'" for name in flag.names)
    return [f"        {patterns}) value_kind='{_kind(flag.takes)}' ;;"]


def _names(flags: Sequence[Flag]) -> str:
    return " ".join(name for flag in flags for name in flag.names)


def _kind(takes: Takes | None) -> str:
    if takes is None:
        return ""
    return f"choice:{' '.join(takes.words)}" if takes.kind == "choice" else takes.kind
