"""The whole command line as data: `herodyno.help/1`, from the same table and docstrings as the help pages."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from herodyno import __version__
from herodyno.cli.help.schemas import printed_by, schemas
from herodyno.cli.help.topics import ENVIRONMENT, EXIT_CODES
from herodyno.cli.options import global_flags
from herodyno.cli.tree import Entry, load


def manual(sections: Mapping[str, tuple[Entry, ...]], only: str = "") -> dict[str, Any]:
    """Every command, or those that begin with the words of `only`, and what holds for all of them."""
    by_command: dict[str, list[str]] = {}
    for name, schema in schemas().items():
        for command in printed_by(schema):
            by_command.setdefault(command, []).append(name)
    return {
        "schema": "herodyno.help/1",
        "version": __version__,
        "commands": [
            {**row, "schemas": by_command.get(row["name"], [])}
            for section, entries in sections.items()
            for entry in entries
            for row in _commands(section, entry)
            if not only or f"{row['name']} ".startswith(f"{only} ")
        ],
        "flags": [_flag(each) for each in global_flags()],
        "exit_codes": [{"code": code, "meaning": meaning} for code, meaning in EXIT_CODES],
        "environment": [{"name": name, "meaning": meaning} for name, meaning in ENVIRONMENT],
    }


def _commands(section: str, entry: Entry) -> Iterator[dict[str, Any]]:
    command = load(entry)
    if not hasattr(command, "list_commands"):
        yield _row(section, entry.name, entry, command)
        return
    for name in command.list_commands(None):
        yield _row(section, f"{entry.name} {name}", entry, command.get_command(None, name))


def _row(section: str, name: str, entry: Entry, command: Any) -> dict[str, Any]:
    shown = [each for each in command.own if not getattr(each, "hidden", False)]
    words = [each.metavar or each.opts[0].upper() for each in shown if each.param_type_name == "argument"]
    text = inspect.cleandoc(command.help or "")
    return {
        "name": name,
        "section": section,
        "summary": entry.summary if name == entry.name else text.partition("\n")[0].rstrip("."),
        "usage": " ".join(["herodyno", name, "[OPTIONS]", *words]),
        "writes": any("--read-only" in each.opts for each in command.own),
        "text": text,
        "flags": [_flag(each) for each in shown if each.param_type_name != "argument"],
    }


def _flag(option: Any) -> dict[str, Any]:
    value = None if option.is_flag else option.metavar or option.type.name.upper()
    return {"names": [*option.opts, *option.secondary_opts], "value": value, "help": option.help or ""}
