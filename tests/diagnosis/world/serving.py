"""Requests: how they come, which dyno gets them, how they are answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

from tests.diagnosis.world import lines
from tests.diagnosis.world.app import App
from tests.diagnosis.world.lives import Ask, Life, Seen

# (path, how often, usual service time in ms)
ROUTES = (
    ("/", 16, 22), ("/products/{n}", 22, 55), ("/cart", 9, 80), ("/api/v2/stock/{n}", 20, 14),
    ("/search?q=lamp&page={n}", 9, 210), ("/checkout", 7, 330),
    ("/accounts/{h}/edit", 6, 95), ("/assets/{h}.css", 11, 4),
)  # fmt: skip
_WEIGHTS = [weight for _, weight, _ in ROUTES]
_NUMBERS = range(len(ROUTES))


def serve(
    app: App, rate: float | Callable[[float], float], *, start: float = 0.0, end: float | None = None,
    kind: str = "web", client: str = "", route: int | None = None, peak: float = 0.0, to: Life | None = None,
) -> None:  # fmt: skip
    """Requests at random times, each to a random dyno that takes some. `peak` bounds a rate that changes."""
    random = app.random
    most = peak or (rate if isinstance(rate, (int, float)) else max(rate(t) for t in range(int(app.seconds) + 1)))
    until = app.seconds if end is None else end
    at, taking, change = start, [], -inf
    while (at := at + random.expovariate(most)) < until:
        asked = rate if isinstance(rate, (int, float)) else rate(at)
        if asked < most and random.random() * most > asked:
            continue
        if at >= change:
            taking = app.of(kind, at)
            turns = [t for life in app.lives if life.type == kind for t in (life.open, life.shut) if t > at]
            change = min(turns, default=inf)
        number = random.choices(_NUMBERS, _WEIGHTS)[0] if route is None else route
        ask = Ask(at, number, client or random.choice(app.clients), asked, len(taking))
        answer(app, ask, to or (random.choice(taking) if taking else None))


def serve_sessions(app: App, rate: float, *, visitors: Sequence[str], each: float, kind: str = "web") -> None:
    """Session affinity: a visitor stays on a dyno for `each` seconds, or until that dyno stops."""
    random = app.random
    at = 0.0
    homes: dict[str, tuple[Life, float]] = {}
    while (at := at + random.expovariate(rate)) < app.seconds:
        client = random.choice(visitors)
        home, until = homes.get(client, (None, -inf))
        taking = app.of(kind, at)
        if home is None or at > until or home.shut <= at:
            home = random.choice(taking) if taking else None
            if home is not None:
                homes[client] = (home, at + random.expovariate(1 / each))
        answer(app, Ask(at, random.choices(_NUMBERS, _WEIGHTS)[0], client, rate, len(taking)), home)


def answer(app: App, ask: Ask, life: Life | None) -> None:
    """One request's end: its line, and its place in the truth."""
    random, at = app.random, ask.at
    path, _, usual = ROUTES[ask.route]
    path = path.replace("{n}", str(random.randint(1, 9999))).replace("{h}", f"{random.getrandbits(40):010x}")
    method = "POST" if ask.route == 5 or random.random() < 0.1 else "GET"
    connect = random.randint(0, 2)
    if life is None:
        life, connect = _held(app, at, connect)
        at += connect / 1000
    if life is None:
        line = lines.router(
            random, app.style, code="H10", status=503, method=method, path=path, client=ask.client, dyno=""
        )
        app.put(at, "heroku", "router", line)
        return
    well, code, spell = 1.0, "", None
    for fault in app.faults:
        if (chance := fault.chance(life, ask)) > 0:
            well *= 1 - min(1.0, chance)
            if not code and random.random() < chance:
                code = random.choice(fault.codes)
                spell = fault.spell(life, at) if fault.spell else None
    service = int(usual * random.lognormvariate(0, 0.6)) + 1
    status = int(code) if code.isdigit() else 503 if code else 200
    if code == "H12":
        service = 30000 + random.randint(0, 4)
    elif code in ("H19", "H21"):
        connect, service = (5000, 0) if code == "H19" else (connect, 0)
    elif code == "H27":
        status, service = 499, random.randint(2000, 15000)
    ends = at + (connect + service) / 1000
    if ends > life.gone:  # the dyno ends first
        ends = life.gone - random.uniform(0.01, 0.1)
        code, status, service = "H13", 503, max(0, int((ends - at) * 1000))
        well, spell = 0.0, "exit"
    if app.loses and random.random() < app.loses:
        return
    line = lines.router(
        random, app.style, code="" if code.isdigit() else code, status=status, method=method, path=path,
        client=ask.client, dyno=life.name, connect=connect, service=service,
    )  # fmt: skip
    if app.put(ends, "heroku", "router", line):
        life.seen.append(Seen(ends, bool(code) and code != "H27", 1 - well, spell))


def _held(app: App, at: float, connect: int) -> tuple[Life | None, int]:
    """The router keeps a request for a dyno that starts within 20 s."""
    soon = [life for life in app.lives if life.type == "web" and at < life.open < at + 20 and life.gone > life.open]
    life = min(soon, key=lambda each: each.open, default=None)
    return (None, connect) if life is None else (life, connect + int((life.open - at) * 1000) + 1)
