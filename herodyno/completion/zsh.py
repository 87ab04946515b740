"""The completion script for zsh: a frame of shell code around specifications for `_arguments`."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.completion.table import CommandRow, Flag, Takes, own_flags, shared_flags


def shell_table(commands: Sequence[CommandRow]) -> str:
    """One shell function that sets `below` and `specs` for a command."""
    about = {each.path: each.summary for each in commands}
    lines = ["__herodyno_command() {", "    below=()", "    case $1 in"]
    shared = [f"        {_flag(flag)}" for flag in shared_flags(commands)]
    for each in commands:
        lines.append(f"        '{each.path}')")
        if each.below:
            lines.append("            below=(")
            paths = {word: f"{each.path} {word}".strip() for word in each.below}
            lines += [f"                {_quoted(f'{word}:{about[path]}')}" for word, path in paths.items()]
            lines.append("            )")
        lines.append("            specs=(")
        specs = [*map(_flag, own_flags(each, commands)), *_arguments(each)]
        lines += [f"                {spec}" for spec in specs]
        lines.append("            ) ;;")
    return "\n".join([*lines, "    esac", "    specs+=(", *shared, "    )", "}"])


def _flag(flag: Flag) -> str:
    value = "" if flag.takes is None else f":{flag.names[0].lstrip('-')}:{_action(flag.takes)}"
    text = f"[{_plain(flag.help)}]{value}"
    names = [_with_value(name) if flag.takes is not None else name for name in flag.names]
    if len(names) == 1:
        return _quoted(names[0] + text)
    return f"'({' '.join(flag.names)})'{{{','.join(names)}}}{_quoted(text)}"


def _with_value(name: str) -> str:
    return f"{name}=" if name.startswith("--") else f"{name}+"


def _arguments(command: CommandRow) -> list[str]:
    below = ["'1: :_herodyno_below'"] if command.below else []
    if command.takes is None:
        return below
    star = "*::" if command.takes.kind == "command" else "*:"
    return [*below, _quoted(f"{star}word:{_action(command.takes)}")]


def _action(takes: Takes) -> str:
    if takes.kind == "choice":
        return f"({' '.join(takes.words)})"
    return {"": " ", "file": "_files", "command": "_default"}.get(takes.kind, f"_herodyno_{takes.kind}")


def _plain(text: str) -> str:
    """The text, with the characters escaped that would end a description."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
