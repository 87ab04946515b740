"""A bundle: one zip file with the inputs of a verdict, redacted, to be judged again elsewhere.

`bundle.json` says how the bundle was made and by which versions. `log.txt` holds the lines. The other files hold the
API's answers under Heroku's field names. Equal inputs give equal bytes.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from herodyno import __version__
from herodyno.cli.diagnose.api_answers import Redact, answers_of
from herodyno.cli.diagnose.inputs import Inputs
from herodyno.cli.diagnose.new_file import write_new
from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.diagnosing import dated_ahead
from herodyno.diagnosis.report.line_redaction import LineRedactor
from herodyno.diagnosis.report.redaction import LogRedactor, redact, redact_tokens
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.errors import Refused
from herodyno.logs.decoding.decoder import Decoder, sniff, without_lead
from herodyno.logs.decoding.lines import LineReader, Year
from herodyno.logs.decoding.splitters import LineSplitter
from herodyno.logs.events import LogLine
from herodyno.logs.scan.blocks import Batch, batches
from herodyno.units import json_time

SCHEMA = "herodyno.bundle/1"
MANIFEST, LOG = "bundle.json", "log.txt"
MOST_BYTES = 256 << 20
KEPT_IN_MEMORY = 32 << 20
_BEGINNING_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # real times would make two bundles differ


class Bundle:
    """Redacted inputs for a bundle. `inputs` are what the bundle holds, so the verdict told with it is that of it.

    Without `everything` only tokens are replaced. `secrets` (this login's token) are always replaced.
    """

    def __init__(self, inputs: Inputs, *, everything: bool = True, secrets: Sequence[str] = ()) -> None:
        self.redacted = everything
        self.line_count = 0
        self._words: Redact = _without(secrets, redact if everything else redact_tokens)
        self._log: IO[bytes] = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 - closed by close()
        try:
            self._keep(inputs, LineRedactor(_without(secrets, LogRedactor() if everything else redact_tokens)))
        except BaseException:
            self.close()
            raise
        remarks = (*inputs.remarks, *inputs.log.remarks())
        releases = [
            release._replace(description=self._words(release.description), user=self._words(release.user))
            for release in inputs.releases
        ]
        self.inputs = replace(
            inputs, log=Log(logs=[self._batches], year=inputs.year), releases=releases, remarks=remarks
        )

    def _keep(self, inputs: Inputs, redacted: LineRedactor) -> None:
        size = 0
        for line in inputs.log.lines():
            self.line_count += 1
            # A line feed within a frame would cut the line in two.
            size += self._log.write(redacted(line).raw.replace("\n", "\\n").encode("utf-8", "replace") + b"\n")
            if size > MOST_BYTES:
                raise Refused(
                    f"the log is larger than {MOST_BYTES >> 20} MB, too large for a bundle",
                    next_step="make a smaller file of the lines that matter",
                )

    def close(self) -> None:
        """Delete the temporary file."""
        self._log.close()

    def _batches(self) -> Iterator[Batch]:
        self._log.seek(0)
        return bundle_lines(chunks_of(self._log), self.inputs.year)

    def write(self, path: Path, found: Diagnosis, log_filter: Filter) -> None:
        """Write the file, whole or not at all, readable by its owner only.

        Raises Refused when the name is taken by now, or the file cannot be written.
        """
        write_new(path, lambda file: self._pack(file, found, log_filter))

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
        inputs, at = self.inputs, found.generated_at
        return {
            "schema": SCHEMA,
            "herodyno": __version__,
            "python": platform.python_version(),
            "redacted": self.redacted,
            "at": json_time(at),
            "at_log_end": inputs.at_log_end,
            "year": inputs.at.year,
            "source": {
                "kind": inputs.source.kind,
                "cap": inputs.source.cap,
                "complete": inputs.source.complete,
                "failure": self._words(inputs.source.failure),
                "next_step": self._words(inputs.source.next_step),
            },
            "narrowing": {
                "since": json_time(log_filter.since(at) if log_filter.since else None),
                "until": json_time(log_filter.until(at) if log_filter.until else None),
                "types": list(log_filter.types),
                "dynos": list(log_filter.dynos),
            },
            "remarks": [*inputs.remarks, *(dated_ahead(at, inputs.at) if inputs.at_log_end else ())],
            "api": {"calls": inputs.api_calls, "rate_limit_remaining": inputs.rate_limit_remaining},
            "verdict": {
                "class": found.verdict.kind,
                "severity": found.verdict.severity,
                "ongoing": found.verdict.ongoing,
            },
        }


def bundle_lines(chunks: Iterable[bytes], year: Year) -> Iterator[Batch]:
    """The lines of a bundle's log.txt, one for each record, in blocks of text as those of a file.

    The pieces of long messages were joined, and broken lines mended, when the bundle was made.
    """
    rest = iter(chunks)
    first = next(rest, b"")
    # Lines without stamps are known by the first of them, as they were in the log itself.
    if sniff(first, is_all=True) == "bare":
        yield from batches(_bare_lines(chain([first], rest), year))
        return
    splitter = LineSplitter()
    for chunk in chain([without_lead(first)], rest):
        if lines := splitter.feed(chunk):
            yield b"\n".join([*lines, b""])
    for line in splitter.flush():
        yield line + b"\n"


def _bare_lines(chunks: Iterable[bytes], year: Year) -> Iterator[LogLine]:
    decoder = Decoder(LineReader(year=year), "bare", in_pieces=False)
    for chunk in chunks:
        yield from decoder.feed(chunk)
    yield from decoder.unfinished()


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces."""
    while chunk := file.read(1 << 18):
        yield chunk


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
