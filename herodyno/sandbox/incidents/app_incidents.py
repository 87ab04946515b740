"""Incidents of the app: each creates an app in a world, schedules its trouble, and returns the truth about it."""

from __future__ import annotations

from dataclasses import replace

from herodyno.sandbox.incidents.settings import HOUR, Settings, error_codes, faults, healthy_profile
from herodyno.sandbox.incidents.steps import change_profile, create_app, names_and_ids, schedule_change, web_dynos
from herodyno.sandbox.world.resources import FormationUpdate, Named
from herodyno.sandbox.world.truth import Truth
from herodyno.sandbox.world.workload import Fault, MemoryCurve, Traffic
from herodyno.sandbox.world.world import World

STICKY_CLIENT = "203.0.113.77"


def healthy(world: World, settings: Settings) -> Truth:
    """Nothing is wrong."""
    create_app(world, settings)
    also = frozenset({"not_enough_data"} if settings.others_rate else ())
    return Truth(app=settings.app, verdict="nothing_found", also=also)


def bad_dynos(world: World, settings: Settings) -> Truth:
    """`bad` web dynos fail and are over their memory quota, since before the log begins."""
    old = {f"web.{n}": 22 * HOUR + 40 * 60.0 for n in range(2, settings.bad + 2)}
    app = create_app(world, settings, ages=old)
    guilty = web_dynos(app)[1 : settings.bad + 1]
    quota = world.size(settings.size).memory_mb
    for dyno in guilty:
        change_profile(dyno, faults=faults(settings))
        if settings.heavy:
            change_profile(
                dyno, memory=MemoryCurve(level=quota * 1.53 - 9.75 * 22.67, per_hour=9.75, sigma=quota * 0.004)
            )
    verdict = "one_dyno" if len(guilty) == 1 else "some_dynos"
    return Truth(
        app=settings.app,
        verdict=verdict,
        guilty=names_and_ids(*guilty),
        codes=error_codes(settings),
        line=settings.reason,
    )


def release_broke_app(world: World, settings: Settings) -> Truth:
    """A release after which every web dyno fails."""
    create_app(world, settings)
    broken = {"web": replace(healthy_profile(settings), faults=faults(settings))}
    seconds = schedule_change(world, settings, lambda: world.deploy(settings.app, profiles=broken))
    since = world.simulator.time(seconds)
    return Truth(app=settings.app, verdict="whole_app", since=since, codes=error_codes(settings), line=settings.reason)


def memory_growing(world: World, settings: Settings) -> Truth:
    """The last worker grows and its peers hardly do. Only the whole log shows the growth: Logplex keeps too little."""
    app = create_app(world, settings)
    workers = [each for each in app.dynos.values() if each.type == "worker"]
    for dyno, per_hour in zip(workers, [2.0, 3.0, 1.0, 2.5] * 25, strict=False):
        change_profile(dyno, memory=MemoryCurve(level=230.0, per_hour=per_hour, sigma=2.5))
    quota = world.size(settings.size).memory_mb
    hours = 5 + settings.seconds / HOUR
    growing = MemoryCurve(level=quota * 0.84 - settings.per_hour * hours, per_hour=settings.per_hour, sigma=2.5)
    change_profile(workers[-1], memory=growing)
    classes = {each.id: "flat" for each in app.dynos.values()} | {workers[-1].id: "growing"}
    return Truth(app=settings.app, verdict="memory", guilty=names_and_ids(workers[-1]), memory=classes)


def warm_up(world: World, settings: Settings) -> Truth:
    """Every dyno has just been started. Its memory rises and levels off, as after every deploy."""
    warming = replace(healthy_profile(settings), memory=MemoryCurve(level=140.0, warm_up=170.0, sigma=2.0))
    young = {f"web.{n}": 30.0 + n for n in range(1, settings.dynos + 1)}
    app = create_app(world, settings, ages=young, profiles={"web": warming}, deployed=60.0)
    return Truth(app=settings.app, verdict="nothing_found", memory={each.id: "warming_up" for each in web_dynos(app)})


def crash_loop(world: World, settings: Settings) -> Truth:
    """A release whose web process crashes after a while: H13 at the crash, H10 while no dyno is up."""
    create_app(world, settings)
    dying = {"web": replace(healthy_profile(settings), crash_after=22.0, slowness=8.0, crash_says=bool(settings.line))}
    seconds = schedule_change(world, settings, lambda: world.deploy(settings.app, profiles=dying))
    since = world.simulator.time(seconds)
    said = settings.framework.dies if settings.line else None
    return Truth(app=settings.app, verdict="crash", since=since, codes=("H10", "H13"), line=said)


def scaled_to_zero(world: World, settings: Settings) -> Truth:
    """Somebody scales web to 0."""
    create_app(world, settings)
    none = [FormationUpdate(type="web", quantity=0)]
    seconds = schedule_change(world, settings, lambda: world.scale(settings.app, none, by="bo@example.com"))
    since = world.simulator.time(seconds)
    return Truth(app=settings.app, verdict="scaled_to_zero", since=since, codes=("H14",))


def clients_leaving(world: World, settings: Settings) -> Truth:
    """Clients of every dyno give up before their response (H27)."""
    leaving = replace(
        healthy_profile(settings), faults=(Fault(code="H27", rate=settings.error_rate, line=settings.line),)
    )
    create_app(world, settings, profiles={"web": leaving})
    return Truth(app=settings.app, verdict="clients", codes=("H27",))


def slow_dyno(world: World, settings: Settings) -> Truth:
    """One web dyno takes several times as long as its peers, and no request fails."""
    app = create_app(world, settings)
    slow = web_dynos(app)[-1]
    change_profile(slow, slowness=settings.slowness)
    return Truth(app=settings.app, verdict="nothing_found", slow=names_and_ids(slow))


def restart_fixed_it(world: World, settings: Settings) -> Truth:
    """The bad dyno is restarted. Its successor under the same name is healthy."""
    truth = bad_dynos(world, settings)
    schedule_change(world, settings, lambda: world.restart(settings.app, dyno=truth.guilty[0][1]))
    truth.replaced = True
    return truth


def too_little_data(world: World, settings: Settings) -> Truth:
    """Three errors on one dyno in less than a minute, which may be chance."""
    app = create_app(world, settings)
    dyno = web_dynos(app)[0]
    for share in (0.25, 0.5, 0.8):
        world.simulator.schedule(settings.seconds * share, lambda: world.router.fail(app, dyno, settings.code or "500"))
    return Truth(app=settings.app, verdict="not_enough_data", codes=("",))


def single_dyno(world: World, settings: Settings) -> Truth:
    """The only web dyno fails, so it has no peers."""
    app = create_app(world, settings)
    change_profile(web_dynos(app)[0], faults=faults(settings))
    return Truth(app=settings.app, verdict="single_dyno", codes=error_codes(settings), line=settings.reason)


def one_client(world: World, settings: Settings) -> Truth:
    """All requests of one client fail. Session affinity keeps that client on one dyno, which serves all others."""
    app = create_app(world, settings)
    app.session_affinity = True
    app.traffic = Traffic(per_second=settings.per_second, noisy_client=STICKY_CLIENT, noisy_share=0.12)
    for dyno in web_dynos(app):
        change_profile(
            dyno,
            faults=(
                Fault(code=settings.code or "500", rate=settings.error_rate, client=STICKY_CLIENT, line=settings.line),
            ),
        )
    return Truth(app=settings.app, verdict="one_client_or_path", codes=(settings.code,))


def platform_trouble(world: World, settings: Settings) -> Truth:
    """Errors that name no dyno (H99), while the dynos are healthy."""
    troubled = replace(healthy_profile(settings), faults=(Fault(code="H99", rate=settings.error_rate, line=""),))
    create_app(world, settings, profiles={"web": troubled})
    world.notice = ("Elevated error rates in routing", world.now)
    return Truth(app=settings.app, verdict="no_dyno_named", codes=("H99",))


def fir_app(world: World, settings: Settings) -> Truth:
    """One bad dyno on Fir, which has no history, no runtime metrics, and no name twice."""
    if not world.spaces:
        world.spaces.append(Named(id=world.simulator.new_id(), name="example-space"))
    app = create_app(world, settings, generation="fir", space=world.spaces[0])
    guilty = web_dynos(app)[1]
    change_profile(guilty, faults=faults(settings))
    return Truth(
        app=settings.app,
        verdict="one_dyno",
        guilty=names_and_ids(guilty),
        codes=error_codes(settings),
        line=settings.reason,
    )
