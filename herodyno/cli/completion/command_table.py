"""The command tree as a table, from which the completion scripts are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from herodyno.cli.tree import Entry, load
from herodyno.completion.table import CommandRow, Flag, Takes

# The metavar of a value in help -> the kind of words that a shell proposes for the value.
_BY_METAVAR = {
    "APP": "app",
    "DYNO": "dyno",
    "TYPE": "type",
    "TYPE|DYNO": "target",
    "DYNO|TYPE": "target",
    "DYNO|ID|TYPE": "target",
    "DYNO|TYPE|SOURCE|ID|FIELD=VALUE": "target",
    "TARGET": "target",
    "TYPE=N[:SIZE]": "scale",
    "SIZE": "size",
    "vN": "release",
    "FILE": "file",
    "FILE.zip": "file",
    "DIR": "file",
    "COMMAND": "command",
    "-- COMMAND": "command",
}
_NAMES = {"--app": "app", "--remote": "remote"}


def command_table(sections: dict[str, tuple[Entry, ...]], topics: tuple[str, ...]) -> list[CommandRow]:
    """Every command of the tree, the root first. `help` takes `topics` beside the commands."""
    entries = [entry for entries in sections.values() for entry in entries]
    commands = [place for entry in entries for place in _places(entry)]
    shared = tuple(flag for flag in commands[0].flags if all(flag in each.flags for each in commands))
    top = tuple(dict.fromkeys(entry.name.split()[0] for entry in entries))
    version = Flag(("--version", "-V"), "show the version and exit", None)
    root = CommandRow("", "", (*shared, version), None, (*top, "help", "version"))
    for_help = Takes("choice", tuple(sorted({*top, *topics})))
    return [
        root,
        *_with_words_below(_with_groups(commands, shared)),
        CommandRow("help", "help on a command or a topic", shared, for_help),
        CommandRow("version", "the version", shared, None),
    ]


def _places(entry: Entry) -> Iterator[CommandRow]:
    command = load(entry)
    if not hasattr(command, "list_commands"):
        yield _place(entry.name, entry.summary, command)
        return
    yield _place(entry.name, entry.summary, command)
    for name in command.list_commands(None):
        below = command.get_command(None, name)
        yield _place(f"{entry.name} {name}", _first_sentence(below.help), below)


def _place(path: str, summary: str, command: Any) -> CommandRow:
    flags = [Flag(("--help", "-h"), "show help and exit", None)]
    takes = None
    for parameter in command.params:
        if getattr(parameter, "hidden", False):
            continue
        if parameter.param_type_name == "argument":
            takes = _takes(parameter)
        else:
            flags.append(_flag(parameter))
    return CommandRow(path, summary, tuple(flags), takes)


def _with_groups(commands: list[CommandRow], shared: tuple[Flag, ...]) -> Iterator[CommandRow]:
    """The commands, and before those of a group that is no command itself ("archive drain") a row for the group."""
    paths = {each.path for each in commands}
    for each in commands:
        if (group := each.path.rpartition(" ")[0]) and group not in paths:
            paths.add(group)
            words = [other.path.removeprefix(f"{group} ") for other in commands if other.path.startswith(f"{group} ")]
            yield CommandRow(group, ", ".join(words), shared, None)
        yield each


def _with_words_below(rows: Iterable[CommandRow]) -> Iterator[CommandRow]:
    commands = list(rows)
    for each in commands:
        below = tuple(other.path.split()[-1] for other in commands if other.path.rpartition(" ")[0] == each.path)
        yield each._replace(below=below)


def _flag(option: Any) -> Flag:
    names = (*option.opts, *option.secondary_opts)
    return Flag(names, option.help or "", None if option.is_flag else _takes(option))


def _takes(parameter: Any) -> Takes:
    if choices := getattr(parameter.type, "choices", None):
        return Takes("choice", tuple(choices))
    metavar = (parameter.metavar or "").replace("...", "").removeprefix("[").removesuffix("]")
    kind = _NAMES.get(parameter.opts[0], _BY_METAVAR.get(metavar, ""))
    if words := _known_words(parameter.opts[0], metavar):
        return Takes("choice", words)
    return Takes(kind)


def _known_words(name: str, metavar: str) -> tuple[str, ...]:
    """The words that the package itself knows, such as its scenarios."""
    if metavar == "CODE" and name == "codes":
        from herodyno.logs.codes.table import CODES

        return tuple(CODES)
    if metavar == "SHELL":
        from herodyno.completion.scripts import SCRIPTS

        return tuple(SCRIPTS)
    if name == "--stage":
        from herodyno.heroku.which_apps import STAGES

        return STAGES
    if name == "--scenario":
        from herodyno.sandbox.incidents.scenarios import names

        return tuple(names())
    if name == "--time":
        from herodyno.render.logs.terminal import TimeStyle

        return get_args(TimeStyle)
    if name == "--by":
        from herodyno.cli.logs.pattern_query import BYS

        return BYS
    return ("auto", "always", "never") if name == "--color" else ()


def _first_sentence(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0].rstrip(".")
