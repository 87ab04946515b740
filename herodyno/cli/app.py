"""The command tree on one page, and main(): the one place where errors become exit codes."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import typer

from herodyno.cli.help.topics import TABLES, TOPICS
from herodyno.cli.session import Session
from herodyno.cli.tree import Entry, Tree, in_usual_order, load, usage_error
from herodyno.errors import HerodynoError, Interrupted, NotFound, Refused
from herodyno.render.output import Output, OutputLost, ReaderGone
from herodyno.render.text import line

# In the order of `herodyno --help`. Only the module of the typed command is imported.
COMMANDS = {
    "Look": (
        Entry("ps", "herodyno.cli.ps.command", "dynos of an app: id, state, age, size, release"),
        Entry("logs", "herodyno.cli.logs.command", "the log: filters, tail, formats, statistics"),
        Entry("diagnose", "herodyno.cli.diagnose.command", "which dyno fails, with evidence, and what to type"),
        Entry("top", "herodyno.cli.live.top", "an app live: dynos, rates, verdict, log; restart, stop"),
        Entry("explain", "herodyno.cli.explain", "what an H, R or L code means (offline)"),
        Entry("releases", "herodyno.cli.releases.command", "what was released, when, by whom; which dynos run it"),
        Entry("sizes", "herodyno.cli.sizes", "dyno sizes an app may use, with memory and price"),
        Entry("profile", "herodyno.cli.archive.profile", "what each process type used, and which size would do"),
        Entry("archive", "herodyno.cli.archive.command", "receive log drains and keep days of them"),
    ),
    "Change": (
        Entry("scale", "herodyno.cli.scale.command", "number and size of dynos: web=3:standard-2x"),
        Entry("restart", "herodyno.cli.restart.command", "replace one dyno, a process type, or all"),
        Entry("stop", "herodyno.cli.stop", "stop a dyno or a process type"),
        Entry("rollback", "herodyno.cli.releases.rollback", "go back to an earlier release"),
        Entry("wait", "herodyno.cli.wait.command", "wait until dynos run the newest release"),
        Entry("journal", "herodyno.cli.journal", "what was changed from here, and how to undo it"),
        Entry("run", "herodyno.cli.run.command", "a command in a one-off dyno"),
        Entry("run list", "herodyno.cli.run.list", "one-off dynos: age, size, price so far, command"),
    ),
    "Account": (
        Entry("auth", "herodyno.cli.auth.command", "log in, log out, which token is used"),
        Entry("config", "herodyno.cli.config", "the config file, and where each setting comes from"),
        Entry("completion", "herodyno.cli.completion.command", "TAB in bash, zsh and fish: install it, print it"),
    ),
    "Try": (
        Entry("demo", "herodyno.cli.sandbox.demo", "a simulated app with one bad dyno: no account needed"),
        Entry("sandbox", "herodyno.cli.sandbox.command", "a simulated Heroku on this machine, to rehearse with"),
    ),
}

HELP = """
Which Heroku dyno fails, by dyno id, and what to type next.

Start here:
  herodyno demo                        no account needed
  herodyno auth login                  or set HEROKU_API_KEY
  herodyno diagnose --app example-app
"""

# Under the names of all commands, where `herodyno` stands alone.
FIRST_SCREEN_EPILOG = """
What each does: herodyno --help. More: herodyno COMMAND --help;
herodyno help exit-codes, environment, commands, schemas, man
Heroku's own pages: https://devcenter.heroku.com/articles/dynos
Manual: README.md. Found a bug? Send the file that --debug writes.
"""

EPILOG = """
More: herodyno COMMAND --help; herodyno help exit-codes, environment, commands
Heroku's own pages: https://devcenter.heroku.com/articles/dynos
Manual: README.md. Found a bug? Send the file that --debug writes.
"""


def main() -> None:
    """Run the command line of this process and exit."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # stays ignored where the parent process ignores it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _exit_by_signal)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup ignores it
        signal.signal(signal.SIGHUP, _exit_by_signal)
    session = Session(Output.of_process())
    code = run(sys.argv[1:], session)
    if code in (129, 130, 143):
        # Threads that wait for the network must not delay the end.
        os._exit(code)
    if session.seen:
        from herodyno.cli.completion.remember import remember_for_completion

        with suppress(Exception):  # the answer was given: a cache that fails is no reason to fail
            remember_for_completion(session, person=session.output.is_terminal)
    sys.exit(code)


def run(argv: Sequence[str], session: Session | None = None) -> int:
    """Run one command line and return its exit code. Raises nothing."""
    if sys.stdin is None:
        _open_empty_stdin()
    session = session or Session(Output.of_process())
    output = session.output
    # Even a mistyped line is answered in JSON. Words after "--" belong to another program.
    output.wants_json = "--json" in (argv[: argv.index("--")] if "--" in argv else argv)
    try:
        code = _dispatch(list(argv), session)
        output.flush()
    except ReaderGone:
        _forget_stdout()
        return 0
    except KeyboardInterrupt as stop:
        _tell_program(output, stop, 130)
        return _left(session, argv, 130, stop)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
        _tell_program(output, stop, code)
        return code
    except Exception as error:
        problem = _as_ours(error)
        if isinstance(error, BrokenPipeError) and not session.seen and argv[:1] != ["run"]:
            _forget_stdout()  # the reader of a help page is gone; a broken socket has another error
            return 0
        try:
            output.flush()  # typer writes help; what typer could not write is still in the buffer
        except (OutputLost, ReaderGone) as lost:
            _forget_stdout()
            problem = lost if isinstance(lost, OutputLost) and isinstance(error, OSError) else problem
        is_plugin = "diagnose" in argv and "--nagios" in argv
        code = _unknown_to_monitoring(problem, output) if is_plugin else problem.exit_code
        if not is_plugin or isinstance(problem, OutputLost):
            output.error(problem)
        if session.debug:
            output.note(_without_secrets("".join(traceback.format_exception(error))))
        return _left(session, argv, code, error)
    return _left(session, argv, code, None)


def _tell_program(output: Output, stop: BaseException, code: int) -> None:
    """Tell in JSON that a signal ended the command. A person reads the notes, which the exception has too."""
    output.end_progress()
    if output.wants_json and code in _SIGNALS:
        output.error(
            Interrupted("; ".join((f"ended by {_SIGNALS[code]}", *getattr(stop, "__notes__", ()))), exit_code=code)
        )


_SIGNALS = {129: "SIGHUP", 130: "Ctrl-C", 143: "SIGTERM"}


def _left(session: Session, argv: Sequence[str], code: int, error: BaseException | None) -> int:
    """The exit code, after --debug has written its file."""
    if session.debug:
        from herodyno.cli.help.debug_file import write_debug_file

        try:
            path = write_debug_file(session, argv, code, error)
            session.output.note(f"written for a report: {path} (no token, address or e-mail; it names the app)")
        except OSError as failed:
            session.output.note(f"the file for a report could not be written: {failed.strerror or failed}")
    return code


def _unknown_to_monitoring(error: HerodynoError, output: Output) -> int:
    """Answer monitoring "unknown": there 1 and 2 are states of the app, which a mistyped line is not."""
    from herodyno.render.diagnosis.nagios import UNKNOWN, nagios_failure

    with suppress(OutputLost, ReaderGone):
        output.lines([line(nagios_failure(error.message))])
    return UNKNOWN


def _dispatch(argv: list[str], session: Session) -> int:
    if argv[:1] and (argv[0].startswith("-") or argv[1:2] == ["help"]):
        argv = in_usual_order(argv, [entry.name for entries in COMMANDS.values() for entry in entries])
    words = [word for word in argv if not word.startswith("-")]
    if words[:1] == ["help"]:
        topic = words[1] if len(words) > 1 else ""
        if topic in TOPICS and not words[2:]:
            _show_topic(topic, session.output)
            return 0
        if topic == "commands":
            _show_commands(session.output)
            return 0
        if "--man" in argv or topic in ("man", "schemas") or session.output.wants_json:
            from herodyno.cli.help.show import show_manual

            show_manual(session.output, COMMANDS, ["man"] if "--man" in argv else words[1:])
            return 0
        argv = [*words[1:], "--help"]
    elif words == ["version"] or (not words and {"--version", "-V"} & set(argv)):
        _show_version(session.output)
        return 0
    if not words and not {"-h", "--help"} & set(argv) and all(word in _FLAGS_OF_FIRST_SCREEN for word in argv):
        output = session.output
        output.lines(line(text) for text in _first_screen())
        return 0
    tree = Tree("herodyno", COMMANDS, help=HELP, epilog=EPILOG, load=load)
    return _run_tree(tree, argv, session)


# Flags that change nothing on the first screen.
_FLAGS_OF_FIRST_SCREEN = frozenset({"-q", "--quiet", "-v", "--verbose", "--no-color", "--no-input", "--utc", "--debug"})


def _first_screen() -> list[str]:
    """What `herodyno` alone prints: where to start and the names of all commands, on a terminal of 80 x 24."""
    names = [
        f"{section + ':':<9} {', '.join(entry.name for entry in entries)}" for section, entries in COMMANDS.items()
    ]
    return [*HELP.strip().split("\n"), "", *names, *FIRST_SCREEN_EPILOG.rstrip().split("\n")]


def _show_version(output: Output) -> None:
    from herodyno import __version__

    if output.wants_json:
        from herodyno.logs.scan.compiled.library import library

        is_compiled = library() is not None
        output.json({"schema": "herodyno.version/1", "version": __version__, "compiled": is_compiled})
    else:
        output.lines([line(f"herodyno {__version__}")])


def _show_topic(topic: str, output: Output) -> None:
    if output.wants_json and topic in TABLES:
        rows = [{"name": name, "meaning": meaning} for name, meaning in TABLES[topic]]
        output.json({"schema": "herodyno.topic/1", "topic": topic, "rows": rows})
    else:
        output.lines(TOPICS[topic]())


def _show_commands(output: Output) -> None:
    every = [(section, entry) for section, entries in COMMANDS.items() for entry in entries]
    if output.wants_json:
        rows = [{"name": entry.name, "section": section, "summary": entry.summary} for section, entry in every]
        output.json({"schema": "herodyno.commands/1", "commands": rows})
    else:
        output.lines(line(f"{entry.name:<12}{entry.summary}") for _, entry in every)


def _run_tree(tree: Any, argv: list[str], session: Session) -> int:
    try:
        with tree.make_context(
            "herodyno", argv, obj=session, max_content_width=80, help_option_names=["-h", "--help"]
        ) as ctx:
            tree.invoke(ctx)
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    return 0


def _as_ours(error: Exception) -> HerodynoError:
    """The exception as an error of ours: a message that a person can read, and an exit code."""
    if isinstance(error, HerodynoError):
        return error
    if isinstance(error, typer.TyperException):
        return usage_error(error)
    if isinstance(error, FileNotFoundError) and error.filename:
        return NotFound(f"there is no file {error.filename}")
    if isinstance(error, OSError):
        return Refused(f"{error.filename or 'the system'}: {error.strerror or error}")
    return Refused(
        _without_secrets(f"unexpected: {type(error).__name__}: {error}"),
        next_step="this is a bug in herodyno: run it again with --debug and send the file that it writes",
    )


def _open_empty_stdin() -> None:
    """Put an empty standard input in the place of a closed one. No other file may get its number, 0."""
    sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY), encoding="utf-8", closefd=False)


def _without_secrets(text: str) -> str:
    """A message that goes into a report of a bug: it may quote a line of an app's log."""
    from herodyno.diagnosis.report.redaction import redact_tokens

    return redact_tokens(text)


def _forget_stdout() -> None:
    # Python flushes stdout once more at exit, and would fail there.
    devnull = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(devnull, sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        pass
    finally:
        os.close(devnull)


def _exit_by_signal(number: int, _frame: Any) -> None:
    raise SystemExit(128 + number)
