"""The flags of `run`, each once, and the values that are parsed from them."""

# No "annotations" from __future__ here: each of these annotations would be compiled on its own.
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from herodyno.cli.options import App, Confirm, DryRun, ReadOnly, Remote, argument, option, switch
from herodyno.errors import UsageError
from herodyno.operations.one_off.command import env_of, parse_ttl, shell_text, split_pairs
from herodyno.typed_values import parse_duration


def switch_of_the_cli(*names: str) -> Any:
    """A flag of the Heroku CLI, understood and not shown in help."""
    return typer.Option(*names, hidden=True)


class RunOptions(NamedTuple):
    """The flags of `run`. `words` are the command and its own flags.

    Of the Heroku CLI's flags `exit_code` and `no_notify` ask for what is done anyway. `tail` is its `wait`.
    """

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
    exit_code: Annotated[bool, switch_of_the_cli("--exit-code", "-x")] = False
    no_notify: Annotated[bool, switch_of_the_cli("--no-notify")] = False
    tail: Annotated[bool, switch_of_the_cli("--tail", "-t")] = False
    dry_run: DryRun = False
    confirm: Confirm = None
    read_only: ReadOnly = False


class RunRequest(NamedTuple):
    """The options, and the values parsed from them.

    `command` is shell text. `total_seconds` and `ttl` (the dyno's longest life) are seconds, None without the flag.
    `notes` are for a person.
    """

    options: RunOptions
    command: str
    env: Mapping[str, str]
    total_seconds: float | None
    ttl: int | None
    notes: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a detached run is followed to its end."""
        return self.options.wait or self.options.tail


def parse_request(options: RunOptions, environ: Mapping[str, str]) -> RunRequest:
    """The request. Raises UsageError for a value that has no meaning, and for flags that exclude one another."""
    if options.exit_code and options.no_exit_code:
        raise UsageError("--exit-code and --no-exit-code are two wishes", next_step="leave one out")
    if (options.wait or options.tail) and not options.detach:
        raise UsageError("--wait goes with --detach: an attached run waits by itself", next_step="leave out --wait")
    command = shell_text(options.words or [])
    in_file = options.env_file.read_text(encoding="utf-8", errors="surrogateescape") if options.env_file else ""
    pairs, split = split_pairs(options.env or [])
    return RunRequest(
        options=options,
        command=command,
        env=env_of(pairs, in_file, environ),
        total_seconds=parse_duration(options.timeout, flag="--timeout") if options.timeout else None,
        ttl=parse_ttl(options.ttl) if options.ttl else None,
        notes=(f"--env is split at ; as the Heroku CLI splits it: {', '.join(split)}",) if split else (),
    )
