"""No file that herodyno reads ends in "unexpected … this is a bug": a damaged or hostile one is read or refused.

The usual run tries some mutants of each kind of file, the slow run a hundred thousand. Of the kinds that a whole
command reads it tries fewer, since each takes milliseconds: HERODYNO_MUTANTS says how many of each kind instead.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC
from functools import cache
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from herodyno.cli.app import run
from herodyno.cli.diagnose.report_files import read_report
from herodyno.cli.session import Session
from herodyno.cli.settings import read_settings
from herodyno.completion.seen import Group, read_seen, remember
from herodyno.errors import HerodynoError
from herodyno.heroku.login.netrc import netrc_entry
from herodyno.heroku.login.official_cli import login_account
from herodyno.heroku.net.request_headers import request_headers
from herodyno.operations.journal import Journal
from herodyno.operations.restart.roll_file import RollFile
from herodyno.operations.restart.roll_runner import resumed_roll
from herodyno.operations.restart.roll_step import next_action
from herodyno.operations.scale.formation_file import read_formation_file
from herodyno.render.journal import journal_document, journal_table
from herodyno.render.output import Output
from herodyno.render.report.columns import data_of
from herodyno.render.report.kept import Report
from herodyno.render.report.page import page
from herodyno.render.report.parts import Command
from tests.conftest import START
from tests.diagnosis.reading import failed, judged, request, sample, stamp
from tests.mutants import mutant

FEW = 25
MANY, MANY_BY_COMMAND = 100_000, 5_000
ASKED = int(os.environ.get("HERODYNO_MUTANTS", "0"))
ID = "8c1d7a55-0000-4000-8000-000000000001"
TEXT = (
    f"{stamp(-9)} app[api]: Release v9 created by user a@example.com\n"
    f"{stamp(-8)} heroku[web.1]: Starting process with command `x`\n"
    f"{stamp(-2)} heroku[web.1]: State changed from starting to up\n"
    + request(1, "web.1")
    + failed(2, "web.2")
    + sample(3, "web.1", ID, 510.0)
    + f"{stamp(4)} app[web.1]: RuntimeError: no\n{stamp(5)} heroku[web.1]: Process exited with status 1\n"
).encode()
FRAMES = b"".join(
    b"%d %s" % (len(body), body)
    for line in TEXT.splitlines()
    for body in [b"<158>1 " + line[:32] + b" host " + line[33:].replace(b"[", b" ").replace(b"]:", b" -", 1) + b"\n"]
)
NDJSON = b"".join(
    json.dumps({"timestamp": line[:32], "source": "heroku", "proc": "web.1", "message": line[40:]}).encode() + b"\n"
    for line in TEXT.decode().splitlines()
)
DYNOS = json.dumps(
    [
        {"id": ID, "name": "web.1", "type": "web", "state": "up", "size": "Basic", "command": "x",
         "release": {"version": 9}, "created_at": stamp(-9), "updated_at": stamp(-2)},
    ]
).encode()  # fmt: skip
PARTS = {
    "bundle.json": json.dumps(
        {
            "schema": "herodyno.bundle/1", "at": stamp(60), "at_log_end": False, "year": 2026, "redacted": True,
            "source": {"kind": "file", "cap": 1500, "complete": True, "failure": ""},
            "narrowing": {"since": None, "until": None, "types": [], "dynos": []}, "remarks": ["a remark"],
        }
    ).encode(),
    "log.txt": TEXT,
    "app.json": b'{"name": "example-app", "id": "x", "generation": {"name": "cedar"}, "maintenance": false}',
    "dynos.json": DYNOS,
    "formation.json": b'[{"type": "web", "quantity": 2, "size": "Basic", "command": "x"}]',
    "releases.json": json.dumps(
        [{"version": 9, "id": "y", "status": "succeeded", "description": "Deploy", "user": {"email": "a@example.com"},
          "current": True, "created_at": stamp(-9), "slug": {"id": "z"}, "eligible_for_rollback": True}]
    ).encode(),
    "sizes.json": b'[{"name": "Basic", "memory": 0.5, "compute": 1, "dedicated": false, "cost": null}]',
}  # fmt: skip


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip file."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


BUNDLE = packed(PARTS)


@cache
def sound_report() -> tuple[bytes, ...]:
    """A page in five pieces. The second and the fourth are what is read of it."""
    found = judged(TEXT.decode())
    text = page(Report.of(found, UTC, (Command(START, "restart web.1", "done"),)), data_of(found, UTC), "0")
    return tuple(piece.encode() for piece in re.split(r'(?<=">)({"schema"[^<]*)', text))


JOURNAL = b"".join(
    json.dumps(record).encode() + b"\n"
    for record in (
        {"key": "a", "at": stamp(0), "app": "example-app", "verb": "scale", "call": "PATCH /x",
         "before": ["web=1:Basic"], "after": ["web=2:Basic"], "undo": ["herodyno", "scale"],
         "outcome": "", "request_id": ""},
        {"key": "a", "outcome": "done", "request_id": "r"},
    )
)  # fmt: skip
ROLL = json.dumps(
    {
        "app": "example-app", "rules": {"batch": 1, "batch_share": None, "on_error": "stop"}, "known_ids": ["a1"],
        "items": [{"name": "web.1", "id": "a1", "type": "web", "phase": "up", "sent_at": stamp(0), "up_at": stamp(9)}],
        "paused_until": None,
    }
).encode()  # fmt: skip
CONFIG = b'protected = ["example-app"]\nproduction = ["*-prod"]\ntime_zone = "Europe/Paris"\ncolor = "auto"\n'
FORMATION = b'app = "example-app"\n\n[formation."web"]\nquantity = 2\nsize = "Basic"\n'
NETRC = b"machine api.heroku.com\n  login a@example.com\n  password 01234567-89ab-cdef-0123-456789abcdef\n"


def said_by(*lines: str) -> str:
    """What command lines say on stderr."""
    said = BytesIO()
    for words in lines:
        out, err = (TextIOWrapper(stream, encoding="utf-8", newline="\n") for stream in (BytesIO(), said))
        environ = {"HEROKU_APP": "example-app", "HOME": "/nowhere"}
        run(shlex.split(words), Session(Output(out, err, environ), environ=environ, clock=lambda: START))
        err.flush()
        err.detach()
    return said.getvalue().decode()


def of_log(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    return said_by(f"diagnose --utc --from-file {path}", f"logs --from-file {path} -o jsonl")


def of_bundle(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    return said_by(f"diagnose --json --from-bundle {path}")


def of_report(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    with suppress(HerodynoError):
        report = read_report(path)
        json.dumps(data_of(report.diagnosis, report.zone).rows())
        page(report, data_of(report.diagnosis, report.zone), "0").encode("utf-8", "backslashreplace")
    return said_by(f"diagnose --from-report {path}", f"diagnose -o md --from-report {path}")


def of_dynos(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    (path.parent / "sound.log").write_bytes(TEXT)
    return said_by(f"diagnose --utc --from-file {path.parent / 'sound.log'} --dynos {path}")


def of_config(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    with suppress(HerodynoError):
        return repr(read_settings(path))
    return ""


def of_journal(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    entries = Journal(path.parent).entries()
    Output(TextIOWrapper(BytesIO()), None, {}).show(journal_table(entries, now=START, zone=UTC))
    return json.dumps(journal_document(entries))


def of_roll(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    file = RollFile(path.parent, "example-app", note=print)
    with suppress(HerodynoError):
        return repr(next_action(resumed_roll(file.load(), START), (), (), START))
    return ""


def of_formation(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    with suppress(HerodynoError):
        return repr(read_formation_file(path))
    return ""


def of_netrc(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    path.chmod(0o600)
    with suppress(HerodynoError):
        return netrc_entry(path, "api.heroku.com")[1]
    return ""


def of_login(data: bytes, path: Path) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return login_account({"XDG_DATA_HOME": str(path.parents[1])}, "linux")


def of_names(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    remember(path, {Group("dyno", "-", "example-app"): ["web.1"]})
    return repr(read_seen(path))


def of_headers(data: bytes, path: Path) -> str:
    with suppress(HerodynoError):
        return repr(request_headers("token", os.fsdecode(data.replace(b"\0", b""))))
    return ""


# For each kind: a sound file, its name, what reads it.
KINDS: dict[str, tuple[Callable[[], bytes], str, Callable[[bytes, Path], str]]] = {
    "log of text": (lambda: TEXT, "app.log", of_log),
    "log of frames": (lambda: FRAMES, "app.frames", of_log),
    "log of JSON": (lambda: NDJSON, "app.ndjson", of_log),
    "bundle": (lambda: BUNDLE, "b.zip", of_bundle),
    "report": (lambda: b"".join(sound_report()), "r.html", of_report),
    "list of dynos": (lambda: DYNOS, "dynos.json", of_dynos),
    "config": (lambda: CONFIG, "config.toml", of_config),
    "journal": (lambda: JOURNAL, "journal.jsonl", of_journal),
    "roll": (lambda: ROLL, "roll-example-app.json", of_roll),
    "formation": (lambda: FORMATION, "formation.toml", of_formation),
    "netrc": (lambda: NETRC, ".netrc", of_netrc),
    "login of the Heroku CLI": (lambda: b'{"account": "a@example.com"}', "heroku/login.json", of_login),
    "names for TAB": (lambda: b"app - - example-app\ndyno - example-app web.1\n", "completion-1.txt", of_names),
    "HEROKU_HEADERS": (lambda: b'{"X-Name": "value"}', "none", of_headers),
}


def tried(kind: str, seeds: range, folder: Path) -> None:
    """Read the mutants of these seeds. A mutant of a bundle has one changed part, or its zip is damaged."""
    sound, name, read = KINDS[kind]
    of_parts = {"bundle": mutant_of_bundle, "report": mutant_of_report}
    for seed in seeds:
        data = of_parts[kind](seed) if kind in of_parts else mutant(sound(), seed)
        try:
            said = read(data, folder / name)
        except OSError:
            continue
        except Exception as error:
            raise AssertionError(f"{kind}, seed {seed}: {data[:300]!r}") from error
        assert "unexpected" not in said, f"{kind}, seed {seed}: {said[-300:]} {data[:300]!r}"


def mutant_of_report(seed: int) -> bytes:
    if seed % 10 == 0:
        return mutant(b"".join(sound_report()), seed)
    pieces = list(sound_report())
    place = 1 if seed % 3 == 0 else 3
    pieces[place] = mutant(pieces[place], seed).replace(b"<", b"\\u003c")
    return b"".join(pieces)


def mutant_of_bundle(seed: int) -> bytes:
    if seed % 10 == 0:
        return mutant(BUNDLE, seed)
    parts = dict(PARTS)
    name = sorted(parts)[seed % len(parts)]
    parts[name] = mutant(parts[name], seed)
    return packed(parts)


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_and_hostile_files_are_read_or_refused(kind: str, tmp_path: Path) -> None:
    tried(kind, range(FEW), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_many_more_of_them(kind: str, tmp_path: Path) -> None:
    is_by_command = KINDS[kind][2] in (of_log, of_bundle, of_dynos, of_report)
    tried(kind, range(FEW, ASKED or (MANY_BY_COMMAND if is_by_command else MANY)), tmp_path)


ODD_FILES = {
    "empty": b"", "a byte order mark": b"\xef\xbb\xbf", "NULs": b"\0" * 99, "no UTF-8": b"\xff\xfe\xff" * 9,
    "depth": b"[" * 99_999,
    "a huge number": b"9" * 9_999, "UTF-16": "[]".encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_another_kind_is_refused_or_empty(kind: str, tmp_path: Path) -> None:
    _, name, read = KINDS[kind]
    for data in ODD_FILES.values():
        assert "unexpected" not in read(data, tmp_path / name)


@pytest.mark.parametrize("words", ["--from-file {}", "--from-bundle {}", "--from-file /dev/null --dynos {}"])
def test_a_folder_is_no_file(words: str, tmp_path: Path) -> None:
    said = said_by("diagnose " + words.format(tmp_path))
    assert "unexpected" not in said
    assert str(tmp_path) in said
