"""The flags of `restart`, and what they mean as values: which dynos, how to roll."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

import typer

from herodyno.errors import UsageError
from herodyno.operations.restart.plan import Selectors
from herodyno.operations.restart.roll import OnError, Rules
from herodyno.units import parse_duration, parse_share

Order = Literal["worst", "oldest", "name"]

Targets = Annotated[list[str] | None, typer.Argument(metavar="[DYNO|ID|TYPE]...", show_default=False)]
IfId = Annotated[str | None, typer.Option("--if-id", metavar="ID", help="only if it is still this dyno id")]
Rolling = Annotated[bool, typer.Option("--rolling", help="batch by batch, each up before the next", show_default=False)]
Batch = Annotated[str, typer.Option("--batch", metavar="N|SHARE", help="dynos at once: 1, 2, 25%")]
Pause = Annotated[str, typer.Option("--pause", metavar="TIME", help="rest between two batches")]
InOrder = Annotated[Order, typer.Option("--order", help="which dynos first")]
Steady = Annotated[str, typer.Option("--steady", metavar="TIME", help="a new dyno must stay up this long")]
Probe = Annotated[str, typer.Option("--probe", metavar="URL", help="must answer below 400 after each batch")]
WhenWrong = Annotated[OnError, typer.Option("--on-error", help="after a batch that failed")]
Resume = Annotated[bool, typer.Option("--resume", help="go on with an interrupted --rolling", show_default=False)]
MaxShare = Annotated[
    str, typer.Option("--max-share", metavar="SHARE", help="of a type's up dynos, most to take at once")
]
Verify = Annotated[str | None, typer.Option("--verify", metavar="TIME", help="compare error rates after this long")]
OverMemory = Annotated[str | None, typer.Option("--over-memory", metavar="SHARE", help="only dynos above it: 90%")]
OlderThan = Annotated[str | None, typer.Option("--older-than", metavar="TIME", help="only older dynos: 12h")]
Stale = Annotated[
    bool, typer.Option("--stale-release", help="only those behind the newest release", show_default=False)
]
Crashed = Annotated[bool, typer.Option("--crashed", help="only crashed dynos", show_default=False)]
Cooldown = Annotated[str | None, typer.Option("--cooldown", metavar="TIME", help="leave out dynos younger than this")]
MaxPerHour = Annotated[int | None, typer.Option("--max-per-hour", metavar="N", min=1, help="refuse beyond N restarts")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was typed, as values."""

    words: tuple[str, ...]
    if_id: str | None
    selectors: Selectors
    rules: Rules
    rolling: bool
    resume: bool
    order: str
    probe_url: str
    wait: bool
    verify_seconds: float | None
    cooldown_seconds: float | None
    max_per_hour: int | None


# Without --rolling they would be passed over, and all dynos restart at once.
ONLY_ROLLING = ("batch", "pause", "order", "steady", "probe", "on_error")


def require_rolling(ctx: typer.Context) -> None:
    """UsageError when a flag of --rolling was typed without it."""
    for name in ONLY_ROLLING:
        source = ctx.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            flag = "--" + name.replace("_", "-")
            raise UsageError(f"{flag} goes with --rolling; nothing was sent.", next_step="Add --rolling.")


def selectors(over_memory: str | None, older_than: str | None, stale_release: bool, crashed: bool) -> Selectors:
    """The selectors as values."""
    age = None if older_than is None else parse_duration(older_than, flag="--older-than", unit_needed=True)
    return Selectors(
        over_memory=None if over_memory is None else parse_share(over_memory, flag="--over-memory"),
        older_than=None if age is None else timedelta(seconds=age),
        stale_release=stale_release,
        crashed=crashed,
    )


def rules(batch: str, pause: str, steady: str, timeout: str, on_error: OnError, max_share: str) -> Rules:
    """How to roll, as values."""
    number = int(batch) if re.fullmatch(r"\d{1,4}", batch, re.ASCII) else None
    if number == 0:
        raise UsageError("--batch 0 would never end.", next_step="Write it as --batch 1 or --batch 25%.")
    return Rules(
        batch=number or 1,
        batch_share=None if number else parse_share(batch, flag="--batch"),
        pause_seconds=parse_duration(pause, flag="--pause"),
        steady_seconds=parse_duration(steady, flag="--steady"),
        timeout_seconds=parse_duration(timeout, flag="--timeout"),
        on_error=on_error,
        max_share=parse_share(max_share, flag="--max-share"),
    )
