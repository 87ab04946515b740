"""The completion script for fish: a frame of shell code around one `complete` line for each flag and word."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.completion.table import CommandRow, Flag, Takes, own_flags, shared_flags


def shell_table(commands: Sequence[CommandRow]) -> str:
    """The list of command paths, and the `complete` lines of each command."""
    about = {each.path: each.summary for each in commands}
    paths = " ".join(_quoted(each.path) for each in commands if each.path)
    lines = [f"set -g __herodyno_paths {paths}", "complete -c herodyno -f"]
    lines += [f"complete -c herodyno {_flag(flag)}" for flag in shared_flags(commands)]
    for each in commands:
        here = f"complete -c herodyno -n {_quoted(f'__herodyno_at {_quoted(each.path)}')}"
        first = f"complete -c herodyno -n {_quoted(f'__herodyno_first_at {_quoted(each.path)}')}"
        for word in each.below:
            lines.append(f"{first} -a {word} -d {_quoted(about[f'{each.path} {word}'.strip()])}")
        if each.takes is not None and (wanted := _words(each.takes)):
            lines.append(f"{here} {wanted}")
        lines += [f"{here} {_flag(flag)}" for flag in own_flags(each, commands)]
    return "\n".join(lines)


def _flag(flag: Flag) -> str:
    names = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in flag.names]
    takes = [] if flag.takes is None else ["-r" if flag.takes.kind == "file" else "-x", _words(flag.takes)]
    return " ".join(part for part in [*names, *takes, f"-d {_quoted(flag.help)}"] if part)


def _words(takes: Takes) -> str:
    if takes.kind == "choice":
        return f"-a {_quoted(' '.join(takes.words))}"
    if takes.kind in ("file", "command"):
        return "-F"
    kinds = {
        "": "",
        "remote": "(git remote 2>/dev/null)",
        "scale": "(__herodyno_scale)",
        "target": "(__herodyno_target)",
    }
    words = kinds.get(takes.kind, f"(__herodyno_seen {takes.kind})")
    return f"-a {_quoted(words)}" if words else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
