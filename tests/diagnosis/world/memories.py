"""Families of memory: leaks with a true time at the quota, warm-ups, waves, plateaus, levels that flap."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, pi, sin

from tests.diagnosis.world.answer import Answer
from tests.diagnosis.world.app import App
from tests.diagnosis.world.case import Case, family, measure
from tests.diagnosis.world.lines import load
from tests.diagnosis.world.lives import Life

PART = "memory"
QUOTAS = (("Standard-1X", 512.0), ("Standard-2X", 1024.0), ("Performance-M", 2560.0))
RIPPLE, HELD = 0.012, 400.0  # the noise: its share of the quota, and for how many seconds a level is held
Level = Callable[[float], float]


def app_of(seed: str, hours: float) -> tuple[App, float]:
    """An app seen for hours, and its quota."""
    app = App(seed, seconds=hours * 3600)
    app.size, quota = app.random.choice(QUOTAS)
    return app, quota


def living(app: App, name: str, quota: float, level: Level, *, born: float = -30.0, ripple: float = RIPPLE) -> Life:
    """A dyno whose memory moves so, with the noise of an app: what it holds a while, and what comes and goes."""
    life = app.dyno(name, born)
    slow, was = 0.0, -1e9
    saw, tooth = app.random.choice((0.0, 0.0, 0.02)) * quota, app.random.uniform(300, 2400)

    def noisy(at: float) -> float:
        nonlocal slow, was
        kept = exp(-(at - was) / HELD)
        slow = slow * kept + app.random.gauss(0, ripple * quota) * (1 - kept * kept) ** 0.5
        was = at
        return level(at) + slow + app.random.gauss(0, 0.002 * quota) + saw * ((at % tooth) / tooth - 0.5)

    measure(app, life, noisy, quota=quota, loads=0)
    at = 100.0
    while (at := at + 600) < app.seconds:
        app.put(at, "heroku", name, load(name, life.id, 0.2, app.account))
    return life


def crossing(level: Level, quota: float, start: float) -> float:
    """When the curve without its noise reaches the quota."""
    low, high = start, start + 40 * 86400
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if level(middle) < quota else (low, middle)
    return high


def is_plain(rise: float, seconds: float, *, warm: bool) -> bool:
    """Whether growth can be told from the noise: it rises by four standard errors; after a warm-up, in the last third.

    A level is held for HELD seconds, so that a span holds span / 2 HELD independent ones, and a line's rise over them
    has the standard error RIPPLE * sqrt(12 / number).
    """
    share = 1 / 3 if warm else 1.0
    return rise * share >= 4 * RIPPLE * (12 / (seconds * share / (2 * HELD))) ** 0.5


def leak(seed: str, hours: float, *, warm: bool) -> Case:
    """One or two of some workers grow, straight or after a warm-up; at the end the quota is still ahead."""
    app, quota = app_of(seed, hours)
    random = app.random
    true: list[tuple[str, float]] = []
    plain: list[str] = []
    for i in range(1, random.randint(1, 2) + 1):
        base, rise = quota * random.uniform(0.25, 0.4), quota * random.uniform(0.12, 0.35)
        first = quota * random.uniform(0.1, 0.25) if warm else 0.0
        tau = random.uniform(400, 2400)

        def level(at: float, base: float = base, rise: float = rise, first: float = first, tau: float = tau) -> float:
            return base + first * (1 - exp(-(at + 30) / tau)) + rise * at / app.seconds

        life = living(app, f"worker.{i}", quota, level)
        true.append((life.id, crossing(level, quota, app.seconds)))
        if is_plain(rise / quota, app.seconds, warm=warm):
            plain.append(life.name)

    def told_as_growing(answer: Answer) -> bool:
        return all(
            row["memory"]["trend"]["class"] == "growing" or answer.says(rf"{row['dyno']}[^\n]*(still rises|grow)")
            for row in answer.rows
            if row["dyno"] in plain
        )

    return Case(
        app, how=random.choice(("file", "dynos")), forecasts=true, demands={"told that it grows": told_as_growing}
    )


@family("straight leak, seen for 3 h", PART)
def _straight_3(seed: str) -> Case:
    return leak(seed, 3, warm=False)


@family("straight leak, seen for 5 h", PART)
def _straight_5(seed: str) -> Case:
    return leak(seed, 5, warm=False)


@family("straight leak, seen for 8 h", PART)
def _straight_8(seed: str) -> Case:
    return leak(seed, 8, warm=False)


@family("warm-up, then leak, seen for 3 h", PART)
def _warm_3(seed: str) -> Case:
    return leak(seed, 3, warm=True)


@family("warm-up, then leak, seen for 5 h", PART)
def _warm_5(seed: str) -> Case:
    return leak(seed, 5, warm=True)


@family("warm-up, then leak, seen for 8 h", PART)
def _warm_8(seed: str) -> Case:
    return leak(seed, 8, warm=True)


def says_growing_surely(answer: Answer) -> bool:
    """Whether growth is claimed with high confidence."""
    return any(
        f["kind"].startswith("memory") and f["confidence"] == "high" and "gr" in f["sentence"] for f in answer.findings
    )


@family("a wave of a day, seen for hours", PART)
def _wave(seed: str) -> Case:
    app, quota = app_of(seed, 0)
    app.seconds = app.random.uniform(4, 8) * 3600
    base, swing, phase = (
        quota * app.random.uniform(0.4, 0.6),
        quota * app.random.uniform(0.06, 0.2),
        app.random.uniform(0, 2 * pi),
    )
    for i in range(1, app.random.randint(1, 2) + 1):
        living(
            app,
            f"web.{i}",
            quota,
            lambda at: base + swing * sin(phase + 2 * pi * at / 86400),
            born=-app.random.uniform(4e3, 6e4),
        )
    return Case(app, demands={"never surely growing": lambda answer: not says_growing_surely(answer)})


@family("warm-up to a plateau", PART)
def _plateau(seed: str) -> Case:
    app, quota = app_of(seed, 0)
    app.seconds = app.random.uniform(3, 6) * 3600
    for i in range(1, app.random.randint(1, 2) + 1):
        base, first = quota * app.random.uniform(0.25, 0.45), quota * app.random.uniform(0.12, 0.4)
        tau = app.random.uniform(300, 1800)
        living(
            app, f"web.{i}", quota, lambda at, b=base, f=first, t=tau: b + f * (1 - exp(-(at + 30) / t)), ripple=0.008
        )
    return Case(app, demands={
        "not growing": lambda answer: all(row["memory"]["trend"]["class"] != "growing" for row in answer.rows),
    })  # fmt: skip


@family("a level that flaps about the quota", PART)
def _flap(seed: str) -> Case:
    app, quota = app_of(seed, 2.5)
    period, swing = app.random.uniform(240, 900), quota * app.random.uniform(0.02, 0.05)
    turn = pi * 1.5 - 2 * pi * app.seconds / period  # below the quota at the end
    living(app, "web.1", quota, lambda at: quota * 0.995 + swing * sin(turn + 2 * pi * at / period), ripple=0.001,
           born=-app.random.uniform(4e3, 5e4))  # fmt: skip
    living(app, "web.2", quota, lambda at: quota * 0.5, born=-7000)
    for line in [each for each in app.lines if each.process == "web.1" and "memory_total" in each.text]:
        total = float(line.text.partition("memory_total=")[2].partition("MB")[0])
        if total > quota and app.random.random() < 0.5:
            at = line.at - app.base + 0.2
            app.put(at, "heroku", "web.1", f"Process running mem={total:.0f}M({total / quota:.1%})")
            app.put(at + 0.01, "heroku", "web.1", "Error R14 (Memory quota exceeded)")
    return Case(app, how=app.random.choice(("file", "dynos")), demands={
        "was, not is over the quota": lambda answer: not answer.says(r"\b(is|are) over the memory quota"),
    })  # fmt: skip


@family("all dynos leak alike", PART)
def _alike(seed: str) -> Case:
    app, quota = app_of(seed, 4)
    base, rise = quota * app.random.uniform(0.3, 0.4), quota * app.random.uniform(0.25, 0.4)
    for i in range(1, app.random.randint(3, 4) + 1):
        living(app, f"web.{i}", quota, lambda at: base + rise * at / app.seconds)
    return Case(
        app, how=app.random.choice(("file", "dynos")), demands={"no restart of one": lambda answer: not answer.restarts}
    )


@family("one level far above its peers", PART)
def _above(seed: str) -> Case:
    app, quota = app_of(seed, 3)
    n = app.random.randint(3, 4)
    high = app.random.randint(1, n)
    for i in range(1, n + 1):
        level = quota * (app.random.uniform(0.75, 0.92) if i == high else app.random.uniform(0.25, 0.35))
        living(app, f"web.{i}", quota, lambda at, level=level: level, born=-app.random.uniform(5e4, 6e4))

    def told(answer: Answer) -> bool:
        return any(
            f["kind"].startswith("memory") and f"web.{high}" in f"{f['dyno']} {f['sentence']}" for f in answer.findings
        )

    return Case(app, how=app.random.choice(("file", "dynos")), demands={"told": told})
