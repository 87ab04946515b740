"""A Platform that records the names in Heroku's answers for TAB. No command needs to record names itself."""

from __future__ import annotations

from collections.abc import MutableMapping

from herodyno.dynos import App, Dyno, DynoSize, Formation, Release
from herodyno.heroku.api.platform import Platform
from herodyno.heroku.api.transport import Transport


class RecordingPlatform(Platform):
    """Records into `seen`: ("dyno", "example-app") -> ["web.1"]. The names of apps are at ("app", "-")."""

    def __init__(self, transport: Transport, seen: MutableMapping[tuple[str, str], list[str]]) -> None:
        super().__init__(transport)
        self._seen = seen

    def apps(self) -> list[App]:
        found = super().apps()
        self._seen["app", "-"] = sorted(app.name for app in found)
        return found

    def dynos(self, app: str) -> list[Dyno]:
        found = super().dynos(app)
        self._seen["dyno", app] = [dyno.name for dyno in found]
        return found

    def formation(self, app: str) -> list[Formation]:
        found = super().formation(app)
        self._seen["type", app] = [each.type for each in found]
        return found

    def releases(self, app: str, *, limit: int = 20) -> list[Release]:
        found = super().releases(app, limit=limit)
        self._seen["release", app] = [f"v{release.version}" for release in found]
        return found

    def sizes(self, app: str) -> list[DynoSize]:
        found = super().sizes(app)
        self._seen["size", app] = [size.name.lower() for size in found]  # as people type them
        return found
