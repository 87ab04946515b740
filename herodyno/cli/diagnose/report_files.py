"""The files of a report: a page, pictures and a draft of one diagnosis; and the page read back."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from herodyno.cli.diagnose.new_file import check_free, write_new
from herodyno.cli.diagnose.options import DiagnoseOptions
from herodyno.cli.session import Session
from herodyno.diagnosis.report.redaction import redact, redact_tokens
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.folders import cache_folder, state_folder
from herodyno.operations.journal import Journal, JournalEntry
from herodyno.render.report import images
from herodyno.render.report.columns import data_of
from herodyno.render.report.kept import MOST_BYTES, Report, report_from
from herodyno.render.report.markdown import post_mortem
from herodyno.render.report.page import page
from herodyno.render.report.parts import Command
from herodyno.render.report.pictures import NAMES, image_spec
from herodyno.render.report.record import with_texts
from herodyno.units import zone_of

# What was done so long after the last line still belongs to the incident.
_AFTERWARDS = timedelta(days=1)
_PICTURES = ("overview", *NAMES)


class _Image(NamedTuple):
    path: Path
    picture: str
    suffix: str


def check(options: DiagnoseOptions) -> None:
    """Refuse, before any work, what could not be written: a missing extra, an unknown picture, a name that is taken."""
    wanted = _images(options)
    paths = [image.path for image in wanted] + ([Path(options.html)] if options.html else [])
    if paths:
        images.require()
    for path in paths:
        check_free(path, images.is_ours)
    if len(set(paths)) < len(paths):
        raise UsageError("two pictures have one file name", next_step="give each a name of its own")


def report_of(session: Session, options: DiagnoseOptions, found: Diagnosis) -> Report:
    """The report of a diagnosis: its zone, what the journal has of the app, and every text redacted as in a bundle."""
    output = session.output
    zone = zone_of(session.now(), utc=output.utc or output.wants_json)
    return redacted(session, options, Report.of(found, zone, _commands(found)))


def redacted(session: Session, options: DiagnoseOptions, report: Report) -> Report:
    """The report with every text redacted as in a bundle, or without tokens only. Idempotent."""
    mask = redact_tokens if options.no_redact else redact
    return with_texts(report, lambda text: mask(session.output.masked(text)))


def write(session: Session, options: DiagnoseOptions, report: Report) -> None:
    """Write the files that the flags name. Raises Refused when the log holds nothing of a picture."""
    data = data_of(report.diagnosis, report.zone)
    empty = []
    if options.html:
        size = write_page(Path(options.html), report, images.script(cache_folder()))
        how = "not redacted, tokens left out" if options.no_redact else "redacted"
        session.output.note(f"report: {options.html} ({size / 1e6:.1f} MB, {how})")
    for image in _images(options):
        spec = image_spec(data, image.picture)
        if spec is None:
            empty.append(image)
            continue
        _write(image.path, images.png(spec) if image.suffix == ".png" else images.svg(spec))
        session.output.note(f"picture: {image.path}")
    if empty:
        names = ", ".join(f"{image.path}" for image in empty)
        raise Refused(f"not written: {names}; this log has nothing to draw in it")


def write_page(path: Path, report: Report, script: str) -> int:
    """Write the page of one report. `script` is that of `images.script`. Returns the size in bytes."""
    text = page(report, data_of(report.diagnosis, report.zone), script).encode("utf-8", "backslashreplace")
    _write(path, text)
    return len(text)


def _write(path: Path, raw: bytes) -> None:
    write_new(path, lambda file: file.write(raw), images.is_ours)


def draft(report: Report) -> str:
    """`-o md`."""
    return post_mortem(report)


def read_report(path: Path) -> Report:
    """The report of a page. Raises NotFound, or Refused for a file that is no report or a damaged one."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("it is too large")
        return report_from(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        raise Refused(
            f"{path} is no report of herodyno: {error}", next_step="make one: herodyno diagnose --html FILE.html"
        ) from None


def _images(options: DiagnoseOptions) -> list[_Image]:
    return [
        _image(name, suffix) for suffix, names in ((".png", options.png), (".svg", options.svg)) for name in names or ()
    ]


def _image(name: str, suffix: str) -> _Image:
    """A picture's name is a file in this folder. A file's name ends in a picture's, or holds the overview."""
    if name in _PICTURES:
        return _Image(Path(f"{name}{suffix}"), name, suffix)
    path = Path(name)
    if path.suffix.lower() != suffix:
        flag = f"--{suffix[1:]}"
        raise UsageError(
            f"{flag} {name!r} is no picture",
            next_step=f"one of {', '.join(_PICTURES)}, or a file: {flag} incident-errors{suffix}",
        )
    last = re.split(r"[-_. ]", path.stem)[-1]
    return _Image(path, last if last in NAMES else "overview", suffix)


def _commands(found: Diagnosis) -> tuple[Command, ...]:
    """What this machine's journal has of the app in the window, and shortly after."""
    start, end = found.coverage.start, found.coverage.end
    if not found.app.name or start is None or end is None:
        return ()
    with suppress(OSError):
        entries = Journal(state_folder()).entries(app=found.app.name, since=start)
        return tuple(_command(entry) for entry in entries if entry.at <= end + _AFTERWARDS)
    return ()


def _command(entry: JournalEntry) -> Command:
    rehearsal = ", a rehearsal in a sandbox" if entry.is_rehearsal else ""
    after = ("->", *entry.after) if entry.after else ()
    return Command(
        entry.at, " ".join((entry.verb, *entry.before, *after)), (entry.outcome or "outcome not known") + rehearsal
    )
