"""`ps` as metrics: each app, its process types, its dynos by name.

Names begin with `herodyno_ps_`, those of `diagnose` with `herodyno_diagnose_`: files of both may lie in one folder, and
a series that comes twice there costs the node exporter all of them. One-off dynos are only counted: each has a name of
its own, so that a series for each would never stop growing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from herodyno.dynos import Dyno, DynoSize, natural_order
from herodyno.heroku_facts import STACK_LAST_DAYS
from herodyno.openmetrics import Metric, Samples
from herodyno.render.fleet.metrics.bounds import MOST_DYNOS
from herodyno.render.fleet.ps import AppState, fleet_record
from herodyno.units import days_to

_APP, _TYPE, _DYNO = ("app",), ("app", "type"), ("app", "type", "dyno")

ANSWERED = Metric("herodyno_ps_answered", "gauge", "1 where the API answered for the app, 0 where it did not.", _APP)
AT = Metric("herodyno_ps_timestamp_seconds", "gauge", "When the API answered.", _APP, "seconds")
APP_INFO = Metric(
    "herodyno_ps_app_info", "gauge", "1; the labels say what the app is.", (*_APP, "team", "stack", "generation")
)
MAINTENANCE = Metric("herodyno_ps_maintenance", "gauge", "1 in maintenance mode.", _APP)
RELEASE = Metric("herodyno_ps_release", "gauge", "Version of the newest release that succeeded.", _APP)
STACK_END = Metric(
    "herodyno_ps_stack_end_timestamp_seconds",
    "gauge",
    "Begin of the last day with updates of the app's stack.",
    _APP,
    "seconds",
)
WANTED = Metric("herodyno_ps_wanted_dynos", "gauge", "Dynos that the formation has.", _TYPE)
DYNOS = Metric(
    "herodyno_ps_dynos", "gauge", "Dynos by their state; one-off dynos have the types run, scheduler, release.",
    (*_TYPE, "state"),
)  # fmt: skip
BEHIND = Metric("herodyno_ps_behind_dynos", "gauge", "Dynos on an older release than herodyno_ps_release.", _TYPE)
COST = Metric(
    "herodyno_ps_cost_dollars_per_month",
    "gauge",
    "Price of the wanted dynos; none for a size without a price of its own.",
    _TYPE,
    "dollars_per_month",
)
UP = Metric("herodyno_ps_dyno_up", "gauge", "1 for a dyno in the state up, 0 in any other.", _DYNO)
CREATED = Metric("herodyno_ps_dyno_created_timestamp_seconds", "gauge", "When the dyno began.", _DYNO, "seconds")
DYNO_RELEASE = Metric("herodyno_ps_dyno_release", "gauge", "Version of the release that the dyno runs.", _DYNO)
DYNO_INFO = Metric(
    "herodyno_ps_dyno_info", "gauge", "1; the labels say which dyno has the name now.", (*_DYNO, "dyno_id", "size")
)
LEFT_OUT = Metric(
    "herodyno_ps_left_out_dynos", "gauge", f"Dynos beyond the first {MOST_DYNOS} of an app: without series.", _APP
)

METRICS = (ANSWERED, AT, APP_INFO, MAINTENANCE, RELEASE, STACK_END, WANTED, DYNOS, BEHIND, COST, UP, CREATED,
           DYNO_RELEASE, DYNO_INFO, LEFT_OUT)  # fmt: skip


def ps_samples(states: Sequence[AppState], sizes: Sequence[DynoSize], *, now: datetime) -> Samples:
    """The samples of these apps. An app without an answer has `herodyno_ps_answered` alone."""
    samples = Samples()
    for state in states:
        name = state.app.name if state.app else state.name
        samples.add(ANSWERED, state.error is None, name)
        if state.app and state.error is None:
            _add_app(samples, name, state, now)
            _add_types(samples, name, fleet_record(state, sizes, now=now))
            _add_dynos(samples, name, state.dynos)
    return samples


def _add_app(samples: Samples, name: str, state: AppState, now: datetime) -> None:
    app = state.app
    assert app is not None
    last = STACK_LAST_DAYS.get(app.stack)
    samples.add(AT, now.timestamp(), name)
    samples.add(APP_INFO, 1, name, app.team, app.stack, app.generation)
    samples.add(MAINTENANCE, app.maintenance, name)
    samples.add(RELEASE, state.newest, name)
    samples.add(STACK_END, None if last is None else days_to(last) * 86_400, name)


def _add_types(samples: Samples, name: str, record: dict[str, Any]) -> None:
    for each in record["types"]:
        kind, cents = each["type"], each["cents_per_month"]
        samples.add(WANTED, each["quantity"], name, kind)
        for state, number in {"up": each["up"], "crashed": each["crashed"], **each["other"]}.items():
            samples.add(DYNOS, number, name, kind, state)
        samples.add(BEHIND, each["behind"], name, kind)
        samples.add(COST, None if cents is None else cents / 100, name, kind)


def _add_dynos(samples: Samples, name: str, dynos: Sequence[Dyno]) -> None:
    """Of two dynos of one name, which there are while one takes the place of the other, the newer."""
    newest: dict[str, Dyno] = {}
    for dyno in sorted(dynos, key=lambda dyno: dyno.created_at.timestamp() if dyno.created_at else 0):
        if not dyno.is_one_off:
            newest[dyno.name] = dyno
    ordered = sorted(newest.values(), key=lambda dyno: natural_order(dyno.name))
    for dyno in ordered[:MOST_DYNOS]:
        labels = name, dyno.type, dyno.name
        samples.add(UP, dyno.state == "up", *labels)
        samples.add(CREATED, dyno.created_at.timestamp() if dyno.created_at else None, *labels)
        samples.add(DYNO_RELEASE, dyno.release, *labels)
        samples.add(DYNO_INFO, 1, *labels, dyno.id, dyno.size)
    samples.add(LEFT_OUT, max(0, len(ordered) - MOST_DYNOS), name)
