"""Asks the API for each of several apps: which ones, side by side, with a bar, and what a failure of some means."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from herodyno.cli.options import AppFlags
from herodyno.cli.session import Session
from herodyno.dynos import DynoSize
from herodyno.errors import HerodynoError, NotAuthenticated, Refused, RefusedByHeroku
from herodyno.heroku.api.account_lists import all_sizes
from herodyno.heroku.api.call_budget import CallBudget
from herodyno.heroku.api.side_by_side import CALLS_AT_ONCE, Answer, side_by_side
from herodyno.heroku.which_apps import AppSelection, SelectedApp, check_selection, selected_apps
from herodyno.heroku_facts import UUID_PATTERN
from herodyno.render.clean import clean
from herodyno.units import count

A = TypeVar("A")


def apps_of(session: Session, flags: AppFlags) -> list[SelectedApp]:
    """The apps that the flags are for, each once and by its name, which an id is asked for.

    HEROKU_APP and git remotes count only where no flag says anything. An id that gives no answer stays as it is.
    """
    selection = AppSelection(
        names=flags.app_names or (),
        patterns=flags.apps or (),
        team=flags.team,
        pipeline=flags.pipeline,
        stage=flags.stage,
        file=flags.apps_file,
    )
    if not (selection.naming or selection.choosing):
        return _by_name(session, [SelectedApp(session.app_name(None, flags.remote))])
    check_selection(selection, remote=flags.remote)
    return _by_name(session, selected_apps(session.platform, selection, note=session.output.note))


def _by_name(session: Session, apps: Sequence[SelectedApp]) -> list[SelectedApp]:
    ids = [app for app in apps if app.known is None and re.fullmatch(UUID_PATTERN, app.name)]
    answers = each_app(session, ids, lambda app: session.platform.app(app.name), calls_each=1) if ids else ()
    known = {asked.name: answer.value for asked, answer in answers if answer.value}
    once: dict[str, SelectedApp] = {}
    for each in apps:
        app = known.get(each.name)
        once.setdefault(app.name if app else each.name, SelectedApp(app.name, app) if app else each)
    return list(once.values())


def sizes_if_known(session: Session) -> list[DynoSize]:
    """Every size with its price. Without prices the apps are shown all the same."""
    try:
        return all_sizes(session.platform.transport)
    except NotAuthenticated:
        raise
    except HerodynoError as error:
        session.output.note(f"no prices: {error.message}")
        return []


def call_budget(session: Session) -> CallBudget:
    """How fast apps may be asked in this run."""
    platform, note = session.platform, session.output.note
    return CallBudget(lambda: platform.rate_limit_remaining, now=time.monotonic, sleep=session.sleep, note=note)


def each_app(
    session: Session, apps: Sequence[SelectedApp], work: Callable[[SelectedApp], A], *, calls_each: int
) -> Iterator[tuple[SelectedApp, Answer[A]]]:
    """Each app with its answer, in the order of the apps, within the calls that the account has left."""
    platform, output, budget = session.platform, session.output, call_budget(session)
    platform.transport.slots = threading.BoundedSemaphore(CALLS_AT_ONCE)
    shown = output.progress_bar("asking the apps", unit="seconds")
    for done, answered in enumerate(side_by_side(apps, work, calls_each=calls_each, budget=budget), start=1):
        left = platform.rate_limit_remaining
        calls = "" if left is None else f", {count(left, 'API call')} left"
        shown(done, len(apps), f"{done} of {count(len(apps), 'app')}{calls}")
        yield answered


def told_of(app: str, text: str) -> str:
    """The text as a line about the app, whose name stands in it once. A name is foreign: it stays on the line."""
    name = clean(app)
    return text if text.startswith((f"{name} ", f"{name}: ")) else f"{name}: {text}"


def failure_of(errors: Sequence[HerodynoError], asked: int) -> HerodynoError | None:
    """The error that a command ends with when some apps gave no answer; None when all did.

    One app, or the same failure of all apps, keeps its own exit code. Else the answer is a part: exit code 1.
    """
    if not errors:
        return None
    if len(errors) == asked and len({error.exit_code for error in errors}) == 1:
        first = errors[0]
        if asked == 1:
            return first
        failed: HerodynoError = type(first)(f"none of {count(asked, 'app')} answered; the first: {first.message}")
        failed.next_step = next_step_of(errors) or first.next_step
        return failed
    failed = Refused(f"{len(errors)} of {count(asked, 'app')} gave no answer; the others stand above")
    failed.next_step = next_step_of([error for error in errors if isinstance(error, RefusedByHeroku)])
    return failed


def next_step_of(errors: Sequence[HerodynoError]) -> str:
    """What to type where several apps failed, once for all of them; "" where each has its own."""
    from herodyno.heroku.net.scopes import shared_next_step  # rarely needed: not at start-up

    return shared_next_step(error.next_step for error in errors)
