"""Families in which a person sees in the log in 20 seconds what it is."""

from __future__ import annotations

from tests.diagnosis.world.answer import Answer
from tests.diagnosis.world.case import CALM, Case, background, drawn, family, way
from tests.diagnosis.world.lines import router
from tests.diagnosis.world.lives import Fault
from tests.diagnosis.world.overloads import no_restart, pace
from tests.diagnosis.world.serving import serve

PART = "the obvious"


@family("a retry storm of one client on one path", PART)
def _storm(seed: str) -> Case:
    app = drawn(seed)
    app.dynos("web", app.random.randint(2, 6))
    client, route = f"192.0.2.{app.random.randint(1, 254)}", app.random.choice((0, 2, 5))
    failing = app.random.uniform(0.85, 1)
    app.faults.append(Fault(lambda life, ask: failing if ask.client == client else 0.0, ("500",)))
    rate = pace(app, 800, 1500)
    serve(app, rate)
    start = app.seconds * app.random.uniform(0, 0.5)
    serve(app, app.random.uniform(0.2, 0.8) * rate, start=start, client=client, route=route)
    background(app)
    demands = {
        # A report shows the first number of an address.
        "the client stands in the headline": lambda answer: "one client, 192.x.x.x" in answer.headline,
        "no restart": no_restart,
    }
    return Case(app, kinds=frozenset({"one_client_or_path"}), enough=True, how=way(app), demands=demands)


@family("one path fails on every dyno", PART)
def _path(seed: str) -> Case:
    app = drawn(seed)
    app.dynos("web", app.random.randint(2, 6))
    failing = app.random.uniform(0.5, 1)
    app.faults.append(
        Fault(lambda life, ask: failing if ask.route == 5 else 0.0, (app.random.choice(("500", "H12", "H18")),))
    )
    serve(app, pace(app, 1200, 2000))
    background(app)
    demands = {
        "the path stands in the headline": lambda answer: "/checkout" in answer.headline,
        "no restart": no_restart,
    }
    return Case(app, kinds=frozenset({"whole_app", "one_client_or_path"}), enough=True, how=way(app), demands=demands)


@family("websockets on one dyno", PART)
def _sockets(seed: str) -> Case:
    app = drawn(seed)
    lives = app.dynos("web", app.random.randint(2, 5))
    serve(app, pace(app, 800, 1400))
    for life in lives:
        at, each = 0.0, app.random.choice((0.02, 0.3)) if life is lives[0] else 0.05
        while (at := at + app.random.expovariate(each)) < app.seconds:
            line = router(
                app.random, app.style, code="", status=101, method="GET", path="/cable", dyno=life.name, connect=1,
                client=app.random.choice(app.clients), service=app.random.randint(30_000, 900_000),
            )  # fmt: skip
            app.put(at, "heroku", "router", line)
    background(app)

    def is_quick(answer: Answer) -> bool:
        slow = any(row["latency"]["slower"] or (row["requests"]["p95_ms"] or 0) > 10_000 for row in answer.rows)
        return not slow and not any(
            "slow" in finding["kind"] or "latency" in finding["kind"] for finding in answer.findings
        )

    return Case(app, kinds=frozenset(CALM), enough=True, how=way(app), demands={"no latency from 101": is_quick})


@family("R12 at each of several deploys", PART)
def _slow_stops(seed: str) -> Case:
    app = drawn(seed, 800, 1300, forms=("cli", "drain"))
    app.dynos("web", app.random.randint(2, 4))
    for share in (0.15, 0.4, 0.65):
        at = app.seconds * share
        app.release(at)
        app.rolled("web", at, slow=True)
    serve(app, pace(app, 500, 900))
    background(app)
    demands = {
        "R12 is a finding": lambda answer: any("R12" in finding["sentence"] for finding in answer.findings),
        "never called a crash": lambda answer: not answer.calls_crash,
    }
    return Case(app, how=app.random.choice(("file", "dynos")), demands=demands)


@family("more than half of the log lost", PART)
def _loss(seed: str) -> Case:
    app = drawn(seed, forms=("cli",), loses=0.8)
    app.dynos("web", app.random.randint(2, 4))
    serve(app, pace(app, 1500, 2500))
    kept = len(app.lines)
    for at in range(20, int(app.seconds), 30):
        lost = int(kept * 4 * 30 / app.seconds * app.random.uniform(0.8, 1.2))
        app.put(at, "heroku", "logplex", f"Error L10 (output buffer overflow): {lost} messages dropped since "
                f"{app.moment(at - 30):%Y-%m-%dT%H:%M:%S+00:00}.")  # fmt: skip
    background(app)
    demands = {"the headline says so": lambda answer: "lost" in answer.headline or "dropped" in answer.headline}
    return Case(app, demands=demands)


@family("Heroku's own errors on one dyno", PART)
def _platform(seed: str) -> Case:
    app = drawn(seed, metrics=True)
    lives = app.dynos("web", app.random.randint(2, 5))
    serve(app, pace(app))
    bad, at = app.random.choice(lives), 0.0
    while (at := at + app.random.expovariate(0.05)) < app.seconds:
        app.put(at, "heroku", bad.name, "Error R99 (Platform error)")
        app.put(at, "heroku", "router", router(app.random, app.style, code="H99", status=503, method="GET", path="/",
                client=app.random.choice(app.clients), dyno=""))  # fmt: skip
    background(app)

    def suspects(answer: Answer) -> bool:
        return any(row["outlier"]["verdict"] in ("outlier", "suspect") for row in answer.rows) or any(
            "." in each for each in answer.restarts
        )

    return Case(app, how=way(app), demands={"no dyno is a suspect": lambda answer: not suspects(answer)})
