"""`archive receive --poll`: which dynos Heroku lists, asked each minute and written down for compaction.

Only GET /apps/APP/dynos is sent, so a token that may read is enough. The process that listens reads no token.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from herodyno.archive.drains.known import read_drains
from herodyno.archive.dyno_lists import DynoLists
from herodyno.archive.folder import microseconds
from herodyno.cli.archive.beside import ProcessBeside
from herodyno.cli.session import Session
from herodyno.errors import HerodynoError, NotFound, RefusedByHeroku
from herodyno.heroku_facts import RATE_LIMIT_CALLS, RATE_REFILL_PER_MINUTE
from herodyno.render.output import Output

NAME = "dyno lists"
# All ours.
LOOK_SECONDS = 60.0
MOST_CALLS = RATE_REFILL_PER_MINUTE // 4  # of a look: three quarters of the account's calls are left to others
LOW_CALLS = RATE_LIMIT_CALLS // 10  # with fewer left, a look asks for one app
MOST_REST = 60  # looks that are left out after a refusal that comes again and again


class DynoPoll:
    """The work of the process, look by look. `tell` gets a sentence for a person: one for each trouble, not each look.

    A refusal of one app does not stop the others; what is wrong with the account or the network ends the look.
    """

    def __init__(self, archive: Path, tell: Callable[[str], None], *, session: Session | None = None) -> None:
        self._archive = archive
        self._tell = tell
        self._session = session or Session(Output(None, None, {}))
        self._session.no_input = True
        self._lists = DynoLists(archive)
        self._left: int | None = None  # calls of the account, by the last reply
        self._next = 0  # the place of the app whose turn it is
        self._rests: dict[str, tuple[int, int]] = {}  # app, "" for all -> looks to leave out, how many at the next time
        self._said: dict[str, type[HerodynoError]] = {}

    def look(self) -> None:
        """Ask for the dynos of as many apps as may be asked for. Raises Refused, OSError where the archive cannot."""
        apps = read_drains(self._archive).apps()
        if self._is_resting("") or not apps:
            return
        first = self._next % len(apps)
        for number, app in enumerate([*apps[first:], *apps[:first]]):
            is_low = self._left is not None and self._left < LOW_CALLS
            if number == (1 if is_low else MOST_CALLS):
                break
            self._next = first + number + 1
            if not self._is_resting(app) and not self._listed(app):
                break

    def _listed(self, app: str) -> bool:
        """Write down the dynos of an app. False when no other app need be asked now."""
        try:
            platform = self._session.platform
            at = self._session.now()
            dynos = platform.dynos(app)
        except (NotFound, RefusedByHeroku) as error:
            self._refused(app, error, f"the dynos of {app} are not known")
            return True
        except HerodynoError as error:
            self._refused("", error, "Heroku is not asked for dynos")
            return False
        self._lists.add(app, dynos, microseconds(platform.transport.corrected(at)))
        self._left = platform.rate_limit_remaining
        for name in (app, ""):
            self._rests.pop(name, None)
            self._said.pop(name, None)
        return True

    def _refused(self, name: str, error: HerodynoError, what: str) -> None:
        _, rest = self._rests.get(name, (0, 1))
        self._rests[name] = rest, min(2 * rest, MOST_REST)
        if self._said.get(name) is not type(error):  # each message has another Request-Id
            self._said[name] = type(error)
            self._tell(f"{NAME}: {what}: {error.message}; the receiver goes on")

    def _is_resting(self, name: str) -> bool:
        left, rest = self._rests.get(name, (0, 1))
        if left:
            self._rests[name] = left - 1, rest
        return left > 0


def poll_beside(archive: Path) -> ProcessBeside:
    """The process."""
    return ProcessBeside(NAME, partial(DynoPoll, archive), LOOK_SECONDS)
