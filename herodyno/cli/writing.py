"""What the commands that change an app share: the question before, the executor, the last lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import typer

from herodyno.cli.session import Session
from herodyno.errors import Refused
from herodyno.folders import state_folder
from herodyno.operations.actor import Actor, machine_name, system_user
from herodyno.operations.confirm import confirm
from herodyno.operations.executor import Executor, Sent
from herodyno.operations.journal import Journal
from herodyno.operations.writes import Write
from herodyno.render.text import line


class WriteOptions(Protocol):
    """The flags of every command that changes an app."""

    @property
    def app(self) -> str | None: ...
    @property
    def remote(self) -> str | None: ...
    @property
    def dry_run(self) -> bool: ...
    @property
    def confirm(self) -> str | None: ...
    @property
    def read_only(self) -> bool: ...


class Writing:
    """How one command changes one app: its question, its executor, its notes."""

    def __init__(self, session: Session, options: WriteOptions) -> None:
        choice = session.app_choice(options.app, options.remote)
        self.session = session
        # Protection, journal and roll file know an app by its name.
        self.app = session.named(choice.name)
        self.origin = choice.origin
        self.confirmed = options.confirm
        self.folder = state_folder()
        self.executor = Executor(
            session.platform,
            Journal(self.folder),
            now=session.now,
            note=session.output.note,
            sleep=session.sleep,
            dry_run=options.dry_run,
            actor=actor_of(session),
            read_only=options.read_only or session.environ.get("HERODYNO_READ_ONLY", "") not in ("", "0"),
        )

    def confirm(self, reasons: Sequence[str], *, does: str) -> None:
        """Ask for the app's name when there are reasons, or when the config file protects the app.

        `does` names the change where there are no reasons. A dry run asks nothing. Raises Refused for --read-only.
        """
        if self.executor.dry_run:
            return
        if self.executor.read_only:
            raise Refused(
                "read-only: nothing was sent.", next_step="Leave out --read-only, or unset HERODYNO_READ_ONLY."
            )
        settings = self.session.settings
        if protection := settings.protection_of(self.app):
            reasons = [*(reasons or [does]), protection]
        confirm(self.app, reasons, given=self.confirmed, ask=question_asker(self.session))
        self.session.output.note(f"on {self.app} (from {self.origin})")

    def send_all(self, writes: Sequence[Write]) -> list[Sent]:
        """Send the writes in their order. Raises the first failure, after a note of what was done before."""
        done: list[Sent] = []
        for write in writes:
            before = f"done before that: {', '.join(str(sent.write) for sent in done)}" if done else ""
            try:
                with self.note_when_interrupted(f"{write} may have been done{before and f'; {before}'}"):
                    done.append(self.executor.send(write))
            except Exception:
                if before:
                    self.session.output.note(before)
                raise
        return done

    @contextmanager
    def note_when_interrupted(self, left: str, *, look: str = "ps") -> Iterator[None]:
        """When a signal such as Ctrl-C ends the block, the last line says what was `left` and the command to `look`."""
        try:
            yield
        except (KeyboardInterrupt, SystemExit) as stop:
            told = f"{left}. Look: herodyno {look} --app {self.app}"
            stop.add_note(told)  # for a program, which reads no notes of ours
            self.session.output.note(f"interrupted: {told}")
            raise

    def show_calls(self, writes: Sequence[Write]) -> None:
        """Print the calls of a dry run."""
        self.session.output.lines([line(str(write)) for write in writes] or [line("nothing would be sent")])


def actor_of(session: Session) -> Actor:
    """Who sends the writes of this run. No call is made for it."""
    credential = session.credential
    return Actor(
        account=credential.account,
        token_source=credential.source,
        user=system_user(),
        machine=machine_name(),
        api_host=session.api_host,
    )


def question_asker(session: Session) -> Callable[[str], str] | None:
    """A function that asks a person, on the terminal or as the session says; None where nobody can be asked."""
    if session.ask:
        return session.ask
    if session.no_input or not sys.stdin.isatty() or sys.stderr is None or not sys.stderr.isatty():
        return None

    def ask(question: str) -> str:
        return str(typer.prompt(question, prompt_suffix=" ", default="", show_default=False, err=True))

    return ask
