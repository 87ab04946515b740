"""What exists on the simulated platform, and how it is found: account, users, apps, dynos, sizes, logs."""

from __future__ import annotations

from datetime import datetime

from herodyno.sandbox.heroku_facts import LIST_LAG, LOG_BUFFER_LINES
from herodyno.sandbox.world import log_formats
from herodyno.sandbox.world.resources import App, Dyno, Formation, Named, Refused, Size, TelemetryDrain, User
from herodyno.sandbox.world.simulator import Simulator
from herodyno.sandbox.world.sizes import SIZES, size_named, sizes_for


class Registry:
    """The reading half of a world. Nothing here lets time pass or changes a dyno.

    `apps` is by name, in order of creation. `sizes` is by canonical name.
    """

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.account = User(id=simulator.new_id(), email="ana@example.com", name="Ana Example")
        self.apps: dict[str, App] = {}
        self.sizes: dict[str, Size] = SIZES
        self.teams: list[Named] = []
        self.spaces: list[Named] = []
        self.pipelines: list[Named] = []
        self.telemetry_drains: list[TelemetryDrain] = []
        self._users: dict[str, User] = {self.account.email: self.account}

    @property
    def now(self) -> datetime:
        """The time of this world, in UTC."""
        return self.simulator.now

    def app(self, app: str) -> App:
        """The app of this name or id. Refused (404) when there is none."""
        found = self.apps.get(app) or next((each for each in self.apps.values() if each.id == app), None)
        if found is None:
            raise Refused(404, "not_found", "Couldn't find that app.", resource="app")
        return found

    def dynos(self, app: str) -> list[Dyno]:
        """The dynos that there are. A dyno that is being stopped is not among them."""
        return list(self.app(app).dynos.values())

    def listed_dynos(self, app: str) -> list[Dyno]:
        """The dynos as the API's lists show them. A dyno that ended hides its successor for up to LIST_LAG seconds."""
        found, late = self.app(app), dict[str, Dyno]()
        for dyno in reversed(found.past):  # of several that ended under one name the oldest is shown
            ago = (self.now - (dyno.unlisted_at or self.now)).total_seconds()
            if ago > LIST_LAG[1]:
                break
            if ago < dyno.list_lag:
                late[dyno.name] = dyno
        return list((found.dynos | late).values())

    def dyno(self, app: str, name_or_id: str) -> Dyno:
        """The dyno of this name or id. Refused (404) when there is none."""
        for dyno in self.app(app).dynos.values():
            if name_or_id in {dyno.name, dyno.id}:
                return dyno
        raise Refused(404, "not_found", "Couldn't find that dyno.", resource="dyno")

    def formation(self, app: str) -> list[Formation]:
        """The process types of an app."""
        return list(self.app(app).formation.values())

    def size(self, name: str) -> Size:
        """The size of this name, in any case of letters. Refused (422) when there is none."""
        return size_named(name, list(self.sizes.values()))

    def sizes_for(self, app: str) -> list[Size]:
        """The sizes that this app may use."""
        found = self.app(app)
        return sizes_for(found.generation, in_space=found.space is not None)

    def log_text(self, app: str, lines: int = LOG_BUFFER_LINES) -> str:
        """The last `lines` lines, as the history of a log session has them."""
        return log_formats.text(self.app(app).log.history(lines))

    def full_log(self, app: str) -> str:
        """Every line since the start, for an app that was created with `keep_all`."""
        return log_formats.text(self.app(app).log.everything)

    def user(self, email: str) -> User:
        """The user of this e-mail address, made when new. "" is the account's own."""
        email = email or self.account.email
        if email not in self._users:
            self._users[email] = User(id=self.simulator.new_id(), email=email)
        return self._users[email]

    def chosen(self, app: str, type: str, dyno: str) -> list[Dyno]:
        """The dynos that a restart or stop is for: one dyno, one type, or the whole formation.

        Refused (404) for an unknown dyno or process type.
        """
        found = self.app(app)
        if dyno:
            return [self.dyno(app, dyno)]
        if type and type not in found.formation:
            raise Refused(404, "not_found", f"Couldn't find that process type ({type}).", resource="formation")
        return [each for each in found.dynos.values() if each.type == type or not (type or each.one_off)]
