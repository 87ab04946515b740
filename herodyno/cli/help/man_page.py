"""The manual page herodyno(1), in the macros of man(7), from the manual as data."""

from __future__ import annotations

from typing import Any


def man_page(manual: dict[str, Any]) -> list[str]:
    """The lines of the page."""
    lines = [
        f'.TH HERODYNO 1 "" "herodyno {manual["version"]}" "User Commands"',
        *_heading("NAME", r"herodyno \- which Heroku dyno fails, by dyno id, and what to type next"),
        *_heading("SYNOPSIS", r".B herodyno", r".I COMMAND", "[OPTIONS] ..."),
        ".SH COMMANDS",
    ]
    for command in manual["commands"]:
        lines += [f".SS {_quoted(command['name'])}", ".nf", _escaped(command["usage"]), ""]
        lines += [_escaped(line) for line in command["text"].split("\n")]
        lines += [".fi", *_flags(command["flags"])]
        if command["schemas"]:
            lines += [".PP", _escaped(f"JSON: {', '.join(command['schemas'])}")]
    lines += [".SH OPTIONS", "In every command:", *_flags(manual["flags"])]
    lines += [".SH EXIT STATUS", *_rows((str(row["code"]), row["meaning"]) for row in manual["exit_codes"])]
    lines += [".SH ENVIRONMENT", *_rows((row["name"], row["meaning"]) for row in manual["environment"])]
    return lines


def _heading(name: str, *lines: str) -> list[str]:
    return [f".SH {name}", *lines]


def _flags(flags: list[dict[str, Any]]) -> list[str]:
    return _rows(
        (", ".join(flag["names"]) + (f" {flag['value']}" if flag["value"] else ""), flag["help"]) for flag in flags
    )


def _rows(pairs: Any) -> list[str]:
    return [line for name, meaning in pairs for line in (".TP", f".B {_quoted(name)}", _escaped(meaning))]


def _quoted(text: str) -> str:
    """The text as one argument of a macro."""
    return '"' + _escaped(text).replace('"', '""') + '"'


def _escaped(text: str) -> str:
    """The text as it stands: a backslash, a hyphen and a line that begins as a macro mean nothing to roff."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{text}" if text.startswith((".", "'")) else text
