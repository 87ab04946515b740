"""Preboot: for minutes two web dynos of one name serve beside each other, and the API shows only the new one.

After a release the new dynos take the requests at one moment, and the old dynos are stopped. After a restart or a
daily cycle both serve, and the old dyno is stopped minutes later. No real log shows whether Heroku prints
"Restarting" then. The sandbox prints it, as Heroku has done at every other restart since 2016.
Source: Dev Center, "Preboot" (May 2023).
"""

from __future__ import annotations

from herodyno.sandbox.heroku_facts import PREBOOT_OVERLAP, PREBOOT_SWITCH
from herodyno.sandbox.world.dyno_termination import DynoTermination
from herodyno.sandbox.world.resources import App, Dyno


class Preboot:
    """Keeps the old web dynos of an app with preboot until their successors serve."""

    def __init__(self, termination: DynoTermination) -> None:
        self.termination, self.lifecycle = termination, termination.lifecycle
        self.simulator = termination.simulator
        self._outgoing: dict[str, list[Dyno]] = {}  # app id -> dynos that serve until the switch
        self.lifecycle.may_serve = lambda app: app.id not in self._outgoing

    def applies(self, app: App, dyno: Dyno) -> bool:
        """Whether preboot holds for this dyno: a web dyno that is up, Standard or Performance, in no Private Space."""
        able = app.generation == "cedar" and app.space is None and app.process_tier == "production"
        return app.preboot and able and dyno.type == "web" and dyno.state == "up"

    def keep(self, app: App, dyno: Dyno, reason: str) -> None:
        """Take `dyno` out of what the API shows and let it serve on. The caller starts its successor."""
        random = self.simulator.random
        self.lifecycle.unlist(app, dyno)
        if reason != "deployed":
            overlap = random.uniform(*PREBOOT_OVERLAP)
            self.simulator.schedule(overlap, lambda: self.termination.terminate(app, dyno, reason, 0.0))
        elif dyno not in app.serving:  # a newer release came before this dyno's own switch
            self.termination.terminate(app, dyno, reason, random.uniform(0.6, 1.9))
        elif app.id in self._outgoing:
            self._outgoing[app.id].append(dyno)
        else:
            self._outgoing[app.id] = [dyno]
            self._schedule_switch(app)

    def _schedule_switch(self, app: App) -> None:
        version = app.release.version
        self.simulator.schedule(self.simulator.random.uniform(*PREBOOT_SWITCH), lambda: self._switch(app, version))

    def _switch(self, app: App, version: int) -> None:
        """From now on the new dynos serve, whether or not they came up. A newer release waits for its own switch."""
        if app.release.version != version:
            self._schedule_switch(app)
            return
        old = self._outgoing.pop(app.id)
        app.serving += [each for each in app.dynos.values() if each.type == "web" and each.state == "up"]
        for dyno in old:
            self.lifecycle.stop_serving(app, dyno)
            self.termination.terminate(app, dyno, "deployed", self.simulator.random.uniform(0.1, 2.5))
