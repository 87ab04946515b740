"""`diagnose`: the same verdict live and from a file, its exit code, its JSON; offline means no socket at all."""

import gzip
import json
import os
import socket
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from herodyno.cli.diagnose.fetch import file_inputs, live_inputs
from herodyno.cli.diagnose.inputs import judged
from herodyno.cli.session import Session
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import TOKEN, Invoke

LIVE = "diagnose -a example-app --utc"


@pytest.fixture
def log_file(world: World, tmp_path: Path) -> Path:
    """The scenario's last 1,500 lines, on disk."""
    path = tmp_path / "app.log"
    path.write_text(world.log_text("example-app"), encoding="utf-8")
    return path


@pytest.fixture
def dynos_file(invoke: Invoke, tmp_path: Path) -> Path:
    """What `ps --json` printed."""
    path = tmp_path / "dynos.json"
    path.write_text(invoke("ps -a example-app --json").stdout)
    return path


def test_one_bad_dyno_is_accused_by_its_id_with_what_to_type(invoke: Invoke, world: World) -> None:
    stdout, stderr, code = invoke(LIVE)
    guilty = next(dyno for dyno in world.dynos("example-app") if dyno.name == "web.2")
    short = guilty.id[:8]
    assert (stderr, code) == ("", 20)
    assert f"ONE DYNO   web.2 ({short}) causes" in stdout
    assert f"herodyno restart web.2 --if-id {short}" in stdout
    for section in ("DO THIS", "DYNO ", "MEMORY ", "CHANGED ", "EVIDENCE ", "SEEN "):
        assert f"\n{section}" in stdout


@pytest.mark.parametrize(
    ("world", "code"),
    [("healthy", 0), ("one-bad-dyno", 20), ("too-little-data", 30), ("release-broke-app", 20)],
    indirect=["world"],
)
def test_the_exit_code_tells_the_verdict(world: World, code: int, invoke: Invoke) -> None:
    assert invoke(LIVE).code == code


def test_a_file_gives_the_verdict_of_the_live_log_and_opens_no_socket(
    invoke: Invoke, log_file: Path, dynos_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive = json.loads(invoke(f"{LIVE} --json").stdout)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was made")

    monkeypatch.setattr(socket, "socket", refuse)
    asked = f"diagnose -a example-app --from-file {log_file} --dynos {dynos_file} --json"
    offline = json.loads(invoke(asked, environ={}).stdout)
    assert offline["verdict"] == alive["verdict"]
    assert offline["incarnations"][0]["id"] == alive["incarnations"][0]["id"]
    assert offline["coverage"]["source"] == "file"
    assert offline["api"] == {"calls": 0, "rate_limit_remaining": None}


def test_a_file_alone_accuses_by_the_id_of_its_metric_lines(invoke: Invoke, log_file: Path) -> None:
    stdout, _, code = invoke(f"diagnose --from-file {log_file}", environ={})
    assert code == 20
    assert "ONE DYNO" in stdout


def test_packed_files_and_standard_input_give_the_same_bytes(invoke: Invoke, log_file: Path) -> None:
    packed = log_file.with_suffix(".gz")
    packed.write_bytes(gzip.compress(log_file.read_bytes()))
    plain = json.loads(invoke(f"diagnose --from-file {log_file} --json").stdout)
    assert json.loads(invoke(f"diagnose --from-file {packed} --json").stdout) == plain
    piped = json.loads(invoke("diagnose --from-file - --json", stdin=packed.read_bytes()).stdout)
    assert piped["coverage"].pop("source") == "stdin"
    assert plain["coverage"].pop("source") == "file"
    assert piped == plain


def test_the_same_file_gives_the_same_answer_a_year_later(
    log_file: Path, make_session: Callable[..., Session], world: World
) -> None:
    answers = []
    for days in (0, 365):
        session = make_session()
        session.now = lambda days=days: world.now + timedelta(days=days)  # type: ignore[misc] # the clock is an attribute
        with ExitStack() as stack:
            answers.append(judged(session, file_inputs(session, [str(log_file)], None, "", stack)))
    assert answers[0] == answers[1]


def test_a_last_line_that_is_dated_in_the_future_is_told_once_from_its_bundle_too(
    invoke: Invoke, log_file: Path, tmp_path: Path
) -> None:
    last = log_file.read_text().splitlines()[-1]
    ahead = tmp_path / "ahead.log"
    ahead.write_text("2031-01-02" + last[10:] + "\n")
    told = "is dated 2031-01-02"
    assert told not in invoke(f"diagnose --from-file {log_file}").stdout
    assert invoke(f"diagnose --from-file {ahead} --bundle {tmp_path / 'b.zip'}").stdout.count(told) == 1
    again = invoke(f"diagnose --from-bundle {tmp_path / 'b.zip'}").stdout
    assert again.count(told) == again.count("in the future: --since counts from there.") == 1


def test_json_is_valid_under_its_schema(invoke: Invoke, log_file: Path) -> None:
    for asked in (f"{LIVE} --json", f"diagnose --from-file {log_file} --json"):
        assert valid(invoke(asked).stdout)["verdict"]["class"] == "one_dyno"


def test_several_files_are_one_log(invoke: Invoke, log_file: Path, tmp_path: Path) -> None:
    lines = log_file.read_bytes().splitlines(keepends=True)
    for name, part in (("b.log", lines[:700]), ("a.log", lines[700:])):
        (tmp_path / name).write_bytes(b"".join(part))
    together = invoke(f"diagnose --from-file {tmp_path / 'a.log'} {tmp_path / 'b.log'} --json").stdout
    assert together == invoke(f"diagnose --from-file {log_file} --json").stdout


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("diagnose --from-file nowhere.log", 5, "there is no file nowhere.log"),
        ("diagnose app.log", 2, "--from-file"),
        ("diagnose --dynos d.json -a example-app", 2, "--from-file"),
        ("diagnose -a no-such-app", 5, "Couldn't find that app"),
        ("diagnose -a example-app --listen soon", 2, "90s, 5m"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_next_step(line: str, code: int, words: str, invoke: Invoke) -> None:
    stdout, stderr, told = invoke(line)
    assert (stdout, told) == ("", code)
    assert words in stderr


def test_dynos_that_are_no_json_are_refused_before_anything_is_read(
    invoke: Invoke, log_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "d.json").write_text("web.1 up")
    stdout, stderr, code = invoke(f"diagnose --from-file {log_file} --dynos {tmp_path / 'd.json'}")
    assert (stdout, code) == ("", 2)
    assert "cannot be read as JSON" in stderr
    assert "d.json" not in stderr.splitlines()[-1], "the command would write over what may be the log"


@pytest.mark.parametrize("world", ["too-little-data"], indirect=True)
def test_listening_follows_the_log_and_judges_then(world: World, make_session: Callable[..., Session]) -> None:
    def turn() -> bool:
        world.tick(20)
        return True

    session = make_session()
    session.httpx_transport = httpx.WSGITransport(application(world, wait=turn))
    before = judged(session, live_inputs(session, "example-app"))
    after = judged(session, live_inputs(session, "example-app", listen_seconds=300))
    assert after.coverage.lines > 3 * before.coverage.lines
    assert after.coverage.cap is None


def test_hostile_log_lines_are_harmless_on_a_terminal_and_in_a_pipe(invoke: Invoke, log_file: Path) -> None:
    text = log_file.read_text(encoding="utf-8")
    log_file.write_text(text.replace('path="/"', 'path="/\x1b[2J\u202e"'), encoding="utf-8")
    for terminal in (True, False):
        told = invoke(f"diagnose --from-file {log_file} --full --color never", terminal=terminal).stdout
        assert "^[[2J\\u{202e}" in told
        assert all(c.isprintable() or c == "\n" for c in told)


def test_a_log_of_last_summer_is_told_in_summer_time_throughout(
    invoke: Invoke, tmp_path: Path, local_time: None
) -> None:
    summer = scenario("restart-that-fixed-it", seed=1, start=datetime(2026, 7, 1, 2, 0, tzinfo=UTC))
    (tmp_path / "app.log").write_text(summer.log_text("example-app"), encoding="utf-8")
    told = invoke(f"diagnose --from-file {tmp_path / 'app.log'}").stdout  # read in November
    assert "04:06:29 CEST (02:06:29 UTC)" in told
    assert "already replaced at 04:0" in told
    assert "02:0" not in told.replace("(02:06:29 UTC)", "")


def test_a_terminal_too_low_for_the_report_ends_with_its_verdict_and_what_to_type(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    low = invoke(f"{LIVE} --full --color never", terminal=True).stdout
    *report, gap, verdict, command = low.splitlines()
    assert (gap, verdict.startswith("!! verdict, from above: web.2 (")) == ("", True)
    assert verdict.removeprefix("!! verdict, from above: ") in "\n".join(report)
    assert f"DO THIS       1 {command.strip()}" in report

    monkeypatch.setenv("LINES", str(len(report) + 1))
    assert invoke(f"{LIVE} --full --color never", terminal=True).stdout.splitlines() == report
    monkeypatch.setenv("LINES", str(len(report)))
    assert invoke(f"{LIVE} --full --color never", terminal=True).stdout == low


def test_a_terminal_shows_the_first_screen_and_a_pipe_the_whole_report(invoke: Invoke) -> None:
    """The suite's terminal has 24 lines."""
    first, whole = (invoke(f"{LIVE} --color never{flags}", terminal=True).stdout for flags in ("", " --full"))
    assert len(first.splitlines()) < 24 < len(whole.splitlines())
    assert whole.startswith(invoke(f"{LIVE} --color never").stdout[:48])
    for text in ("!! ONE DYNO   web.2 (", "herodyno restart web.2 --if-id", "--full"):
        assert text in first
    assert "EVIDENCE" in whole
    assert "EVIDENCE" not in first


@pytest.mark.parametrize("flags", ["", "--json", "-o jsonl", "--nagios"])
def test_nothing_is_said_twice_in_a_pipe_nor_to_a_program(invoke: Invoke, flags: str) -> None:
    assert "from above" not in invoke(f"{LIVE} {flags}", terminal=bool(flags)).stdout


def test_a_plot_is_the_same_live_from_a_file_and_from_a_bundle(invoke: Invoke, log_file: Path, tmp_path: Path) -> None:
    """In a pipe it has 80 columns."""
    live = invoke(f"{LIVE} --plot memory --bundle {tmp_path / 'b.zip'}")
    from_bundle = invoke(f"diagnose --from-bundle {tmp_path / 'b.zip'} --plot memory")
    assert live.code == from_bundle.code == 20
    assert from_bundle.stdout == live.stdout
    from_file = invoke(f"diagnose --from-file {log_file} --plot memory --dyno web.2").stdout
    assert from_file.count(" of 512 MB)") == 1
    assert live.stdout.count(" of 512 MB)") == 4
    assert max(map(len, live.stdout.splitlines())) <= 80


@pytest.mark.parametrize("flags", ["--plot memory --json", "--plot errors -o jsonl", "--plot load --nagios"])
def test_a_plot_is_refused_where_numbers_are_asked_for(invoke: Invoke, flags: str) -> None:
    told = invoke(f"{LIVE} {flags}")
    assert told.code == (3 if "nagios" in flags else 2)
    assert "its numbers stand in --json" in told.stderr + told.stdout


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_pictures_are_ascii_where_signs_may_be_read_aloud(invoke: Invoke, environ: dict[str, str]) -> None:
    usual = {**os.environ, "HEROKU_API_KEY": TOKEN}
    drawn, read_aloud = (
        invoke(f"{LIVE} --plot errors", environ=usual | more).stdout for more in ({"TERM": "xterm"}, environ)
    )
    assert not drawn.isascii()
    assert read_aloud.isascii()
