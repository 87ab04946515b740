"""A case: an app, what is true of it, and what an answer must and must not say. Families are entered here by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple, TypeAlias

from tests.diagnosis.world.answer import ACCUSING, CALM, Answer
from tests.diagnosis.world.app import App
from tests.diagnosis.world.formats import Form
from tests.diagnosis.world.lines import load, memory, uuid
from tests.diagnosis.world.lives import Ask, Fault, Life

Demand: TypeAlias = Callable[[Answer], bool]


@dataclass
class Case:
    """`guilty`: lives that truly differ from their peers; to accuse another is wrong.

    `kinds`: the verdicts that tell the truth. `enough`: whether it can be seen; None: as truth.py works it out.
    `ongoing`: whether the trouble goes on at the end; None: not measured. `cures`: words that name what ended it.
    `demands`: by name, what the promise of this family asks for. `forecasts`: (dyno id, true time of the quota).
    """

    app: App
    guilty: Sequence[Life] = ()
    kinds: frozenset[str] = frozenset()
    enough: bool | None = None
    ongoing: bool | None = None
    cures: tuple[str, ...] = ()
    demands: Mapping[str, Demand] = field(default_factory=dict)
    forecasts: Sequence[tuple[str, float]] = ()
    how: str = "file"
    argv: Sequence[str] = ()
    files: Sequence[tuple[str, bytes]] | None = None
    lives: Sequence[Life] | None = None  # those whose lines are in the files; None: all


Draw: TypeAlias = Callable[[str], Case]


class Family(NamedTuple):
    """A kind of situation: its name, the part of the promise it belongs to, and how a case is drawn from a seed."""

    name: str
    part: str
    draw: Draw


FAMILIES: dict[str, Family] = {}


def family(name: str, part: str) -> Callable[[Draw], Draw]:
    """Enter a way to draw cases under a name."""

    def enter(draw: Draw) -> Draw:
        assert name not in FAMILIES, name
        FAMILIES[name] = Family(name, part, draw)
        return draw

    return enter


FORMS = ("cli", "cli", "cli", "drain", "page")
ZONES = (0, 0, 0, 0, -7, 2, 9)


def drawn(seed: str, low: float = 420.0, high: float = 1100.0, *, forms: Sequence[str] = FORMS, **more: object) -> App:
    """An app whose window, form, clock and untidiness are drawn."""
    random = Random(f"untidy/{seed}")
    name = random.choice(forms)
    app = App(
        seed, seconds=random.uniform(low, high),
        form=Form(name, random.choice((6, 6, None, 3, 0)), random.choice(ZONES) if name == "cli" else 0),
        metrics=random.random() < 0.7, late=random.choice((0.0, 0.0, 0.01, 0.03)),
    )  # fmt: skip
    for key, value in more.items():
        setattr(app, key, value)
    noise = random.choice((0.0, 0.0, 0.001, 0.002, 0.005))
    app.faults.append(odd(noise))
    return app


def odd(rate: float, codes: Sequence[str] = ("500", "H12", "503", "H18")) -> Fault:
    """An odd error anywhere."""
    return Fault(lambda life, ask: rate, tuple(codes))


def way(app: App) -> str:
    """How the tool is asked: from a file, from a file with the API's list, or live."""
    return app.random.choice(("file", "file", "dynos", "live"))


def ill(life: Life, rate: float, codes: Sequence[str], *, start: float = 0.0, end: float = 1e9) -> Fault:
    """One life fails at a rate."""

    def chance(who: Life, ask: Ask) -> float:
        return rate if who is life and start <= ask.at < end else 0.0

    return Fault(chance, tuple(codes))


def everywhere(rate: float, codes: Sequence[str], *, start: float = 0.0, end: float = 1e9) -> Fault:
    """All dynos fail at a rate."""
    return Fault(lambda life, ask: rate if start <= ask.at < end else 0.0, tuple(codes))


def overload(capacity: float, codes: Sequence[str] = ("H12",), *, start: float = 0.0, end: float = 1e9) -> Fault:
    """Each dyno serves `capacity` requests a second in time; what is above that fails, wherever it went."""

    def chance(life: Life, ask: Ask) -> float:
        over = 1 - capacity * max(1, ask.taking) / ask.asked
        return max(0.0, over) if start <= ask.at < end else 0.0

    return Fault(chance, tuple(codes))


def some_codes(app: App) -> tuple[str, ...]:
    """What a sick dyno answers."""
    return app.random.choice(
        (("500",), ("H12",), ("H18",), ("H13",), ("502", "503"), ("H12", "500"), ("H21",), ("H19",))
    )


def background(app: App, *, chatter: float = 0.03) -> None:
    """Lines of the apps, and the runtime metrics of each life."""
    random = app.random
    for life in app.lives:
        at, last = max(0.0, life.born), min(app.seconds, life.gone)
        while chatter and (at := at + random.expovariate(chatter)) < last:
            app.put(at, "app", life.name, f"[{uuid(random)}] Completed 200 OK in {random.randint(2, 900)}ms")
        if app.metrics:
            level = random.uniform(150, 380)
            measure(app, life, lambda at, level=level: level + random.gauss(0, 3))


def measure(app: App, life: Life, level: Callable[[float], float], *, quota: float = 512.0, start: float = 0.0,
            loads: float = 0.3) -> None:  # fmt: skip
    """The metrics of a life: about every 20 s, first 15 to 40 s after its start."""
    random = app.random
    at = max(start, random.uniform(0, 21) if life.born < 0 else life.born + random.uniform(15, 40))
    last = min(app.seconds, life.gone)
    pages = random.randint(10**4, 10**6)
    while at < last:
        if random.random() < loads:
            app.put(at - 0.04, "heroku", life.name, load(life.name, life.id, random.random(), app.account))
        app.put(at, "heroku", life.name, memory(life.name, life.id, max(1.0, level(at)), quota, pages, app.account))
        pages += random.randint(0, 60)
        at += min(34.0, max(18.3, random.gauss(20.9, 1.6)))


def not_accusing(answer: Answer) -> bool:
    return answer.kind not in ACCUSING


def calm(answer: Answer) -> bool:
    return answer.kind in CALM


WHOLE = frozenset({"whole_app"})
GUILTY = frozenset(ACCUSING)
