"""What `--on`, `--cooldown`, `--state` and the words behind `--` ask for, checked before anything is sent."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple, cast, get_args

import typer

from herodyno.cli.diagnose.alerts.state_file import StateFile
from herodyno.cli.diagnose.options import DiagnoseOptions
from herodyno.cli.options import reads_archive
from herodyno.cli.session import Session
from herodyno.errors import UsageError
from herodyno.folders import state_folder
from herodyno.heroku_facts import APP_NAME_PATTERN
from herodyno.operations.alerts import On
from herodyno.typed_values import parse_duration

COOLDOWN = "10m"
_FOR_EXAMPLE = "herodyno diagnose --watch 60s --on change -- ./notify.sh"


class AlertOptions(NamedTuple):
    """When to run which command, and where the state between two looks is kept."""

    on: On
    cooldown: timedelta
    argv: tuple[str, ...]
    state: StateFile


def apart_from_command(ctx: typer.Context, options: DiagnoseOptions) -> tuple[DiagnoseOptions, tuple[str, ...]]:
    """The options without the words behind `--`, and those words where --on takes them for a command."""
    typed: Sequence[str] = ctx.meta["typed"]
    words = options.more_files or []
    argv = typed[typed.index("--") + 1 :] if "--" in typed else []
    if not argv or words[-len(argv) :] != list(argv):
        argv = []
    if argv and not options.on and not options.from_file:
        raise UsageError("a command stands behind --, and nothing says when to run it", next_step=_FOR_EXAMPLE)
    if not options.on:
        return options, ()
    return options._replace(more_files=words[: len(words) - len(argv)]), tuple(argv)


def parse_alerts(session: Session, options: DiagnoseOptions, argv: tuple[str, ...]) -> AlertOptions:
    """Raises UsageError for what has no meaning, and what `StateFile.prepare` raises."""
    if options.on not in get_args(On):
        raise UsageError(f"--on {options.on!r} is no time to speak", next_step="one of change, critical")
    if not argv:
        raise UsageError("--on needs a command to run, behind --", next_step=_FOR_EXAMPLE)
    if shutil.which(argv[0], path=session.environ.get("PATH")) is None:
        raise UsageError(f"there is no program {argv[0]!r} to run", next_step="give its path, and chmod +x it")
    cooldown = timedelta(seconds=parse_duration(options.cooldown or COOLDOWN, flag="--cooldown"))
    is_live = not (options.files or reads_archive(options))
    app = session.app_name(options.app, options.remote) if is_live else options.app or ""
    about = f"{app or 'a log'} at {session.api_host}" if is_live else app or "a log"
    path = Path(options.state) if options.state else _usual_path(about, app, options, argv)
    state = StateFile(path, about)
    state.prepare(makes_folder=not options.state)
    return AlertOptions(cast("On", options.on), cooldown, argv, state)


def _usual_path(about: str, app: str, options: DiagnoseOptions, argv: Sequence[str]) -> Path:
    """One file for each app, source, filter and command, so that two commands are both told."""
    sources = [str(Path(name).absolute()) for name in (*options.files, options.archive) if name]
    key = [about, options.on, list(argv), sources, options.engine, asdict(options.filter_options)]
    digest = hashlib.sha256(json.dumps(key).encode()).hexdigest()[:16]
    name = f"{app}-{digest}" if re.fullmatch(APP_NAME_PATTERN, app) else digest
    return state_folder() / "alerts" / f"{name}.json"
