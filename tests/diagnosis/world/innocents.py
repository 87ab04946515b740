"""Families in which no dyno differs from its peers though errors are uneven, and clients that stay on one dyno."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from random import Random

from tests.diagnosis.world.app import App
from tests.diagnosis.world.case import GUILTY, WHOLE, Case, background, drawn, family, ill, overload, some_codes, way
from tests.diagnosis.world.lives import Ask, Fault, Life
from tests.diagnosis.world.overloads import no_restart, pace
from tests.diagnosis.world.serving import serve, serve_sessions

PART = "shared time"


def stalls(
    app: App, lives: list[Life], n: int, shortest: float, longest: float, chance: float = 0.92,
    codes: tuple[str, ...] = ("H12", "500", "H18"), start: float = 0.0, end: float | None = None,
) -> None:  # fmt: skip
    """Now and then one of these lives hangs for seconds. A hang is one throw, however many requests it meets."""
    random = app.random
    spells = []
    for _ in range(n):
        at = random.uniform(start, app.seconds if end is None else end)
        spells.append((random.choice(lives), at, at + random.uniform(shortest, longest)))

    def spell(life: Life, at: float) -> object:
        return next((each for each in spells if each[0] is life and each[1] <= at < each[2]), None)

    app.faults.append(Fault(lambda life, ask: chance if spell(life, ask.at) else 0.0, (random.choice(codes),), spell))


@family("nothing but odd errors", PART)
def _odd(seed: str) -> Case:
    app = drawn(seed)
    app.dynos("web", app.random.randint(2, 8))
    serve(app, pace(app))
    background(app)
    return Case(app, how=way(app), kinds=frozenset({"nothing_found", "not_enough_data"}), enough=True)


@family("identical dynos that stall for seconds", PART)
def _stalls(seed: str) -> Case:
    app = drawn(seed)
    lives = app.dynos("web", app.random.randint(2, 8))
    stalls(app, lives, app.random.randint(2, 14), 2, 12)
    serve(app, pace(app))
    background(app)
    return Case(app, how=way(app))


@family("identical dynos, busy, that hang now and then", PART)
def _busy_stalls(seed: str) -> Case:
    app = drawn(seed, 120, 260)
    lives = app.dynos("web", app.random.randint(2, 6))
    stalls(app, lives, app.random.randint(1, 5), 2, 8)
    serve(app, app.random.uniform(7, 12))
    background(app)
    return Case(app, how=app.random.choice(("file", "live")))


@family("bursts of one page on any dyno", PART)
def _bursts(seed: str) -> Case:
    app = drawn(seed)
    lives, rate = app.dynos("web", app.random.randint(2, 8)), pace(app)
    serve(app, rate)
    bad = Fault(lambda life, ask: 1.0 if ask.route == 5 and ask.client.startswith("192.0.2.") else 0.0, ("500",))
    app.faults.append(bad)
    for _ in range(app.random.randint(3, 12)):
        at, to = app.random.uniform(0, app.seconds - 30), app.random.choice(lives)
        serve(app, app.random.uniform(0.6, 3), start=at, end=at + app.random.uniform(3, 25), route=5,
              client=f"192.0.2.{app.random.randint(1, 9)}", to=to)  # fmt: skip
    background(app)
    return Case(app, how=way(app))


@family("spells of all that hit unevenly", PART)
def _uneven(seed: str) -> Case:
    app = drawn(seed, 600)
    app.dynos("web", app.random.randint(2, 6))
    spells = []
    for _ in range(app.random.randint(2, 6)):
        at = app.random.uniform(0, app.seconds - 20)
        spells.append((at, at + app.random.uniform(12, 70), app.random.uniform(0.3, 0.9)))
    code = some_codes(app)

    def chance(life: Life, ask: Ask) -> float:
        for number, (start, end, depth) in enumerate(spells):
            if start <= ask.at < end:
                return depth * Random(f"{app.seed}{number}{life.name}").uniform(0.25, 1)
        return 0.0

    app.faults.append(Fault(chance, code))
    serve(app, pace(app))
    background(app)
    return Case(app, how=way(app))


@family("a peak of requests that overloads all", PART)
def _peak(seed: str) -> Case:
    app = drawn(seed, 700)
    n, usual = app.random.randint(2, 5), pace(app, 600, 1000)
    app.dynos("web", n)
    middle, width = app.seconds * app.random.uniform(0.3, 0.45), app.random.uniform(50, 110)
    high = app.random.uniform(1.8, 3)
    app.faults.append(overload(usual * 1.2 / n))

    def rate(at: float) -> float:
        return usual * (1 + (high - 1) * exp(-(((at - middle) / width) ** 2)))

    serve(app, rate, peak=usual * high)
    background(app)
    return Case(app, kinds=WHOLE, ongoing=False, how=way(app), demands={"no restart": no_restart})


def _failing_clients(app: App, few: list[str], rate: float, code: tuple[str, ...]) -> Fault:
    return Fault(lambda life, ask: rate if ask.client in few else 0.0, code)


@family("session affinity, some clients fail", PART)
def _tenants(seed: str) -> Case:
    app = drawn(seed)
    app.dynos("web", app.random.randint(2, 5))
    visitors = app.random.sample(app.clients, app.random.randint(40, 120))
    few = visitors[: app.random.randint(1, 5)]
    app.faults.append(_failing_clients(app, few, app.random.uniform(0.5, 1), some_codes(app)))
    heavy = few * app.random.randint(1, 4)
    serve_sessions(app, pace(app), visitors=[*visitors, *heavy], each=app.random.choice((300.0, 1e6)))
    background(app)
    return Case(app, how=way(app))


@family("session affinity, one dyno fails", PART)
def _sticky(seed: str) -> Case:
    app = drawn(seed, 500)
    lives = app.dynos("web", app.random.randint(2, 5))
    bad = app.random.choice(lives)
    app.faults.append(ill(bad, app.random.uniform(0.25, 0.9), some_codes(app)))
    serve_sessions(app, pace(app), visitors=app.clients, each=app.random.choice((120.0, 300.0, 1e6)))
    background(app)
    return Case(app, guilty=[bad], kinds=GUILTY, ongoing=True, how=way(app))


def _whole(seed: str, change: Callable[[App], None]) -> Case:
    app = drawn(seed)
    app.dynos("web", app.random.randint(2, 7))
    start = app.random.choice((0.0, app.seconds * app.random.uniform(0.1, 0.5)))
    rate, code = app.random.uniform(0.1, 0.7), some_codes(app)
    app.faults.append(Fault(lambda life, ask: rate if ask.at >= start else 0.0, code))
    change(app)
    serve(app, pace(app))
    background(app)
    return Case(app, kinds=WHOLE, ongoing=True, how=way(app), demands={"no restart": no_restart})


@family("the whole app fails to the end", "tense")
def _all(seed: str) -> Case:
    return _whole(seed, lambda app: None)
