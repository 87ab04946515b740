"""Which apps a command is for when it is for several: named one by one, or chosen among those of the account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from herodyno.dynos import App
from herodyno.errors import NotFound, UsageError
from herodyno.heroku.api.account_lists import pipeline_couplings, team_apps
from herodyno.heroku.api.platform import Platform
from herodyno.heroku.net.paths import is_app
from herodyno.heroku.which_app import checked_app_name
from herodyno.units import count

# API schema, pipeline-coupling: stage.
STAGES = ("test", "review", "development", "staging", "production")


class AppSelection(NamedTuple):
    """What -a, --apps, --team, --pipeline, --stage and --apps-file say.

    `names` and `file` name apps. The others choose among the account's apps, and each narrows what the rest leaves.
    """

    names: Sequence[str] = ()
    patterns: Sequence[str] = ()
    team: str = ""
    pipeline: str = ""
    stage: str = ""
    file: str = ""

    @property
    def choosing(self) -> tuple[str, ...]:
        """The flags given that choose, as they were typed."""
        flags = [f"--apps {pattern}" for pattern in self.patterns]
        flags += [f"--team {self.team}"] if self.team else []
        flags += [f"--pipeline {self.pipeline}"] if self.pipeline else []
        return (*flags, *([f"--stage {self.stage}"] if self.stage else []))

    @property
    def naming(self) -> tuple[str, ...]:
        """The flags given that name apps."""
        return (*(["-a"] if self.names else []), *(["--apps-file"] if self.file else []))


class SelectedApp(NamedTuple):
    """An app by the name that it is asked for with. `known` is what a list told of it, None where none was read."""

    name: str
    known: App | None = None


def check_selection(selection: AppSelection, *, remote: str | None) -> None:
    """Raise UsageError for flags that cannot stand together, and for a value that means nothing."""
    if "" in selection.patterns:
        raise UsageError("--apps is empty; nothing was sent", next_step="give it a value, or leave it out")
    given = (*selection.naming, *(["-r"] if remote is not None else []))
    if selection.choosing and given:
        raise UsageError(
            f"{given[0]} names apps, and {selection.choosing[0]} chooses them; nothing was sent",
            next_step="give one of them",
        )
    if remote is not None:
        raise UsageError(f"{' and '.join(given)} both name apps; nothing was sent", next_step="give one of them")
    if selection.stage and not selection.pipeline:
        raise UsageError("--stage is a part of a pipeline; nothing was sent", next_step="name it: --pipeline NAME")
    if selection.stage and selection.stage not in STAGES:
        raise UsageError(f"--stage {selection.stage!r} is no stage", next_step=f"one of {', '.join(STAGES)}")
    for name in selection.names:
        checked_app_name(name, origin="-a")


def selected_apps(
    platform: Platform, selection: AppSelection, *, note: Callable[[str], object] = lambda text: None
) -> list[SelectedApp]:
    """The apps, each once: named ones in the order of the names, chosen ones by name.

    `note` tells how many of the pipeline's apps the account cannot see: of these the API gives no name. Raises NotFound
    where nothing is left. A name that no app has is not noticed here.
    """
    if selection.naming:
        names = [*selection.names, *(names_in(Path(selection.file)) if selection.file else ())]
        return [SelectedApp(name) for name in dict.fromkeys(names)]
    found = team_apps(platform.transport, selection.team) if selection.team else platform.apps()
    among = count(len(found), "app")
    if selection.pipeline:
        stages = {each.app_id: each.stage for each in pipeline_couplings(platform.transport, selection.pipeline)}
        among = f"{count(len(stages), 'app')} of the pipeline"
        wanted = {app for app, stage in stages.items() if selection.stage in ("", stage)}
        unseen = len(wanted - {app.id for app in found})
        if unseen and not selection.team:
            note(f"{count(unseen, 'app')} of the pipeline {'is' if unseen == 1 else 'are'} not visible to this account")
        found = [app for app in found if app.id in wanted]
    chosen = [app for app in found if not selection.patterns or _fits(app.name, selection.patterns)]
    if not chosen:
        raise NotFound(
            f"no app fits {' '.join(selection.choosing)}, of {among}",
            next_step="whose apps are looked at: herodyno auth status",
        )
    return [SelectedApp(app.name, app) for app in sorted(chosen, key=lambda app: app.name)]


def names_in(path: Path) -> list[str]:
    """The names in a file: one a line. Empty lines and what follows "#" are left out.

    Raises NotFound for no file, UsageError for a file that cannot be read or is empty, and for a line that is no name.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}, which --apps-file names; nothing was sent") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise UsageError(f"--apps-file {path} cannot be read: {why}; nothing was sent") from None
    names = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not (name := line.partition("#")[0].strip()):
            continue
        if not is_app(name):
            raise UsageError(
                f"{path}, line {number}: {name[:80]!r} cannot be an app's name; nothing was sent",
                next_step="one name a line",
            )
        names.append(name)
    if not names:
        raise UsageError(f"--apps-file {path} names no app; nothing was sent", next_step="one name a line")
    return names


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
