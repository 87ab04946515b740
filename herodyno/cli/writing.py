"""What the commands that change an app share: their flags, the question before, the executor, the last lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from herodyno.cli.session import Session
from herodyno.errors import Refused
from herodyno.operations.confirm import confirm
from herodyno.operations.executor import Executor, Sent
from herodyno.operations.journal import Journal
from herodyno.operations.writes import Write
from herodyno.render.text import line

DryRun = Annotated[bool, typer.Option("--dry-run", help="print the calls, send nothing", show_default=False)]
Confirm = Annotated[str | None, typer.Option("--confirm", metavar="APP", help="confirm by the app's name")]
ReadOnly = Annotated[
    bool, typer.Option("--read-only", help="refuse every change [HERODYNO_READ_ONLY]", show_default=False)
]


class Writing:
    """One command's way to change one app."""

    def __init__(
        self,
        session: Session,
        *,
        app: str | None,
        remote: str | None,
        dry_run: bool = False,
        read_only: bool = False,
        confirmed: str | None = None,
    ) -> None:
        choice = session.app_choice(app, remote)
        self.session = session
        self.app = choice.name
        self.origin = choice.origin
        self.confirmed = confirmed
        self.folder = state_folder(session.environ)
        self.executor = Executor(
            session.platform,
            Journal(self.folder),
            now=session.now,
            note=session.output.note,
            sleep=session.sleep,
            dry_run=dry_run,
            read_only=read_only or session.environ.get("HERODYNO_READ_ONLY", "") not in ("", "0"),
        )

    def confirm(self, reasons: Sequence[str], *, does: str) -> None:
        """Ask for the app's name where the reasons or the config file want it. A dry run asks nothing.

        `does` says what would happen where no reason does.
        """
        if self.executor.dry_run:
            return
        if self.executor.read_only:
            raise Refused(
                "read-only: nothing was sent.", next_step="Leave out --read-only, or unset HERODYNO_READ_ONLY."
            )
        settings = self.session.settings
        if protection := settings.protection_of(self.app):
            mark = "protected" if self.app in settings.protected else "production"
            reasons = [*(reasons or [does]), f"the app is {mark} ({protection})"]
        confirm(self.app, reasons, given=self.confirmed, ask=question_asker(self.session))
        self.session.output.note(f"on {self.app} (from {self.origin})")

    def send_all(self, writes: Sequence[Write]) -> list[Sent]:
        """Send one after the other; the first failure is raised, saying what was done before it."""
        done: list[Sent] = []
        for write in writes:
            before = f"done before that: {', '.join(str(sent.write) for sent in done)}" if done else ""
            try:
                with self.telling_when_ended(f"{write} may have been done{before and f'; {before}'}"):
                    done.append(self.executor.send(write))
            except Exception:
                if before:
                    self.session.output.note(before)
                raise
        return done

    @contextmanager
    def telling_when_ended(self, left: str) -> Iterator[None]:
        """Ctrl-C or another signal in here ends with a last line: what was done, what was left, how to look."""
        try:
            yield
        except (KeyboardInterrupt, SystemExit):
            self.session.output.note(f"interrupted: {left}. Look: herodyno ps --app {self.app}")
            raise

    def show_calls(self, writes: Sequence[Write]) -> None:
        """What --dry-run prints."""
        self.session.output.lines([line(str(write)) for write in writes] or [line("nothing would be sent")])


def state_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Where the journal and interrupted rolls live: XDG_STATE_HOME/herodyno, or the platform's like of it."""
    if platform not in ("darwin", "win32"):
        # platformdirs answers the same here; importing it costs a tenth of a fast command's time.
        return Path(environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "herodyno"
    import platformdirs

    return platformdirs.user_state_path("herodyno", appauthor=False)


def question_asker(session: Session) -> Callable[[str], str] | None:
    """A way to ask a person on the terminal; None where nobody can be asked."""
    if session.no_input or not sys.stdin.isatty() or not sys.stderr.isatty():
        return None

    def ask(question: str) -> str:
        return str(typer.prompt(question, prompt_suffix=" ", default="", show_default=False, err=True))

    return ask
