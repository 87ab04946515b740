"""A command's flags stand once, as the fields of its options class; flags that several commands share stand here.

An options class is a NamedTuple. Each field is a flag: its name, its type, its typer.Option, its default.
A command is a function `command(ctx, options)`. `with_flags` shows typer one parameter for each field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import Annotated, Any, NamedTuple, Protocol, get_type_hints

import typer
from typer.core import TyperOption

from herodyno.cli.session import Session
from herodyno.errors import UsageError


def option(*names: str, metavar: str, help: str) -> Any:  # noqa: A002 - typer's word
    """A flag with a value, whose default help does not show."""
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


def switch(*names: str, help: str) -> Any:  # noqa: A002 - typer's word
    """A flag without a value."""
    return typer.Option(*names, help=help, show_default=False)


def argument(metavar: str) -> Any:
    """Words that are no flags. Help calls them `metavar`."""
    return typer.Argument(metavar=metavar, show_default=False)


App = Annotated[str | None, typer.Option("--app", "-a", metavar="NAME", help="app to work on [HEROKU_APP]")]
Apps = Annotated[
    list[str] | None,
    typer.Option("--app", "-a", metavar="NAME", help="app to work on; again for one more [HEROKU_APP]"),
]
AppPatterns = Annotated[
    list[str] | None, option("--apps", metavar="PATTERN", help="apps by name: 'shop-*'; a line for each")
]
Team = Annotated[str, option("--team", metavar="NAME", help="apps of a team")]
Pipeline = Annotated[str, option("--pipeline", metavar="NAME", help="apps of a pipeline")]
Stage = Annotated[str, option("--stage", metavar="STAGE", help="with --pipeline: only those of production, staging")]
AppsFile = Annotated[str, option("--apps-file", metavar="FILE", help="apps that a file names, one a line")]
MetricsFile = Annotated[str, option("--file", metavar="FILE", help="with -o openmetrics: put it there, whole or not")]
Remote = Annotated[str | None, typer.Option("--remote", "-r", metavar="NAME", help="git remote that names the app")]

Archive = Annotated[str, option("--archive", metavar="DIR", help="folder of the archive")]
# Of the commands that read lines from an archive where others read a log.
ArchiveRead = Annotated[str, option("--archive", metavar="DIR", help="read the lines of an archive, offline")]
Engine = Annotated[
    str, option("--engine", metavar="URL", help="with --archive: quack://, sc:// or clickhouse:// answers")
]
EngineTimeout = Annotated[
    str, option("--engine-timeout", metavar="DURATION", help="end a query of the engine after that long (10m)")
]

# The Heroku CLI's way to name dynos. Help shows ours: words.
DynoNames = Annotated[list[str] | None, typer.Option("--dyno-name", "--dyno", "-d", hidden=True)]
ProcessTypes = Annotated[list[str] | None, typer.Option("--process-type", "-p", hidden=True)]

# Of the commands that change an app.
DryRun = Annotated[bool, switch("--dry-run", help="print the calls, send nothing")]
Confirm = Annotated[str | None, option("--confirm", metavar="APP", help="confirm by the app's name")]
ReadOnly = Annotated[bool, switch("--read-only", help="refuse every change [HERODYNO_READ_ONLY]")]

# Of the commands that can wait.
Wait = Annotated[bool, switch("--wait", help="wait until the dynos are up")]
Timeout = Annotated[str, typer.Option("--timeout", metavar="TIME", help="give up after this long")]


class AppFlags(Protocol):
    """The flags of a command that may be for several apps."""

    @property
    def app_names(self) -> list[str] | None: ...
    @property
    def remote(self) -> str | None: ...
    @property
    def apps(self) -> list[str] | None: ...
    @property
    def team(self) -> str: ...
    @property
    def pipeline(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def apps_file(self) -> str: ...


class ArchiveFlags(Protocol):
    """The flags of a command that may read an archive."""

    @property
    def archive(self) -> str: ...
    @property
    def engine(self) -> str: ...
    @property
    def engine_timeout(self) -> str: ...


def reads_archive(flags: ArchiveFlags) -> bool:
    """Whether the lines are an archive's: of a folder, or of a table of an engine."""
    return bool(flags.archive or flags.engine)


def is_for_several(flags: AppFlags) -> bool:
    """Whether the flags are for several apps. One of --apps and its like is, however few apps it finds."""
    several = flags.apps or flags.team or flags.pipeline or flags.stage or flags.apps_file
    return bool(several) or len(set(flags.app_names or ())) > 1


def only_app(flags: AppFlags) -> str | None:
    """The app of -a, None without it. For flags that are not for several apps."""
    return flags.app_names[-1] if flags.app_names else None


def words_of(words: list[str] | None, dynos: list[str] | None, types: list[str] | None) -> list[str]:
    """The words that name dynos, those in --dyno-name and --process-type too.

    Raises UsageError for a dyno in --process-type: a flag that says one dyno never means more.
    """
    for word in types or ():
        if "." in word:
            raise UsageError(
                f"--process-type {word!r} is a dyno; nothing was sent.", next_step=f"Write it as --dyno-name {word}."
            )
    for word in dynos or ():
        if "." not in word and "-" not in word and not set(word) <= set("0123456789abcdef"):
            raise UsageError(
                f"--dyno-name {word!r} is no dyno; nothing was sent.", next_step=f"A type: --process-type {word}."
            )
    return [*(words or ()), *(dynos or ()), *(types or ())]


def parse_version(text: str, *, flag: str = "") -> int:
    """The number in "v42". `flag` is the flag before it with a blank, or "". Raises UsageError for other text."""
    digits = text.removeprefix("v")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise UsageError(f"{flag}{text!r} is not a release; nothing was sent.", next_step=f"Write it as {flag}v42.")
    return int(digits)


class AppOptions(NamedTuple):
    """The flags of a command that only needs to know its app."""

    app: App = None
    remote: Remote = None


def with_flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command as typer reads a command: a parameter for each flag. A command without options stays as it is."""
    options: Any = get_type_hints(command).get("options")
    if options is None:
        return command

    def called(ctx: typer.Context, **flags: Any) -> Any:
        _refuse_empty(ctx, flags, options._field_defaults)
        return command(ctx, options(**flags))

    parameters = [Parameter("ctx", Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    for name, annotation in get_type_hints(options, include_extras=True).items():
        default = options._field_defaults.get(name, Parameter.empty)
        parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation))
    called.__signature__ = Signature(parameters)  # type: ignore[attr-defined] # inspect.signature() reads it first
    called.__doc__ = command.__doc__
    return called


def _refuse_empty(ctx: typer.Context, flags: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    """Raise UsageError for a flag that was given "" where that would mean "not given".

    A shell gives it for an unset variable. The command would do more than was typed: change another app, read live.
    """
    for name, value in flags.items():
        if value != "" or defaults.get(name) != "":
            continue
        source = ctx.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            flag = next(each.opts[0] for each in ctx.command.params if each.name == name)
            raise UsageError(f"{flag} is empty; nothing was sent", next_step="give it a value, or leave it out")


def global_flags() -> list[TyperOption]:
    """The flags of every command. They act on the session, so no options class has them."""
    return [
        _flag("--json", help="print JSON, errors too", act=_json),
        _flag("--quiet", "-q", help="no notes on stderr", act=_quiet),
        _flag("--verbose", "-v", help="say each API call on stderr", act=_verbose),
        _flag("--debug", help="write what happened to a file for a bug report", act=_debug),
        _flag("--utc", help="times in UTC", act=_utc),
        _flag("--no-input", help="never ask a question", act=_no_input),
        _flag("--otp-stdin", help="read a second-factor code from stdin", act=_otp_stdin),
        _flag("--no-color", help="no colour (also: NO_COLOR=1)", act=_no_color),
        TyperOption(
            param_decls=["--color"],
            metavar="WHEN",
            help="auto, always or never",
            expose_value=False,
            show_default=False,
            callback=_color,
        ),
        TyperOption(
            param_decls=["--account"],
            metavar="NAME",
            help="whose token, where several are here [HERODYNO_ACCOUNT]",
            expose_value=False,
            show_default=False,
            callback=_account,
        ),
    ]


def _flag(*names: str, help: str, act: Any) -> TyperOption:  # noqa: A002 - click's word
    return TyperOption(
        param_decls=list(names), is_flag=True, default=False, show_default=False, help=help,
        expose_value=False, callback=act,
    )  # fmt: skip


def _json(ctx: typer.Context, _param: Any, value: bool) -> None:
    Session.of(ctx).output.wants_json |= value


def _quiet(ctx: typer.Context, _param: Any, value: bool) -> None:
    Session.of(ctx).output.quiet |= value


def _verbose(ctx: typer.Context, _param: Any, value: bool) -> None:
    Session.of(ctx).verbose |= value


def _debug(ctx: typer.Context, _param: Any, value: bool) -> None:
    Session.of(ctx).debug |= value


def _utc(ctx: typer.Context, _param: Any, value: bool) -> None:
    Session.of(ctx).output.utc |= value


def _no_input(ctx: typer.Context, _param: Any, value: bool) -> None:
    Session.of(ctx).no_input |= value


def _otp_stdin(ctx: typer.Context, _param: Any, value: bool) -> None:
    Session.of(ctx).otp_stdin |= value


def _no_color(ctx: typer.Context, _param: Any, value: bool) -> None:
    if value:
        Session.of(ctx).output.color = "never"


def _color(ctx: typer.Context, _param: Any, value: str | None) -> None:
    if value is None:
        return
    if value not in ("auto", "always", "never"):
        raise typer.BadParameter(f"{value!r} is not auto, always or never")
    Session.of(ctx).output.color = value  # type: ignore[assignment] # narrowed by the test above


def _account(ctx: typer.Context, _param: Any, value: str | None) -> None:
    if value is not None:
        Session.of(ctx).account_flag = value.strip() or "-"  # an empty name is none, and refused where it is used
