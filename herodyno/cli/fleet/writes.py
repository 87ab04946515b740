"""`restart`, `stop` and `scale` of several apps: one plan that names each, one confirmation, one write at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

from herodyno.cli.fleet.asking import apps_of, call_budget, each_app, next_step_of, told_of
from herodyno.cli.options import AppFlags
from herodyno.cli.session import Session
from herodyno.cli.writing import WriteOptions, Writing, question_asker
from herodyno.errors import (
    BadReply,
    HerodynoError,
    NotAuthenticated,
    RateLimited,
    Refused,
    TwoFactorNeeded,
    Unreachable,
)
from herodyno.heroku.which_app import checked_app_name
from herodyno.heroku.which_apps import SelectedApp
from herodyno.operations.confirm import confirm_words
from herodyno.operations.executor import LOST_ANSWERS, Sent
from herodyno.operations.writes import Write
from herodyno.render.fleet.changes import AppChange, changes_blocks, changes_document
from herodyno.render.output import OutputLost, ReaderGone
from herodyno.units import count

# The app, dynos, formation, releases or sizes; for a scale the log session too.
CALLS_OF_AN_APP = 5


class Flags(AppFlags, WriteOptions, Protocol):
    """The flags of a command that changes several apps."""


class OneApp(NamedTuple):
    """The flags for one of the apps. Its confirmation is that of all."""

    app: str
    dry_run: bool
    read_only: bool
    remote: None = None
    confirm: None = None


class AppPlan(NamedTuple):
    """What is to be done to one app: the writes, none where there is nothing to do, and what they do in words.

    `cents` is the difference in price per month, None where the API does not tell.
    """

    writes: Sequence[Write]
    does: str
    cents: int | None = 0


def change_several(session: Session, flags: Flags, plan_of: Callable[[Writing], AppPlan], *, verb: str) -> None:
    """Plan all apps, or raise why one cannot be; then ask once, and change one app after the other.

    An app that fails costs no other its change, unless every other would fail alike. Raises for those not changed.
    """
    output = session.output
    plans = _plans(session, flags, plan_of)
    changes = [AppChange(writing.app, plan.writes, plan.does, plan.cents) for writing, plan in plans]
    if not output.wants_json:
        output.show(*changes_blocks(changes, verb=verb))
    todo = [(writing, change) for (writing, _), change in zip(plans, changes, strict=True) if change.writes]
    of_todo = [change for _, change in todo]
    if flags.dry_run:
        for writing, change in todo:
            change.sent = writing.send_all(change.writes)
            if not output.wants_json:
                writing.show_calls(change.writes)
        if todo:
            output.note(f"to send it, {_words_to_confirm(session, of_todo)!r} is asked for")
    elif todo:
        _confirm(session, flags, of_todo, verb=verb)
    try:
        if todo and not flags.dry_run:
            _send(session, todo)
    except (KeyboardInterrupt, SystemExit) as stop:
        _tell_undo(session, of_todo)
        output.note(_summary(of_todo))
        stop.add_note(_summary(of_todo))
        with suppress(ReaderGone, OutputLost):  # Ctrl-C ends the reader of a pipe too
            _tell_program(session, changes, verb=verb, dry_run=False)
        raise
    _tell_program(session, changes, verb=verb, dry_run=flags.dry_run)
    if not flags.dry_run:
        _tell(session, of_todo)


def _plans(session: Session, flags: Flags, plan_of: Callable[[Writing], AppPlan]) -> list[tuple[Writing, AppPlan]]:
    """The plan of each app. Raises the failure of any: then nothing is sent to any."""
    apps = apps_of(session, flags)
    _ = session.settings  # read here, not by several threads at once

    def plan(selected: SelectedApp) -> tuple[Writing, AppPlan]:
        checked_app_name(selected.name, origin="the list of apps" if selected.known else "-a")
        writing = Writing(_speaking_of(session, selected.name), OneApp(selected.name, flags.dry_run, flags.read_only))
        return writing, plan_of(writing)

    found: dict[str, tuple[Writing, AppPlan]] = {}  # each app once, an id that gave its name only now too
    errors = []
    for selected, answer in each_app(session, apps, plan, calls_each=CALLS_OF_AN_APP):
        if answer.value:
            found.setdefault(answer.value[0].app, answer.value)
        if answer.error:
            errors.append((selected.name, answer.error))
    if errors:
        steps = {error.next_step for _, error in errors}
        of_all = steps.pop() if len(steps) == 1 and len(errors) == len(apps) else ""
        for name, error in errors:
            own = "" if of_all or not error.next_step else f" {error.next_step}"
            session.output.note(told_of(name, f"{error.message}{own}"))
        kinds = {type(error) for _, error in errors}
        failed = (kinds.pop() if len(kinds) == 1 else Refused)(
            f"{len(errors)} of {count(len(apps), 'app')} cannot be changed so; nothing was sent to any"
        )
        failed.next_step = of_all
        raise failed
    return list(found.values())


def _speaking_of(session: Session, app: str) -> Session:
    """The session, whose notes begin with the app's name."""
    own, output = copy.copy(session), session.output
    own.output = copy.copy(output)
    own.output.note = lambda text: output.note(told_of(app, text))  # type: ignore[method-assign] # a note of this app
    return own


def _confirm(session: Session, flags: Flags, changes: Sequence[AppChange], *, verb: str) -> None:
    """Ask for the number of apps, and for the name of each that the config file protects."""
    if flags.read_only or session.environ.get("HERODYNO_READ_ONLY", "") not in ("", "0"):
        raise Refused("read-only: nothing was sent.", next_step="Leave out --read-only, or unset HERODYNO_READ_ONLY.")
    calls = count(sum(len(change.writes) for change in changes), "write")
    confirm_words(
        _words_to_confirm(session, changes),
        f"{verb} of {count(len(changes), 'app')}, {calls}",
        given=flags.confirm,
        ask=question_asker(session),
    )


def _words_to_confirm(session: Session, changes: Sequence[AppChange]) -> str:
    """ "3 apps, shop-prod": says of each protected app why it is."""
    guarded = {change.app: why for change in changes if (why := session.settings.protection_of(change.app))}
    for app, why in guarded.items():
        session.output.note(f"{app}: {why}")
    return ", ".join([count(len(changes), "app"), *guarded])


def _send(session: Session, todo: Sequence[tuple[Writing, AppChange]]) -> None:
    """Change one app after the other, within the calls that the account has left.

    What would be every app's failure ends it. A 429 is repeated as of one app: Heroku refused the write for sure.
    """
    budget = call_budget(session)
    shown = session.output.progress_bar("changing the apps", unit="seconds")
    for number, (writing, change) in enumerate(todo, start=1):
        try:
            for write in change.writes:
                budget.take(1)
                change.outcome = "unclear"  # until it is known
                try:
                    change.sent += writing.send_all([write])
                except BaseException as error:
                    if not isinstance(error, HerodynoError) or isinstance(error, LOST_ANSWERS):
                        change.sent.append(Sent(write=write, outcome="unclear"))
                    raise
                finally:
                    budget.give_back(1)
            change.outcome = "done"
        except HerodynoError as error:
            change.outcome, change.error = "unclear" if isinstance(error, LOST_ANSWERS) else "failed", error
            session.output.note(told_of(change.app, error.message))
            if _is_of_all(error):
                return
        shown(number, len(todo), f"{number} of {count(len(todo), 'app')}")


def _is_of_all(error: HerodynoError) -> bool:
    """Whether the next app would fail alike. After a lost answer nothing more is sent either: a person looks first."""
    if isinstance(error, TwoFactorNeeded):
        return False
    lost = isinstance(error, Unreachable) and not isinstance(error, BadReply)
    return lost or isinstance(error, (NotAuthenticated, RateLimited))


def _tell(session: Session, changes: Sequence[AppChange]) -> None:
    """Say what was changed and how to take it back. Raises the failure of apps that were not."""
    output = session.output
    if not changes:
        output.note("nothing to do")
        return
    _tell_undo(session, changes)
    failed = [change for change in changes if change.outcome != "done"]
    if not failed:
        output.note(_summary(changes))
        return
    errors = [change.error for change in failed if change.error]
    alike = len(failed) == len(changes) and len({error.exit_code for error in errors}) == 1
    kind = type(errors[0]) if alike else Refused
    raise kind(_summary(changes), next_step=next_step_of(errors))


def _tell_program(session: Session, changes: Sequence[AppChange], *, verb: str, dry_run: bool) -> None:
    if session.output.wants_json:
        session.output.json(changes_document(changes, verb=verb, dry_run=dry_run))


def _tell_undo(session: Session, changes: Sequence[AppChange]) -> None:
    for change in changes:
        if change.sent and change.writes[0].undo:
            is_sure = any(each.outcome != "unclear" for each in change.sent)
            when = "to undo" if is_sure else "to undo, if it was done"
            session.output.note(f"{when}: {' '.join(change.writes[0].undo)}")


def _summary(changes: Sequence[AppChange]) -> str:
    """ "done: shop-api, shop-web; failed: shop-cron; not sent: shop-jobs"."""
    told = []
    for outcome in ("done", "failed", "unclear", "not sent"):
        names = [change.app for change in changes if change.outcome == outcome]
        told += [f"{outcome} ({len(names)} of {len(changes)}): {', '.join(names)}"] if names else []
    return "; ".join(told)
