"""One-off dynos: run, the Scheduler, the release phase. Numbers are random and come back."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.dyno_orders import DynoOrders
from herodyno.sandbox.world.nouns import App, Dyno, Refused
from herodyno.sandbox.world.shell import KNOWN
from herodyno.sandbox.world.sizes import ONE_OFFS_AT_ONCE, SIZES

ATTACH_PATIENCE = 30.0  # R13
SIGHUPS, BETWEEN_SIGHUPS = 3, 5.0  # then R16; source: the Dev Center's example
HIGHEST_NUMBER = 9999
_QUIET = {*KNOWN.split(), "bash", ":", "set", "trap", "stty", "export", "exec"}  # known, and not acted out


class OneOffs:
    """Starts them and ends them. A detached command is understood as far as echo, sleep and exit go."""

    def __init__(self, orders: DynoOrders) -> None:
        self.stage, self.life, self.orders = orders.stage, orders.life, orders
        self._waiting: dict[str, Callable[[], None]] = {}  # dyno id -> what its client's coming begins
        self._ends: dict[str, Callable[[int], None]] = {}  # dyno id -> what its end begins
        orders.life.on_complete.append(self._ended)

    def run(
        self, app: App, command: str, *, type: str, size: str, attach: bool, time_to_live: int | None, by: str
    ) -> Dyno:
        self._check_limit(app, size)
        if type != "release":
            self.stage.write(app.log, "app", "api", log_lines.one_off_started(command, by))
        dyno = self.life.make(app, self._free_name(app, type), type, size, command)
        dyno.one_off, dyno.attach = True, attach
        delay = self.stage.random.uniform(1.2, 3.0)
        self.life.plan(dyno, delay, lambda: self._await_client(app, dyno) if attach else self._begin(app, dyno))
        if time_to_live:
            self.life.plan(dyno, time_to_live, lambda: self.orders.end(app, dyno, "stopped"))
        return dyno

    def when_ended(self, dyno: Dyno, action: Callable[[int], None]) -> None:
        """Call `action` with the exit status once the dyno has ended."""
        self._ends[dyno.id] = action

    def client_came(self, dyno: Dyno) -> None:
        begin = self._waiting.pop(dyno.id, None)
        if begin is not None:
            begin()

    def client_left(self, app: App, dyno: Dyno) -> None:
        self.life.write(app, dyno, log_lines.CLIENT_CLOSED)
        if dyno.behaviour.ignores_sighup or "nohup " in dyno.command:
            for number in range(1, SIGHUPS):
                self._say_later(app, dyno, log_lines.CLIENT_CLOSED, number * BETWEEN_SIGHUPS)
            self._say_later(app, dyno, log_lines.R16, SIGHUPS * BETWEEN_SIGHUPS)
            return
        self.life.plan(dyno, self.stage.random.uniform(0.1, 0.8), lambda: self.life.exit(app, dyno, 129))

    def _say_later(self, app: App, dyno: Dyno, text: str, seconds: float) -> None:
        self.life.plan(dyno, seconds, lambda: self.life.write(app, dyno, text))

    def _check_limit(self, app: App, size: str) -> None:
        limit = ONE_OFFS_AT_ONCE[SIZES[size].tier]
        running = sum(each.one_off and each.size == size for each in app.dynos.values())
        if running >= limit:
            message = f"Cannot run more than {limit} {size} size dynos."
            raise Refused(422, "cannot_run_above_limit", message, limit=limit, size=size)

    def _free_name(self, app: App, type: str) -> str:
        if app.generation == "fir":
            return self.orders.pod_name(app, type)
        while True:
            name = f"{type}.{self.stage.random.randint(1, HIGHEST_NUMBER)}"
            if name not in app.dynos:
                return name

    def _await_client(self, app: App, dyno: Dyno) -> None:
        dyno.started_at = self.stage.now
        self.life.up(app, dyno)
        self.life.write(app, dyno, log_lines.AWAITING_CLIENT)
        patience = self.stage.later(ATTACH_PATIENCE, lambda: self._give_up(app, dyno))

        def begin() -> None:
            patience.cancel()
            self.life.write(app, dyno, log_lines.starting(dyno.command))

        self._waiting[dyno.id] = begin

    def _give_up(self, app: App, dyno: Dyno) -> None:
        if self._waiting.pop(dyno.id, None) is not None:
            self.life.write(app, dyno, log_lines.R13)
            self.life.exit(app, dyno, 128)

    def _begin(self, app: App, dyno: Dyno) -> None:
        dyno.started_at = self.stage.now
        self.life.write(app, dyno, log_lines.starting(dyno.command))
        self.life.plan(dyno, self.stage.random.uniform(0.2, 0.9), lambda: self._work(app, dyno))

    def _work(self, app: App, dyno: Dyno) -> None:
        self.life.up(app, dyno)
        # A release phase runs whatever the scenario says; a process type is a command of the app's.
        is_apps_own = dyno.type == "release" or dyno.command.split(" ")[0] in app.formation
        lines, seconds, status = understood(dyno.command, has_it=is_apps_own)
        if lines:
            self.life.plan(dyno, 0.1, lambda: self.stage.write(app.log, "app", dyno.name, *lines, dyno_id=dyno.id))
        seconds = self.stage.random.uniform(1.0, 4.0) if seconds is None else seconds + 0.2
        self.life.plan(dyno, seconds, lambda: self.life.exit(app, dyno, status))

    def _ended(self, app: App, dyno: Dyno) -> None:
        self._waiting.pop(dyno.id, None)
        action = self._ends.pop(dyno.id, None)
        if action is not None:
            action(dyno.exit_status or 0)


def understood(command: str, *, has_it: bool = False) -> tuple[list[str], float | None, int]:
    """Of a shell command: the lines it prints, the seconds it takes (None = not known), its exit status.

    A command that the sandbox's shell does not know is not found, as in an attached dyno, unless the app `has_it`.
    """
    lines: list[str] = []
    seconds: float | None = None
    status = 0
    # Of buildpacks: sets the environment up, then runs the rest, as nohup does.
    command = command.removeprefix("launcher ").removeprefix("nohup ")
    try:
        whole = shlex.split(command)
    except ValueError:
        whole = []
    if len(whole) == 3 and whole[0] in ("sh", "bash") and whole[1] == "-c":
        return understood(whole[2], has_it=has_it)
    for part in command.replace("&&", ";").split(";"):
        try:
            words = shlex.split(part)
        except ValueError:
            return [f"bash: syntax error near {part.strip()}"], 0.0, 2
        match words:
            case ["echo", *rest]:
                lines.append(" ".join(rest))
                seconds = seconds or 0.0
            case ["sleep", number] if number.replace(".", "", 1).isdigit():
                seconds = (seconds or 0.0) + float(number)
            case ["exit", number] if number.isdigit():
                return lines, seconds or 0.0, int(number) % 256
            case ["false"]:
                status = 1
            case [name, *_] if not (has_it or "=" in name or name in _QUIET):
                lines.append(f"bash: {name}: command not found")
                seconds, status = seconds or 0.0, 127
    return lines, seconds, status
