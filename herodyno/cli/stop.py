"""`herodyno stop`: end dynos. Heroku starts dynos of the formation again."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, NamedTuple

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
    argument,
    is_for_several,
    only_app,
    option,
    words_of,
)
from herodyno.cli.session import Session
from herodyno.cli.writing import Writing
from herodyno.dynos import names_with_ids
from herodyno.operations.stop_plan import StopPlan, plan_stop, require_target
from herodyno.operations.targets import require_words
from herodyno.render.calls import dyno_calls_document
from herodyno.typed_values import parse_duration


class StopOptions(NamedTuple):
    """The flags of `stop`."""

    targets: Annotated[list[str] | None, argument("[DYNO|ID|TYPE]...")] = None
    app_names: Apps = None
    remote: Remote = None
    type: Annotated[str, option("--type", metavar="TYPE", help="dynos of this process type, such as run")] = ""
    older_than: Annotated[str | None, option("--older-than", metavar="TIME", help="only older dynos: 6h")] = None
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

    def min_age(self) -> timedelta | None:
        """The age that --older-than names. Raises UsageError for text that is no duration."""
        if self.older_than is None:
            return None
        return timedelta(seconds=parse_duration(self.older_than, flag="--older-than", unit_needed=True))


def stop(ctx: typer.Context, options: StopOptions) -> None:
    """Stop dynos: a dyno, a dyno id, a process type, or one-offs by age.

    Examples:
      herodyno stop run.1234 --app example-app
      herodyno stop --type run --older-than 6h --app example-app --dry-run
      herodyno stop worker --app example-app --confirm example-app
      herodyno stop run --apps 'example-*' --older-than 6h --dry-run

    A dyno of the formation comes back by itself: to have fewer, use scale.
    Stopping all dynos of a process type asks for the app's name. Several apps are
    planned first, and their number is asked for.
    """
    session = Session.of(ctx)
    output = session.output
    targets = words_of(options.targets, options.dyno_name, options.process_type)
    type_ = options.type
    require_target(targets, type_)
    require_words([*targets, *([type_] if type_ else [])])
    min_age = options.min_age()

    def plan_of(writing: Writing) -> StopPlan:
        platform, name = writing.session.platform, writing.app
        dynos, formation = platform.gather(lambda: platform.dynos(name), lambda: platform.formation(name))
        return plan_stop(name, targets, dynos, formation, type=type_, older_than=min_age, now=session.api_now())

    if is_for_several(options):
        from herodyno.cli.fleet.writes import AppPlan, change_several

        def app_plan(writing: Writing) -> AppPlan:
            plan = plan_of(writing)
            for note in plan.notes:
                writing.session.output.note(note)
            return AppPlan(plan.writes, ", ".join(names_with_ids(plan.dynos)))

        change_several(session, options, app_plan, verb="stop")
        return
    writing = Writing(session, options)
    plan, name = plan_of(writing), writing.app
    for note in plan.notes:
        output.note(note)
    if not plan.dynos:
        output.note(f"no dyno of {name} is meant: nothing to do")
    else:
        writing.confirm(plan.reasons, does=f"stop of {', '.join(names_with_ids(plan.dynos))}")
    sent = writing.send_all(plan.writes)
    if output.wants_json:
        document = dyno_calls_document(
            "herodyno.stop/1",
            name,
            plan.dynos,
            notes=plan.notes,
            writes=plan.writes,
            sent=sent,
            dry_run=options.dry_run,
        )
        output.json(document)
    elif options.dry_run:
        writing.show_calls(plan.writes)
    elif sent:
        output.note(f"stopped {', '.join(names_with_ids(plan.dynos))}")
