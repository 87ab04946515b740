"""A log that holds the lines of several apps: --app keeps one of them, else each is judged apart, the worst first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeAlias

from herodyno.cli.diagnose.inputs import Inputs, judged
from herodyno.cli.diagnose.options import DiagnoseOptions
from herodyno.cli.session import Session
from herodyno.diagnosis.report.exit_codes import exit_code, may_be_much
from herodyno.diagnosis.report.phrases import listed
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.dynos import App
from herodyno.errors import NotFound, UsageError
from herodyno.heroku_facts import APP_NAME_PATTERN
from herodyno.units import count

# More apps than this are not judged apart: the log is read once for each.
MOST_APPS = 50
_WORST_FIRST = {20: 0, 10: 1, 30: 2, 0: 3}
# How grave, whether it is surely little, whether it is over, the share of failed requests below zero.
Rank: TypeAlias = tuple[int, bool, bool, float]


def of_app(inputs: Inputs, app: str) -> Inputs:
    """The inputs with the lines of one app. Raises NotFound when none is of this app."""
    assert inputs.apps is not None
    counts = inputs.apps.counts
    name = next((name for name in inputs.apps.names if name.casefold() == app.casefold()), None)
    if name is None:
        raise NotFound(f"no line of this log is of {app}", next_step=f"there is: {listed(inputs.apps.names, 10)}")
    left_out = [f"{other} ({count(counts[other], 'line')})" for other in inputs.apps.names if other != name]
    remark = f"only the {count(counts[name], 'line')} of {name} were judged; left out: {listed(left_out)}"
    return replace(
        inputs,
        log=inputs.apps.log_of(name),
        app=inputs.app if inputs.app.name else App(name=name if re.fullmatch(APP_NAME_PATTERN, name) else ""),
        remarks=(*inputs.remarks, remark),
    )


def only_app(inputs: Inputs, options: DiagnoseOptions) -> str:
    """The app that --app names. Raises UsageError without it."""
    if not options.app:
        _refuse_several(inputs, options)
    return options.app or ""


def judged_apart(
    session: Session, inputs: Inputs, options: DiagnoseOptions, log_filter: Filter
) -> list[tuple[str, Diagnosis]]:
    """(app, diagnosis) of each app, the worst first. Raises UsageError where one app must be named."""
    _refuse_several(inputs, options)
    names = inputs.apps.names if inputs.apps else []
    found = [(name, judged(session, of_app(inputs, name), log_filter)) for name in names]

    return sorted(found, key=lambda each: (*rank(each[1], not_enough=options.not_enough), names.index(each[0])))


def rank(found: Diagnosis, *, not_enough: str) -> Rank:
    """A sort key that puts the worst diagnosis first: what is not over, then the larger share of failed requests."""
    grave = _WORST_FIRST[exit_code(found, not_enough=not_enough)]
    return grave, not may_be_much(found), found.verdict.ongoing is False, -(found.requests.rate or 0)


def _refuse_several(inputs: Inputs, options: DiagnoseOptions) -> None:
    """Raise UsageError where flags are about one app, or the apps are too many."""
    names = inputs.apps.names if inputs.apps else []
    about_one = {
        "--bundle": options.bundle,
        "--html": options.html,
        "--png": options.png,
        "--svg": options.svg,
        "-o md": options.output == "md",
        "--dynos": options.dynos_file,
        "--dyno": options.dyno,
        "--type": options.type,
        "--on": options.on,
        "judging them apart": len(names) > MOST_APPS,
    }
    if flag := next((flag for flag, given in about_one.items() if given), ""):
        limit = f"at most {MOST_APPS}" if len(names) > MOST_APPS else "one"
        raise UsageError(
            f"this log is of {count(len(names), 'app')}, and {flag} is for {limit}",
            next_step=f"name one with --app: {listed(names, 10)}",
        )
