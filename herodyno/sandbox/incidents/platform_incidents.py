"""Incidents of the platform: preboot, dynos that cannot be started, clients that leave, lines that are lost."""

from __future__ import annotations

from dataclasses import replace

from herodyno.sandbox.incidents.app_incidents import bad_dynos
from herodyno.sandbox.incidents.settings import Settings, error_codes, faults, healthy_profile
from herodyno.sandbox.incidents.steps import change_profile, create_app, names_and_ids, schedule_change, web_dynos
from herodyno.sandbox.world.truth import Truth
from herodyno.sandbox.world.workload import ProcessProfile
from herodyno.sandbox.world.world import World

IGNORES_SIGHUP = ProcessProfile(ignores_sighup=True)


def preboot(world: World, settings: Settings) -> Truth:
    """A release replaces a bad dyno. The old dyno serves on under the name of its successor, and the API hides it."""
    truth = bad_dynos(world, settings)
    world.app(settings.app).preboot = True
    schedule_change(world, settings, lambda: world.deploy(settings.app, profiles={"web": healthy_profile(settings)}))
    truth.replaced = True
    return truth


def damaged_slug(world: World, settings: Settings) -> Truth:
    """A release whose slug is damaged, so that no dyno of it can be started (R17)."""
    create_app(world, settings)
    broken = {"web": replace(healthy_profile(settings), damaged=True)}
    seconds = schedule_change(world, settings, lambda: world.deploy(settings.app, profiles=broken))
    return Truth(app=settings.app, verdict="crash", since=world.simulator.time(seconds), codes=("R17", "H10"))


def cannot_start(world: World, settings: Settings) -> Truth:
    """The first web dyno is restarted, and its successor cannot be launched (R99). Its peers serve."""
    app = create_app(world, settings)
    name = web_dynos(app)[0].name

    def restart() -> None:
        app.unlaunchable.add(name)
        world.restart(settings.app, dyno=name)

    since = world.simulator.time(schedule_change(world, settings, restart))
    return Truth(app=settings.app, verdict="crash", since=since, codes=("R99",))


def left_running(world: World, settings: Settings) -> Truth:
    """The client of a one-off dyno leaves, and the command ignores SIGHUP (R16)."""
    app = create_app(world, settings, profiles={"run": IGNORES_SIGHUP})
    dyno = world.run(settings.app, "python manage.py shell", attach=True, by="bo@example.com")
    world.simulator.schedule(6.0, lambda: world.client_connected(settings.app, dyno.id))
    since = world.simulator.time(schedule_change(world, settings, lambda: world.client_disconnected(app.name, dyno.id)))
    return Truth(app=settings.app, verdict="nothing_found", since=since, guilty=names_and_ids(dyno), codes=("R16",))


def lines_lost(world: World, settings: Settings) -> Truth:
    """One bad dyno, some of whose lines are lost (L12, L13). Two drains lose more (L10, L14), but not this log."""
    app = create_app(world, settings)
    guilty = web_dynos(app)[1]
    change_profile(guilty, faults=faults(settings))
    slow, unsafe = (
        world.add_drain(settings.app, url)
        for url in ("https://logs.example.com/heroku", "syslog+tls://logs.example.com:6514/")
    )
    seconds = settings.seconds
    world.simulator.schedule(seconds * 0.2, lambda: app.log.lose(guilty.name, 40, "L12"))
    world.simulator.schedule(seconds * 0.5, lambda: app.log.lose(web_dynos(app)[0].name, 11, "L13"))
    world.simulator.schedule(seconds * 0.6, lambda: world.lose_drain_lines(settings.app, slow, 212))
    world.simulator.schedule(seconds * 0.7, lambda: world.refuse_drain(settings.app, unsafe))
    lost = {"L12": 40, "L13": 11}
    return Truth(
        app=settings.app,
        verdict="one_dyno",
        guilty=names_and_ids(guilty),
        codes=error_codes(settings),
        line=settings.reason,
        lost=lost,
    )
