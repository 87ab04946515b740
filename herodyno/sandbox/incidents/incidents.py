"""The incidents that can be staged: each founds an app in a world, plans its trouble, and returns the truth of it.

Traffic, sizes and error rates are drawn around those of public incident reports; every number can be overridden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from herodyno.sandbox.world.behaviour import Behaviour, Curve, Failing, Traffic
from herodyno.sandbox.world.founding import Plan
from herodyno.sandbox.world.nouns import App, Dyno, FormationUpdate, Generation, Named
from herodyno.sandbox.world.truth import Truth
from herodyno.sandbox.world.world import World

HOUR = 3600.0
WEB, WORKER = "gunicorn shop.wsgi --bind 0.0.0.0:$PORT", "celery -A shop worker"
STICKY_CLIENT = "203.0.113.77"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be turned at a staged incident. `seconds` is the length of its log; `at` the share of it after
    which something happens; `bad` how many web dynos misbehave; `code` "" is a mix of H12 and 500;
    `others_rate` and `others_burst` are the odd errors every dyno has; `heavy` bad dynos are over their quota."""

    app: str = "example-app"
    seconds: float = 390.0
    dynos: int = 4
    bad: int = 1
    size: str = "Standard-1X"
    per_second: float = 2.3
    error_rate: float = 0.2
    burst: float = 1.0
    others_rate: float = 0.002
    others_burst: float = 1.0
    code: str = ""
    at: float = 0.35
    slowness: float = 4.0
    per_hour: float = 21.0
    workers: int = 0
    heavy: bool = True
    runtime_metrics: bool = True
    keep_all: bool = True
    apps: int = 200


def failing(settings: Settings) -> tuple[Failing, ...]:
    """The errors of a dyno that misbehaves."""
    rate, burst = settings.error_rate, settings.burst
    if settings.code:
        return (Failing(code=settings.code, rate=rate, burst=burst),)
    return (Failing(code="H12", rate=rate * 0.88, burst=burst), Failing(code="500", rate=rate * 0.12, burst=burst))


def codes(settings: Settings) -> tuple[str, ...]:
    return tuple("" if each.code.isdigit() else each.code for each in failing(settings))


def quiet(settings: Settings) -> Behaviour:
    """A web dyno as it should be, but for the odd 500."""
    odd = (Failing(code="500", rate=settings.others_rate, burst=settings.others_burst),) if settings.others_rate else ()
    return Behaviour(memory=Curve(level=316.0), failing=odd, exit_seconds=0.6)


def found(world: World, settings: Settings, *, generation: Generation = "cedar", **plan: Any) -> App:
    """An app whose web dynos are about four hours old, as they are some hours after a daily cycle."""
    random = world.stage.random
    ages = {f"web.{n}": 4 * HOUR + random.uniform(-90, 90) for n in range(1, settings.dynos + 1)}
    ages |= {f"worker.{n}": 5 * HOUR + random.uniform(-90, 90) for n in range(1, settings.workers + 1)}
    formation = {"web": (settings.dynos, settings.size, WEB)}
    if settings.workers:
        formation["worker"] = (settings.workers, settings.size, WORKER)
    web, worker = quiet(settings), Behaviour(memory=Curve(level=240.0), says_every=15.0)
    details = {
        "formation": formation,
        "generation": generation,
        "ages": ages | plan.pop("ages", {}),
        "manner": {"web": web, "worker": worker} | plan.pop("manner", {}),
        "traffic": Traffic(per_second=settings.per_second) if settings.per_second else None,
        "version": 412,
        "runtime_metrics": settings.runtime_metrics,
        "keep_all": settings.keep_all,
    }
    return world.create_app(settings.app, Plan(**(details | plan)))


def behave(dyno: Dyno, **changes: Any) -> None:
    """From now on this incarnation behaves differently."""
    dyno.behaviour = replace(dyno.behaviour, **changes)


def named(*dynos: Dyno) -> tuple[tuple[str, str], ...]:
    return tuple((each.name, each.id) for each in dynos)


def webs(app: App) -> list[Dyno]:
    return [each for each in app.dynos.values() if each.type == "web"]


def later(world: World, settings: Settings, action: Callable[[], None]) -> float:
    """Do it when `at` of the log has passed; returns the seconds until then."""
    seconds = settings.seconds * settings.at + world.stage.random.random()
    world.stage.later(seconds, action)
    return seconds


def healthy(world: World, settings: Settings) -> Truth:
    found(world, settings)
    also = frozenset({"not_enough_data"} if settings.others_rate else ())
    return Truth(app=settings.app, verdict="nothing_found", also=also)


def bad_dynos(world: World, settings: Settings) -> Truth:
    """`bad` of the web dynos fail and are over their memory quota, since before the log begins."""
    old = {f"web.{n}": 22 * HOUR + 40 * 60.0 for n in range(2, settings.bad + 2)}
    app = found(world, settings, ages=old)
    guilty = webs(app)[1 : settings.bad + 1]
    quota = world.size(settings.size).memory_mb
    for dyno in guilty:
        behave(dyno, failing=failing(settings))
        if settings.heavy:
            behave(dyno, memory=Curve(level=quota * 1.53 - 9.75 * 22.67, per_hour=9.75, sigma=quota * 0.004))
    verdict = "one_dyno" if len(guilty) == 1 else "some_dynos"
    return Truth(app=settings.app, verdict=verdict, guilty=named(*guilty), codes=codes(settings))


def release_broke_app(world: World, settings: Settings) -> Truth:
    found(world, settings)
    broken = {"web": replace(quiet(settings), failing=failing(settings))}
    seconds = later(world, settings, lambda: void(world.deploy(settings.app, manner=broken)))
    since = world.stage.time(seconds)
    return Truth(app=settings.app, verdict="whole_app", since=since, codes=codes(settings))


def memory_growing(world: World, settings: Settings) -> Truth:
    """The last worker grows; its peers hardly do. Only the whole log shows it: 1,500 lines are too few."""
    app = found(world, settings)
    workers = [each for each in app.dynos.values() if each.type == "worker"]
    for dyno, per_hour in zip(workers, [2.0, 3.0, 1.0, 2.5] * 25, strict=False):
        behave(dyno, memory=Curve(level=230.0, per_hour=per_hour, sigma=2.5))
    quota = world.size(settings.size).memory_mb
    hours = 5 + settings.seconds / HOUR
    growing = Curve(level=quota * 0.84 - settings.per_hour * hours, per_hour=settings.per_hour, sigma=2.5)
    behave(workers[-1], memory=growing)
    classes = {each.id: "flat" for each in app.dynos.values()} | {workers[-1].id: "growing"}
    return Truth(app=settings.app, verdict="memory", guilty=named(workers[-1]), memory=classes)


def warm_up(world: World, settings: Settings) -> Truth:
    """Every dyno has just been started; memory rises and bends, as it does after every deploy."""
    warming = replace(quiet(settings), memory=Curve(level=140.0, warm_up=170.0, sigma=2.0))
    young = {f"web.{n}": 30.0 + n for n in range(1, settings.dynos + 1)}
    app = found(world, settings, ages=young, manner={"web": warming}, deployed=60.0)
    return Truth(app=settings.app, verdict="nothing_found", memory={each.id: "warming_up" for each in webs(app)})


def crash_loop(world: World, settings: Settings) -> Truth:
    """A release whose web process dies after a while: H13 as it dies, H10 while nothing is left."""
    found(world, settings)
    dying = {"web": replace(quiet(settings), crash_after=22.0, slowness=8.0)}
    seconds = later(world, settings, lambda: void(world.deploy(settings.app, manner=dying)))
    since = world.stage.time(seconds)
    return Truth(app=settings.app, verdict="crash", since=since, codes=("H10", "H13"))


def scaled_to_zero(world: World, settings: Settings) -> Truth:
    found(world, settings)
    none = [FormationUpdate(type="web", quantity=0)]
    seconds = later(world, settings, lambda: void(world.scale(settings.app, none, by="bo@example.com")))
    since = world.stage.time(seconds)
    return Truth(app=settings.app, verdict="scaled_to_zero", since=since, codes=("H14",))


def clients_leaving(world: World, settings: Settings) -> Truth:
    leaving = replace(quiet(settings), failing=(Failing(code="H27", rate=settings.error_rate),))
    found(world, settings, manner={"web": leaving})
    return Truth(app=settings.app, verdict="clients", codes=("H27",))


def slow_dyno(world: World, settings: Settings) -> Truth:
    """One web dyno takes several times as long as its peers and fails nothing."""
    app = found(world, settings)
    slow = webs(app)[-1]
    behave(slow, slowness=settings.slowness)
    return Truth(app=settings.app, verdict="nothing_found", slow=named(slow))


def restart_fixed_it(world: World, settings: Settings) -> Truth:
    """The bad dyno was restarted: its name lives on in an incarnation that is fine."""
    truth = bad_dynos(world, settings)
    later(world, settings, lambda: world.restart(settings.app, dyno=truth.guilty[0][1]))
    truth.replaced = True
    return truth


def too_little_data(world: World, settings: Settings) -> Truth:
    """Three errors on one dyno in less than a minute: it may be chance."""
    app = found(world, settings)
    dyno = webs(app)[0]
    for share in (0.25, 0.5, 0.8):
        world.stage.later(settings.seconds * share, lambda: world.router.fail(app, dyno, settings.code or "500"))
    return Truth(app=settings.app, verdict="not_enough_data", codes=("",))


def single_dyno(world: World, settings: Settings) -> Truth:
    app = found(world, settings)
    behave(webs(app)[0], failing=failing(settings))
    return Truth(app=settings.app, verdict="single_dyno", codes=codes(settings))


def one_client(world: World, settings: Settings) -> Truth:
    """One client, kept on one dyno by session affinity, sends what fails; others on that dyno are served."""
    app = found(world, settings)
    app.session_affinity = True
    app.traffic = Traffic(per_second=settings.per_second, loud_client=STICKY_CLIENT, loud_share=0.12)
    for dyno in webs(app):
        behave(dyno, failing=(Failing(code=settings.code or "500", rate=settings.error_rate, client=STICKY_CLIENT),))
    return Truth(app=settings.app, verdict="one_client_or_path", codes=(settings.code,))


def platform_trouble(world: World, settings: Settings) -> Truth:
    """Errors that name no dyno, while the dynos are fine."""
    troubled = replace(quiet(settings), failing=(Failing(code="H99", rate=settings.error_rate),))
    found(world, settings, manner={"web": troubled})
    world.notice = ("Elevated error rates in routing", world.now)
    return Truth(app=settings.app, verdict="no_dyno_named", codes=("H99",))


def fir_app(world: World, settings: Settings) -> Truth:
    """One bad dyno on Fir: no history, no runtime metrics, names that are never used again."""
    if not world.spaces:
        world.spaces.append(Named(id=world.stage.new_id(), name="example-space"))
    app = found(world, settings, generation="fir", space=world.spaces[0])
    guilty = webs(app)[1]
    behave(guilty, failing=failing(settings))
    return Truth(app=settings.app, verdict="one_dyno", guilty=named(guilty), codes=codes(settings))


def void(_: object) -> None:
    """Drop an answer where an action has none to give."""
