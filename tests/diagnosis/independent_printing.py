"""Kinds of incidents of the independent world that try what is said of lines: rare ones, noisy ones, look-alikes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tests.diagnosis.independent import Outside, Run, failing
from tests.diagnosis.independent_families import CALM, Incident, done, illness, some_web, world
from tests.diagnosis.independent_voices import REASONS, STYLES, Saying

Draw: TypeAlias = Callable[[str], Incident]
PRINTING: dict[str, Draw] = {}

BANNER = Saying("boot:", "boot: step %(few)s of 60, module %(word)s loaded in %(n)s us")
DEBUG = Saying("debug:", "debug: %(word)s resolved to %(hex)s in %(n)s us")
ADMIN = Saying("admin:", "admin: %(person)s exported %(few)s rows of %(word)s in %(n)s ms")
CRON = Saying("nightly clean", "nightly clean of %(word)s: %(n)s rows, %(few)s left")


def printing(name: str) -> Callable[[Draw], Draw]:
    """Enter a way to draw incidents under a name."""

    def enter(draw: Draw) -> Draw:
        PRINTING[name] = draw
        return draw

    return enter


def guilty(seed: str, why: Saying | None = None, *, style: int | None = None, told: float = 0.5) -> tuple[Outside, Run]:
    """A world with one guilty dyno that says why, in a style or any."""
    it = world(seed, 600.0)
    it.voice.why, it.voice.misleading, it.voice.told = why or it.random.choice(REASONS), None, told
    if style is not None:
        it.voice.usual = STYLES[style]
    bad = it.random.choice(some_web(it, 3, 6, failing(it.random.choice((0, 0.002)), "500")))
    bad.ill = illness(it, 0.15, 0.8)
    return it, bad


def convicted(it: Outside, bad: Run) -> Incident:
    """Requests come, and the guilty dyno fails them."""
    it.serve(it.random.uniform(2, 5))
    return done(it, ["one_dyno"], [bad])


def unconvicted(seed: str) -> tuple[Outside, list[Run]]:
    """A world in which no dyno is guilty: nothing fails, or half of the dynos' requests alike."""
    it = world(seed, 600.0)
    rate = it.random.choice((0.0, 0.003, 0.3))
    return it, some_web(it, 3, 6, failing(rate, "500", "H12"))


@printing("why: once a minute only")
def _rarely(seed: str) -> Incident:
    it, bad = guilty(seed, told=0.0)
    assert it.voice.why
    it.repeats(bad, it.voice.why, every=60.0)
    return convicted(it, bad)


@printing("why: a traceback")
def _traceback(seed: str) -> Incident:
    return convicted(*guilty(seed, REASONS[-1]))


@printing("why: a tenth as often from the peers")
def _peers_too(seed: str) -> Incident:
    it, bad = guilty(seed, told=0.0)
    assert it.voice.why
    for run in it.runs:
        it.repeats(run, it.voice.why, every=8.0 if run is bad else 80.0)
    return convicted(it, bad)


@printing("why: in JSON")
def _json(seed: str) -> Incident:
    return convicted(*guilty(seed, REASONS[1], style=1))


@printing("why: in logfmt")
def _logfmt(seed: str) -> Incident:
    return convicted(*guilty(seed, REASONS[2], style=2))


@printing("why: words vary without a digit")
def _names(seed: str) -> Incident:
    return convicted(*guilty(seed, REASONS[5], style=3))


@printing("why: among output of several lines")
def _blocks(seed: str) -> Incident:
    return convicted(*guilty(seed, style=4))


@printing("why: a worker prints it too")
def _worker_too(seed: str) -> Incident:
    it, bad = guilty(seed)
    assert it.voice.why
    for worker in it.formation("worker", 2):
        it.repeats(worker, it.voice.why, every=10.0)
    return convicted(it, bad)


@printing("why: beside a cron thread on the guilty dyno")
def _cron_too(seed: str) -> Incident:
    it, bad = guilty(seed)
    it.repeats(bad, CRON, every=20.0)
    return convicted(it, bad)


@printing("why: from a young dyno with a banner")
def _young(seed: str) -> Incident:
    it, first = guilty(seed)
    bad = it.replace(first, it.random.uniform(60, 150), "restart", ill=first.ill)
    first.ill = None
    for step in range(15):
        it.prints(bad.born + 0.3 * step, bad, BANNER.text)
    return convicted(it, bad)


@printing("no dyno: one prints debug lines")
def _debug(seed: str) -> Incident:
    it, lives = unconvicted(seed)
    it.repeats(it.random.choice(lives), DEBUG, every=1.0)
    it.serve(it.random.uniform(2, 5))
    return done(it, CALM | {"whole_app"})


@printing("no dyno: a cron thread on web.1")
def _cron(seed: str) -> Incident:
    it, lives = unconvicted(seed)
    it.repeats(lives[0], CRON, every=15.0)
    it.serve(it.random.uniform(2, 5))
    return done(it, CALM | {"whole_app"})


@printing("no dyno: young ones print banners")
def _banners(seed: str) -> Incident:
    it, lives = unconvicted(seed)
    for life in it.random.sample(lives, 2):
        new = it.replace(life, it.random.uniform(100, 400), "restart", ill=life.ill)
        for step in range(15):
            it.prints(new.born + 0.3 * step, new, BANNER.text)
    it.serve(it.random.uniform(2, 5))
    return done(it, CALM | {"whole_app"})


@printing("no dyno: one client on one dyno")
def _client(seed: str) -> Incident:
    it = world(seed, 600.0)
    to = it.random.choice(some_web(it, 3, 6))
    it.voice.why = it.random.choice(REASONS)
    it.serve(it.random.uniform(2, 4))
    it.serve(0.3, to=to, client="203.0.113.77", ill=failing(0.9, "500"))
    return done(it, CALM | {"one_client_or_path"})


@printing("why: beside one client's pages on the guilty dyno")
def _client_too(seed: str) -> Incident:
    it, bad = guilty(seed)
    it.repeats(bad, ADMIN, every=5.0)
    return convicted(it, bad)


@printing("why: from a dyno that prints little else")
def _hangs(seed: str) -> Incident:
    it, bad = guilty(seed)
    bad.ill = failing(0.9, "H12")
    incident = convicted(it, bad)
    assert it.voice.why
    mark, head = it.voice.why.mark.splitlines()[-1], f"app[{bad.name}]"
    it.printed = [each for each in it.printed if not each[2].startswith(head) or mark in each[2] or each[1] % 1 < 0.1]
    return incident


@printing("why: a release, which prints new lines too")
def _release(seed: str) -> Incident:
    it, at = _released(seed)
    it.voice.why = it.random.choice(REASONS)
    ill = failing(it.random.uniform(0.15, 0.7), "500", "503")
    for old in some_web(it, 3, 6):
        new = it.replace(old, at + it.random.uniform(1, 6), "deploy", ill=ill)
        new.release = 42
        it.repeats(new, ADMIN, every=10.0)
    it.serve(it.random.uniform(2, 5))
    return done(it, ["whole_app"])


@printing("why: all dynos from the middle, then a job begins")
def _job_begins(seed: str) -> Incident:
    it = world(seed, 600.0)
    it.voice.why = it.random.choice(REASONS)
    start = it.random.uniform(200, 300)
    lives = some_web(it, 3, 6, failing(0.4, "500", "H12", start=start))
    it.repeats(lives[0], CRON, every=8.0, start=start + 60)
    it.serve(it.random.uniform(2, 5))
    return done(it, ["whole_app"])


@printing("no dyno: a release prints new lines, all is well")
def _release_well(seed: str) -> Incident:
    it, at = _released(seed)
    for old in some_web(it, 3, 6):
        new = it.replace(old, at + it.random.uniform(1, 6), "deploy")
        new.release = 42
        it.repeats(new, ADMIN, every=5.0)
    it.serve(it.random.uniform(2, 5))
    return done(it, CALM)


def _released(seed: str) -> tuple[Outside, float]:
    it = world(seed, 600.0)
    at = it.random.uniform(0.35, 0.6) * it.seconds
    it.release(42, at)
    return it, at
