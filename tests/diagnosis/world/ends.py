"""Families of how dynos end: ordinary stops whose lines are damaged, true crashes, shutdowns, lost restart lines."""

from __future__ import annotations

import re

from tests.diagnosis.world.app import App
from tests.diagnosis.world.case import CALM, GUILTY, Case, background, drawn, family, ill, odd, some_codes, way
from tests.diagnosis.world.guilty_dynos import preboot
from tests.diagnosis.world.lives import Life
from tests.diagnosis.world.overloads import pace
from tests.diagnosis.world.serving import serve

PART = "ends"
NO_CRASH = {"never called a crash": lambda answer: not answer.calls_crash}
SIGTERM = "Stopping all processes with SIGTERM"


def end_without_sigterm(app: App, life: Life, at: float, announced: tuple[str, ...], told: str) -> None:
    """An ordinary stop: what announces it, then what is left of the SIGTERM's line, then the exit."""
    head = life.name
    for step, text in enumerate(announced):
        app.tell(head, at + step * 0.05, text)
    if told:
        app.tell(head, at + 0.6, told)
    life.shut, life.gone, life.ended = at + 0.6, at + 0.6 + app.random.uniform(0.2, 5), "stopped"
    # Unannounced, a status of the app's own would be a crash to every reader.
    statuses = (143, 143, 0, 1, 22, 137) if announced or told else (143, 143, 0)
    app.tell(head, life.gone, f"Process exited with status {app.random.choice(statuses)}")


def stops(seed: str, announced: tuple[str, ...], told: str, *, returns: bool = True) -> Case:
    """One or all of some dynos stop in the ordinary way, and mostly come back."""
    app = drawn(seed, forms=("cli", "drain"))
    lives = app.dynos("web", app.random.randint(1, 5))
    at = app.seconds * app.random.uniform(0.2, 0.5)
    for life in app.random.sample(lives, app.random.choice((1, len(lives)))):
        when = at + app.random.uniform(0, 8)
        end_without_sigterm(app, life, when, announced, told)
        if returns:
            app.boot(life.name, life.gone + app.random.uniform(0.3, 3), was="")
    serve(app, pace(app, 400, 900))
    background(app)
    return Case(app, how=way(app), demands=NO_CRASH)


RESTARTED = ("Restarting", "State changed from up to starting")


@family("stops whose SIGTERM line is lost", PART)
def _lost(seed: str) -> Case:
    return stops(seed, RESTARTED, "")


@family("stops whose SIGTERM line is cut off", PART)
def _cut(seed: str) -> Case:
    size = 12 + sum(seed.encode()) % 21  # "Stopping all" and more
    return stops(seed, () if sum(seed.encode()) % 2 else RESTARTED, SIGTERM[:size])


@family("stops whose SIGTERM line is garbled", PART)
def _garbled(seed: str) -> Case:
    hole = 3 + sum(seed.encode()) % 18
    return stops(seed, RESTARTED, SIGTERM[:hole] + "�" * 3 + SIGTERM[hole + 3 :])


@family("stops of which only the exit is left", PART)
def _bare(seed: str) -> Case:
    return stops(seed, (), "")


@family("cycled, moved by Heroku, or idled", PART)
def _cycled(seed: str) -> Case:
    kind = sum(seed.encode()) % 3
    if kind == 2:
        return stops(seed, ("Idling", "State changed from up to down"), "", returns=False)
    return stops(seed, (("Cycling", "Relocating")[kind], "State changed from up to starting"), "")


@family("the window begins after SIGTERM", PART)
def _window(seed: str) -> Case:
    app = drawn(seed, forms=("cli", "drain"))
    lives = app.dynos("web", app.random.randint(1, 5))
    for life in app.random.sample(lives, app.random.choice((1, len(lives)))):
        slow = app.random.random() < 0.3
        at = app.random.uniform(-20, -2) if slow else app.random.uniform(-0.3, -0.05)
        status = None if slow else app.random.choice((143, 0))
        app.stop(life, at, ended="restarted", slow=slow, status=status)
        app.boot(life.name, max(0.5, life.gone) + app.random.uniform(0.2, 2), was="")
    serve(app, pace(app, 400, 900))
    background(app)
    return Case(app, how=way(app), demands=NO_CRASH)


@family("scaled away, SIGTERM lost", PART)
def _away(seed: str) -> Case:
    app = drawn(seed, forms=("cli", "drain"))
    lives = app.dynos("web", app.random.randint(3, 6))
    keep, at = app.random.randint(1, 2), app.seconds * app.random.uniform(0.3, 0.6)
    app.api(at, f"Scaled to web@{keep}:Standard-1X by user autoscaling@heroku.com")
    app.wanted["web"] = keep
    for life in lives[keep:]:
        end_without_sigterm(app, life, at + app.random.uniform(0.3, 3), ("State changed from up to down",), "")
    serve(app, pace(app, 400, 900))
    background(app)
    return Case(app, how=way(app), demands=NO_CRASH)


@family("true crashes (control)", PART)
def _crash(seed: str) -> Case:
    app = drawn(seed, forms=("cli", "drain", "page"))
    lives = app.dynos("web", app.random.randint(1, 5))
    life = app.random.choice(lives)
    at = app.seconds * app.random.uniform(0.3, 0.8)
    status, kinds = app.random.choice((1, 1, 2, 3, 134, 139)), frozenset({"crash"})
    if app.random.random() < 0.25:
        app.tell(life.name, at - 0.5, "Process running mem=1083M(211.5%)")
        app.tell(life.name, at - 0.4, "Error R15 (Memory quota vastly exceeded)")
        app.tell(life.name, at - 0.3, "Stopping process with SIGKILL")
        status, kinds = 137, kinds | {"memory"}
    app.crash(life, at, status=status)
    serve(app, pace(app, 400, 900))
    background(app)
    crashed = {"called a crash": lambda answer: answer.calls_crash}
    return Case(app, kinds=kinds, enough=True, how=way(app), demands=crashed)


@family("H13 in the shutdown of scaled-away dynos", PART)
def _shutdown(seed: str) -> Case:
    app = drawn(seed, forms=("cli", "drain"))
    n = app.random.randint(3, 6)
    lives = app.dynos("web", n)
    keep, at = n - app.random.randint(1, 2), app.seconds * app.random.uniform(0.4, 0.7)
    # Requests that are under way when the dyno is told to stop, which its server drops.
    slow = odd(1.0, ("H13",))._replace(chance=lambda life, ask: float(life.number > keep and ask.at >= at - 1))
    app.faults.append(slow)
    app.scale("web", keep, at, who="by user autoscaling@heroku.com")
    for life in lives[keep:]:
        serve(app, app.random.uniform(6, 20), start=life.shut - 0.5, end=life.shut + 1, to=life)
    serve(app, pace(app))
    background(app)
    errors = sum(seen.failed for life in lives[keep:] for seen in life.seen)
    demands = {}
    if errors >= 8:
        demands["tells the shutdown"] = lambda answer: bool(re.search("shut ?down|shutting down", answer.claims))
    return Case(app, how=way(app), demands={**demands, **NO_CRASH})


@family("restart lines lost, one dyno sick", PART)
def _no_lines(seed: str) -> Case:
    app = drawn(seed, 700, 1200, forms=("cli", "drain"), mute=True, metrics=True)
    lives = app.dynos("web", app.random.randint(3, 5))
    bad = app.random.choice(lives)
    app.faults.append(ill(bad, app.random.uniform(0.3, 0.9), some_codes(app)))
    other = app.random.choice([life for life in lives if life is not bad])
    app.restart(other, app.seconds * app.random.uniform(0.3, 0.6))
    if app.random.random() < 0.5:
        app.restart(bad, app.seconds * app.random.uniform(0.5, 0.6))
    serve(app, pace(app, 1300, 2000))
    background(app)
    return Case(app, guilty=[bad], kinds=GUILTY, how=app.random.choice(("file", "dynos")))


@family("a deploy with preboot, all well", PART)
def _preboot(seed: str) -> Case:
    app = drawn(seed, 700, 1100, forms=("cli", "drain"))
    preboot(app, app.dynos("web", app.random.randint(2, 5)), app.seconds * app.random.uniform(0.2, 0.4))
    serve(app, pace(app))
    background(app)
    return Case(app, kinds=frozenset(CALM), enough=True, how=way(app), demands=NO_CRASH)
