"""The flags of `run`, each once, and the values that are parsed from them."""

# No "annotations" from __future__ here: each of these annotations would be compiled on its own.
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from herodyno.cli.options import App, Confirm, DryRun, ReadOnly, Remote, argument, option, switch
from herodyno.errors import UsageError
from herodyno.operations.one_off.command import env_of, parse_ttl, shell_text
from herodyno.units import parse_duration


class RunOptions(NamedTuple):
    """The flags of `run`. `words` are the command and its own flags."""

    words: Annotated[list[str] | None, argument("COMMAND...")] = None
    app: App = None
    remote: Remote = None
    size: Annotated[str, option("--size", "-s", metavar="SIZE", help="dyno size, as in: herodyno sizes")] = ""
    type: Annotated[str, option("--type", metavar="TYPE", help="process type to run as, instead of run")] = ""
    env: Annotated[
        list[str] | None,
        option("--env", "-e", metavar="NAME=VALUE", help="set a variable; NAME alone takes its value from here"),
    ] = None
    env_file: Annotated[
        Path | None, option("--env-file", metavar="FILE", help="variables, NAME=VALUE on each line")
    ] = None
    tty: Annotated[bool | None, switch("--tty/--no-tty", help="give the command a terminal or none")] = None
    timeout: Annotated[str, option("--timeout", metavar="TIME", help="stop the dyno after this long")] = ""
    ttl: Annotated[str, option("--ttl", metavar="TIME", help="Heroku stops the dyno after this long (up to 24h)")] = ""
    detach: Annotated[bool, switch("--detach", help="start it, print its name and id, and leave")] = False
    wait: Annotated[bool, switch("--wait", help="with --detach: follow its log to the end")] = False
    no_exit_code: Annotated[
        bool, switch("--no-exit-code", help="send the command as it is; exit 0 when it is over")
    ] = False
    no_launcher: Annotated[bool, switch("--no-launcher", help="do not set up a buildpack-native app's environment")] = (
        False
    )
    dry_run: DryRun = False
    confirm: Confirm = None
    read_only: ReadOnly = False


class RunRequest(NamedTuple):
    """The options, and the values parsed from them.

    `command` is shell text. `total_seconds` and `ttl` (the dyno's longest life) are seconds, None without the flag.
    """

    options: RunOptions
    command: str
    env: Mapping[str, str]
    total_seconds: float | None
    ttl: int | None


def parse_request(options: RunOptions, environ: Mapping[str, str]) -> RunRequest:
    """The request. Raises UsageError for a value that has no meaning, and for flags that exclude one another."""
    if options.wait and not options.detach:
        raise UsageError("--wait goes with --detach: an attached run waits by itself", next_step="leave out --wait")
    command = shell_text(options.words or [])
    in_file = options.env_file.read_text(encoding="utf-8", errors="surrogateescape") if options.env_file else ""
    return RunRequest(
        options=options,
        command=command,
        env=env_of(options.env or [], in_file, environ),
        total_seconds=parse_duration(options.timeout, flag="--timeout") if options.timeout else None,
        ttl=parse_ttl(options.ttl) if options.ttl else None,
    )
