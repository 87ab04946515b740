"""The command tree: a table of names and modules becomes typer commands, each loaded when its name is typed.

Also the order of words that the tree reads, and the plain words for a line that the tree cannot read.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from herodyno.cli.options import global_flags, with_flags
from herodyno.cli.session import Session
from herodyno.errors import UsageError


class Entry(NamedTuple):
    """One line of the command tree. "run list" wins over "run" where both words are typed.

    The module has a function named as the command ("run_list"). A module of sub-commands has a dict COMMANDS of names
    to functions instead. CONTEXT_SETTINGS are for typer.
    """

    name: str
    module: str
    summary: str


class _AsWritten:
    """Help shows the docstring as it is written."""

    help: str | None
    epilog: str | None

    def get_help(self, ctx: Any) -> str:
        ctx.obj.output.lines(())  # raises when stdout is closed; typer would print nothing and succeed
        return str(super().get_help(ctx))  # type: ignore[misc] # of the classes it is mixed into

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        formatter.write("\n" + inspect.cleandoc(self.help or "") + "\n")

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        if self.epilog:
            formatter.write("\n" + inspect.cleandoc(self.epilog) + "\n")


class Command(_AsWritten, TyperCommand):
    """A command whose help ends with its own flags, then the flags of every command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = list(self.params)
        self.params += global_flags()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.meta["typed"] = list(args)
        words = with_usual_values(self.name or "", args)
        try:
            self._refuse_second_app(ctx, words)
            return super().parse_args(ctx, words)
        except typer.TyperException as caught:
            error: Any = caught
            error.ctx = getattr(error, "ctx", None) or ctx  # "-a requires an argument" does not know its command
            raise

    def _refuse_second_app(self, ctx: Any, words: Sequence[str]) -> None:
        """Raise UsageError where -a names two apps: typer would take the last and say nothing of the first."""
        flag = next((each for each in self.own if "--app" in each.opts and not getattr(each, "multiple", False)), None)
        if flag is None or flag.name is None:
            return
        parser: Any = self.make_parser(ctx)  # it knows where the words of another program begin
        parser._long_opt["--app"].action = "append"
        named = set(parser.parse_args(args=list(words))[0].get(flag.name, ()))
        if len(named) > 1:
            raise UsageError(
                f"{self.name} works on one app, and -a names {len(named)}: {', '.join(sorted(named))}; "
                "nothing was sent",
                next_step="give one of them",
            )

    def invoke(self, ctx: Any) -> Any:
        ctx.obj.adopt_settings()  # not earlier: help must work with a broken config file
        return super().invoke(ctx)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        records = [(param in self.own, param.get_help_record(ctx)) for param in self.get_params(ctx)]
        for heading, is_own in (("Options", True), ("In every command", False)):
            if rows := [row for own, row in records if row and own is is_own]:
                with formatter.section(heading):
                    formatter.write_dl(rows)


class Tree(_AsWritten, TyperGroup):
    """Commands by section. Only the module of the typed command is imported."""

    def __init__(
        self,
        name: str,
        sections: Mapping[str, tuple[Entry, ...]],
        *,
        help: str,  # noqa: A002 - typer's word
        epilog: str = "",
        load: Callable[[Entry], Any],
    ) -> None:
        super().__init__(name=name, help=help, epilog=epilog, rich_markup_mode=None)
        self.sections = sections
        self.entries = {entry.name: entry for entries in sections.values() for entry in entries}
        self.load = load
        self.params += global_flags()
        self.subcommand_metavar = "COMMAND ..."

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.entries)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        entry = self.entries.get(cmd_name)
        return None if entry is None else self.load(entry)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.entries and ctx.parent is None:
            args = _in_our_words(args, ctx.obj)
        if (two := " ".join(args[:2])) in self.entries and len(args) > 1:
            return two, self.get_command(ctx, two), args[2:]
        if args[0] not in self.entries:
            raise self._unknown(args[0], ctx.command_path)
        return super().resolve_command(ctx, args)

    def _unknown(self, word: str, path: str) -> UsageError:
        """The error for a word that is no command."""
        from herodyno.cli.help.spellings import instead_of

        if below := [f"{path} {name}" for name in self.entries if name.startswith(f"{word} ")]:
            return UsageError(f"{path} {word} needs a word more", next_step=f"one of: {', '.join(below)}")
        told = instead_of(word, self.entries, path)
        return UsageError(f"there is no command {word!r}", next_step=told or f"all commands: {path} --help")

    def format_options(self, ctx: Any, formatter: Any) -> None:
        for section, entries in self.sections.items():
            with formatter.section(section):
                formatter.write_dl([(entry.name, entry.summary) for entry in entries])


def _in_our_words(args: list[str], session: Session) -> list[str]:
    """The line with a spelling of the Heroku CLI replaced by ours, after a note that says so."""
    from herodyno.cli.help.spellings import HEROKU_CLI

    means = HEROKU_CLI.get(args[0])
    if means is None:
        return args
    if not {"-q", "--quiet"} & set(args):
        session.output.note(f"{args[0]}: here it is herodyno {' '.join(means)}")
    return [*means, *args[1:]]


def load(entry: Entry) -> Any:
    """Import the entry's module: its command, or its tree of sub-commands ("auth login")."""
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
        load=lambda entry: _command(entry.name, commands[entry.name], None),
    )


def _summary(function: Callable[..., Any]) -> str:
    first = (function.__doc__ or "").partition("\n")[0].rstrip(".")
    return first[:1].lower() + first[1:]


def _example(function: Callable[..., Any]) -> str:
    """The first example of a command's help, without the remark beside the example."""
    after = (function.__doc__ or "").partition("Examples:\n")[2]
    return after.strip().partition("\n")[0].partition("  ")[0]


def _command(name: str, function: Callable[..., Any], settings: dict[str, Any] | None) -> Any:
    holder = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    holder.command(name, cls=Command, context_settings=settings)(with_flags(function))
    return typer.main.get_command(holder)


# What a flag means that may stand alone, by command. A value begins with a digit where the usual one does;
# elsewhere any word that is no flag is the value.
NOWHERE = "(nowhere)"
_USUAL_VALUES = {"ps": {"--watch": "2s"}, "diagnose": {"--watch": "30s"}, "demo": {"--archive": NOWHERE}}


def with_usual_values(command: str, args: Sequence[str]) -> list[str]:
    """The line with a value for each flag that may stand alone, where it does: `ps --watch` is `ps --watch 2s`."""
    usual = _USUAL_VALUES.get(command, {})
    given: list[str] = []
    for place, word in enumerate(args):
        given.append(word)
        if word == "--":
            return [*given, *args[place + 1 :]]
        if word in usual:
            first = "".join(args[place + 1 : place + 2])[:1]
            if not (first.isdigit() if usual[word][0].isdigit() else first.strip("-")):
                given.append(usual[word])
    return given


_OF_THE_APP = ("-a", "--app", "-r", "--remote")


def in_usual_order(argv: Sequence[str], names: Collection[str]) -> list[str]:
    """`-a NAME ps web` becomes `ps -a NAME web`, and `auth help login` becomes `help auth login`.

    `names` are the commands of the tree. Words after `run` stay: they may ask another program for its help.
    """
    words = list(argv)
    if words[1:2] == ["help"] and words[0] in names and words[0] != "run":
        return ["help", words[0], *words[2:]]
    moved: list[str] = []
    at = 0
    while at < len(words) and words[at].startswith("-"):
        if words[at] in _OF_THE_APP or words[at].startswith(("--app=", "--remote=")):
            taken = 1 if "=" in words[at] else 2
            moved += words[at : at + taken]
            del words[at : at + taken]
        else:
            at += 2 if words[at] in ("--color", "--account") else 1
    if at >= len(words):
        return list(argv)
    at += 2 if " ".join(words[at : at + 2]) in names and len(words) > at + 1 else 1
    return [*words[:at], *moved, *words[at:]]


def usage_error(error: typer.TyperException) -> UsageError:
    """typer's complaint about a line as ours: exit code 2, the flag by its name, the help of the right command."""
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "herodyno"
    flag = getattr(error, "option_name", None) if hasattr(error, "possibilities") else None
    message = _whole_number(error) or (getattr(error, "message", "") if flag else error.format_message())
    message = message[:1].lower() + message[1:].rstrip(".")
    told = _instead_of_flag(flag, ctx) if flag and ctx else ""
    return UsageError(message, next_step=told or f"see: {path} --help")


def _instead_of_flag(flag: str, ctx: Any) -> str:
    from herodyno.cli.help.spellings import instead_of_flag

    shown = [each for each in ctx.command.params if not getattr(each, "hidden", False)]
    known = [name for each in shown for name in (*each.opts, *each.secondary_opts) if name.startswith("--")]
    return instead_of_flag(flag, known, ctx.command_path.removeprefix("herodyno "))


def _whole_number(error: Any) -> str:
    """The message for text that is no whole number, or is out of range; "" for every other error."""
    param = getattr(error, "param", None)
    message = error.format_message() if param is None else error.message
    # typer: "'abc' is not a valid int.", "0 is not in the range x>=1."
    found = re.fullmatch(r"(.+) is not (?:a valid int\w*(?: range)?|in the range \S+)\.", message, re.DOTALL)
    if param is None or found is None:
        return ""
    least, most = getattr(param.type, "min", None), getattr(param.type, "max", None)
    bounds = "".join(f" {word} {bound}" for word, bound in (("from", least), ("to", most)) if bound is not None)
    return f"{' or '.join(param.opts)} takes a whole number{bounds}, not {found[1]}"
