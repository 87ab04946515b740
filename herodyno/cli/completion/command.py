"""`herodyno completion`: the TAB script for bash, zsh and fish, and the apps that TAB proposes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from herodyno.cli.options import argument
from herodyno.cli.session import Session
from herodyno.completion.scripts import MARK, SCRIPTS, script
from herodyno.completion.seen import seen_path
from herodyno.errors import Refused, UsageError
from herodyno.folders import xdg_config_home, xdg_data_home
from herodyno.render.text import line


class ScriptOptions(NamedTuple):
    """The word of `completion show` and `completion install`."""

    shell: Annotated[str | None, argument("[SHELL]")] = None


def show(ctx: typer.Context, options: ScriptOptions) -> None:
    """Print the completion script of a shell.

    Examples:
      herodyno completion show bash
      eval "$(herodyno completion show zsh)"

    SHELL is bash, zsh or fish; left out, it is the one that SHELL names.
    """
    session = Session.of(ctx)
    shell = _shell(session, options.shell)
    if session.output.wants_json:
        session.output.json({"schema": "herodyno.completion-show/1", "shell": shell, "script": script(shell)})
        return
    session.output.lines(line(text) for text in script(shell).splitlines())


def install(ctx: typer.Context, options: ScriptOptions) -> None:
    """Put the completion script where this user's shell looks for it.

    Examples:
      herodyno completion install
      herodyno completion install fish

    Run it again after an upgrade. No start-up file of yours is changed: where the
    shell needs a line in one, it is printed.
    """
    session = Session.of(ctx)
    shell = _shell(session, options.shell)
    path = place(shell)
    if path.exists() and MARK not in path.read_text(encoding="utf-8", errors="replace"):
        raise Refused(f"{path} is not herodyno's own", next_step=f"move it away, or: herodyno completion show {shell}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script(shell), encoding="utf-8")
    to_add = _line_to_add(shell, path)
    if session.output.wants_json:
        document = {"shell": shell, "path": str(path), "line_to_add": to_add or None}
        session.output.json({"schema": "herodyno.completion-install/1", **document})
        return
    session.output.note(f"written: {path}")
    session.output.note(f"add to your .{shell}rc: {to_add}" if to_add else "it works in the next shell you open")


def refresh(ctx: typer.Context) -> None:
    """Ask Heroku for the names of your apps, so that TAB knows them.

    Examples:
      herodyno completion refresh

    On a terminal this happens by itself, in the background, at most once a day.
    The names that TAB offers stand in a file that may be deleted at any time.
    """
    session = Session.of(ctx)
    names = sorted(app.name for app in session.platform.apps())
    path = seen_path()
    if session.output.wants_json:
        session.output.json({"schema": "herodyno.completion-refresh/1", "path": str(path), "apps": names})
        return
    session.output.note(f"{len(names)} apps; TAB reads them from {path}")


COMMANDS: dict[str, Callable[..., Any]] = {"install": install, "show": show, "refresh": refresh}


def _shell(session: Session, word: str | None) -> str:
    shell = word or Path(session.environ.get("SHELL", "")).name
    if shell not in SCRIPTS:
        raise UsageError(
            f"no completion for {shell!r}" if shell else "which shell?",
            next_step=f"herodyno completion install {'|'.join(SCRIPTS)}",
        )
    return shell


def place(shell: str) -> Path:
    """The file where this user's shell looks for the script. zsh looks nowhere by itself: its start-up file must."""
    return {
        "bash": xdg_data_home() / "bash-completion/completions/herodyno",
        "zsh": xdg_data_home() / "zsh/site-functions/_herodyno",
        "fish": xdg_config_home() / "fish/completions/herodyno.fish",
    }[shell]


def _line_to_add(shell: str, path: Path) -> str:
    """The line for the shell's start-up file; "" when the shell finds the script by itself."""
    if shell == "fish":
        return ""
    if shell == "bash" and any(Path(folder, "bash-completion/bash_completion").exists() for folder in _SHARED):
        return ""
    return f"source {path}" + ("   # below compinit" if shell == "zsh" else "")


_SHARED = ("/usr/share", "/usr/local/share", "/opt/homebrew/share")
