"""The launch of a process: its banner, or why it does not come up (R10, R17, R99, a failed boot)."""

from __future__ import annotations

import hashlib

from herodyno.sandbox.app_lines import printing
from herodyno.sandbox.heroku_facts import BOOT_TIMEOUT, LAUNCH_TIMEOUT
from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.dyno_lifecycle import DynoLifecycle
from herodyno.sandbox.world.resources import App, Dyno


class DynoLaunch:
    """Launches the process of every dyno of a formation, when the lifecycle says so."""

    def __init__(self, lifecycle: DynoLifecycle) -> None:
        self.lifecycle, self.simulator = lifecycle, lifecycle.simulator
        lifecycle.on_launch.append(self._launch)

    def _launch(self, app: App, dyno: Dyno) -> None:
        random, profile, schedule = self.simulator.random, dyno.profile, self.lifecycle.schedule
        if profile.damaged:
            self._fail_to_launch(app, dyno, log_lines.checksum_error(*_checksums(app, dyno)))
            return
        if dyno.name in app.unlaunchable:
            texts, limit = (log_lines.R99, log_lines.SIGKILL), random.uniform(LAUNCH_TIMEOUT, LAUNCH_TIMEOUT + 0.6)
            schedule(dyno, limit, lambda: self._fail_to_launch(app, dyno, *texts))
            return
        dyno.started_at = self.simulator.now
        self.lifecycle.write(app, dyno, log_lines.starting(dyno.command))
        boot = random.uniform(*profile.boot)
        schedule(dyno, boot * random.uniform(0.5, 0.95), lambda: self._write_banner(app, dyno))
        if profile.boot_status is not None:
            status = profile.boot_status
            schedule(dyno, boot, lambda: self.lifecycle.exit(app, dyno, status))
        elif dyno.type == "web" and not (profile.binds and boot <= BOOT_TIMEOUT):
            schedule(dyno, BOOT_TIMEOUT + random.uniform(0, 0.4), lambda: self._time_out_boot(app, dyno))
        else:
            schedule(dyno, boot, lambda: self.lifecycle.up(app, dyno))

    def _write_banner(self, app: App, dyno: Dyno) -> None:
        fails, framework = dyno.profile.boot_status, app.framework
        lines = (
            printing.boot_failure(framework, self.simulator.random) if fails else printing.banner(framework, dyno.type)
        )
        self.simulator.write(app.log, "app", dyno.name, *lines, dyno_id=dyno.id)

    def _time_out_boot(self, app: App, dyno: Dyno) -> None:
        self.lifecycle.write(app, dyno, log_lines.R10)
        self.lifecycle.kill(app, dyno)

    def _fail_to_launch(self, app: App, dyno: Dyno, *texts: str) -> None:
        """No process ran, so no exit is logged. The platform's own lines, the state line and the usual delay follow."""
        self.lifecycle.write(app, dyno, *texts)
        dyno.ended_at = self.simulator.now
        self.lifecycle.crash(app, dyno, "starting", self.simulator.random.uniform(0.05, 0.15))


def _checksums(app: App, dyno: Dyno) -> tuple[str, str]:
    """The expected and the actual SHA-256 of a damaged slug: one pair for a release."""
    slug = next(each.slug_id for each in app.releases if each.version == dyno.release)
    expected, actual = (hashlib.sha256(text.encode()).hexdigest() for text in (slug, f"damaged {slug}"))
    return expected, actual
