"""`diagnose --html`, `--png`, `--svg`, `-o md` and `--from-report`: checked before any work, the same verdict again."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from herodyno.render.report import images
from herodyno.sandbox.incidents.scenarios import scenario
from tests.conftest import TOKEN, Invoke
from tests.real_parts import need_vl_convert

LIVE = "diagnose -a example-app --utc"


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The script is not made: what it draws is seen in a browser."""
    need_vl_convert()
    monkeypatch.setattr(images, "script", lambda _: "0")


@pytest.mark.usefixtures("drawing")
def test_a_page_gives_the_same_verdict_again_without_a_socket(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.html"
    first = invoke(f"{LIVE} --html {path}")
    assert (first.code, first.stderr) == (20, f"report: {path} (0.1 MB, redacted)\n")
    assert path.stat().st_mode & 0o777 == 0o600
    assert TOKEN not in path.read_text()
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a socket was made"))
    assert invoke(f"diagnose --utc --from-report {path}", environ={}) == (first.stdout, "", 20)
    again = invoke(f"diagnose --utc --from-report {path} --html {path}", environ={})  # a page of ours is replaced
    assert (again.stdout, again.code) == (first.stdout, 20)


@pytest.mark.usefixtures("drawing", "local_time")
def test_a_report_of_another_zone_says_so(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    invoke(f"{LIVE} --html {path}")  # in UTC
    assert invoke(f"diagnose --utc --from-report {path}", environ={}).stderr == ""
    told = invoke(f"diagnose --from-report {path}", environ={})
    assert told.stderr == "times inside sentences are in UTC, as when the report was made\n"


@pytest.mark.usefixtures("drawing")
def test_a_page_of_a_file_and_of_a_bundle_has_the_document_that_json_prints(invoke: Invoke, tmp_path: Path) -> None:
    log, bundle, page = tmp_path / "app.log", tmp_path / "b.zip", tmp_path / "r.html"
    log.write_text(scenario("release-broke-app").log_text("example-app"))
    for source in (f"--from-file {log} --bundle {bundle}", f"--from-bundle {bundle}"):
        first = invoke(f"diagnose --json {source} --html {page}", environ={})
        again = invoke(f"diagnose --json --from-report {page}", environ={})
        assert json.loads(again.stdout) == json.loads(first.stdout)
        assert again.code == first.code


@pytest.mark.usefixtures("drawing")
def test_a_report_masks_mail_addresses_unless_it_is_told_not_to(invoke: Invoke, tmp_path: Path) -> None:
    log, page = tmp_path / "app.log", tmp_path / "r.html"
    log.write_text(scenario("rollback-that-cured").log_text("example-app"))
    who = "ana@example.com"
    assert who in invoke(f"diagnose --from-file {log} --html {page}", environ={}).stdout
    assert who not in page.read_text()
    assert who not in invoke(f"diagnose --from-file {log} -o md", environ={}).stdout
    told = invoke(f"diagnose --from-file {log} --html {page} --no-redact", environ={})
    assert "(0.1 MB, not redacted, tokens left out)" in told.stderr
    assert who in page.read_text()


@pytest.mark.usefixtures("drawing")
@pytest.mark.parametrize("kept", ["html", "bundle"])
def test_what_was_kept_without_redaction_is_redacted_where_it_is_passed_on(
    kept: str, invoke: Invoke, tmp_path: Path
) -> None:
    log, raw, page = tmp_path / "app.log", tmp_path / "raw", tmp_path / "r.html"
    log.write_text(scenario("rollback-that-cured").log_text("example-app"))
    who = "ana@example.com"
    invoke(f"diagnose --from-file {log} --{kept} {raw} --no-redact", environ={})
    source = f"diagnose --from-{kept.replace('html', 'report')} {raw}"
    for flag, told in (("", "(0.1 MB, redacted)"), ("--no-redact", "(0.1 MB, not redacted, tokens left out)")):
        assert told in invoke(f"{source} --html {page} {flag}", environ={}).stderr
        drafted = invoke(f"{source} -o md {flag}", environ={}).stdout
        assert {who in page.read_text(), who in drafted} == {bool(flag)}


def test_pictures_are_named_or_files(invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_vl_convert()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(images, "png", lambda spec: json.dumps(spec["title"]).encode())
    monkeypatch.setattr(images, "svg", lambda spec: json.dumps(spec["title"]).encode())
    told = invoke(f"{LIVE} --png errors --png incident-swap.png --svg incident.svg")
    assert told.code == 20
    assert sorted(path.name for path in tmp_path.glob("*.?n?")) == ["errors.png", "incident-swap.png"]
    assert "Server errors" in (tmp_path / "errors.png").read_text()
    assert "Swap" in (tmp_path / "incident-swap.png").read_text()
    assert "example-app" in (tmp_path / "incident.svg").read_text()


def test_a_picture_of_nothing_is_not_written_and_it_is_said(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_vl_convert()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.log").write_text("2026-11-23T02:00:01.000001+00:00 app[web.1]: hello\n")
    told = invoke("diagnose --from-file app.log --svg swap", environ={})
    assert (told.code, "not written: swap.svg" in told.stderr) == (1, True)
    assert not (tmp_path / "swap.svg").exists()


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        ("--png memroy", 2, "--png 'memroy' is no picture\n  one of overview, errors,"),
        ("--svg a.png", 2, "--svg 'a.png' is no picture"),
        ("--png errors --png errors.png", 2, "two pictures have one file name"),
        ("--html taken.txt", 1, "there is a taken.txt already; nothing was written"),
        ("--html no/r.html", 5, "there is no folder no"),
        ("--watch 30s --html r.html", 2, "--watch goes on until Ctrl-C, so --html, --png or --svg has no place there"),
        ("--json -o md", 2, "--json and -o md are two formats"),
        ("--from-report r.html", 2, "a report is judged already, so --app cannot change it"),
        ("--from-report r.html --listen 5m", 2, "--from-report and --listen are two sources"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_sent(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, code: int, words: str
) -> None:
    monkeypatch.setattr(images, "find_spec", lambda _: True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.txt").write_text("mine")
    monkeypatch.setattr("herodyno.cli.diagnose.work._fetch", lambda *_: pytest.fail("work was begun"))
    told = invoke(f"{LIVE} {flags}")
    assert (told.stdout, told.code) == ("", code)
    assert words in told.stderr


def test_without_the_extra_there_is_one_line_to_type(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "find_spec", lambda _: None)
    told = invoke(f"{LIVE} --html r.html")
    assert told == ("", "herodyno: pictures and pages need vl-convert\n  pip install 'herodyno[report]'\n", 1)


def test_a_file_that_is_no_report_is_refused(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    assert invoke(f"diagnose --from-report {path}", environ={}).code == 5
    for raw in (b"<html></html>", b"\xff\xfe", b""):
        path.write_bytes(raw)
        told = invoke(f"diagnose --from-report {path}", environ={})
        assert (told.stdout, told.code) == ("", 1)
        assert f"{path} is no report of herodyno" in told.stderr


def test_a_draft_tells_what_the_journal_has_of_the_app(invoke: Invoke) -> None:
    assert invoke("restart web.2 -a example-app").code == 0
    told = invoke(f"{LIVE} -o md")
    assert "## Commands run\n\n**02:" in told.stdout
    assert "restart web.2 (f9270f4e)" in told.stdout.partition("## Commands run")[2]


def test_a_log_of_several_apps_needs_one_named(invoke: Invoke, tmp_path: Path) -> None:
    frames = "".join(
        f"{len(body)} {body}"
        for app in ("d.1", "d.2")
        for body in [f"<190>1 2026-11-23T02:00:01+00:00 {app}1b1d3d6-0000-4000-8000-000000000001 app web.1 - hello\n"]
    )
    (tmp_path / "drain.log").write_text(frames)
    told = invoke(f"diagnose --from-file {tmp_path / 'drain.log'} -o md", environ={})
    assert (told.code, "-o md is for one" in told.stderr) == (2, True)
