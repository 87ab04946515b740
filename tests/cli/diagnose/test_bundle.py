"""A bundle holds what a verdict was made from, redacted, and gives the same verdict again; whole or not at all."""

import json
import os
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from herodyno.cli.diagnose.bundle import Bundle, bundle_lines
from herodyno.cli.diagnose.from_bundle import from_bundle
from herodyno.cli.diagnose.inputs import Inputs, judged
from herodyno.cli.session import Session
from herodyno.diagnosis.counting.one_pass import Log, log_of
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.scope import Filter
from herodyno.dynos import App
from herodyno.errors import Refused
from herodyno.logs.decoding.read import read_lines
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.output import Output
from herodyno.sandbox.incidents.scenarios import SCENARIOS, duration, scenario
from herodyno.sandbox.world.world import World
from tests.cli.diagnose.incidents import live_inputs
from tests.cli.schemas import valid
from tests.conftest import START, TOKEN, Invoke
from tests.real_parts import REAL_LOGS, need_shared_data

LIVE = "diagnose -a example-app --utc"
SHORT = [name for name in SCENARIOS if duration(name) < 1000]


def of_lines(text: bytes) -> Inputs:
    """Material of a file alone."""
    lines = list(read_lines([text], year=2026))
    log = log_of(lines, year=2026)
    return Inputs(log=log, app=App(name=""), at=START, source=Source(kind="file"), year=2026, at_log_end=True)


def written(inputs: Inputs, path: Path, *, everything: bool = True, secrets: tuple[str, ...] = ()) -> str:
    """The bundle's log, after it was written."""
    session = Session(Output(None, None, {}), clock=lambda: START)
    with closing(Bundle(inputs, everything=everything, secrets=secrets)) as bundle:
        bundle.write(path, judged(session, bundle.inputs), Filter())
    with ZipFile(path) as archive:
        return archive.read("log.txt").decode()


@pytest.mark.parametrize("name", SHORT)
def test_every_scenario_gives_the_same_verdict_again(name: str, tmp_path: Path) -> None:
    session, inputs = live_inputs(scenario(name), Output(None, None, {}))
    with closing(Bundle(inputs)) as bundle:
        first = judged(session, bundle.inputs)
        bundle.write(tmp_path / "b.zip", first, Filter())
    again = diagnosis_document(judged(session, from_bundle(tmp_path / "b.zip").inputs))
    expected = diagnosis_document(first)
    assert (again["coverage"].pop("source"), expected["coverage"].pop("source")) == ("bundle", "log-session")
    assert (again.pop("api")["calls"], expected.pop("api")["calls"]) == (0, 6)
    assert again == expected
    plain = judged(session, inputs)
    assert first.verdict.kind == plain.verdict.kind
    assert first.verdict.severity == plain.verdict.severity


def test_what_is_printed_from_the_bundle_is_what_was_printed_with_it(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.zip"
    stdout, stderr, code = invoke(f"{LIVE} --bundle {path}")
    assert code == 20
    assert re.fullmatch(rf"bundle: {path} \(1,500 lines, redacted\)\n", stderr)
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was made"))
    again = invoke(f"diagnose --utc --from-bundle {path}", environ={})
    of_a_kept_log = stdout.replace(" 02:06:30 UTC\n", " 23 Nov 2026 02:06:30 UTC\n", 1)
    assert (again.stdout, again.code) == (re.sub(r".*API calls made.*\n", "", of_a_kept_log), 20)


def test_the_same_material_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        _, inputs = live_inputs(scenario("one-bad-dyno"), Output(None, None, {}))
        written(inputs, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_narrowing_is_kept_and_another_one_wins(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    told = invoke(f"{LIVE} --json --since 3m --dyno web.1 --bundle {path}")
    again = invoke(f"diagnose --json --from-bundle {path}", environ={})
    assert json.loads(again.stdout)["verdict"] == json.loads(told.stdout)["verdict"]
    other = json.loads(invoke(f"diagnose --json --from-bundle {path} --dyno web.2", environ={}).stdout)
    assert other["verdict"]["class"] == "one_dyno"


SECRETS = {
    "a query": ('path="/x?card=4111"', "4111"),
    "an address": ('fwd="203.0.113.9"', "203.0.113.9"),
    "an address of the new kind": ("client 2001:db8:85a3:8d3:1319:8a2e:370:7348 left", "8a2e:370"),
    "an e-mail": ("mail to ana.lovelace@example.com", "lovelace"),
    "a password": ("password=correct-horse", "correct-horse"),
    "a token": (f"key {TOKEN}", TOKEN),
    "a database": ("postgres://user:battery@db.example.com/x", "battery"),
}


@pytest.mark.parametrize("secret", SECRETS)
def test_what_identifies_people_or_opens_doors_stays_out(secret: str, tmp_path: Path) -> None:
    text, hidden = SECRETS[secret]
    line = f"2026-11-23T02:00:00.000000+00:00 app[web.1]: {text}\n".encode()
    assert hidden not in written(of_lines(line), tmp_path / "b.zip")
    kept = written(of_lines(line), tmp_path / "c.zip", everything=False)
    assert (hidden in kept) == (secret not in ("a password", "a token", "a database"))


def test_the_token_of_this_login_never_goes_in_whatever_it_looks_like(tmp_path: Path) -> None:
    old = "01234567-89ab-cdef-0123-456789abcdef"
    line = f"2026-11-23T02:00:00.000000+00:00 app[web.1]: {old}\n".encode()
    assert old not in written(of_lines(line), tmp_path / "b.zip", everything=False, secrets=(old,))


def test_the_token_of_a_live_run_is_in_no_file_of_the_bundle(invoke: Invoke, world: World, tmp_path: Path) -> None:
    plan = world.apps["example-app"]
    plan.releases[-1].description = f"Set KEY={TOKEN}"
    path = tmp_path / "b.zip"
    for options in ("", " --no-redact"):
        path.unlink(missing_ok=True)
        invoke(f"{LIVE} --bundle {path}{options}")
        with ZipFile(path) as archive:
            assert not [name for name in archive.namelist() if TOKEN.encode() in archive.read(name)]


def test_what_it_says_of_itself_is_valid_under_its_schema(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    for narrowing in ("", " --since 10m --type web --no-redact"):
        path.unlink(missing_ok=True)
        invoke(f"{LIVE} --bundle {path}{narrowing}")
        with ZipFile(path) as archive:
            assert valid(archive.read("bundle.json").decode())["source"]["kind"] == "log-session"


def test_one_client_is_still_told_from_many(tmp_path: Path) -> None:
    _, inputs = live_inputs(scenario("one-client-or-path"), Output(None, None, {}))
    clients = set(re.findall(r'fwd="([^"]*)"', written(inputs, tmp_path / "b.zip")))
    assert len(clients) == len(
        {line.raw.split('fwd="')[1].split('"')[0] for line in inputs.log.lines() if "fwd=" in line.raw}
    )


def test_a_message_of_several_lines_stays_one_line(tmp_path: Path) -> None:
    frame = b"<190>1 2026-11-23T02:00:00+00:00 host app web.1 - first\nsecond"
    assert written(of_lines(b"%d %b" % (len(frame), frame)), tmp_path / "b.zip").count("\n") == 1


def test_the_file_is_its_owners_only_and_nothing_else_is_left(tmp_path: Path) -> None:
    written(of_lines(b""), tmp_path / "b.zip")
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("b.zip", 0o600)]


def test_a_name_that_is_taken_is_refused_before_anything_is_asked(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there.zip").write_text("mine")
    (tmp_path / "link.zip").symlink_to("nowhere")
    for name, code in (("there.zip", 1), ("link.zip", 1), ("no/folder/b.zip", 5)):
        stdout, stderr, told = invoke(f"{LIVE} --bundle {tmp_path / name}", environ={})  # no token: no API
        assert (stdout, told) == ("", code)
        assert "already" in stderr or "no folder" in stderr
    assert (tmp_path / "there.zip").read_text() == "mine"


def test_a_name_that_is_taken_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("mine")
    with pytest.raises(Refused, match="already"):
        written(of_lines(b""), tmp_path / "b.zip")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def test_a_file_system_without_links_is_written_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(os, "link", refuse)
    written(of_lines(b""), tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="No space left"):
        written(of_lines(b""), tmp_path / "b.zip")
    assert not list(tmp_path.iterdir())


def test_a_log_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.cli.diagnose.bundle.MOST_BYTES", 1000)

    def endless() -> Iterator[bytes]:
        while True:
            yield b"x\n"

    log = Log(logs=[endless], year=2026)
    inputs = Inputs(log=log, app=App(name=""), at=START, source=Source(kind="file"), year=2026)
    with pytest.raises(Refused, match="too large"):
        Bundle(inputs)


def test_real_lines_say_the_same_after_they_were_redacted(tmp_path: Path) -> None:
    need_shared_data()
    session = Session(Output(None, None, {}), clock=lambda: START)
    paths = [path for path in sorted(REAL_LOGS.iterdir()) if path.suffix in (".log", ".txt", ".frames")]
    assert len(paths) > 50
    for number, path in enumerate(paths):
        inputs = of_lines(path.read_bytes())
        plain = judged(session, inputs)
        with closing(Bundle(inputs)) as bundle:
            first = judged(session, bundle.inputs)
            bundle.write(tmp_path / f"{number}.zip", first, Filter())
        again = judged(session, from_bundle(tmp_path / f"{number}.zip").inputs)
        assert (again.verdict, again.incarnations) == (first.verdict, first.incarnations), path
        assert (first.verdict.kind, first.coverage) == (plain.verdict.kind, plain.coverage), path


def test_each_line_of_log_txt_is_one_record_though_it_is_as_long_as_a_piece() -> None:
    text = f"2026-11-23T02:00:00.000000+00:00 app[web.1]: {'x' * 10_000}"
    assert list(bundle_lines([f"{text}\n{text}\n".encode()], 2026)) == [f"{text}\n{text}\n".encode()]


def test_a_byte_order_mark_that_an_editor_put_before_log_txt_is_no_part_of_its_first_line() -> None:
    text = b"2026-11-23T02:00:00.000000+00:00 app[web.1]: x\n"
    assert list(bundle_lines(["\ufeff".encode() + text], 2026)) == [text]


def test_a_log_without_stamps_is_read_from_its_bundle_as_from_itself() -> None:
    text = "heroku[web.1]: Process running mem=1124M(219.5%)\nheroku[web.1]: Idling\napp[web.1]: x\n"
    with closing(Bundle(of_lines(text.encode()))) as bundle:
        (lines,) = [list(bundle.inputs.log.lines())]
    assert [line.proc for line in lines] == ["web.1", "web.1", "web.1"]
    stamped = f"2026-11-23T02:00:00.000000+00:00 app[web.1]: x\n{text}"
    with closing(Bundle(of_lines(stamped.encode()))) as bundle:
        assert [line.proc for line in bundle.inputs.log.lines()] == ["web.1", "", "", ""]
