"""Families with sick dynos among healthy ones: by number, by pace, by what happens beside it."""

from __future__ import annotations

from tests.diagnosis.world.answer import Answer
from tests.diagnosis.world.app import App
from tests.diagnosis.world.case import GUILTY, Case, background, drawn, everywhere, family, ill, some_codes, way
from tests.diagnosis.world.innocents import stalls
from tests.diagnosis.world.lives import Life
from tests.diagnosis.world.overloads import EVEN, pace
from tests.diagnosis.world.serving import serve

PART = "guilty dynos"


def sick(app: App, lives: list[Life], n: int = 1, low: float = 0.15, high: float = 0.95) -> list[Life]:
    """Some of these fail from now on, each at a rate and with codes of its own."""
    chosen = app.random.sample(lives, n)
    for life in chosen:
        app.faults.append(ill(life, app.random.uniform(low, high), some_codes(app)))
    return chosen


def _done(app: App, guilty: list[Life], rate: float, how: str = "", ongoing: bool | None = True) -> Case:
    serve(app, rate)
    background(app)
    return Case(app, guilty=guilty, kinds=GUILTY, ongoing=ongoing, how=how or way(app))


@family("one sick dyno to the end", PART)
def _one(seed: str) -> Case:
    app = drawn(seed)
    return _done(app, sick(app, app.dynos("web", app.random.randint(2, 7)), low=0.08), pace(app))


@family("one of eight", PART)
def _eight(seed: str) -> Case:
    app = drawn(seed)
    return _done(app, sick(app, app.dynos("web", 8)), pace(app, 1400, 2200))


@family("one of forty", PART)
def _forty(seed: str) -> Case:
    app = drawn(seed, 500, 900, metrics=False)
    return _done(
        app, sick(app, app.dynos("web", 40), low=0.3), pace(app, 3600, 4400), app.random.choice(("file", "dynos"))
    )


@family("two of four", PART)
def _two_of_four(seed: str) -> Case:
    app = drawn(seed)
    return _done(app, sick(app, app.dynos("web", 4), 2, 0.3), pace(app, 1300, 2000))


@family("two of three", PART)
def _two_of_three(seed: str) -> Case:
    app = drawn(seed)
    guilty = sick(app, app.dynos("web", 3), 2, 0.3)
    case = _done(app, guilty, pace(app, 1300, 2000))

    def names_both(answer: Answer) -> bool:
        return all(life.name in answer.headline for life in guilty) and not answer.says(EVEN)

    # The healthy one is the exception, so no dyno need be accused: it is enough that the two are named.
    case.kinds = frozenset()
    case.demands = {"names the two, never alike": names_both}
    return case


@family("three of eight, unequally", PART)
def _three(seed: str) -> Case:
    app = drawn(seed)
    return _done(app, sick(app, app.dynos("web", 8), 3, 0.2), pace(app, 1600, 2400))


@family("a request a minute", PART)
def _rare(seed: str) -> Case:
    app = drawn(seed, 8 * 3600, 22 * 3600, metrics=False)
    guilty = sick(app, app.dynos("web", app.random.randint(2, 4)), low=0.3)
    serve(app, app.random.uniform(0.8, 1.5) / 60)
    background(app, chatter=0.001)
    return Case(app, guilty=guilty, kinds=GUILTY, how=app.random.choice(("file", "dynos")))


@family("a third to two thirds of the lines lost", PART)
def _lost(seed: str) -> Case:
    app = drawn(seed, loses=0.5)
    app.loses = app.random.uniform(0.3, 0.65)
    guilty = sick(app, app.dynos("web", app.random.randint(2, 5)), low=0.3)
    for at in range(30, int(app.seconds), 60):
        lost = app.random.randint(5, 200)
        app.put(at, "heroku", "logplex", f"Error L10 (output buffer overflow): {lost} messages dropped since "
                f"{app.moment(at - 60):%Y-%m-%dT%H:%M:%S+00:00}.")  # fmt: skip
    return _done(app, guilty, pace(app, 2400, 3600), "file")


@family("stalls again and again on one dyno", PART)
def _stalling(seed: str) -> Case:
    app = drawn(seed, 600)
    bad = app.random.choice(app.dynos("web", app.random.randint(2, 6)))
    stalls(app, [bad], app.random.randint(12, 26), 3, 10)
    return _done(app, [bad], pace(app, 1400, 2000), ongoing=None)


@family("sick while the app is scaled", PART)
def _scaled(seed: str) -> Case:
    app = drawn(seed, 600)
    lives = app.dynos("web", app.random.randint(2, 4))
    guilty = sick(app, lives, low=0.2)
    more = len(lives) + app.random.randint(1, 4)
    at = app.seconds * app.random.uniform(0.3, 0.6)
    app.scale("web", more, at)
    if app.random.random() < 0.4:
        app.scale("web", len(lives), at + app.seconds * 0.3)
    return _done(app, guilty, pace(app, 1400, 2000))


@family("sick from the middle", PART)
def _later(seed: str) -> Case:
    app = drawn(seed)
    bad = app.random.choice(app.dynos("web", app.random.randint(2, 6)))
    start = app.seconds * app.random.uniform(0.3, 0.55)
    app.faults.append(ill(bad, app.random.uniform(0.3, 0.95), some_codes(app), start=start))
    return _done(app, [bad], pace(app))


@family("sick since its boot", PART)
def _since_boot(seed: str) -> Case:
    app = drawn(seed, 700, forms=("cli", "drain"))
    lives = app.dynos("web", app.random.randint(3, 6))
    how = app.random.choice(("Restarting", "Cycling"))
    new = app.restart(app.random.choice(lives), app.seconds * app.random.uniform(0.1, 0.4), how=how)
    return _done(app, sick(app, [new], low=0.25), pace(app, 1400, 2000))


@family("one sick dyno while all fail a little", PART)
def _amid(seed: str) -> Case:
    app = drawn(seed, 600)
    lives = app.dynos("web", app.random.randint(3, 6))
    app.faults.append(everywhere(app.random.uniform(0.02, 0.06), some_codes(app)))
    return _done(app, sick(app, lives, low=0.4), pace(app, 1400, 2000))


@family("sick since a deploy with preboot", PART)
def _preboot(seed: str) -> Case:
    app = drawn(seed, 900, 1300, forms=("cli", "drain"), metrics=True)
    new = preboot(app, app.dynos("web", app.random.randint(3, 5)), app.seconds * app.random.uniform(0.1, 0.2))
    return _done(app, sick(app, new, low=0.25), pace(app, 1500, 2200), app.random.choice(("file", "dynos")))


def preboot(app: App, lives: list[Life], at: float) -> list[Life]:
    """New dynos boot beside the old ones; after about three minutes requests go to the new ones, and the old stop."""
    version = app.release(at)
    switch = at + app.random.uniform(182, 230)
    new = []
    for old in lives:
        start = at + app.random.uniform(1, 8)
        life = app.boot(old.name, start, was="")
        life.open, life.release = switch, version
        app.stop(old, switch + app.random.uniform(0, 3), ended="released")
        old.shut = switch
        new.append(life)
    return new
