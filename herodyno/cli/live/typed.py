"""Commands that `top` types for a person: the command line itself runs, so that every rule of it holds.

Confirmation, protected apps, journal, --read-only and --dry-run are those of the commands. Only who is asked differs.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from herodyno.cli.session import Session
from herodyno.dynos import Dyno, short_id
from herodyno.render.output import Output
from herodyno.top.feed import Done


class Typed:
    """The commands for one app, with the flags that `top` was given."""

    def __init__(self, session: Session, app: str, flags: Sequence[str]) -> None:
        self._session, self._end = session, ["--app", app, *flags]

    def restart(self, dyno: Dyno) -> list[str]:
        """The command names the dyno id, so that it never hits the dyno's replacement."""
        return ["restart", dyno.name, *(["--if-id", short_id(dyno.id)] if dyno.id else []), *self._end]

    def stop(self, dyno: Dyno) -> list[str]:
        """The command names the dyno id where there is one."""
        return ["stop", short_id(dyno.id) or dyno.name, *self._end]

    def run(self, words: Sequence[str], ask: Callable[[str], str]) -> Done:
        """Run the command line once. What it says is given back, not printed."""
        from herodyno.cli.app import run

        outer, said = self._session, io.StringIO()
        session = Session(
            Output(said, said, {}),
            environ=outer.environ,
            clock=outer.now,
            httpx_transport=outer.httpx_transport,
            sleep=outer.sleep,
        )
        session.ask = ask
        session.no_input = True  # a second factor cannot be asked for beside the screen
        code = run(list(words), session)
        return Done(code, tuple(line for line in said.getvalue().splitlines() if line.strip()))
