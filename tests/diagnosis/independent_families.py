"""Kinds of incidents in the independent world. Each takes a seed, draws everything else, and knows what is true."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from tests.diagnosis.independent import Ill, Outside, Run, failing

CALM = frozenset({"nothing_found", "not_enough_data"})
SPREAD = CALM | {"whole_app"}
NEVER = 1e12


@dataclass
class Incident:
    """A world and what is true of it. `right` are the verdict classes that fit; empty: any that does not accuse."""

    world: Outside
    right: frozenset[str] = CALM
    guilty: list[Run] = field(default_factory=list)


Draw: TypeAlias = Callable[[str], Incident]
FAMILIES: dict[str, Draw] = {}


def family(name: str) -> Callable[[Draw], Draw]:
    """Enter a way to draw incidents under a name."""

    def enter(draw: Draw) -> Draw:
        FAMILIES[name] = draw
        return draw

    return enter


def world(seed: str, seconds: float = 0.0, *, twice: float | None = None) -> Outside:
    """A window with the usual untidiness drawn."""
    random = Random(seed)
    return Outside(
        seed,
        seconds=seconds or random.uniform(330, 900),
        metrics=random.random() < 0.7,
        router=random.choice((1, 2, 2, 2)),
        digits=random.choice((None, None, None, 6, 3, 0)),
        late=random.choice((0.0, 0.01, 0.05)),
        twice=random.choice((0.0, 0.0, 0.02)) if twice is None else twice,
    )


def some_web(it: Outside, low: int, high: int, ill: Ill | None = None) -> list[Run]:
    """Web dynos, in a number drawn."""
    return it.formation("web", it.random.randint(low, high), ill=ill)


def illness(it: Outside, low: float, high: float = 1.0, *, start: float = 0.0, routes: Iterable[int] = ()) -> Ill:
    """What a guilty dyno suffers from."""
    codes = ("500", "H12", "H13", "H18", "H19", "H21", "503 502", "504", "H12 500")
    return failing(it.random.uniform(low, high), *it.random.choice(codes).split(), start=start, routes=routes)


def usual_events(it: Outside) -> None:
    """A web dyno or two is replaced in the ordinary way."""
    for life in it.random.sample(it.runs, min(len(it.runs), it.random.randint(0, 2))):
        if life.type == "web":
            how = it.random.choice(("restart", "cycle"))
            at, slow = it.random.uniform(60, it.seconds - 100), it.random.random() < 0.3
            it.replace(life, at, how, slow=slow, ill=life.ill)


def done(it: Outside, right: Iterable[str] = CALM, guilty: Iterable[Run] = ()) -> Incident:
    """The world written to its end."""
    it.chatter()
    return Incident(it, frozenset(right), list(guilty))


@family("quiet")
def _quiet(seed: str) -> Incident:
    it = world(seed)
    some_web(it, 1, 10)
    it.formation("worker", it.random.randint(0, 3))
    usual_events(it)
    it.serve(it.random.uniform(0.3, 6))
    return done(it, CALM | ({"no_dyno_named"} if it.errors_without_dyno else set()))  # the only web dyno was replaced


@family("odd errors")
def _odd(seed: str) -> Incident:
    it = world(seed)
    some_web(it, 2, 10, failing(it.random.choice((0.001, 0.004, 0.01, 0.03)), "500", "H12", "H18", "503"))
    usual_events(it)
    it.serve(it.random.uniform(1, 6))
    return done(it, SPREAD)


@family("bursts of one page")
def _bursts(seed: str) -> Incident:
    it = world(seed)
    some_web(it, 2, 8)
    it.serve(it.random.uniform(1.5, 5))
    for _ in range(it.random.randint(3, 12)):
        at, to, client = it.random.uniform(0, it.seconds), it.random.choice(it.runs), it.random.choice(it.clients)
        for _ in range(it.random.randint(2, 20)):
            at += it.random.uniform(0, 3)
            it.request(at, to, 5, "500", client)
    return done(it, SPREAD | {"one_client_or_path"})


@family("hiccups, each on any dyno, pages with ids")
def _hiccups(seed: str) -> Incident:
    it = world(seed)
    some_web(it, 3, 8)
    it.serve(it.random.uniform(1.5, 5))
    for _ in range(it.random.randint(2, 8)):
        at, to = it.random.uniform(0, it.seconds), it.random.choice(it.runs)
        code = it.random.choice(("500", "H12", "H18"))
        for _ in range(it.random.randint(4, 15)):
            route, client = it.random.choice((1, 2, 4)), it.random.choice(it.clients)
            it.request(at + it.random.uniform(0, 8), to, route, code, client)
    return done(it, SPREAD)


@family("one path fails everywhere")
def _path(seed: str) -> Incident:
    it = world(seed)
    some_web(it, 2, 8, failing(it.random.uniform(0.5, 1), "500", routes=[it.random.choice((0, 1, 4, 5))]))
    usual_events(it)
    it.serve(it.random.uniform(2, 5))
    return done(it, SPREAD | {"one_client_or_path"})


@family("the whole app for a part of the window")
def _outage(seed: str) -> Incident:
    it = world(seed)
    start = it.random.uniform(60, it.seconds - 200)
    some_web(it, 2, 8, failing(it.random.uniform(0.3, 0.9), "500", "H12", start=start, end=start + 120))
    it.serve(it.random.uniform(2, 5))
    return done(it, ["whole_app"])


@family("a release breaks the app")
def _broken(seed: str) -> Incident:
    it = world(seed)
    at, ill = it.random.uniform(0.35, 0.6) * it.seconds, failing(it.random.uniform(0.15, 0.7), "500", "503")
    it.release(42, at)
    for old in some_web(it, 2, 6):
        when = at + it.random.uniform(1, 6)
        it.replace(old, when, "deploy", slow=it.random.random() < 0.3, ill=ill).release = 42
    it.serve(it.random.uniform(2, 5))
    return done(it, ["whole_app"])


@family("a release changes nothing")
def _release(seed: str) -> Incident:
    it = world(seed)
    at, how = it.random.uniform(0.3, 0.7) * it.seconds, it.random.choice(("deploy", "preboot"))
    it.release(42, at)
    for old in some_web(it, 2, 6):
        it.replace(old, at + it.random.uniform(1, 6), how, slow=it.random.random() < 0.3).release = 42
    it.serve(it.random.uniform(2, 5), ill=failing(0.003, "500", "H12"))
    return done(it)


@family("one guilty dyno")
def _guilty(seed: str) -> Incident:
    it = world(seed)
    bad = it.random.choice(some_web(it, 2, 10, failing(it.random.choice((0, 0, 0.002)), "500")))
    bad.ill, bad.slow = illness(it, 0.06), it.random.choice((1, 1, 5))
    it.formation("worker", it.random.randint(0, 2))
    it.serve(it.random.uniform(1.5, 6))
    return done(it, ["one_dyno"], [bad])


@family("guilty on one path")
def _guilty_path(seed: str) -> Incident:
    it = world(seed)
    bad = it.random.choice(some_web(it, 2, 6))
    bad.ill = illness(it, 1, routes=[it.random.choice((1, 4, 5))])
    it.serve(it.random.uniform(2, 6))
    return done(it, ["one_dyno"], [bad])


@family("guilty from the middle")
def _guilty_late(seed: str) -> Incident:
    it = world(seed)
    bad = it.random.choice(some_web(it, 2, 8))
    bad.ill = illness(it, 0.2, start=it.seconds * it.random.uniform(0.3, 0.6))
    it.serve(it.random.uniform(2, 6))
    return done(it, ["one_dyno"], [bad])


@family("guilty and replaced, name reused")
def _replaced(seed: str) -> Incident:
    it = world(seed)
    bad = it.random.choice(some_web(it, 3, 8))
    bad.ill = illness(it, 0.2)
    at = it.seconds * it.random.uniform(0.4, 0.6)
    life = it.replace(bad, at, it.random.choice(("restart", "cycle", "preboot")), slow=it.random.random() < 0.4)
    if at + 240 < it.seconds:
        it.replace(life, at + 230, it.random.choice(("restart", "cycle")))
    it.serve(it.random.uniform(2, 6))
    return done(it, ["one_dyno"], [bad])


@family("the second life is guilty")
def _second(seed: str) -> Incident:
    it = world(seed, 1200.0)
    first = it.random.choice(some_web(it, 3, 6))
    how = it.random.choices(("restart", "cycle"), k=2)
    bad = it.replace(first, it.random.uniform(100, 300), how[0], ill=illness(it, 0.2))
    third = it.replace(bad, it.random.uniform(600, 700), how[1], slow=it.random.random() < 0.5)
    it.replace(third, it.random.uniform(850, 1000), "restart")
    it.serve(it.random.uniform(1.5, 3))
    return done(it, ["one_dyno"], [bad])


@family("some guilty dynos")
def _some(seed: str) -> Incident:
    it = world(seed)
    bad = it.random.sample(some_web(it, 5, 10), 2)
    for life in bad:
        life.ill = illness(it, 0.2, 0.9)
    it.serve(it.random.uniform(3, 6))
    return done(it, ["some_dynos"], bad)


@family("scaled up in the middle, slow at first")
def _young(seed: str) -> Incident:
    it = world(seed)
    n, at = len(some_web(it, 2, 4)), it.random.uniform(0.3, 0.9) * it.seconds
    it.say(at, "app[api]", f"Scaled to web@{n + 3}:Standard-1X by user dev@example.com")
    for i in range(n + 1, n + 4):
        cold = failing(0.5, "H12", "H21", end=at + it.random.uniform(10, 40))
        it.boot(f"web.{i}", at + it.random.uniform(1, 5), ill=cold)
    it.serve(it.random.uniform(2, 5))
    return done(it, ())


@family("scaled down")
def _down(seed: str) -> Incident:
    it = world(seed)
    lives, at = some_web(it, 4, 7), it.random.uniform(0.3, 0.8) * it.seconds
    it.say(at, "app[api]", "Scaled to web@2:Standard-1X worker@0:Standard-1X by user dev@example.com")
    for life in lives[2:]:
        it.stop(life, at + it.random.uniform(1, 5), slow=it.random.random() < 0.3, reason="scaled_down")
    it.serve(it.random.uniform(1, 4))
    return done(it)


@family("crash loop")
def _crash(seed: str) -> Incident:
    it = world(seed, 1500.0)
    for life in some_web(it, 1, 3):
        at, wait, now = it.random.uniform(60, 200), 0.5, life
        while now and at < it.seconds:
            status, first = it.random.choice((1, 1, 3, 137)), it.random.choice(("exit", "state"))
            now = it.crash(now, at, again=wait, status=status, first=first)
            at, wait = at + wait + it.random.uniform(12, 30), it.random.uniform(60, 400)
            if now and it.random.random() < 0.5:
                now.open = NEVER
    it.serve(it.random.uniform(0.5, 2))
    return done(it, ["crash"])


@family("one dyno crashes once")
def _once(seed: str) -> Incident:
    it = world(seed)
    life, first = it.random.choice(some_web(it, 2, 6)), it.random.choice(("exit", "state"))
    it.crash(life, it.random.uniform(100, it.seconds - 60), again=0.4, first=first)
    it.serve(it.random.uniform(1, 6))
    return done(it, ["crash"])


@family("platform errors")
def _platform(seed: str) -> Incident:
    it = world(seed)
    some_web(it, 1, 5, failing(it.random.uniform(0.05, 0.4), it.random.choice(("H99", "H11", "H20"))))
    it.serve(it.random.uniform(1, 4))
    return done(it, ["no_dyno_named"])
