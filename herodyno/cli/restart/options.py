"""The flags of `restart`, each once, and the values that are parsed from them: which dynos, how to roll."""

# No "annotations" from __future__ here: each of these annotations would be compiled on its own.
import re
from datetime import timedelta
from typing import Annotated, Literal, NamedTuple

import typer

from herodyno.cli.options import (
    AppPatterns,
    Apps,
    AppsFile,
    Confirm,
    DryRun,
    DynoNames,
    Pipeline,
    ProcessTypes,
    ReadOnly,
    Remote,
    Stage,
    Team,
    Timeout,
    Wait,
    argument,
    is_for_several,
    only_app,
    option,
    switch,
    words_of,
)
from herodyno.errors import UsageError
from herodyno.heroku.probe import checked_probe_url
from herodyno.operations.restart.plan import Selectors
from herodyno.operations.restart.roll import OnError, Rules
from herodyno.operations.targets import require_id_start, require_words
from herodyno.typed_values import parse_duration, parse_share


class RestartOptions(NamedTuple):
    """The flags of `restart`."""

    targets: Annotated[list[str] | None, argument("[DYNO|ID|TYPE]...")] = None
    app_names: Apps = None
    remote: Remote = None
    if_id: Annotated[str | None, option("--if-id", metavar="ID", help="only if it is still this dyno id")] = None
    verify: Annotated[str | None, option("--verify", metavar="TIME", help="compare error rates after this long")] = None
    wait: Wait = False
    timeout: Timeout = "5m"
    over_memory: Annotated[str | None, option("--over-memory", metavar="SHARE", help="only dynos above it: 90%")] = None
    older_than: Annotated[str | None, option("--older-than", metavar="TIME", help="only older dynos: 12h")] = None
    stale_release: Annotated[bool, switch("--stale-release", help="only those behind the newest release")] = False
    crashed: Annotated[bool, switch("--crashed", help="only crashed dynos")] = False
    rolling: Annotated[bool, switch("--rolling", help="batch by batch, each up before the next")] = False
    batch: Annotated[str, typer.Option("--batch", metavar="N|SHARE", help="dynos at once: 1, 2, 25%")] = "1"
    pause: Annotated[str, typer.Option("--pause", metavar="TIME", help="rest between two batches")] = "0s"
    order: Annotated[Literal["worst", "oldest", "name"], typer.Option("--order", help="which dynos first")] = "worst"
    steady: Annotated[str, typer.Option("--steady", metavar="TIME", help="a new dyno must stay up this long")] = "10s"
    probe: Annotated[str, option("--probe", metavar="URL", help="must answer below 400 after each batch")] = ""
    on_error: Annotated[OnError, typer.Option("--on-error", help="after a batch that failed")] = "stop"
    resume: Annotated[bool, switch("--resume", help="go on with an interrupted --rolling")] = False
    max_share: Annotated[
        str, typer.Option("--max-share", metavar="SHARE", help="of a type's up dynos, most to take at once")
    ] = "50%"
    cooldown: Annotated[str | None, option("--cooldown", metavar="TIME", help="leave out dynos younger than this")] = (
        None
    )
    max_per_hour: Annotated[
        int | None, typer.Option("--max-per-hour", metavar="N", min=1, help="refuse beyond N restarts")
    ] = None
    dry_run: DryRun = False
    confirm: Confirm = None
    read_only: ReadOnly = False
    apps: AppPatterns = None
    team: Team = ""
    pipeline: Pipeline = ""
    stage: Stage = ""
    apps_file: AppsFile = ""
    dyno_name: DynoNames = None
    process_type: ProcessTypes = None

    @property
    def app(self) -> str | None:
        """The app of -a, where the flags are not for several."""
        return only_app(self)

    @property
    def rolls(self) -> bool:
        """Whether dynos restart batch by batch."""
        return self.rolling or self.resume


class RestartRequest(NamedTuple):
    """The options, and the values parsed from them. `words` name dynos. A time that is not wanted is None."""

    options: RestartOptions
    words: tuple[str, ...]
    selectors: Selectors
    rules: Rules
    probe_url: str
    verify_seconds: float | None
    cooldown_seconds: float | None


def parse_request(ctx: typer.Context, options: RestartOptions) -> RestartRequest:
    """The request. Raises UsageError for a value that has no meaning, and for flags that exclude one another."""
    words = tuple(words_of(options.targets, options.dyno_name, options.process_type))
    require_words(words)
    if options.if_id is not None:
        require_id_start(options.if_id, flag="--if-id")
    selectors = _selectors(options)
    if options.resume and (words or options.if_id or selectors):
        raise UsageError("--resume goes on with what was begun: it takes no dynos; nothing was sent.")
    if not options.rolls:
        _require_rolling(ctx)
    if is_for_several(options):
        _refuse_beside_several(options)
    return RestartRequest(
        options=options,
        words=words,
        selectors=selectors,
        rules=_rules(options),
        probe_url=checked_probe_url(options.probe) if options.probe else "",
        verify_seconds=None if options.verify is None else parse_duration(options.verify, flag="--verify"),
        cooldown_seconds=None
        if options.cooldown is None
        else parse_duration(options.cooldown, flag="--cooldown", unit_needed=True),
    )


# Without --rolling all dynos restart at once, and these flags would have no effect.
ONLY_ROLLING = ("batch", "pause", "order", "steady", "probe", "on_error")


def _require_rolling(ctx: typer.Context) -> None:
    """Raise UsageError when a flag of --rolling was typed without --rolling."""
    for name in ONLY_ROLLING:
        source = ctx.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            flag = "--" + name.replace("_", "-")
            raise UsageError(f"{flag} goes with --rolling; nothing was sent.", next_step="Add --rolling.")


def _refuse_beside_several(options: RestartOptions) -> None:
    """Raise UsageError for what follows the dynos of one app for minutes, and for a dyno id."""
    about_one = {
        "--rolling": options.rolling,
        "--resume": options.resume,
        "--verify": options.verify is not None,
        "--wait": options.wait,
        "--if-id": options.if_id is not None,
    }
    if flag := next((flag for flag, given in about_one.items() if given), ""):
        raise UsageError(f"{flag} is for one app; nothing was sent", next_step="leave one out")


def _selectors(options: RestartOptions) -> Selectors:
    text = options.older_than
    age = None if text is None else parse_duration(text, flag="--older-than", unit_needed=True)
    share = options.over_memory
    return Selectors(
        over_memory=None if share is None else parse_share(share, flag="--over-memory"),
        older_than=None if age is None else timedelta(seconds=age),
        stale_release=options.stale_release,
        crashed=options.crashed,
    )


def _rules(options: RestartOptions) -> Rules:
    number = int(options.batch) if re.fullmatch(r"\d{1,4}", options.batch, re.ASCII) else None
    if number == 0:
        raise UsageError("--batch 0 would never end.", next_step="Write it as --batch 1 or --batch 25%.")
    return Rules(
        batch=number or 1,
        batch_share=None if number else parse_share(options.batch, flag="--batch"),
        pause_seconds=parse_duration(options.pause, flag="--pause"),
        steady_seconds=parse_duration(options.steady, flag="--steady"),
        timeout_seconds=parse_duration(options.timeout, flag="--timeout"),
        on_error=options.on_error,
        max_share=parse_share(options.max_share, flag="--max-share"),
    )
