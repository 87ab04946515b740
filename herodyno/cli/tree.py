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
    COMMANDS of names to functions. It may hold CONTEXT_SETTINGS for typer. One that `writes` changes an app.
    """

    name: str
    module: str
    summary: str
    writes: bool = False


class _AsWritten:
    """Help shows its text as it is written, and the flags that every command has apart from its own."""

    help: str | None
    epilog: str | None

    def get_help(self, ctx: Any) -> str:
        ctx.obj.output.lines(())  # raises where stdout is closed; typer would print nothing and call it done
        return str(super().get_help(ctx))  # type: ignore[misc] # of the classes it is mixed into

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        formatter.write("\n" + inspect.cleandoc(self.help or "") + "\n")

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        if self.epilog:
            formatter.write("\n" + inspect.cleandoc(self.epilog) + "\n")


class Command(_AsWritten, TyperCommand):
    """What it does, examples, its own options, then those of every command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = list(self.params)
        self.params += everywhere()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except typer.TyperException as caught:
            error: Any = caught
            error.ctx = getattr(error, "ctx", None) or ctx  # "-a requires an argument" does not know its command
            raise

    def invoke(self, ctx: Any) -> Any:
        ctx.obj.adopt_settings()  # here and not earlier: help and version work with a broken config file
        return super().invoke(ctx)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        records = [(param in self.own, param.get_help_record(ctx)) for param in self.get_params(ctx)]
        for heading, is_own in (("Options", True), ("In every command", False)):
            if rows := [row for own, row in records if row and own is is_own]:
                with formatter.section(heading):
                    formatter.write_dl(rows)


class Tree(_AsWritten, TyperGroup):
    """Commands by section; only the wanted one's module is imported."""

    def __init__(
        self,
        name: str,
        sections: Mapping[str, tuple[Entry, ...]],
        *,
        help: str,  # noqa: A002 - typer's word
        epilog: str = "",
        load: Callable[[Entry], Any],
        planned: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name=name, help=help, epilog=epilog, rich_markup_mode=None)
        self.sections = sections
        self.entries = {entry.name: entry for entries in sections.values() for entry in entries}
        self.load = load
        self.planned = planned or {}
        self.params += everywhere()
        self.subcommand_metavar = "COMMAND ..."

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.entries)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        entry = self.entries.get(cmd_name)
        return None if entry is None else self.load(entry)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if (two := " ".join(args[:2])) in self.entries and len(args) > 1:
            return two, self.get_command(ctx, two), args[2:]
        if args[0] not in self.entries:
            raise self._unknown(args[0], ctx.command_path)
        return super().resolve_command(ctx, args)

    def _unknown(self, word: str, path: str) -> UsageError:
        """Nobody is offered a line to paste that changes an app, however near it is to what was typed."""
        near = get_close_matches(word, self.entries, n=1, cutoff=0.5)
        is_offered = near and not self.entries[near[0]].writes
        return UsageError(
            f"there is no command {word!r}" + self.planned.get(word, ""),
            next_step=f"did you mean: {path} {near[0]}" if is_offered else f"all commands: {path} --help",
        )

    def format_options(self, ctx: Any, formatter: Any) -> None:
        for section, entries in self.sections.items():
            with formatter.section(section):
                formatter.write_dl([(entry.name, entry.summary) for entry in entries])


def load(entry: Entry) -> Any:
    """The command, or the tree of sub-commands ("auth login"), behind one line of the tree."""
    module = import_module(entry.module)
    commands: dict[str, Callable[..., Any]] | None = getattr(module, "COMMANDS", None)
    if commands is None:
        function = getattr(module, entry.name.replace(" ", "_"))
        return _command(entry.name, function, getattr(module, "CONTEXT_SETTINGS", None))
    below = tuple(Entry(name, entry.module, _summary(function)) for name, function in commands.items())
    examples = "\n".join(f"  {_example(function)}" for function in commands.values())
    return Tree(
        entry.name,
        {"Commands": below},
        help=f"{entry.summary[:1].upper()}{entry.summary[1:]}.\n\nExamples:\n{examples}",
        load=lambda it: _command(it.name, commands[it.name], None),
    )


def _summary(function: Callable[..., Any]) -> str:
    first = (function.__doc__ or "").partition("\n")[0].rstrip(".")
    return first[:1].lower() + first[1:]


def _example(function: Callable[..., Any]) -> str:
    """The first example of a command's help, without what is said beside it."""
    after = (function.__doc__ or "").partition("Examples:\n")[2]
    return after.strip().partition("\n")[0].partition("  ")[0]


def _command(name: str, function: Callable[..., Any], settings: dict[str, Any] | None) -> Any:
    holder = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    holder.command(name, cls=Command, context_settings=settings)(function)
    return typer.main.get_command(holder)
