"""Incidents away from the web: a job of the Scheduler that fails, a release phase that fails, workers over quota."""

from __future__ import annotations

from herodyno.sandbox.incidents.settings import Settings
from herodyno.sandbox.incidents.steps import change_profile, create_app, names_and_ids, schedule_change
from herodyno.sandbox.world.truth import Truth
from herodyno.sandbox.world.workload import MemoryCurve, ProcessProfile
from herodyno.sandbox.world.world import World

JOB, MIGRATION = "python manage.py send_invoices", "python manage.py migrate"
RUNS = 5
RAISES = ProcessProfile(crash_after=1.0)  # seconds


def failing_job(world: World, settings: Settings) -> Truth:
    """Every run of a Scheduler job ends with an exception, while the web dynos serve."""
    app = create_app(world, settings, profiles={"scheduler": RAISES})
    for number in range(RUNS):
        seconds = settings.seconds * (number + 0.5) / RUNS
        world.simulator.schedule(
            seconds, lambda: world.run(settings.app, JOB, type="scheduler", by="scheduler@addons.heroku.com")
        )
    return Truth(app=settings.app, verdict="job_failed", line=app.framework.dies)


def failed_release(world: World, settings: Settings) -> Truth:
    """The release phase of the newest release ends with an exception. The release before it runs on."""
    app = create_app(world, settings, profiles={"release": RAISES})
    commands = {"web": app.framework.web, "release": MIGRATION}
    seconds = schedule_change(world, settings, lambda: world.deploy(settings.app, commands=commands))
    return Truth(
        app=settings.app, verdict="release_failed", since=world.simulator.time(seconds), line=app.framework.dies
    )


def two_workers(world: World, settings: Settings) -> Truth:
    """Two workers are over their memory quota at once, each by its own share. Their peers are not."""
    app = create_app(world, settings)
    workers = [each for each in app.dynos.values() if each.type == "worker"]
    quota = world.size(settings.size).memory_mb
    for dyno, share in zip(workers[1:3], (1.19, 1.5), strict=True):
        change_profile(dyno, memory=MemoryCurve(level=quota * share, sigma=quota * 0.004))
    return Truth(app=settings.app, verdict="memory", guilty=names_and_ids(*workers[1:3]))
