"""Releases: deploy, rollback, config vars, the release phase, and the restart that follows each release."""

from __future__ import annotations

from collections.abc import Mapping

from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.dyno_actions import DynoActions
from herodyno.sandbox.world.one_offs import OneOffs
from herodyno.sandbox.world.resources import App, Formation, Refused, Release, User
from herodyno.sandbox.world.workload import ProcessProfile

ONE_OFF_SIZE = {"eco": "Eco", "basic": "Basic", "private": "Private-S", "shield": "Shield-S", "fir": "dyno-1c-0.5gb"}


class Releases:
    """Makes releases. The command of a release phase runs first. When it fails, nothing restarts."""

    def __init__(self, actions: DynoActions, one_offs: OneOffs) -> None:
        self.simulator, self.actions, self.one_offs = actions.simulator, actions, one_offs

    def deploy(
        self, app: App, by: User, *, commands: Mapping[str, str] | None, profiles: Mapping[str, ProcessProfile] | None
    ) -> Release:
        """New code. None keeps the commands or the profiles of the release before."""
        commit = f"{self.simulator.random.getrandbits(32):08x}"
        release = self._new(app, by, f"Deploy {commit}", like=app.releases[-1] if app.releases else None)
        release.commit, release.slug_id = commit, self.simulator.new_id()
        if commands is not None:
            release.commands = dict(commands)
        if profiles is not None:
            release.profiles = dict(profiles)
        self._write(app, f"Deploy {commit} by user {by.email}")
        self.simulator.schedule(1.0, lambda: self._write(app, "Build succeeded", whole_second=True))
        self._release(app, release)
        return release

    def rollback(self, app: App, old: Release, by: User) -> Release:
        """A new release with the code of an old one. Refused (422) when the old one did not succeed."""
        if old.status != "succeeded":
            raise Refused(422, "invalid_params", f"Cannot roll back to v{old.version}: it did not succeed.")
        release = self._new(app, by, f"Rollback to v{old.version}", like=old)
        self._write(app, f"Rollback to v{old.version} by user {by.email}")
        self._release(app, release)
        return release

    def set_config(self, app: App, values: Mapping[str, str | None], by: User) -> Release:
        """Set config vars; None removes one."""
        words = []
        for word, names in (
            ("Set", [name for name, value in values.items() if value is not None]),
            ("Remove", [name for name, value in values.items() if value is None]),
        ):
            if names:
                words.append(f"{word} {', '.join(names)} config vars")
        for name, value in values.items():
            if value is None:
                app.config.pop(name, None)
            else:
                app.config[name] = value
        release = self._new(app, by, "; ".join(words), like=app.releases[-1] if app.releases else None)
        for each in words:
            self._write(app, f"{each} by user {by.email}")
        self._succeed(app, release)
        return release

    def _new(self, app: App, by: User, description: str, *, like: Release | None) -> Release:
        now = self.simulator.now
        release = Release(
            id=self.simulator.new_id(), version=app.releases[-1].version + 1 if app.releases else 1,
            description=description, user=by, created_at=now, updated_at=now,
            slug_id=like.slug_id if like else self.simulator.new_id(), commit=like.commit if like else "",
            commands=dict(like.commands) if like else {}, profiles=dict(like.profiles) if like else {},
            status="pending",
        )  # fmt: skip
        app.releases.append(release)
        return release

    def _release(self, app: App, release: Release) -> None:
        command = release.commands.get("release")
        if command is None:
            self._succeed(app, release)
            return
        self._write(app, log_lines.release_running(release.version, release.user.email))
        size = ONE_OFF_SIZE.get(app.process_tier, "Standard-1X")
        dyno = self.one_offs.run(
            app, command, type="release", size=size, attach=False, time_to_live=None, by=release.user.email
        )
        dyno.release = release.version
        self.one_offs.when_ended(
            dyno, lambda status: self._fail(app, release) if status else self._succeed(app, release)
        )

    def _fail(self, app: App, release: Release) -> None:
        release.status, release.updated_at = "failed", self.simulator.now
        self._write(app, log_lines.release_failed(release.version, release.user.email))

    def _succeed(self, app: App, release: Release) -> None:
        now = self.simulator.now
        release.status, release.updated_at, app.released_at, app.updated_at = "succeeded", now, now, now
        self._write(app, log_lines.release_created(release.version, release.user.email))
        self._apply_procfile(app, release)
        for dyno in [each for each in app.dynos.values() if not each.one_off]:
            self._restart_soon(app, dyno.name, dyno.id)

    def _restart_soon(self, app: App, name: str, dyno_id: str) -> None:
        def restart() -> None:
            dyno = app.dynos.get(name)
            if dyno is not None and dyno.id == dyno_id:
                self.actions.restart(app, dyno, "deployed")

        self.simulator.schedule(self.simulator.random.uniform(0.2, 0.5), restart)

    def _apply_procfile(self, app: App, release: Release) -> None:
        now, size = self.simulator.now, next((each.size for each in app.formation.values()), "Standard-1X")
        for type, command in release.commands.items():
            if type == "release":
                continue
            if type in app.formation:
                app.formation[type].command = command
                continue
            first = type == "web" and not app.formation
            app.formation[type] = Formation(
                id=self.simulator.new_id(), type=type, quantity=int(first), size=size, command=command,
                created_at=now, updated_at=now,
            )  # fmt: skip
            if first:
                self.actions.scale(app, type, 1)

    def _write(self, app: App, text: str, *, whole_second: bool = False) -> None:
        at = self.simulator.now.replace(microsecond=0) if whole_second else None
        self.simulator.write(app.log, "app", "api", text, at=at)
