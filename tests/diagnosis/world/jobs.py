"""Families of dynos without peers that fail while the web is well, of workers, and of codes that answer users."""

from __future__ import annotations

from tests.diagnosis.world.answer import Answer
from tests.diagnosis.world.app import WHO, App
from tests.diagnosis.world.case import CALM, Case, Demand, background, drawn, family, way
from tests.diagnosis.world.lines import TRACEBACKS, router, uuid
from tests.diagnosis.world.lives import Life
from tests.diagnosis.world.overloads import pace
from tests.diagnosis.world.serving import serve

PART = "jobs and workers"


def job(app: App, name: str, at: float, command: str, *, how: str = "well", by: str = "") -> None:
    """A one-off dyno: how it ends is "well", "status", "traceback", "R15", "killed" or "detached"."""
    random = app.random
    if by:
        app.api(at - 2, f"Starting process with command `{command}` {by}")
    app.tell(name, at, f"Starting process with command `{command}`")
    app.tell(name, at + 0.8, "State changed from starting to up")
    end = at + random.uniform(3, 40)
    if how == "traceback":
        for i, text in enumerate(random.choice(TRACEBACKS)):
            app.put(end - 0.5 + i * 1e-4, "app", name, text)
    if how == "R15":
        app.tell(name, end - 0.3, f"Process running mem={random.randint(1030, 1200)}M(2{random.randint(1, 30):02d}.5%)")
        app.tell(name, end - 0.2, "Error R15 (Memory quota vastly exceeded)")
        app.tell(name, end - 0.1, "Stopping process with SIGKILL")
    if how == "detached":
        app.tell(name, end - 0.2, "Error R13 (Attach error) -> Failed to attach to process")
    status = {"well": 0, "R15": 137, "killed": 137, "detached": 128}.get(how) or random.choice((1, 1, 2, 3, 10, 127))
    status = 0 if how == "well" else status
    app.tell(name, end, f"Process exited with status {status}")
    app.tell(name, end + 0.06, "State changed from up to complete")


def _among_web(seed: str) -> App:
    app = drawn(seed, forms=("cli", "cli", "drain", "page"))
    app.faults.clear()
    app.dynos("web", app.random.randint(1, 4))
    serve(app, pace(app, 300, 700))
    background(app)
    return app


def told(*names: str) -> dict[str, Demand]:
    """A failed job is a finding with its name, a warning or worse, whatever the web does."""

    def finding(answer: Answer) -> bool:
        return any(
            each["severity"] in ("warning", "critical")
            and any(n in f"{each['dyno']} {each['sentence']}" for n in names)
            for each in answer.findings
        ) or (answer.severity != "info" and any(name in answer.headline for name in names))

    return {
        "told": finding,
        "never without errors": lambda answer: not answer.says(r"no errors (were )?seen(?! on web)|no error was seen"),
        "exit code": lambda answer: answer.code in (10, 20),
    }


HOW = ("status", "traceback", "R15", "killed")


@family("scheduler jobs that fail", PART)
def _scheduler(seed: str) -> Case:
    app = _among_web(seed)
    command, how = (
        app.random.choice(("rake nightly", "python manage.py sync", "node jobs/daily.js")),
        app.random.choice(HOW),
    )
    n = app.random.randint(1, 5)
    failing = app.random.randint(1, n)
    for i in range(n):
        at = app.seconds * (i + app.random.uniform(0.1, 0.5)) / (n + 0.6)
        job(app, f"scheduler.{app.random.randint(1000, 9999)}", at, command, by="by user scheduler@addons.heroku.com",
            how=how if i >= n - failing else "well")  # fmt: skip
    return Case(app, how=way(app), demands=told("scheduler", command))


@family("run dynos that fail", PART)
def _run(seed: str) -> Case:
    app = _among_web(seed)
    name = f"run.{app.random.randint(1, 9999)}"
    how = app.random.choice((*HOW, "detached"))
    job(app, name, app.seconds * app.random.uniform(0.2, 0.8), "rails db:seed", how=how, by=WHO)
    return Case(app, how=way(app), demands=told(name, "run dyno", "rails db:seed"))


@family("release commands that fail", PART)
def _release(seed: str) -> Case:
    app = _among_web(seed)
    at, name = app.seconds * app.random.uniform(0.2, 0.75), f"release.{app.random.randint(1, 9999)}"
    version = app.release(at, status="failed")
    app.api(at + 0.1, f"Running release v{version} commands {WHO}")
    before = len(app.lines)
    job(app, name, at + 1, "bin/rails db:migrate", how=app.random.choice(HOW))
    end = max((line.at for line in app.lines[before:]), default=app.base + at) - app.base
    app.api(end + 0.8, f"Release v{version} command failed {WHO}")
    demands = told(name, "release")
    demands["opens with the failed release"] = lambda answer: f"v{version}" in answer.headline
    return Case(app, how=app.random.choice(("file", "live")), demands=demands)


@family("jobs that end well (control)", PART)
def _well(seed: str) -> Case:
    app = _among_web(seed)
    for kind in app.random.sample(("scheduler", "run", "release"), app.random.randint(1, 3)):
        at = app.seconds * app.random.uniform(0.1, 0.85)
        job(app, f"{kind}.{app.random.randint(1000, 9999)}", at, "rake tidy", by=WHO)
    return Case(app, kinds=frozenset(CALM), enough=True, how=way(app), demands={
        "nothing to warn of": lambda answer: answer.severity == "info",
    })  # fmt: skip


@family("one of several workers throws", PART)
def _worker(seed: str) -> Case:
    app = _among_web(seed)
    bad, sick_each = f"worker.{app.random.randint(1, 3)}", app.random.uniform(0.06, 0.2)
    lives = _work(app, app.random.randint(3, 5), {bad: sick_each}, app.random.choice((0.0, 0.0, 0.001)))
    demands: dict[str, Demand] = {
        "told": lambda answer: any(
            bad in f"{f['dyno']} {f['sentence']}" and f["severity"] != "info" for f in answer.findings
        ),
    }
    guilty = [life for life in lives if life.name == bad]
    return Case(app, guilty=guilty, kinds=frozenset({"one_dyno"}), enough=True,
                how=app.random.choice(("file", "dynos")), demands=demands)  # fmt: skip


@family("workers that all throw alike (control)", PART)
def _workers(seed: str) -> Case:
    app = _among_web(seed)
    each = app.random.uniform(0.01, 0.08)
    n = app.random.randint(2, 5)
    _work(app, n, {f"worker.{i}": each for i in range(1, n + 1)}, each)

    def accuses(answer: Answer) -> bool:
        return any(f["kind"] in ("one_dyno", "some_dynos") or f["dyno"].startswith("worker") for f in answer.findings)

    return Case(
        app, how=app.random.choice(("file", "dynos")), demands={"no worker is told apart": lambda a: not accuses(a)}
    )


def _work(app: App, n: int, each: dict[str, float], usual: float) -> list[Life]:
    """Workers do jobs; some jobs end in an exception, `each` a second."""
    random, lives = app.random, []
    error = random.choice(("PG::ConnectionBad: server closed the connection", "RuntimeError: bad state",
                           "Redis::CannotConnectError: timed out"))  # fmt: skip
    for i in range(1, n + 1):
        life = app.dyno(f"worker.{i}")
        lives.append(life)
        at = 0.0
        while (at := at + random.expovariate(0.3)) < app.seconds:
            app.put(
                at,
                "app",
                life.name,
                f"pid=4 tid={random.getrandbits(20):x} class=MailJob elapsed={random.random():.3f} INFO: done",
            )
        at, rate = 0.0, each.get(life.name, usual)
        while rate and (at := at + random.expovariate(rate)) < app.seconds:
            app.put(at, "app", life.name, f"{uuid(random)} WARN: {error}")
            app.put(at + 1e-4, "app", life.name, "app/jobs/mail_job.rb:17:in `perform'")
    return lives


@family("users answered with a code of state", PART)
def _state(seed: str) -> Case:
    app = drawn(seed)
    code = app.random.choice(("H81", "H82", "H83", "H80"))
    if code == "H80":
        app.dynos("web", 1)
    at = 0.0
    while (at := at + app.random.expovariate(0.3)) < app.seconds:
        who = app.random.choice(app.clients)
        line = router(app.random, app.style, code=code, status=503, method="GET", path="/", client=who, dyno="")
        app.put(at, "heroku", "router", line)
    demands = {
        "a verdict, not calm": lambda answer: answer.kind not in CALM and answer.code in (10, 20),
        "names the code": lambda answer: code in answer.headline,
    }
    return Case(app, demands=demands)
