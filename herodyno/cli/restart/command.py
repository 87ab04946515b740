"""`herodyno restart`: replace dynos, at once or rolling, and look whether it helped."""

from __future__ import annotations

import typer

from herodyno.cli.options import App, Remote
from herodyno.cli.restart import options as flags
from herodyno.cli.restart.work import carry_out
from herodyno.cli.session import Session
from herodyno.cli.waiting import Timeout, Wait
from herodyno.cli.writing import Confirm, DryRun, ReadOnly, Writing
from herodyno.errors import UsageError
from herodyno.heroku.probe import checked_probe_url
from herodyno.operations.targets import require_id_start, require_words
from herodyno.units import parse_duration


def restart(
    ctx: typer.Context,
    targets: flags.Targets = None,
    app: App = None,
    remote: Remote = None,
    if_id: flags.IfId = None,
    verify: flags.Verify = None,
    wait: Wait = False,
    timeout: Timeout = "5m",
    over_memory: flags.OverMemory = None,
    older_than: flags.OlderThan = None,
    stale_release: flags.Stale = False,
    crashed: flags.Crashed = False,
    rolling: flags.Rolling = False,
    batch: flags.Batch = "1",
    pause: flags.Pause = "0s",
    order: flags.InOrder = "worst",
    steady: flags.Steady = "10s",
    probe: flags.Probe = "",
    on_error: flags.WhenWrong = "stop",
    resume: flags.Resume = False,
    max_share: flags.MaxShare = "50%",
    cooldown: flags.Cooldown = None,
    max_per_hour: flags.MaxPerHour = None,
    dry_run: DryRun = False,
    confirm: Confirm = None,
    read_only: ReadOnly = False,
) -> None:
    """Replace dynos by new ones: the whole app, a process type, a dyno, a dyno id.

    Examples:
      herodyno restart web.2 --if-id 6f1c02ab --verify 5m --app example-app
      herodyno restart web --rolling --batch 25% --app example-app
      herodyno restart --rolling --resume --app example-app
      herodyno restart --over-memory 90% --max-per-hour 4 --app example-app
      herodyno restart --app example-app --confirm example-app

    Without --rolling all dynos meant restart at once; all of a type or of the app
    ask for the app's name. Each selector (--over-memory, --older-than,
    --stale-release, --crashed) narrows. --if-id does nothing when it is gone.
    """
    session = Session.of(ctx)
    require_words(targets or ())
    if if_id is not None:
        require_id_start(if_id, flag="--if-id")
    chosen = flags.selectors(over_memory, older_than, stale_release, crashed)
    if resume and (targets or if_id or chosen):
        raise UsageError("--resume goes on with what was begun: it takes no dynos; nothing was sent.")
    if not (rolling or resume):
        flags.require_rolling(ctx)
    wanted = flags.Wanted(
        words=tuple(targets or ()),
        if_id=if_id,
        selectors=chosen,
        rules=flags.rules(batch, pause, steady, timeout, on_error, max_share),
        rolling=rolling or resume,
        resume=resume,
        order=order,
        probe_url=checked_probe_url(probe) if probe else "",
        wait=wait,
        verify_seconds=None if verify is None else parse_duration(verify, flag="--verify"),
        cooldown_seconds=None if cooldown is None else parse_duration(cooldown, flag="--cooldown", unit_needed=True),
        max_per_hour=max_per_hour,
    )
    writing = Writing(session, app=app, remote=remote, dry_run=dry_run, read_only=read_only, confirmed=confirm)
    carry_out(writing, wanted)
