"""The file that --debug writes: what is needed to find a bug, without what identifies a person or gives access."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Sequence
from pathlib import Path

from herodyno import __version__
from herodyno.cli.help.topics import ENVIRONMENT
from herodyno.cli.session import Session
from herodyno.diagnosis.report.redaction import redact
from herodyno.folders import state_folder
from herodyno.operations.state_files import make_folder, replace_file
from herodyno.units import json_time

NAME = "debug.txt"


def write_debug_file(session: Session, argv: Sequence[str], code: int, error: BaseException | None) -> str:
    """Write the file anew, for its owner only. Returns its path. Raises OSError."""
    folder = state_folder()
    make_folder(folder)
    text = "\n".join(_lines(session, argv, code, error)) + "\n"
    text = text.replace(str(Path.home()), "~")  # its name is often a person's
    replace_file(folder / NAME, session.output.masked(text).encode("utf-8", "backslashreplace"))
    return str(folder / NAME)


def _lines(session: Session, argv: Sequence[str], code: int, error: BaseException | None) -> list[str]:
    known = [name for names, _ in ENVIRONMENT for name in names.split(", ")]
    trace = traceback.format_exception(error) if error else ["none\n"]
    return [
        f"herodyno {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        f"time: {json_time(session.now())}",
        f"typed: herodyno {' '.join(_typed(argv))}",
        f"exit code: {code}",
        f"variables that are set: {', '.join(name for name in known if name in session.environ) or 'none'}",
        "calls:",
        *(f"  {redact(call)}" for call in session.calls),
        "error:",
        *(f"  {redact(line)}" for line in "".join(trace).splitlines()),
    ]


def _typed(argv: Sequence[str]) -> list[str]:
    """The words of the line. Those of a command that runs in a dyno are only counted."""
    at = next((at for at, word in enumerate(argv, start=1) if word == "run" or word.startswith("run:")), 0)
    if not at:
        return [redact(word) for word in argv]
    return [*map(redact, argv[:at]), f"[{len(argv) - at} words]"]
