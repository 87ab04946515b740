"""Families in which something is absent from the data, not from the world."""

from __future__ import annotations

from tests.diagnosis.world.answer import Answer
from tests.diagnosis.world.app import WHO, App
from tests.diagnosis.world.case import CALM, GUILTY, Case, Demand, background, drawn, family, ill, some_codes
from tests.diagnosis.world.formats import Form, written
from tests.diagnosis.world.guilty_dynos import sick
from tests.diagnosis.world.lives import Life
from tests.diagnosis.world.overloads import pace
from tests.diagnosis.world.serving import serve

PART = "absence"


def scales_absolutely(answer: Answer) -> bool:
    """Whether a command sets a number of dynos: to an app of which one dyno is seen it may take some away."""
    return any(text.startswith("herodyno scale") and "=" in text for text in answer.changing)


@family("the log of one dyno of four", PART)
def _filtered(seed: str) -> Case:
    app = drawn(seed, forms=("cli", "drain", "page"))
    kind = app.random.choice(("web", "web", "worker"))
    lives = app.dynos(kind, app.random.randint(3, 5))
    kept = app.random.choice(lives[1:])
    if kind == "web":
        app.faults.append(ill(kept, app.random.uniform(0.1, 0.8), some_codes(app)))
        serve(app, pace(app, 1600, 2600))
    else:
        app.crash(kept, app.seconds * 0.7)
    background(app, chatter=0.3)
    app.lines = [line for line in app.lines if line.process == kept.name or f"dyno={kept.name} " in line.text]
    mine = [life for life in app.lives if life.name == kept.name]
    demands = {
        "sets no number of dynos": lambda answer: not scales_absolutely(answer),
        "not the only dyno of the app": lambda answer: (
            not answer.says(rf"\bonly {kind} dyno\b(?! in th)|no other {kind} dyno (runs|is)|all capacity")
        ),
    }
    return Case(app, guilty=[kept], kinds=frozenset(), demands=demands, lives=mine)


def _two_apps(seed: str) -> tuple[App, App, bytes, list[Life]]:
    form = Form("page")
    alpha, beta = (drawn(f"{seed}/{name}", 500, 501, name=name, form=form, late=0.0) for name in ("alpha", "beta"))
    if alpha.random.random() < 0.5:
        form = Form("archive")
    beta.base = alpha.base
    guilty = []
    for app in (alpha, beta):
        lives = app.dynos("web", alpha.random.randint(2, 4))
        if app is beta:
            guilty = sick(app, lives, low=0.3)
        serve(app, pace(app, 700, 1100))
        background(app)
    both = sorted(
        [(line.arrived, line, "alpha") for line in alpha.lines] + [(line.arrived, line, "beta") for line in beta.lines]
    )
    return alpha, beta, b"".join(written([line], form, app=name) for _, line, name in both), guilty


@family("two apps in one file, the well one asked for", PART)
def _well_one(seed: str) -> Case:
    alpha, _, data, _ = _two_apps(seed)
    demands = {"says what was left out": lambda answer: answer.says(r"\bbeta\b")}
    return Case(
        alpha,
        kinds=frozenset(CALM),
        enough=True,
        argv=("--app", "alpha"),
        files=[("export.log", data)],
        demands=demands,
    )


@family("two apps in one file, the sick one asked for", PART)
def _sick_one(seed: str) -> Case:
    _, beta, data, guilty = _two_apps(seed)
    return Case(beta, guilty=guilty, kinds=GUILTY, argv=("--app", "beta"), files=[("export.log", data)])


@family("two apps in one file, neither asked for", PART)
def _neither(seed: str) -> Case:
    _, beta, data, guilty = _two_apps(seed)

    def apart(answer: Answer) -> bool:
        names = [each["app"]["name"] for each in (answer.document, *answer.others)]
        return names == ["beta", "alpha"] and answer.others[0]["verdict"]["class"] in CALM

    demands = {"each app apart, the worst first": apart}
    return Case(beta, guilty=guilty, kinds=GUILTY, files=[("export.log", data)], demands=demands)


@family("two files that overlap", PART)
def _overlap(seed: str) -> Case:
    app = drawn(seed, forms=("cli", "drain"), late=0.0)
    guilty = sick(app, app.dynos("web", app.random.randint(2, 5)), low=0.2)
    serve(app, pace(app))
    background(app)
    lines = sorted(app.lines, key=lambda line: line.arrived)
    low, high = sorted(app.random.uniform(0.2, 0.8) for _ in range(2))
    parts = lines[: int(len(lines) * high)], lines[int(len(lines) * low) :]
    files = [(f"part-{i}.log", written(part, app.form, app=app.name)) for i, part in enumerate(parts)]
    true = sum(seen.failed for life in app.lives for seen in life.seen)

    def counts_once(answer: Answer) -> bool:
        return sum(row["errors"]["n"] for row in answer.rows) <= 1.01 * true + 1

    return Case(app, guilty=guilty, kinds=GUILTY, files=files, demands={"each line counts once": counts_once})


def _new_ids(seed: str, *, days: bool) -> Case:
    """A dyno was sick, then replaced without a line; metrics name ids only later."""
    app = drawn(seed, 700, 1100, mute=True, metrics=False, forms=("cli", "drain"))
    lives = app.dynos("web", app.random.randint(2, 5))
    old = app.random.choice(lives)
    app.faults.append(ill(old, app.random.uniform(0.2, 0.9), some_codes(app)))
    busy = app.seconds
    rate = pace(app)
    change = app.random.uniform(29, 80) * 3600 if days else busy * app.random.uniform(0.4, 0.6)
    replaced = lives if days else [old]
    new = [app.restart(life, change + app.random.uniform(0, 60)) for life in replaced]
    if days:
        app.seconds = change + app.random.uniform(400, 900)
        serve(app, rate, end=busy)
        serve(app, rate / 3, start=change + 120)
    else:
        serve(app, rate)
    app.metrics = True
    later = app.random.uniform(60, 150)
    everybody, app.lives = app.lives, [life for life in app.lives if life in new or life not in replaced]
    kept, app.lines = app.lines, []
    background(app, chatter=0)
    app.lines = kept + [line for line in app.lines if line.at > app.base + change + later]
    app.lives = everybody
    return Case(app, guilty=[old], kinds=frozenset() if days else GUILTY, how="file" if days else "dynos")


@family("metrics that begin later than the dyno", PART)
def _metrics(seed: str) -> Case:
    return _new_ids(seed, days=False)


@family("metrics of another day's dyno", PART)
def _days(seed: str) -> Case:
    return _new_ids(seed, days=True)


@family("scaled to zero on purpose", PART)
def _zero(seed: str) -> Case:
    app = drawn(seed, forms=("cli", "drain"))
    lives = app.dynos("web", app.random.randint(1, 3))
    app.dynos("worker", app.random.randint(1, 2))
    at = app.seconds * app.random.uniform(0.3, 0.6)
    crashes = app.random.random() < 0.5
    if crashes:  # it never bound to its port, so its owner wants it away
        life = lives[0]
        for before in (150, 80):
            app.tell(life.name, at - before - 0.2, "Error R10 (Boot timeout) -> Web process failed to bind to $PORT")
            app.crash(life, at - before, status=137, again=None)
            life = app.boot(life.name, at - before + 2, was="crashed", takes=1e6)
    serve(app, pace(app, 300, 600), end=at)
    app.api(at, f"Scaled to web@0:Standard-1X worker@1:Standard-1X {WHO}")
    app.wanted["web"] = 0
    for life in [each for each in app.lives if each.type == "web" and each.shut > at]:
        app.stop(life, at + app.random.uniform(0.5, 3), ended="scaled")
    background(app, chatter=0.2)
    demands: dict[str, Demand] = {
        "nothing is down": lambda answer: answer.severity != "critical" and answer.ongoing is not True,
        "no restart of what is wanted away": lambda answer: not answer.restarts,
    }
    if not crashes:
        demands["nothing crashed"] = lambda answer: not answer.calls_crash
    return Case(app, how=app.random.choice(("file", "live")), demands=demands)
