"""Families of what ended and what goes on: outages by their cure, healed and restarted dynos, crash loops."""

from __future__ import annotations

from collections.abc import Callable

from tests.diagnosis.world.answer import Answer
from tests.diagnosis.world.app import WHO, App
from tests.diagnosis.world.case import GUILTY, WHOLE, Case, background, drawn, everywhere, family, ill, some_codes, way
from tests.diagnosis.world.guilty_dynos import sick
from tests.diagnosis.world.overloads import no_restart, pace
from tests.diagnosis.world.serving import serve

PART = "tense"
CRASHING = frozenset({"crash", "single_dyno"})  # of an only dyno the requests that its crashes cut off may lead


def not_pressing(answer: Answer) -> bool:
    """What is over is one step lower: no critical."""
    return answer.severity != "critical" and answer.code != 20


def outage(seed: str, cures: tuple[str, ...], begin: Callable[[App, float], None], end: Callable[[App, float], None],
           **more: object) -> Case:  # fmt: skip
    """All dynos fail from a time until what ends it."""
    app = drawn(seed, 650, 1100, **more)
    app.dynos("web", app.random.randint(2, 6))
    start = app.seconds * app.random.uniform(0.12, 0.25)
    over = start + app.seconds * app.random.uniform(0.2, 0.35)
    app.faults.append(everywhere(app.random.uniform(0.15, 0.8), some_codes(app), start=start, end=over + 3))
    begin(app, start)
    end(app, over)
    serve(app, pace(app))
    background(app)
    demands = {"no restart": no_restart, "not critical any more": not_pressing}
    return Case(app, kinds=WHOLE, ongoing=False, cures=cures, how=way(app), demands=demands)


def nothing(app: App, at: float) -> None:
    """Nothing was done."""


def deployed(app: App, at: float) -> None:
    """A release, and every dyno restarts onto it."""
    app.release(at)
    app.rolled("web", at)


@family("an outage that ended by itself", PART)
def _itself(seed: str) -> Case:
    return outage(seed, ("self",), nothing, nothing)


@family("an outage that a rollback ended", PART)
def _rollback(seed: str) -> Case:
    def back(app: App, at: float) -> None:
        app.release(at, "Rollback to v41")
        app.rolled("web", at)

    return outage(seed, ("rollback",), deployed, back, forms=("cli", "drain"))


@family("an outage that a release ended", PART)
def _release(seed: str) -> Case:
    return outage(seed, ("release", "deploy"), nothing, deployed, forms=("cli", "drain"))


@family("an outage that a config change ended", PART)
def _config(seed: str) -> Case:
    def configured(app: App, at: float) -> None:
        app.release(at, app.random.choice(("Set DATABASE_URL config vars", "Set API_KEY, API_URL config vars")))
        app.rolled("web", at)

    return outage(seed, ("release", "config"), nothing, configured, forms=("cli", "drain"))


@family("an outage that a restart of all ended", PART)
def _restart(seed: str) -> Case:
    def restarted(app: App, at: float) -> None:
        app.api(at - 0.3, f"Restart all dynos {WHO}")
        app.rolled("web", at)

    return outage(seed, ("restart",), nothing, restarted, forms=("cli", "drain"))


@family("a sick dyno that healed by itself", PART)
def _healed(seed: str) -> Case:
    app = drawn(seed, 700, 1100)
    bad = app.random.choice(app.dynos("web", app.random.randint(2, 6)))
    start = app.seconds * app.random.uniform(0.1, 0.2)
    end = start + app.seconds * app.random.uniform(0.3, 0.45)
    app.faults.append(ill(bad, app.random.uniform(0.3, 0.95), some_codes(app), start=start, end=end))
    serve(app, pace(app, 1300, 2000))
    background(app)
    demands = {"no restart": no_restart, "not critical any more": not_pressing}
    return Case(app, guilty=[bad], kinds=GUILTY, ongoing=False, cures=("self",), how=way(app), demands=demands)


@family("a sick dyno that was restarted", PART)
def _restarted(seed: str) -> Case:
    app = drawn(seed, 700, 1100, forms=("cli", "drain"))
    lives = app.dynos("web", app.random.randint(3, 6))
    (bad,) = sick(app, lives, low=0.25)
    app.restart(bad, app.seconds * app.random.uniform(0.45, 0.6), how=app.random.choice(("Restarting", "Cycling")))
    serve(app, pace(app, 1300, 2000))
    background(app)
    demands = {"no restart": no_restart, "not critical any more": not_pressing}
    return Case(
        app, guilty=[bad], kinds=GUILTY, ongoing=False, cures=("restart", "cycl"), how=way(app), demands=demands
    )


@family("a release breaks the app, to the end", PART)
def _broken(seed: str) -> Case:
    app = drawn(seed, forms=("cli", "drain"))
    app.dynos("web", app.random.randint(2, 6))
    at = app.seconds * app.random.uniform(0.35, 0.55)
    app.faults.append(everywhere(app.random.uniform(0.2, 0.8), some_codes(app), start=at + 8))
    deployed(app, at)
    serve(app, pace(app))
    background(app)
    how = app.random.choice(("file", "live"))
    demands = {"names the release": lambda answer: "v42" in answer.headline}
    if how == "live":  # a file does not tell whether the release before is one to go back to
        demands["offers the rollback"] = lambda answer: answer.says(r"roll ?back")
    return Case(app, kinds=WHOLE, ongoing=True, how=how, demands=demands)


def loop(app: App, until: float) -> None:
    """A dyno crashes again and again, some seconds to minutes after each start."""
    life, at = app.random.choice(app.dynos("web", app.random.randint(1, 4))), app.random.uniform(20, 60)
    again = 0.5
    while at < until:
        following = app.crash(life, at, status=app.random.choice((1, 1, 3, 139)), again=again)
        assert following is not None
        life, at = following, following.born + app.random.uniform(14, 50)
        again = app.random.uniform(0.5, 40)
    for following in app.lives:
        if following.born > 0:
            following.open = min(following.open, following.gone)


@family("a crash loop to the end", PART)
def _loop(seed: str) -> Case:
    app = drawn(seed, 500, forms=("cli", "drain", "page"))
    loop(app, app.seconds + 60)
    serve(app, pace(app, 500, 900))
    background(app)
    crashed = {"says crash": lambda answer: answer.calls_crash}
    return Case(app, kinds=CRASHING, enough=True, ongoing=True, how=way(app), demands=crashed)


@family("a crash loop that stopped", PART)
def _loop_over(seed: str) -> Case:
    app = drawn(seed, 700, forms=("cli", "drain", "page"))
    loop(app, app.seconds * app.random.uniform(0.3, 0.45))
    serve(app, pace(app, 500, 900))
    background(app)
    demands = {"no restart": no_restart, "not critical any more": not_pressing, "says crash": lambda a: a.calls_crash}
    return Case(app, kinds=CRASHING, enough=True, ongoing=False, how=way(app), demands=demands)
