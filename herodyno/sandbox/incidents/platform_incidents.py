"""Incidents of the platform rather than of the app: preboot, dynos that cannot be started, and lines that are lost."""

from __future__ import annotations

from dataclasses import replace

from herodyno.sandbox.incidents.incidents import (
    Settings,
    bad_dynos,
    behave,
    codes,
    failing,
    found,
    later,
    named,
    quiet,
    void,
    webs,
)
from herodyno.sandbox.world.behaviour import Behaviour
from herodyno.sandbox.world.truth import Truth
from herodyno.sandbox.world.world import World

STAYS = Behaviour(ignores_sighup=True)


def preboot(world: World, settings: Settings) -> Truth:
    """A bad dyno; a release replaces it, and the old one serves on, unseen by the API, under its successor's name."""
    truth = bad_dynos(world, settings)
    world.app(settings.app).preboot = True
    later(world, settings, lambda: void(world.deploy(settings.app, manner={"web": quiet(settings)})))
    truth.replaced = True
    return truth


def damaged_slug(world: World, settings: Settings) -> Truth:
    found(world, settings)
    broken = {"web": replace(quiet(settings), damaged=True)}
    seconds = later(world, settings, lambda: void(world.deploy(settings.app, manner=broken)))
    return Truth(app=settings.app, verdict="crash", since=world.stage.time(seconds), codes=("R17", "H10"))


def cannot_start(world: World, settings: Settings) -> Truth:
    """The first web dyno is restarted, and its successor cannot be launched. Its peers serve."""
    app = found(world, settings)
    name = webs(app)[0].name

    def restart() -> None:
        app.unlaunchable.add(name)
        world.restart(settings.app, dyno=name)

    since = world.stage.time(later(world, settings, restart))
    return Truth(app=settings.app, verdict="crash", since=since, codes=("R99",))


def left_running(world: World, settings: Settings) -> Truth:
    """Somebody's terminal closed, and the command in the one-off dyno took no notice."""
    app = found(world, settings, manner={"run": STAYS})
    dyno = world.run(settings.app, "python manage.py shell", attach=True, by="bo@example.com")
    world.stage.later(6.0, lambda: world.client_came(settings.app, dyno.id))
    since = world.stage.time(later(world, settings, lambda: world.client_left(app.name, dyno.id)))
    return Truth(app=settings.app, verdict="nothing_found", since=since, guilty=named(dyno), codes=("R16",))


def lines_lost(world: World, settings: Settings) -> Truth:
    """One bad dyno, whose own lines are lost now and then; two drains lose more, which no reader of this log does."""
    app = found(world, settings)
    guilty = webs(app)[1]
    behave(guilty, failing=failing(settings))
    slow, unsafe = (
        world.add_drain(settings.app, url)
        for url in ("https://logs.example.com/heroku", "syslog+tls://logs.example.com:6514/")
    )
    seconds = settings.seconds
    world.stage.later(seconds * 0.2, lambda: app.log.lose(guilty.name, 40, "L12"))
    world.stage.later(seconds * 0.5, lambda: app.log.lose(webs(app)[0].name, 11, "L13"))
    world.stage.later(seconds * 0.6, lambda: world.lose_drain_lines(settings.app, slow, 212))
    world.stage.later(seconds * 0.7, lambda: world.refuse_drain(settings.app, unsafe))
    lost = {"L12": 40, "L13": 11}
    return Truth(app=settings.app, verdict="one_dyno", guilty=named(guilty), codes=codes(settings), lost=lost)
