"""Reads a bundle: only the files that a bundle has, each within its size limit, never unpacked to disk."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from herodyno.cli.diagnose.bundle import LOG, MANIFEST, MOST_BYTES, SCHEMA, bundle_lines, chunks_of
from herodyno.cli.diagnose.inputs import FilterOptions, Inputs
from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.observations import Source
from herodyno.errors import NotFound, Refused
from herodyno.heroku.api import wire
from herodyno.heroku.api.fields import Unusable
from herodyno.heroku.api.foreign_json import MOST_BYTES as MOST_OF_ANSWER
from herodyno.heroku.api.foreign_json import read_json
from herodyno.logs.decoding.lines import Year
from herodyno.logs.scan.blocks import Batch
from herodyno.units import USABLE_YEARS

ANSWERS = ("app.json", "dynos.json", "formation.json", "releases.json", "sizes.json")
_IS_ENCRYPTED = 0x1
# What zipfile, json and our own readers raise for damaged or hostile files.
_ERRORS = (
    BadZipFile, EOFError, zlib.error, struct.error, NotImplementedError, RecursionError, OverflowError, ValueError,
    AttributeError, IndexError, KeyError, TypeError, Unusable,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A bundle's inputs, and the filter of the verdict for which the bundle was made."""

    inputs: Inputs
    filter_options: FilterOptions


def from_bundle(path: Path) -> Unpacked:
    """Read a bundle. Opens no socket. Raises NotFound, or Refused for a file that is no bundle or a hostile one."""
    try:
        with ZipFile(path) as archive:
            entries = _checked(path, archive)
            manifest, *answers = (_answer(path, archive, entries[name]) for name in (MANIFEST, *ANSWERS))
        return _unpacked(path, manifest, answers)
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}") from None
    except _ERRORS as error:
        raise _no_bundle(path, str(error)) from None


def _unpacked(path: Path, manifest: dict[str, Any], answers: list[Any]) -> Unpacked:
    if manifest["schema"] != SCHEMA:
        raise _no_bundle(path, f"its schema is {manifest['schema']!r}, this herodyno reads {SCHEMA}")
    app, dynos, formation, releases, sizes = answers
    source, log_filter = manifest["source"], manifest["narrowing"]
    at = datetime.fromisoformat(manifest["at"])
    cap = source["cap"]
    if cap is not None and not (isinstance(cap, int) and 0 <= cap <= MOST_BYTES):
        raise _no_bundle(path, "its source holds no such number of lines")
    inputs = Inputs(
        log=Log(logs=[partial(_batches, path, at)], year=at),
        app=wire.app_from(app),
        at=at,
        source=Source(
            kind="bundle",
            cap=cap,
            complete=bool(source["complete"]),
            failure=str(source.get("failure", "")),
            next_step=str(source.get("next_step", "")),
            of=str(source.get("kind", "")),
        ),
        year=at,
        dynos=None if dynos is None else wire.dynos_from(dynos),
        formation=None if formation is None else wire.formation_from(formation),
        releases=wire.releases_from(releases),
        sizes=wire.sizes_from(sizes),
        remarks=tuple(str(remark) for remark in manifest["remarks"]),
        at_log_end=bool(manifest["at_log_end"]),
    )
    if at.tzinfo is None or at.year not in USABLE_YEARS:
        raise _no_bundle(path, "its time has no zone, or no usable year")
    filter_options = FilterOptions(
        since=str(log_filter["since"] or ""),
        until=str(log_filter["until"] or ""),
        types=tuple(str(name) for name in log_filter["types"]),
        dynos=tuple(str(dyno) for dyno in log_filter["dynos"]),
    )
    return Unpacked(inputs=inputs, filter_options=filter_options)


def _checked(path: Path, archive: ZipFile) -> dict[str, ZipInfo]:
    """The entries by name. Raises Refused unless they are exactly the files of a bundle, each within its limit."""
    if path.stat().st_size > MOST_BYTES:
        raise _no_bundle(path, "it is too large")
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    wanted = {MANIFEST, LOG, *ANSWERS}
    if foreign := sorted(set(names) - wanted):
        raise _no_bundle(path, f"it holds {foreign[0]!r}")
    if len(names) != len(wanted):
        raise _no_bundle(path, f"it holds {len(names)} files, not {len(wanted)}")
    for entry in entries:
        if entry.flag_bits & _IS_ENCRYPTED:
            raise _no_bundle(path, f"{entry.filename} is encrypted")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise _no_bundle(path, f"{entry.filename} is packed in another way")
        most = MOST_BYTES if entry.filename == LOG else MOST_OF_ANSWER
        if entry.file_size > most:
            raise _no_bundle(path, f"{entry.filename} unpacks to more than {most >> 20} MB")
    return dict(zip(names, entries, strict=True))


def _answer(path: Path, archive: ZipFile, entry: ZipInfo) -> Any:
    # zipfile stops at the size that was checked, and then compares the checksum.
    with archive.open(entry) as file:
        return read_json(file.read(MOST_OF_ANSWER + 1))


def _batches(path: Path, year: Year) -> Iterator[Batch]:
    try:
        with ZipFile(path) as archive, archive.open(_checked(path, archive)[LOG]) as log:
            yield from bundle_lines(chunks_of(log), year)
    except (OSError, BadZipFile, EOFError, zlib.error) as error:
        raise _no_bundle(path, str(error)) from None


def _no_bundle(path: Path, why: str) -> Refused:
    return Refused(f"{path} is no bundle of herodyno: {why}", next_step="make one: herodyno diagnose --bundle FILE.zip")
