"""A simulated Heroku with its own clock: read it, change it, and let time pass with `tick`.

It has no real clock, no sockets and no threads. All randomness comes from the seed. So the same seed and the same
calls give the same bytes, however a span is cut into ticks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from herodyno.sandbox.world import log_lines, scaling
from herodyno.sandbox.world.app_creation import AppSpec, create_app
from herodyno.sandbox.world.dyno_actions import DynoActions
from herodyno.sandbox.world.dyno_lifecycle import DynoLifecycle
from herodyno.sandbox.world.metrics import Metrics
from herodyno.sandbox.world.one_offs import OneOffs
from herodyno.sandbox.world.recurring import RecurringEvents
from herodyno.sandbox.world.registry import Registry
from herodyno.sandbox.world.releases import ONE_OFF_SIZE, Releases
from herodyno.sandbox.world.resources import App, Drain, Dyno, Formation, FormationUpdate, Refused, Release
from herodyno.sandbox.world.router import Router
from herodyno.sandbox.world.simulator import Simulator
from herodyno.sandbox.world.sizes import size_named
from herodyno.sandbox.world.truth import Truth
from herodyno.sandbox.world.workload import ProcessProfile, Traffic

START = datetime(2026, 11, 23, 2, 6, 28, tzinfo=UTC)


class World(Registry):
    """The platform: apps and their dynos. Methods raise Refused where Heroku's API refuses.

    An `app` argument is a name or an id. `by` is an e-mail address, "" for that of the account. `truths` is the ground
    truth of scenarios, by app. `notice` is an open incident of the status page: (title, since).
    """

    def __init__(self, *, seed: int = 1, start: datetime = START) -> None:
        super().__init__(Simulator(seed, start))
        self.truths: dict[str, Truth] = {}
        self.notice: tuple[str, datetime] | None = None
        self.lifecycle = DynoLifecycle(self.simulator)
        self.actions = DynoActions(self.lifecycle)
        self.router = Router(self.simulator)
        self.lifecycle.on_break.append(self.router.break_requests)
        self.metrics = Metrics(self.actions)
        self.recurring = RecurringEvents(self.actions, self.router)
        self.one_offs = OneOffs(self.actions)
        self.releases = Releases(self.actions, self.one_offs)

    def tick(self, seconds: float) -> None:
        """Let `seconds` pass: dynos boot, exit and cycle, and requests write their lines."""
        self.simulator.run(seconds)

    @property
    def truth(self) -> Truth:
        """The ground truth of the first app."""
        return next(iter(self.truths.values()))

    def create_app(self, name: str, spec: AppSpec) -> App:
        """Create an app. Its dynos begin to start or, with an age in `spec`, are up."""
        app = create_app(self.actions, name, spec, self.account)
        self.apps[name] = app
        self.recurring.start_traffic(app)
        self.recurring.watch_for_idleness(app)
        return app

    def set_traffic(self, app: str, traffic: Traffic | None) -> None:
        """Change the requests to an app from now on. None stops them."""
        found = self.app(app)
        found.traffic = traffic
        self.recurring.start_traffic(found)

    def scale(self, app: str, updates: Sequence[FormationUpdate], *, by: str = "") -> list[Formation]:
        """Set quantities and sizes, all of them or none.

        Refused: 404 for an unknown type, 422 for a size or quantity that the app may not have.
        """
        return scaling.scale(self.actions, self.app(app), updates, self.user(by).email)

    def restart(self, app: str, *, type: str = "", dyno: str = "") -> None:
        """Restart one dyno (name or id), one process type, or the whole formation when neither is given."""
        for each in self.chosen(app, type, dyno):
            if not each.one_off:
                self.actions.restart(self.app(app), each, "restarted")
            else:
                self.actions.end(self.app(app), each, "stopped")

    def stop(self, app: str, *, type: str = "", dyno: str = "") -> None:
        """Stop dynos. The platform starts those of the formation again; one-off dynos stay stopped."""
        for each in self.chosen(app, type, dyno):
            self.actions.stop(self.app(app), each)

    def run(
        self,
        app: str,
        command: str,
        *,
        attach: bool = False,
        size: str = "",
        type: str = "run",
        env: Mapping[str, str] | None = None,
        time_to_live: int | None = None,
        by: str = "",
    ) -> Dyno:
        """Start a one-off dyno. Detached, it ends by itself.

        Attached, it waits for `client_connected`, and ends with R13 when nobody connects.
        `time_to_live` is in seconds. Refused (422): a size that does not fit, or too many one-off dynos.
        """
        found = self.app(app)
        usual = "dyno-1c-0.5gb" if found.generation == "fir" else ONE_OFF_SIZE.get(found.process_tier, "Standard-1X")
        chosen = size_named(size or usual, self.sizes_for(app)).name
        person = self.user(by).email
        dyno = self.one_offs.run(
            found, command, type=type, size=chosen, attach=attach, time_to_live=time_to_live, by=person
        )
        dyno.env.update(env or {})
        return dyno

    def client_connected(self, app: str, dyno: str) -> None:
        """The client of an attached one-off dyno is at the rendezvous: the command starts."""
        self.one_offs.client_connected(self.dyno(app, dyno))

    def client_disconnected(self, app: str, dyno: str) -> None:
        """The client of an attached one-off dyno has hung up: SIGHUP, and the dyno exits."""
        self.one_offs.client_disconnected(self.app(app), self.dyno(app, dyno))

    def exit(self, app: str, dyno: str, status: int) -> None:
        """The process of a dyno ends by itself now, with this status."""
        self.lifecycle.exit(self.app(app), self.dyno(app, dyno), status)

    def say(self, app: str, dyno: str, text: str) -> None:
        """The process of a dyno prints `text`. Every line is a log line of its own."""
        source = self.dyno(app, dyno)
        self.simulator.write(self.app(app).log, "app", source.name, *text.split("\n"), dyno_id=source.id, late=0.0)

    def deploy(
        self,
        app: str,
        *,
        commands: Mapping[str, str] | None = None,
        profiles: Mapping[str, ProcessProfile] | None = None,
        by: str = "",
    ) -> Release:
        """Release new code. Every dyno restarts.

        `commands` is its Procfile and `profiles` how it behaves, by process type. None keeps what was before.
        """
        return self.releases.deploy(self.app(app), self.user(by), commands=commands, profiles=profiles)

    def rollback(self, app: str, release: str, *, by: str = "") -> Release:
        """Release the code of an older release again: "41", "v41" or an id. Refused: 404, or 422 when it failed."""
        found = self.app(app)
        for each in found.releases:
            if release in {each.id, str(each.version), f"v{each.version}"}:
                return self.releases.rollback(found, each, self.user(by))
        raise Refused(404, "not_found", "Couldn't find that release.", resource="release")

    def set_config(self, app: str, values: Mapping[str, str | None], *, by: str = "") -> Release:
        """Set config vars; None removes one. Every dyno of the formation restarts."""
        return self.releases.set_config(self.app(app), values, self.user(by))

    def set_maintenance(self, app: str, on: bool, *, by: str = "") -> None:
        """Switch maintenance mode. While it is on every request is H80, and the dynos stay up."""
        found = self.app(app)
        found.maintenance = on
        word = "on" if on else "off"
        self.simulator.write(found.log, "app", "api", f"Maintenance mode {word} by user {self.user(by).email}")

    def log_session_created(self, app: str, *, by: str = "") -> None:
        """Write the line that Heroku writes when somebody opens a log session."""
        log = self.app(app).log
        self.simulator.write(log, "app", "api", f"Log session created by user {self.user(by).email}")

    def add_drain(self, app: str, url: str) -> Drain:
        """Add a log drain with a token of its own."""
        token = f"d.{self.simulator.new_id()}"
        drain = Drain(id=self.simulator.new_id(), token=token, url=url, created_at=self.now, updated_at=self.now)
        self.app(app).drains.append(drain)
        return drain

    def remove_drain(self, app: str, drain: str) -> Drain:
        """Remove a log drain by id, token or URL. Refused (404) when there is none."""
        found = self.app(app)
        for each in found.drains:
            if drain in {each.id, each.token, each.url}:
                found.drains.remove(each)
                return each
        raise Refused(404, "not_found", "Couldn't find that drain.", resource="drain")

    def lose_drain_lines(self, app: str, drain: Drain, count: int) -> None:
        """A drain was too slow and lost `count` lines. Log sessions lose nothing and get an L10 line."""
        text = log_lines.drain_overflow(drain.token, count, self.now.isoformat())
        self.simulator.write(self.app(app).log, "heroku", "logplex", text)

    def refuse_drain(self, app: str, drain: Drain) -> None:
        """The certificate of a TLS drain is not valid. The drain gets nothing; log sessions get an L14 line."""
        self.simulator.write(self.app(app).log, "heroku", "logplex", log_lines.bad_certificate(drain.url))
