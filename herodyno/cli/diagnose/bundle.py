"""A bundle: one zip file with all that a verdict was made from, redacted, to be judged again elsewhere.

`bundle.json` says how it was made and by which versions, `log.txt` holds the lines, the other files the
API's answers under Heroku's field names. The same material gives the same bytes.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from herodyno import __version__
from herodyno.cli.diagnose.api_answers import Redact, answers_of, utc
from herodyno.cli.diagnose.inputs import Inputs
from herodyno.diagnosis.report.redaction import LogRedactor, redact, redact_tokens
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.errors import NotFound, Refused
from herodyno.logs.decoding.framing import LineSplitter
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.events import LogLine

SCHEMA = "herodyno.bundle/1"
MANIFEST, LOG = "bundle.json", "log.txt"
MOST_BYTES = 256 << 20
KEPT_IN_MEMORY = 32 << 20
_BEGINNING_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # a file's own time would make two bundles differ


class Bundle:
    """Material made ready for a bundle: `inputs` holds the redacted lines, so what is judged is what is written.

    Without `everything` only tokens are replaced. `secrets` (this login's token) never go in.
    """

    def __init__(self, inputs: Inputs, *, everything: bool = True, secrets: Sequence[str] = ()) -> None:
        self.redacted = everything
        self.line_count = 0
        self._words: Redact = _without(secrets, redact if everything else redact_tokens)
        self._log: IO[bytes] = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 - closed by close()
        try:
            self._keep(inputs, _without(secrets, LogRedactor() if everything else redact_tokens))
        except BaseException:
            self.close()
            raise
        self.inputs = replace(inputs, lines=self._lines, scanned=lambda: None)

    def _keep(self, inputs: Inputs, redacted: Redact) -> None:
        size = 0
        for line in inputs.lines():
            self.line_count += 1
            # A frame may hold line feeds, which would cut the line in two.
            size += self._log.write(redacted(line.raw).replace("\n", "\\n").encode("utf-8", "replace") + b"\n")
            if size > MOST_BYTES:
                raise Refused(
                    f"the log is larger than {MOST_BYTES >> 20} MB, too large for a bundle",
                    next_step="make a smaller file of the lines that matter",
                )

    def close(self) -> None:
        """Give back the disk."""
        self._log.close()

    def _lines(self) -> Iterator[LogLine]:
        self._log.seek(0)
        return lines_of(chunks_of(self._log), self.inputs.year)

    def write(self, path: Path, found: Diagnosis, log_filter: Filter) -> None:
        """Write the file, whole or not at all, for its owner only.

        Refused where something has that name by now or the disk says no.
        """
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
            with os.fdopen(descriptor, "w+b") as file:
                self._pack(file, found, log_filter)
                file.flush()
                os.fsync(file.fileno())
            _put_in_place(temporary, path)
        except FileExistsError:
            raise _taken(path) from None
        except OSError as error:
            raise Refused(f"{path} cannot be written: {error.strerror or error}") from None
        finally:
            with suppress(OSError):
                temporary.unlink()

    def _pack(self, file: IO[bytes], found: Diagnosis, log_filter: Filter) -> None:
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=9) as archive:
            archive.writestr(_entry(MANIFEST), _json(self._manifest(found, log_filter)))
            for name, answer in answers_of(self.inputs, self._words).items():
                archive.writestr(_entry(name), _json(answer))
            with archive.open(_entry(LOG), "w") as log:
                self._log.seek(0)
                for chunk in chunks_of(self._log):
                    log.write(chunk)

    def _manifest(self, found: Diagnosis, log_filter: Filter) -> dict[str, Any]:
        it, at = self.inputs, found.generated_at
        return {
            "schema": SCHEMA,
            "herodyno": __version__,
            "python": platform.python_version(),
            "redacted": self.redacted,
            "at": utc(at),
            "at_log_end": it.at_log_end,
            "year": it.year,
            "source": {"kind": it.source.kind, "cap": it.source.cap, "complete": it.source.complete},
            "narrowing": {
                "since": utc(log_filter.since(at) if log_filter.since else None),
                "until": utc(log_filter.until(at) if log_filter.until else None),
                "types": list(log_filter.types),
                "dynos": list(log_filter.dynos),
            },
            "remarks": list(it.remarks),
            "api": {"calls": it.api_calls, "rate_limit_remaining": it.rate_limit_remaining},
            "verdict": {"class": found.verdict.kind, "severity": found.verdict.severity},
        }


def check_free(path: Path) -> None:
    """Refuse a name that is taken, or a folder that is not there, before any work is done."""
    if path.exists() or path.is_symlink():
        raise _taken(path)
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}", next_step=f"mkdir -p {path.parent}")


def lines_of(chunks: Iterable[bytes], year: int) -> Iterator[LogLine]:
    """The lines of a bundle's log.txt, one of each record."""
    reader, splitter = LineReader(year=year), LineSplitter()
    for chunk in chunks:
        yield from map(reader.line, splitter.feed(chunk))
    yield from map(reader.line, splitter.flush())


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces."""
    while chunk := file.read(1 << 18):
        yield chunk


def _taken(path: Path) -> Refused:
    return Refused(f"there is a {path} already; nothing was written", next_step="choose another name, or remove it")


def _put_in_place(temporary: Path, path: Path) -> None:
    """Give the file its name for good, never another file's. FileExistsError when the name is taken."""
    try:
        os.link(temporary, path)  # unlike a rename, a link never replaces
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError from None
        temporary.rename(path)
    with suppress(OSError):  # Windows opens no folders
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _without(secrets: Sequence[str], then: Redact) -> Redact:
    wanted = [secret for secret in secrets if len(secret) >= 8]

    def without(text: str) -> str:
        for secret in wanted:
            text = text.replace(secret, "[token]")
        return then(text)

    return without


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _BEGINNING_OF_ZIP)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o100600 << 16
    return entry


def _json(document: object) -> str:
    return json.dumps(document, indent=1) + "\n"
