"""More kinds of incidents in the independent world: clients, sleep, very many requests and very few."""

from __future__ import annotations

from random import Random

from tests.diagnosis.independent import failing
from tests.diagnosis.independent_families import CALM, SPREAD, Incident, done, family, illness, some_web, world


@family("scaled to zero")
def _zero(seed: str) -> Incident:
    it = world(seed)
    at = it.random.uniform(20, 120)
    for life in some_web(it, 1, 3):
        it.stop(life, at + 1, reason="scaled_down")
    it.wanted["web"] = 0
    it.say(at, "app[api]", "Scaled to web@0:Standard-1X by user dev@example.com")
    it.serve(2, end=at + 1)
    for i in range(60):
        it.request(at + 4 + i * 2, None, 0, "H14")
    return done(it, ["scaled_to_zero"])


@family("clients leave")
def _clients(seed: str) -> Incident:
    it = world(seed)
    some_web(it, 2, 6, failing(it.random.uniform(0.1, 0.5), "H27"))
    it.serve(it.random.uniform(2, 4))
    return done(it, ["clients"])


@family("a sticky client")
def _sticky(seed: str) -> Incident:
    it = world(seed)
    to = it.random.choice(some_web(it, 3, 6))
    it.serve(it.random.uniform(2, 4))
    only = it.random.choice((1, 5, None))
    it.serve(0.3, to=to, client="203.0.113.77", only=only, ill=failing(0.9, "500", "H12"))
    return done(it, CALM | {"one_client_or_path"})


@family("eco sleeps and wakes")
def _eco(seed: str) -> Incident:
    it = world(seed, 2400.0)
    (life,) = it.formation("web", 1)
    it.serve(0.3, end=300)
    it.say(699, "heroku[web.1]", "Idling")
    it.say(699.1, "heroku[web.1]", "State changed from up to down")
    it.stop(life, 700, reason="idled")
    it.say(1500, "heroku[web.1]", "Unidling")
    it.boot("web.1", 1501)
    it.serve(0.3, start=1512)
    return done(it)


@family("many requests, one guilty")
def _busy(seed: str) -> Incident:
    it = world(seed, Random(f"length/{seed}").choice((80.0, 280.0)), twice=0.0)
    bad = it.random.choice(some_web(it, 3, 3, failing(0.006, "500")))
    bad.ill = illness(it, 0.1, 0.9)
    it.serve(25)
    return done(it, ["one_dyno"], [bad])


@family("many requests, one guilty on one path")
def _busy_path(seed: str) -> Incident:
    it = world(seed, Random(f"length/{seed}").uniform(80, 280), twice=0.0)
    lives = some_web(it, 2, 4, failing(0.006, "500"))
    bad = it.random.choice(lives)
    bad.ill = illness(it, 0.5, 1, routes=[it.random.choice((1, 4, 5))])
    it.serve(25 * len(lives))
    return done(it, ["one_dyno"], [bad])


@family("many requests, two guilty on one path each")
def _busy_two(seed: str) -> Incident:
    it = world(seed, Random(f"length/{seed}").uniform(80, 280), twice=0.0)
    lives = some_web(it, 5, 6, failing(0.006, "500"))
    bad = it.random.sample(lives, 2)
    for life in bad:
        life.ill = illness(it, 0.5, 1, routes=[it.random.choice((1, 4, 5))])
    it.serve(25 * len(lives))
    return done(it, ["some_dynos"], bad)


@family("a log session of a busy app, one guilty")
def _session(seed: str) -> Incident:
    random = Random(f"length/{seed}")
    n, per_second = random.randint(2, 6), random.choice((6.0, 15.0, 40.0, 100.0))
    it = world(seed, 1500 / per_second, twice=0.0)
    bad = it.random.choice(it.formation("web", n, ill=failing(it.random.choice((0.0, 0.003)), "500")))
    bad.ill = illness(it, 0.1, 1, start=-40.0)
    it.serve(per_second, start=-40.0)  # what was sent before the window times out in it
    return done(it, ["one_dyno"], [bad])


@family("a log session of a busy app, hiccups")
def _session_hiccups(seed: str) -> Incident:
    random = Random(f"length/{seed}")
    n, per_second = random.randint(2, 6), random.choice((6.0, 15.0, 40.0))
    it = world(seed, 1500 / per_second, twice=0.0)
    it.formation("web", n, ill=failing(it.random.choice((0.0, 0.003)), "500"))
    for _ in range(it.random.randint(1, 2)):
        at, to, ill = (
            it.random.uniform(-30, it.seconds),
            it.random.choice(it.runs),
            failing(0.9, it.random.choice(("500", "H12", "H18")), start=-40.0),
        )
        it.serve(per_second / n, start=at, end=at + it.random.uniform(2, 8), to=to, ill=ill)
    it.serve(per_second, start=-40.0)
    return done(it, SPREAD)


@family("many requests, hiccups")
def _busy_hiccups(seed: str) -> Incident:
    it = world(seed, Random(f"length/{seed}").uniform(120, 280), twice=0.0)
    some_web(it, 3, 4, failing(0.002, "500"))
    for _ in range(it.random.randint(2, 8)):
        at, to = it.random.uniform(0, it.seconds - 8), it.random.choice(it.runs)
        ill = failing(0.9, it.random.choice(("500", "H12", "H18")))
        it.serve(25, start=at, end=at + it.random.uniform(2, 8), to=to, ill=ill)
    it.serve(25 * len(it.runs))
    return done(it, SPREAD)


@family("many requests, errors everywhere")
def _busy_odd(seed: str) -> Incident:
    it = world(seed, 60.0)
    some_web(it, 4, 4, failing(it.random.choice((0.001, 0.01, 0.03)), "500", "H12"))
    it.serve(100)
    return done(it, SPREAD)


@family("hardly a request")
def _rare(seed: str) -> Incident:
    it = world(seed)
    it.random.choice(some_web(it, 2, 5)).ill = failing(it.random.uniform(0, 1), "500")
    it.serve(0.05)
    return done(it)


@family("every dyno cycles, slow at first")
def _cycles(seed: str) -> Incident:
    it, at = world(seed, 900.0), 60.0
    for life in some_web(it, 3, 6):
        at += it.random.uniform(60, 120)
        it.replace(life, at, "cycle", slow=it.random.random() < 0.3, ill=failing(0.25, "H12", end=at + 25))
    it.serve(it.random.uniform(2, 4))
    return done(it, SPREAD)
