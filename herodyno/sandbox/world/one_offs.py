"""One-off dynos: run, the Scheduler, the release phase. Their numbers are random and may come back."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from herodyno.sandbox.heroku_facts import (
    ATTACH_TIMEOUT,
    HIGHEST_ONE_OFF_NUMBER,
    ONE_OFFS_AT_ONCE,
    SIGHUP_INTERVAL,
    SIGHUPS,
)
from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.dyno_actions import DynoActions
from herodyno.sandbox.world.resources import App, Dyno, Refused
from herodyno.sandbox.world.shell import KNOWN_COMMANDS
from herodyno.sandbox.world.sizes import SIZES

# Commands that exist and have no effect in a detached dyno.
_WITHOUT_EFFECT = {*KNOWN_COMMANDS.split(), "bash", ":", "set", "trap", "stty", "export", "exec"}


class OneOffs:
    """Starts and ends one-off dynos. Of a detached command, echo, sleep, exit and false have an effect."""

    def __init__(self, actions: DynoActions) -> None:
        self.simulator, self.lifecycle, self.actions = actions.simulator, actions.lifecycle, actions
        self._awaiting_client: dict[str, Callable[[], None]] = {}  # dyno id -> called when its client connects
        self._when_ended: dict[str, Callable[[int], None]] = {}  # dyno id -> called with its exit status
        actions.lifecycle.on_complete.append(self._ended)

    def run(
        self, app: App, command: str, *, type: str, size: str, attach: bool, time_to_live: int | None, by: str
    ) -> Dyno:
        """Start a one-off dyno. An attached dyno runs its command once its client has connected.

        `time_to_live` is in seconds. Refused (422) when too many one-off dynos of this size run.
        """
        self._check_limit(app, size)
        if type != "release":
            self.simulator.write(app.log, "app", "api", log_lines.one_off_started(command, by))
        dyno = self.lifecycle.make(app, self._free_name(app, type), type, size, command)
        dyno.one_off, dyno.attach = True, attach
        delay = self.simulator.random.uniform(1.2, 3.0)
        begin = self._await_client if attach else self._begin
        self.lifecycle.schedule(dyno, delay, lambda: begin(app, dyno))
        if time_to_live:
            self.lifecycle.schedule(dyno, time_to_live, lambda: self.actions.end(app, dyno, "stopped"))
        return dyno

    def when_ended(self, dyno: Dyno, action: Callable[[int], None]) -> None:
        """Call `action` with the exit status once the dyno has ended."""
        self._when_ended[dyno.id] = action

    def client_connected(self, dyno: Dyno) -> None:
        """The client of an attached dyno is here: the command starts."""
        begin = self._awaiting_client.pop(dyno.id, None)
        if begin is not None:
            begin()

    def client_disconnected(self, app: App, dyno: Dyno) -> None:
        """The client of an attached dyno is gone: SIGHUP, and the dyno exits, or R16 when it ignores SIGHUP."""
        self.lifecycle.write(app, dyno, log_lines.CLIENT_CLOSED)
        if dyno.profile.ignores_sighup or "nohup " in dyno.command:
            for number in range(1, SIGHUPS):
                self._write_later(app, dyno, log_lines.CLIENT_CLOSED, number * SIGHUP_INTERVAL)
            self._write_later(app, dyno, log_lines.R16, SIGHUPS * SIGHUP_INTERVAL)
            return
        delay = self.simulator.random.uniform(0.1, 0.8)
        self.lifecycle.schedule(dyno, delay, lambda: self.lifecycle.exit(app, dyno, 129))

    def _write_later(self, app: App, dyno: Dyno, text: str, seconds: float) -> None:
        self.lifecycle.schedule(dyno, seconds, lambda: self.lifecycle.write(app, dyno, text))

    def _check_limit(self, app: App, size: str) -> None:
        limit = ONE_OFFS_AT_ONCE[SIZES[size].tier]
        running = sum(each.one_off and each.size == size for each in app.dynos.values())
        if running >= limit:
            message = f"Cannot run more than {limit} {size} size dynos."
            raise Refused(422, "cannot_run_above_limit", message, limit=limit, size=size)

    def _free_name(self, app: App, type: str) -> str:
        if app.generation == "fir":
            return self.actions.pod_name(app, type)
        while True:
            name = f"{type}.{self.simulator.random.randint(1, HIGHEST_ONE_OFF_NUMBER)}"
            if name not in app.dynos:
                return name

    def _await_client(self, app: App, dyno: Dyno) -> None:
        dyno.started_at = self.simulator.now
        self.lifecycle.up(app, dyno)
        self.lifecycle.write(app, dyno, log_lines.AWAITING_CLIENT)
        timeout = self.simulator.schedule(ATTACH_TIMEOUT, lambda: self._give_up(app, dyno))

        def begin() -> None:
            timeout.cancel()
            self.lifecycle.write(app, dyno, log_lines.starting(dyno.command))

        self._awaiting_client[dyno.id] = begin

    def _give_up(self, app: App, dyno: Dyno) -> None:
        if self._awaiting_client.pop(dyno.id, None) is not None:
            self.lifecycle.write(app, dyno, log_lines.R13)
            self.lifecycle.exit(app, dyno, 128)

    def _begin(self, app: App, dyno: Dyno) -> None:
        dyno.started_at = self.simulator.now
        self.lifecycle.write(app, dyno, log_lines.starting(dyno.command))
        self.lifecycle.schedule(dyno, self.simulator.random.uniform(0.2, 0.9), lambda: self._work(app, dyno))

    def _work(self, app: App, dyno: Dyno) -> None:
        self.lifecycle.up(app, dyno)
        # The app has the commands of its release phase, its jobs and its process types, however a scenario names them.
        is_apps_own = dyno.type in {"release", "scheduler"} or dyno.command.split(" ")[0] in app.formation
        lines, seconds, status = interpret(dyno.command, has_it=is_apps_own)
        if lines:
            self.lifecycle.schedule(dyno, 0.1, lambda: self._write_output(app, dyno, lines))
        seconds = self.simulator.random.uniform(1.0, 4.0) if seconds is None else seconds + 0.2
        self.lifecycle.schedule(dyno, seconds, lambda: self.lifecycle.exit(app, dyno, status))

    def _write_output(self, app: App, dyno: Dyno, lines: list[str]) -> None:
        self.simulator.write(app.log, "app", dyno.name, *lines, dyno_id=dyno.id)

    def _ended(self, app: App, dyno: Dyno) -> None:
        self._awaiting_client.pop(dyno.id, None)
        action = self._when_ended.pop(dyno.id, None)
        if action is not None:
            action(dyno.exit_status or 0)


def interpret(command: str, *, has_it: bool = False) -> tuple[list[str], float | None, int]:
    """(lines it prints, seconds it takes, exit status) of a shell command. The seconds are None when nobody knows them.

    A command that the sandbox's shell does not know is not found, as in an attached dyno, unless the app `has_it`.
    """
    lines: list[str] = []
    seconds: float | None = None
    status = 0
    # `launcher` comes from buildpacks. It sets up the environment and runs the rest, as nohup does.
    command = command.removeprefix("launcher ").removeprefix("nohup ")
    try:
        whole = shlex.split(command)
    except ValueError:
        whole = []
    if len(whole) == 3 and whole[0] in ("sh", "bash") and whole[1] == "-c":
        return interpret(whole[2], has_it=has_it)
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
            case [name, *_] if not (has_it or "=" in name or name in _WITHOUT_EFFECT):
                lines.append(f"bash: {name}: command not found")
                seconds, status = seconds or 0.0, 127
    return lines, seconds, status
