"""The dynos of an app at one moment, as the API tells them: narrowed to targets, and in the order asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple, TypeAlias

from herodyno.cli.session import Session
from herodyno.dynos import Dyno, Formation, natural_order, newest_succeeded
from herodyno.errors import NotFound
from herodyno.render.dynos import in_order

SortBy: TypeAlias = Literal["name", "age", "state", "size", "release"]

_LAST = datetime.max.replace(tzinfo=UTC)


class DynosSnapshot(NamedTuple):
    """What the API answered in one round trip. `newest` is the newest succeeded release, or None."""

    dynos: Sequence[Dyno]
    formation: Sequence[Formation]
    newest: int | None
    maintenance: bool

    def only(self, targets: Sequence[str], app: str) -> DynosSnapshot:
        """The part that the targets name, by process type or dyno name. Raises NotFound for an unknown target."""
        if not targets:
            return self
        types = {each.type for each in self.formation} | {dyno.type for dyno in self.dynos}
        names = {dyno.name for dyno in self.dynos}
        for target in targets:
            if target not in types | names:
                known = ", ".join([*sorted(types), *sorted(names, key=natural_order)]) or "nothing"
                raise NotFound(f"{app} has no process type or dyno {target!r}", next_step=f"there is: {known}")
        return self.of(targets)

    def of(self, targets: Sequence[str]) -> DynosSnapshot:
        """The part that the targets name, whether there is anything of that name or not; all without targets."""
        if not targets:
            return self
        dynos = [dyno for dyno in self.dynos if dyno.name in targets or dyno.type in targets]
        formation = [each for each in self.formation if each.type in targets]
        return self._replace(dynos=dynos, formation=formation)


def fetch_dynos(session: Session, app: str) -> DynosSnapshot:
    """Ask for app, dynos, formation and releases side by side. Meanwhile, load the modules that show the answer."""
    platform = session.platform
    found, dynos, formation, releases, _ = platform.gather(
        lambda: platform.app(app),
        lambda: platform.dynos(app),
        lambda: platform.formation(app),
        lambda: platform.releases(app),
        session.output.prepare,
    )
    newest = newest_succeeded(releases)
    return DynosSnapshot(in_order(dynos), formation, newest, found.maintenance)


def sort_dynos(dynos: Sequence[Dyno], by: SortBy) -> list[Dyno]:
    """Equal dynos stay in the order of their names. Dynos whose value is not known come last."""
    match by:
        case "name":
            return list(dynos)
        case "age":
            return sorted(dynos, key=lambda dyno: dyno.created_at or _LAST)
        case "release":
            return sorted(dynos, key=lambda dyno: (dyno.release is None, dyno.release or 0))
        case "state":
            return sorted(dynos, key=lambda dyno: (not dyno.state, dyno.state))
        case "size":
            return sorted(dynos, key=lambda dyno: (not dyno.size, dyno.size))
