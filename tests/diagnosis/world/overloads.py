"""Families whose lives did not cover the same time: autoscaling, outages with crashes, young dynos."""

from __future__ import annotations

from math import ceil

from tests.diagnosis.world.answer import Answer
from tests.diagnosis.world.app import App
from tests.diagnosis.world.case import (
    GUILTY,
    WHOLE,
    Case,
    Demand,
    background,
    drawn,
    everywhere,
    family,
    ill,
    overload,
    some_codes,
    way,
)  # fmt: skip
from tests.diagnosis.world.serving import serve

PART = "shared time"
EVEN = r"none (of them )?stands out|all alike|not useful: restart|restart\w* (one )?(is|would be) not useful"


def no_restart(answer: Answer) -> bool:
    return not answer.restarts


def pace(app: App, low: int = 750, high: int = 1400) -> float:
    """Requests a second, so that the log stays small."""
    return app.random.uniform(low, high) / app.seconds


def overloaded(app: App, n: int, rate: float, failing: float) -> int:
    """Too few dynos for the requests: `failing` is lost with n dynos. With how many it is enough."""
    app.faults.append(overload(rate * (1 - failing) / n))
    return ceil(n * 1.06 / (1 - failing)) + app.random.randint(0, 2)


def who(app: App) -> str:
    return app.random.choice(("by user autoscaling@heroku.com", "by user dev@example.com", "by user ops@example.com"))


@family("scaled up out of overload", PART)
def _up(seed: str) -> Case:
    app = drawn(seed, 600)
    n, rate = app.random.randint(2, 5), pace(app)
    app.dynos("web", n)
    more = overloaded(app, n, rate, app.random.uniform(0.12, 0.5))
    app.scale("web", more, app.seconds * app.random.uniform(0.35, 0.6), who=who(app))
    serve(app, rate)
    background(app)
    return Case(app, kinds=WHOLE, ongoing=False, cures=("scale",), how=way(app), demands={"no restart": no_restart})


@family("scaled up, still too few", PART)
def _up_short(seed: str) -> Case:
    app = drawn(seed, 600)
    n, rate = app.random.randint(2, 4), pace(app)
    app.dynos("web", n)
    app.faults.append(overload(rate * (1 - app.random.uniform(0.6, 0.8)) / n))
    app.scale("web", n + 1, app.seconds * app.random.uniform(0.3, 0.7), who=who(app))
    serve(app, rate)
    background(app)
    return Case(app, kinds=WHOLE, ongoing=True, how=way(app))


@family("scaled down into overload", PART)
def _down(seed: str) -> Case:
    app = drawn(seed, 600)
    n, rate = app.random.randint(2, 3), pace(app)
    more = overloaded(app, n, rate, app.random.uniform(0.15, 0.5))
    app.dynos("web", more)
    app.scale("web", n, app.seconds * app.random.uniform(0.3, 0.6), who=who(app))
    serve(app, rate)
    background(app)
    return Case(app, kinds=WHOLE, ongoing=True, how=way(app), demands={"no restart": no_restart})


@family("up, down and up again", PART)
def _up_down_up(seed: str) -> Case:
    app = drawn(seed, 800, 1300)
    n, rate = app.random.randint(2, 3), pace(app)
    app.dynos("web", n)
    more = overloaded(app, n, rate, app.random.uniform(0.15, 0.45))
    turns = [app.seconds * (share + app.random.uniform(-0.04, 0.04)) for share in (0.13, 0.27, 0.4)]
    for at, number in zip(turns, (more, n, more), strict=True):
        app.scale("web", number, at, who="by user autoscaling@heroku.com")
    serve(app, rate)
    background(app)
    return Case(app, kinds=WHOLE, ongoing=False, how=way(app), demands={"no restart": no_restart})


@family("half the dynos crash in an outage", PART)
def _half(seed: str) -> Case:
    app = drawn(seed, 700)
    n, rate = app.random.randint(2, 6), pace(app)
    lives = app.dynos("web", n)
    start = app.seconds * app.random.uniform(0.2, 0.3)
    end = start + app.random.uniform(100, 260)
    app.faults.append(everywhere(app.random.uniform(0.25, 0.9), some_codes(app), start=start, end=end))
    for life in app.random.sample(lives, n // 2):
        again = app.random.choice((end - start, end - start, app.random.uniform(60, 300)))
        app.crash(life, start + app.random.uniform(0, 12), again=again)
    serve(app, rate)
    background(app)
    return Case(app, kinds=WHOLE | {"crash"}, ongoing=False, how=way(app), demands={"no restart": no_restart})


@family("a young dyno with nearly all errors", PART)
def _young(seed: str) -> Case:
    app = drawn(seed, 620, 900, forms=("cli", "drain"))
    lives = app.dynos("web", app.random.randint(2, 4))
    rate = len(lives) * app.random.uniform(0.14, 0.24)
    old = app.random.choice(lives)
    young = app.restart(
        old, app.seconds - app.random.uniform(170, 300), how=app.random.choice(("Cycling", "Restarting"))
    )
    app.faults.append(ill(young, app.random.uniform(0.45, 0.9), some_codes(app)))
    serve(app, rate)
    background(app)
    errors = [seen.failed for life in app.lives for seen in life.seen]
    own = sum(seen.failed for seen in young.seen)
    demands: dict[str, Demand] = {"never told that all are alike": lambda answer: not answer.says(EVEN)}
    if own >= 12 and own >= 0.8 * sum(errors):
        demands["names the young dyno"] = lambda answer: young.name in answer.headline
    return Case(app, guilty=[young], kinds=GUILTY, how=app.random.choice(("file", "dynos", "live")), demands=demands)


@family("fails for minutes after each boot", PART)
def _boots(seed: str) -> Case:
    app = drawn(seed, 1100, 1500, forms=("cli", "drain"))
    lives, rate = app.dynos("web", app.random.randint(3, 5)), pace(app)
    boots, slow = app.random.uniform(180, 360), app.random.uniform(0.2, 0.6)
    app.faults.append(everywhere(0, ("H12",))._replace(
        chance=lambda life, ask: slow if life.open > 0 and ask.at < life.open + boots else 0.0
    ))  # fmt: skip
    at = app.random.uniform(60, 200)
    for life in app.random.sample(lives, app.random.randint(1, 3)):
        app.restart(life, at, how="Cycling")
        at += app.random.uniform(150, 420)
    serve(app, rate)
    background(app)
    return Case(app, how=app.random.choice(("file", "dynos")))
