"""The shared vocabulary of flags: a flag means the same in every command that has it."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperOption

from herodyno.cli.session import Session

App = Annotated[str | None, typer.Option("--app", "-a", metavar="NAME", help="app to work on [HEROKU_APP]")]
Remote = Annotated[str | None, typer.Option("--remote", "-r", metavar="NAME", help="git remote that names the app")]


def everywhere() -> list[TyperOption]:
    """The flags every command has. They act on the session, so no command repeats them."""
    return [
        _flag("--json", help="print JSON, errors too", act=_json),
        _flag("--quiet", "-q", help="no notes on stderr", act=_quiet),
        _flag("--verbose", "-v", help="say each API call on stderr", act=_verbose),
        _flag("--debug", help="show where an unexpected error came from", act=_debug),
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
