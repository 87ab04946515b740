"""Preboot: old web dynos serve on beside the new ones of the same names, for minutes, and the API shows only the new.

Source: Dev Center "Preboot" (2023): after a release the requests go to the new dynos 3 minutes or more later, at one
moment, and the old are stopped; after a restart or the daily cycle both take requests, and the old are stopped 4 to 6
minutes later. A release of June 2026 shows 4 min 11 s (heroku/barnes#58). Whether "Restarting" is printed is not known
from a real log; here it is, as at every other restart since 2016.
"""

from __future__ import annotations

from herodyno.sandbox.world.dyno_life import DynoLife
from herodyno.sandbox.world.nouns import App, Dyno

SWITCH = (180.0, 255.0)  # seconds from a release to the moment the new dynos take its requests
TOGETHER = (240.0, 360.0)  # seconds that old and new both serve after a restart


class Preboot:
    """Keeps the old web dynos of apps that have the feature until their successors may do without them."""

    def __init__(self, life: DynoLife) -> None:
        self.life, self.stage = life, life.stage
        self._outgoing: dict[str, list[Dyno]] = {}  # app id -> dynos that serve until the switch
        life.may_serve = lambda app: app.id not in self._outgoing

    def applies(self, app: App, dyno: Dyno) -> bool:
        """Web dynos that are up, of the sizes that may have it, outside of Private Spaces."""
        able = app.generation == "cedar" and app.space is None and app.process_tier == "production"
        return app.preboot and able and dyno.type == "web" and dyno.state == "up"

    def keep(self, app: App, dyno: Dyno, reason: str) -> None:
        """Take `dyno` out of what the API shows and let it serve on; a successor is about to be started."""
        random = self.stage.random
        self.life.unlist(app, dyno)
        if reason != "deployed":
            self.stage.later(random.uniform(*TOGETHER), lambda: self.life.terminate(app, dyno, reason, 0.0))
        elif dyno not in app.serving:  # of a release that was overtaken before it served
            self.life.terminate(app, dyno, reason, random.uniform(0.6, 1.9))
        elif app.id in self._outgoing:
            self._outgoing[app.id].append(dyno)
        else:
            self._outgoing[app.id] = [dyno]
            self._plan_switch(app)

    def _plan_switch(self, app: App) -> None:
        version = app.release.version
        self.stage.later(self.stage.random.uniform(*SWITCH), lambda: self._switch(app, version))

    def _switch(self, app: App, version: int) -> None:
        """From now on the new dynos serve, whether or not they came up; a newer release waits for its own moment."""
        if app.release.version != version:
            self._plan_switch(app)
            return
        old = self._outgoing.pop(app.id)
        app.serving += [each for each in app.dynos.values() if each.type == "web" and each.state == "up"]
        for dyno in old:
            self.life.stop_serving(app, dyno)
            self.life.terminate(app, dyno, "deployed", self.stage.random.uniform(0.1, 2.5))
