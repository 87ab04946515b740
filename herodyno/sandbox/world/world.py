"""A simulated Heroku on a clock: ask it, change it, and turn it with `tick`.

Pure: no real clock, no sockets, no threads. Randomness comes from the seed, so the same seed and
the same turns give the same bytes; how a span is cut into ticks makes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from herodyno.sandbox.world import log_lines, renderings, scaling
from herodyno.sandbox.world.behaviour import Behaviour, Traffic
from herodyno.sandbox.world.dyno_life import DynoLife
from herodyno.sandbox.world.dyno_orders import DynoOrders
from herodyno.sandbox.world.founding import Plan, found
from herodyno.sandbox.world.metrics import Metrics
from herodyno.sandbox.world.nouns import (
    App,
    Drain,
    Dyno,
    Formation,
    FormationUpdate,
    Named,
    Refused,
    Release,
    Size,
    User,
)
from herodyno.sandbox.world.one_offs import OneOffs
from herodyno.sandbox.world.releases import ONE_OFF_SIZE, Releases
from herodyno.sandbox.world.rhythm import Rhythm
from herodyno.sandbox.world.router import Router
from herodyno.sandbox.world.simulator import Stage
from herodyno.sandbox.world.sizes import SIZES, size_named, sizes_for
from herodyno.sandbox.world.truth import Truth

START = datetime(2026, 11, 23, 2, 6, 28, tzinfo=UTC)


class World:
    """The platform: apps and their dynos, turned by `tick`. Methods raise Refused as Heroku's API would.

    `app` arguments are names or ids; `by` is an e-mail ("" = the account's own). `apps` is by name in order
    of creation, `sizes` by canonical name. `truths` tells, by app, what a scenario has put there.
    """

    def __init__(self, *, seed: int = 1, start: datetime = START) -> None:
        self.stage = Stage(seed, start)
        self.account = User(id=self.stage.new_id(), email="ana@example.com", name="Ana Example")
        self.apps: dict[str, App] = {}
        self.sizes: dict[str, Size] = SIZES
        self.teams: list[Named] = []
        self.spaces: list[Named] = []
        self.pipelines: list[Named] = []
        self.truths: dict[str, Truth] = {}
        self.notice: tuple[str, datetime] | None = None  # an open incident of the status page, and since when
        self.life = DynoLife(self.stage)
        self.orders = DynoOrders(self.life)
        self.router = Router(self.stage)
        self.life.on_break.append(self.router.cut_off)
        self.metrics = Metrics(self.orders)
        self.rhythm = Rhythm(self.orders, self.router)
        self.one_offs = OneOffs(self.orders)
        self.releases = Releases(self.orders, self.one_offs)
        self._users: dict[str, User] = {self.account.email: self.account}

    @property
    def now(self) -> datetime:
        return self.stage.now

    def tick(self, seconds: float) -> None:
        """Let time pass: dynos boot, exit, cycle; traffic writes its lines."""
        self.stage.run(seconds)

    # Asking

    def app(self, app: str) -> App:
        """404 not_found "Couldn't find that app."."""
        found = self.apps.get(app) or next((each for each in self.apps.values() if each.id == app), None)
        if found is None:
            raise Refused(404, "not_found", "Couldn't find that app.", resource="app")
        return found

    def dynos(self, app: str) -> list[Dyno]:
        """What the API lists: not the ones that are being stopped."""
        return list(self.app(app).dynos.values())

    def dyno(self, app: str, name_or_id: str) -> Dyno:
        """404 not_found "Couldn't find that dyno."."""
        for dyno in self.app(app).dynos.values():
            if name_or_id in {dyno.name, dyno.id}:
                return dyno
        raise Refused(404, "not_found", "Couldn't find that dyno.", resource="dyno")

    def formation(self, app: str) -> list[Formation]:
        return list(self.app(app).formation.values())

    def size(self, name: str) -> Size:
        """In any case of letters; 422 invalid_params "No such size as …" otherwise."""
        return size_named(name, list(self.sizes.values()))

    def sizes_for(self, app: str) -> list[Size]:
        """The sizes this app may use."""
        found = self.app(app)
        return sizes_for(found.generation, in_space=found.space is not None)

    @property
    def truth(self) -> Truth:
        """The truth of the first app."""
        return next(iter(self.truths.values()))

    def log_text(self, app: str, lines: int = 1500) -> str:
        """What a log session's history answers."""
        return renderings.text(self.app(app).log.history(lines))

    def full_log(self, app: str) -> str:
        """Every line since the start, for apps that were made with `keep_all`."""
        return renderings.text(self.app(app).log.everything)

    # Changing

    def create_app(self, name: str, plan: Plan) -> App:
        """An app as `plan` says, its dynos starting or, where their age is given, up already."""
        app = found(self.orders, name, plan, self.account)
        self.apps[name] = app
        self.rhythm.flow(app)
        self.rhythm.watch(app)
        return app

    def set_traffic(self, app: str, traffic: Traffic | None) -> None:
        """From now on requests come like this; None stops them."""
        found = self.app(app)
        found.traffic = traffic
        self.rhythm.flow(found)

    def scale(self, app: str, updates: Sequence[FormationUpdate], *, by: str = "") -> list[Formation]:
        """Absolute quantities, all or nothing. 404 for an unknown type, 422 for sizes and counts that do not fit."""
        return scaling.scale(self.orders, self.app(app), updates, self.user(by).email)

    def restart(self, app: str, *, type: str = "", dyno: str = "") -> None:
        """One dyno (name or id), one type, or the whole formation when neither is given."""
        for each in self._chosen(app, type, dyno):
            if not each.one_off:
                self.orders.restart(self.app(app), each, "restarted")
            else:
                self.orders.end(self.app(app), each, "stopped")

    def stop(self, app: str, *, type: str = "", dyno: str = "") -> None:
        """Formation dynos are started again by the platform; one-off dynos stay stopped."""
        for each in self._chosen(app, type, dyno):
            self.orders.stop(self.app(app), each)

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
        """A one-off dyno. Detached, it ends by itself; attached, it waits for `client_came` (R13 after 30 s)."""
        found = self.app(app)
        usual = "dyno-1c-0.5gb" if found.generation == "fir" else ONE_OFF_SIZE.get(found.process_tier, "Standard-1X")
        chosen = size_named(size or usual, self.sizes_for(app)).name
        person = self.user(by).email
        dyno = self.one_offs.run(
            found, command, type=type, size=chosen, attach=attach, time_to_live=time_to_live, by=person
        )
        dyno.env.update(env or {})
        return dyno

    def client_came(self, app: str, dyno: str) -> None:
        """The rendezvous of an attached one-off dyno has its client: the command starts."""
        self.one_offs.client_came(self.dyno(app, dyno))

    def client_left(self, app: str, dyno: str) -> None:
        """The client of an attached one-off dyno hung up: SIGHUP, and it exits."""
        self.one_offs.client_left(self.app(app), self.dyno(app, dyno))

    def exit(self, app: str, dyno: str, status: int) -> None:
        """A dyno's process ends by itself now."""
        self.life.exit(self.app(app), self.dyno(app, dyno), status)

    def say(self, app: str, dyno: str, text: str) -> None:
        """A dyno's process prints; every line of `text` is a log line of its own."""
        speaker = self.dyno(app, dyno)
        self.stage.write(self.app(app).log, "app", speaker.name, *text.split("\n"), dyno_id=speaker.id, late=0.0)

    def deploy(
        self,
        app: str,
        *,
        commands: Mapping[str, str] | None = None,
        manner: Mapping[str, Behaviour] | None = None,
        by: str = "",
    ) -> Release:
        """New code: its Procfile and how it behaves, each as before when None. Every dyno restarts."""
        return self.releases.deploy(self.app(app), self.user(by), commands=commands, manner=manner)

    def rollback(self, app: str, release: str, *, by: str = "") -> Release:
        """A new release with the code of an older one (its version, "v41", or id)."""
        found = self.app(app)
        for each in found.releases:
            if release in {each.id, str(each.version), f"v{each.version}"}:
                return self.releases.rollback(found, each, self.user(by))
        raise Refused(404, "not_found", "Couldn't find that release.", resource="release")

    def set_config(self, app: str, values: Mapping[str, str | None], *, by: str = "") -> Release:
        """None removes. Every dyno of the formation restarts."""
        return self.releases.set_config(self.app(app), values, self.user(by))

    def set_maintenance(self, app: str, on: bool, *, by: str = "") -> None:
        """On, every request is H80; the dynos stay up."""
        found = self.app(app)
        found.maintenance = on
        word = "on" if on else "off"
        self.stage.write(found.log, "app", "api", f"Maintenance mode {word} by user {self.user(by).email}")

    def log_session_created(self, app: str, *, by: str = "") -> None:
        """Write the line Heroku writes when somebody opens a log session."""
        log = self.app(app).log
        self.stage.write(log, "app", "api", f"Log session created by user {self.user(by).email}")

    def add_drain(self, app: str, url: str) -> Drain:
        token = f"d.{self.stage.new_id()}"
        drain = Drain(id=self.stage.new_id(), token=token, url=url, created_at=self.now, updated_at=self.now)
        self.app(app).drains.append(drain)
        return drain

    def remove_drain(self, app: str, drain: str) -> Drain:
        """By id, token or url."""
        found = self.app(app)
        for each in found.drains:
            if drain in {each.id, each.token, each.url}:
                found.drains.remove(each)
                return each
        raise Refused(404, "not_found", "Couldn't find that drain.", resource="drain")

    def lose_drain_lines(self, app: str, drain: Drain, count: int) -> None:
        """A drain is too slow: the tail says so with an L10 and loses nothing itself."""
        text = log_lines.drain_overflow(drain.token, count, self.now.isoformat())
        self.stage.write(self.app(app).log, "heroku", "logplex", text)

    def refuse_drain(self, app: str, drain: Drain) -> None:
        """A TLS drain's certificate is not valid (L14): it gets nothing, the tail everything."""
        self.stage.write(self.app(app).log, "heroku", "logplex", log_lines.bad_certificate(drain.url))

    def user(self, email: str) -> User:
        """A person known by e-mail ("" = the account's own)."""
        email = email or self.account.email
        if email not in self._users:
            self._users[email] = User(id=self.stage.new_id(), email=email)
        return self._users[email]

    def _chosen(self, app: str, type: str, dyno: str) -> list[Dyno]:
        found = self.app(app)
        if dyno:
            return [self.dyno(app, dyno)]
        if type and type not in found.formation:
            raise Refused(404, "not_found", f"Couldn't find that process type ({type}).", resource="formation")
        return [each for each in found.dynos.values() if each.type == type or not (type or each.one_off)]
