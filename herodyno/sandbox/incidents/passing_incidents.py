"""Incidents that a change ends, or that end by themselves: overload and scaling, an outage, a rollback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from herodyno.sandbox.incidents.app_incidents import STICKY_CLIENT
from herodyno.sandbox.incidents.settings import Settings, error_codes, faults, healthy_profile
from herodyno.sandbox.incidents.steps import change_profile, create_app, web_dynos
from herodyno.sandbox.world.resources import FormationUpdate
from herodyno.sandbox.world.truth import Truth
from herodyno.sandbox.world.workload import Traffic
from herodyno.sandbox.world.world import World

# Times as much traffic as the dynos can carry. Three times as many dynos carry it, twice as many do too.
OVERLOAD = 1.6


def overloaded(world: World, settings: Settings) -> Truth:
    """More requests than the web dynos can serve, which all time out alike."""
    _create_overloaded(world, settings)
    return Truth(app=settings.app, verdict="whole_app", codes=error_codes(settings), line=settings.reason)


def autoscaled(world: World, settings: Settings) -> Truth:
    """Too few web dynos, which all time out. Three times as many end it. Later a third of them is taken away again."""
    _create_overloaded(world, settings)
    for share, dynos in ((settings.at, settings.dynos * 3), (0.5 + settings.at / 2, settings.dynos * 2)):
        _at(world, settings, share, _scaling(world, settings, dynos))
    return Truth(app=settings.app, verdict="whole_app", over=True, codes=error_codes(settings), line=settings.reason)


def outage_with_crashes(world: World, settings: Settings) -> Truth:
    """What all web dynos need fails for a third of the log. Half of the dynos crash over it, and boot into it."""
    app = create_app(world, settings)
    failing, well = replace(healthy_profile(settings), faults=faults(settings)), healthy_profile(settings)

    def begin() -> None:
        app.release.profiles["web"] = failing
        for number, dyno in enumerate(web_dynos(app)):
            change_profile(dyno, faults=failing.faults)
            if number % 2:
                world.exit(settings.app, dyno.id, 1)

    def end() -> None:
        app.release.profiles["web"] = well
        for dyno in web_dynos(app):
            change_profile(dyno, faults=well.faults)

    _at(world, settings, settings.at, begin)
    _at(world, settings, settings.at + 1 / 3, end)
    since = world.simulator.time(settings.seconds * settings.at)
    codes = (*error_codes(settings), "H13")
    return Truth(app=settings.app, verdict="whole_app", over=True, since=since, codes=codes, line=settings.reason)


def rollback_cured(world: World, settings: Settings) -> Truth:
    """A release after which every web dyno fails, and the rollback that ends it."""
    app = create_app(world, settings)
    good, broken = app.release.version, {"web": replace(healthy_profile(settings), faults=faults(settings))}
    _at(world, settings, settings.at, lambda: world.deploy(settings.app, profiles=broken))
    _at(world, settings, settings.at + 0.3, lambda: world.rollback(settings.app, f"v{good}", by="bo@example.com"))
    since = world.simulator.time(settings.seconds * settings.at)
    return Truth(
        app=settings.app, verdict="whole_app", over=True, since=since, codes=error_codes(settings), line=settings.reason
    )


def retry_storm(world: World, settings: Settings) -> Truth:
    """One client asks for one page that fails, again and again, on every dyno."""
    app = create_app(world, settings)
    app.traffic = Traffic(per_second=settings.per_second, noisy_client=STICKY_CLIENT, noisy_share=0.35)
    for dyno in web_dynos(app):
        storm = tuple(replace(each, client=STICKY_CLIENT) for each in faults(settings))
        change_profile(dyno, faults=(*dyno.profile.faults, *storm))
    return Truth(app=settings.app, verdict="one_client_or_path", codes=error_codes(settings))


def _create_overloaded(world: World, settings: Settings) -> None:
    carried = settings.per_second / settings.dynos / OVERLOAD
    heavy = tuple(replace(each, above_load=carried) for each in faults(settings))
    create_app(world, settings, profiles={"web": replace(healthy_profile(settings), faults=heavy)})


def _scaling(world: World, settings: Settings, dynos: int) -> Callable[[], object]:
    update = FormationUpdate(type="web", quantity=dynos)
    return lambda: world.scale(settings.app, [update], by="bo@example.com")


def _at(world: World, settings: Settings, share: float, action: Callable[[], object]) -> None:
    """Call `action` when this share of the log has passed."""
    world.simulator.schedule(settings.seconds * share + world.simulator.random.random(), action)
