"""Commands loaded when they are wanted: a table of names and modules becomes typer commands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from herodyno.cli.options import everywhere
from herodyno.errors import UsageError


class Entry(NamedTuple):
    """One line of the command tree. A name may be two words ("run list"), which then win over the first alone.

    The module holds a function named as the command ("run_list"), or, for a command with sub-commands, a dict
    COMMANDS of names to functions. It may hold CONTEXT_SETTINGS for typer.
    """

    name: str
    module: str
    summary: str


class Command(TyperCommand):
    """A command whose help shows its docstring as written: what it does, examples, then the options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += everywhere()

    def invoke(self, ctx: Any) -> Any:
        ctx.obj.adopt_settings()  # here and not earlier: help and version work with a broken config file
        return super().invoke(ctx)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        formatter.write("\n" + inspect.cleandoc(self.help or "") + "\n")


class Tree(TyperGroup):
    """Sub-commands by section; only the wanted one's module is imported."""

    def __init__(self, name: str, sections: Mapping[str, tuple[Entry, ...]], help: str) -> None:  # noqa: A002
        super().__init__(name=name, help=help, rich_markup_mode=None, no_args_is_help=False)
        self.sections = sections
        self.entries = {entry.name: entry for entries in sections.values() for entry in entries}
        self.params += everywhere()
        self.subcommand_metavar = "COMMAND ..."

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.entries)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        entry = self.entries.get(cmd_name)
        return None if entry is None else load(entry)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if (two := " ".join(args[:2])) in self.entries and len(args) > 1:
            return two, self.get_command(ctx, two), args[2:]
        if args[0] not in self.entries:
            near = get_close_matches(args[0], self.entries, n=1, cutoff=0.5)
            help_line = f"all commands: {ctx.command_path} --help"
            raise UsageError(
                f"there is no command {args[0]!r}",
                next_step=f"did you mean: {ctx.command_path} {near[0]}" if near else help_line,
            )
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        formatter.write("\n" + inspect.cleandoc(self.help or "") + "\n")

    def format_options(self, ctx: Any, formatter: Any) -> None:
        for section, entries in self.sections.items():
            with formatter.section(section):
                formatter.write_dl([(entry.name, entry.summary) for entry in entries])


def load(entry: Entry) -> Any:
    """The command or group of sub-commands behind one line of the tree."""
    module = import_module(entry.module)
    commands: dict[str, Callable[..., Any]] | None = getattr(module, "COMMANDS", None)
    if commands is None:
        return _command(
            entry.name, getattr(module, entry.name.replace(" ", "_")), getattr(module, "CONTEXT_SETTINGS", None)
        )
    return Group(entry, {name: _command(name, function, None) for name, function in commands.items()})


class Group(TyperGroup):
    """A command with sub-commands of its own ("auth login")."""

    def __init__(self, entry: Entry, commands: dict[str, Any]) -> None:
        super().__init__(name=entry.name, help=entry.summary, commands=commands, rich_markup_mode=None)
        self.params += everywhere()

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.commands:
            near = get_close_matches(args[0], self.commands, n=1, cutoff=0.5) or list(self.commands)
            raise UsageError(
                f"there is no command {ctx.command_path.partition(' ')[2]} {args[0]!r}",
                next_step=f"did you mean: {' or '.join(f'{ctx.command_path} {name}' for name in near)}",
            )
        return super().resolve_command(ctx, args)


def _command(name: str, function: Callable[..., Any], settings: dict[str, Any] | None) -> Any:
    holder = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    holder.command(name, cls=Command, context_settings=settings)(function)
    return typer.main.get_command(holder)
