"""`-o openmetrics`: samples on stdout, or whole in a file, as the node exporter's text-file folder wants it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from herodyno.cli.session import Session
from herodyno.errors import UsageError
from herodyno.openmetrics import Samples

_BEGINNINGS = (b"# HELP herodyno_", b"# EOF\n", b"")


def check_metrics(session: Session, form: str, file: str) -> None:
    """Refuse, before anything is asked, a `form` (the value of -o) or a `file` that cannot be.

    Raises UsageError for flags that exclude one another; Refused, NotFound for a file that could not be written.
    """
    if form != "openmetrics":
        raise UsageError("--file is for metrics", next_step="add -o openmetrics, or send the answer there: > FILE")
    if session.output.wants_json:
        raise UsageError("--json and -o openmetrics are two formats", next_step="leave one out")
    if file:
        from herodyno.cli.diagnose.new_file import check_free

        check_free(Path(file), _is_ours)


def show_metrics(session: Session, samples: Samples, file: str) -> None:
    """Print the samples, or put them into the file. Raises Refused when the file cannot be written.

    Others may read the file: the node exporter is another user.
    """
    text = samples.text()
    if not file:
        session.output.write(text)
        return
    from herodyno.cli.diagnose.new_file import write_new

    write_new(Path(file), lambda opened: opened.write(text.encode()), _is_ours, mode=0o644)


def _is_ours(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(_BEGINNINGS[0])) in _BEGINNINGS
    return False
