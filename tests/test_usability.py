"""Promises 01 to 80 of promises.md, ease of use: each that no part of herodyno shows alone.

Where one part shows a promise, the test of that part bears its number (`grep -r "def test_65" tests`).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from herodyno.cli.app import COMMANDS
from herodyno.cli.help.topics import ENVIRONMENT
from herodyno.cli.options import global_flags
from herodyno.cli.session import Session
from herodyno.cli.tree import Entry, Tree, load
from tests.cli.schemas import SCHEMAS, valid
from tests.conftest import TOKEN, Invoke, Result

READS = ("ps", "diagnose", "releases", "sizes", "wait", "run list", "scale", "logs -n 3", "logs --stats count")
LOCAL = ("explain", "explain H12", "journal", "config", "auth status", "auth token", "sandbox scenarios", "demo",
         "completion show bash", "version", "--version", "help commands", "help exit-codes",
         "help environment")  # fmt: skip
WRITES = ("scale web=5", "restart web.2", "stop web.2", "rollback v411", "run --detach -- true")


def leaves() -> Iterator[tuple[str, Any]]:
    """Every command that does something, sub-commands by their whole name."""
    for entry in (entry for entries in COMMANDS.values() for entry in entries):
        loaded = load(entry)
        if isinstance(loaded, Tree):
            yield from ((f"{entry.name} {name}", loaded.load(Entry(name, "", ""))) for name in loaded.entries)
        else:
            yield entry.name, loaded


LEAVES = dict(leaves())
each_command = pytest.mark.parametrize("name", LEAVES)


@pytest.fixture
def asked(make_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """Every request that leaves for the simulated Heroku."""
    seen: list[httpx.Request] = []
    send = httpx.WSGITransport.handle_request

    def watched(self: httpx.WSGITransport, request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return send(self, request)

    monkeypatch.setattr(httpx.WSGITransport, "handle_request", watched)
    return seen


@each_command
def test_01_02_help_is_had_in_every_way_and_is_an_answer(name: str, invoke: Invoke) -> None:
    ways = [invoke(line) for line in (f"{name} --help", f"{name} -h", f"help {name}")]
    assert len({way.stdout for way in ways}) == 1
    assert all((way.stderr, way.code) == ("", 0) for way in ways)
    assert invoke("--help").stdout == invoke("help").stdout


def test_01_help_is_had_behind_a_command_or_group_too(invoke: Invoke) -> None:
    for entry in (entry for entries in COMMANDS.values() for entry in entries if not entry.name.startswith("run")):
        assert invoke(f"{entry.name} help") == invoke(f"{entry.name} --help"), entry.name
    assert invoke("auth help login") == invoke("auth login --help")


def test_03_the_bare_command_is_short_and_says_what_to_do_first(invoke: Invoke) -> None:
    lines = invoke("").stdout.splitlines()
    assert len(lines) < 24  # and the prompt
    assert max(map(len, lines)) <= 80
    assert "Start here:" in lines[:8]
    assert any("herodyno demo" in line for line in lines[:8])
    named = {word for line in lines for word in re.split(r": +|, ", line)}
    assert named >= {entry.name for entries in COMMANDS.values() for entry in entries}


@each_command
def test_04_05_examples_with_long_flags_stand_before_the_options(name: str, invoke: Invoke) -> None:
    text = invoke(f"{name} --help").stdout
    examples, _, options = text.partition("\nIn every command:\n")[0].partition("\nOptions:\n")
    assert "\nExamples:\n" in examples
    assert "Examples:" not in options
    own = [word for param in LEAVES[name].own for word in param.opts if word.startswith("--")]
    assert not own or re.search(r"^  .*herodyno .*--[a-z]", text, re.MULTILINE)


@each_command
def test_06_help_fits_80_columns(name: str, invoke: Invoke) -> None:
    assert max(map(len, invoke(f"{name} --help").stdout.splitlines())) <= 80
    assert max(map(len, invoke("").stdout.splitlines())) <= 80


def test_07_help_names_pages_on_the_web(invoke: Invoke) -> None:
    assert "https://devcenter.heroku.com/" in invoke("").stdout
    assert re.search(r"https://devcenter\.heroku\.com/\S+#h12", invoke("explain H12").stdout)


def test_08_59_help_and_the_unexpected_say_where_to_report(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Found a bug?" in invoke("").stdout
    monkeypatch.setattr("herodyno.cli.explain._code", lambda word: 1 / 0)
    assert "send the file that it writes" in invoke("explain H12").stderr


def test_09_commands_and_flags_are_grouped_and_the_most_used_come_first(invoke: Invoke) -> None:
    assert COMMANDS["Look"][0].name == "ps"
    for command, first in (("ps", "--app"), ("restart", "--app"), ("logs", "--tail"), ("diagnose", "--from-file")):
        own, _, common = (
            invoke(f"{command} --help").stdout.partition("\nOptions:\n")[2].partition("\nIn every command:")
        )
        flags = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", own, re.MULTILINE)
        assert flags[0] == "--app"
        assert first in flags[:3]
        assert re.findall(r"--[a-z]+", common)[0] == "--json"


@pytest.mark.parametrize("topic", ["exit-codes", "environment", "commands"])
def test_10_help_has_topics(topic: str, invoke: Invoke) -> None:
    assert len(invoke(f"help {topic}").stdout.splitlines()) > 5


def test_12_the_version_is_told_in_three_ways(invoke: Invoke) -> None:
    assert len({invoke(line) for line in ("--version", "-V", "version")}) == 1
    assert re.fullmatch(r"herodyno \d+\.\d+\.\d+\n", invoke("version").stdout)


def test_13_programs_can_read_the_list_of_commands(invoke: Invoke) -> None:
    assert {row["name"] for row in valid(invoke("help commands --json").stdout)["commands"]} >= {"ps", "diagnose"}


def test_14_15_a_wrong_command_or_flag_is_answered_with_the_right_one(invoke: Invoke) -> None:
    assert "did you mean: herodyno diagnose" in invoke("diagnos").stderr
    assert "did you mean: herodyno auth login" in invoke("auth logn").stderr
    assert "--remote" in invoke("ps --remot heroku").stderr


def test_16_a_missing_app_names_every_way_to_give_it(invoke: Invoke, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        stderr = invoke("ps").stderr
    assert all(way in stderr for way in ("-a", "-r", "HEROKU_APP", "heroku.remote"))


@each_command
def test_17_there_is_at_most_one_kind_of_argument(name: str) -> None:
    assert len([param for param in LEAVES[name].own if param.param_type_name == "argument"]) <= 1


@each_command
def test_18_every_flag_has_a_long_name(name: str) -> None:
    for param in LEAVES[name].params:
        if param.param_type_name == "option":
            assert any(word.startswith("--") for word in param.opts), param.opts


def test_19_a_short_flag_means_the_same_everywhere() -> None:
    meaning: dict[str, set[str]] = {}
    for command in LEAVES.values():
        for param in (param for param in command.params if not getattr(param, "hidden", False)):  # those of herodyno
            for short in (word for word in param.opts if re.fullmatch("-[a-zA-Z]", word)):
                meaning.setdefault(short, set()).add(next(word for word in param.opts if word.startswith("--")))
    assert {short: names for short, names in meaning.items() if len(names) > 1} in (
        {},
        {"-e": {"--env", "--expires-in"}},
    )


def test_19_a_long_flag_takes_the_same_kind_of_value_everywhere() -> None:
    taken: dict[str, set[str]] = {}
    for command in LEAVES.values():
        for param in command.own:
            for long in (word for word in param.opts if word.startswith("--") and not param.hidden):
                taken.setdefault(long, set()).add("" if param.is_flag else (param.metavar or "").rstrip("."))
    assert {long: kinds for long, kinds in taken.items() if len(kinds) > 1} == {}


def test_20_the_standard_names_are_there() -> None:
    common = {word for param in global_flags() for word in param.opts}
    assert {"--json", "-q", "-v", "--no-input", "--no-color", "--debug"} <= common
    for name in ("scale", "restart", "stop"):
        assert {"--dry-run", "--confirm"} <= {word for param in LEAVES[name].own for word in param.opts}


def test_21_flags_may_stand_anywhere(invoke: Invoke) -> None:
    told = {
        invoke(line).stdout
        for line in (
            "--json ps web -a example-app",
            "ps --json -a example-app web",
            "ps web -a example-app --json",
            "-a example-app ps web --json",
            "--json --app=example-app ps web",
        )
    }
    assert len(told) == 1


def test_22_what_stands_behind_two_hyphens_is_handed_through(invoke: Invoke) -> None:
    stdout = invoke("run -a example-app --no-exit-code --dry-run -- grep --json -- 'a b' *").stdout
    assert "grep --json -- 'a b' '*'" in json.loads(stdout.partition("dynos ")[2])["command"]


@each_command
def test_23_no_flag_takes_a_secret(name: str) -> None:
    for param in LEAVES[name].params:
        for word in param.opts:
            taking = not getattr(param, "is_flag", False)
            assert not (taking and re.search(r"token|password|otp|secret|api-key", word)), word


def test_24_a_secret_can_come_from_stdin() -> None:
    assert "--token-stdin" in {word for param in LEAVES["auth login"].own for word in param.opts}
    assert "--otp-stdin" in {word for param in global_flags() for word in param.opts}


@pytest.mark.parametrize(
    "line",
    ["ps -a Bad_Name", "ps -a a -r b", "scale web=many -a example-app", "scale web=1 web=2 -a example-app",
     "diagnose -a example-app --listen soon", "restart -a ../account", "wait -a example-app --timeout soon"],
)  # fmt: skip
def test_25_what_cannot_mean_anything_is_refused_before_anything_is_sent(
    line: str, invoke: Invoke, asked: list[httpx.Request]
) -> None:
    assert invoke(line).code == 2
    assert asked == []


def changes(asked: list[httpx.Request]) -> list[httpx.Request]:
    """The calls that change something. A log session is opened to read the log."""
    return [each for each in asked if each.method != "GET" and not each.url.path.endswith("/log-sessions")]


def test_26_a_change_of_several_parts_is_all_or_nothing(invoke: Invoke, asked: list[httpx.Request]) -> None:
    assert invoke("scale web=5 nosuch=1 -a example-app").code != 0
    assert changes(asked) == []


def test_27_nobody_is_asked_where_nobody_can_answer(invoke: Invoke) -> None:
    for flags in ("", "--no-input"):
        stdout, stderr, code = invoke(f"stop web -a example-app {flags}")
        assert (stdout, code) == ("", 2)
        assert "--confirm example-app" in stderr


def test_28_a_part_of_a_command_is_no_command(invoke: Invoke) -> None:
    assert [invoke(line).code for line in ("diag -a example-app", "p -a example-app", "anything")] == [2, 2, 2]


def test_29_where_a_setting_comes_from_is_shown(invoke: Invoke) -> None:
    assert re.search(
        r"^app +example-app +HEROKU_APP", invoke("config", environ=_with(HEROKU_APP="example-app")).stdout, re.M
    )


def _with(**variables: str) -> dict[str, str]:
    return {"HEROKU_API_KEY": TOKEN, **variables}


def test_30_the_answer_is_on_stdout_and_the_talk_on_stderr(invoke: Invoke) -> None:
    for line in ("ps", "sizes", "diagnose", "logs -n 100 web", "logs --stats count"):
        told, quiet = (invoke(f"{line} -a example-app {flag}") for flag in ("-v", "-q"))
        assert "Request-Id" in told.stderr
        assert told.stdout == quiet.stdout != ""
        assert quiet.stderr == ""


@pytest.mark.parametrize("line", [*READS, *WRITES])
def test_31_32_every_read_and_every_write_answers_in_json(line: str, invoke: Invoke) -> None:
    verb, _, rest = line.partition(" -- ")
    confirmed = " --confirm example-app" if line in WRITES else ""
    told = invoke(f"{verb} -a example-app --json{confirmed}" + (f" -- {rest}" if rest else ""))
    assert valid(told.stdout)


@pytest.mark.parametrize("line", LOCAL)
def test_31_every_local_answer_is_had_in_json(line: str, invoke: Invoke) -> None:
    assert valid(invoke(f"{line} --json").stdout)


@pytest.mark.parametrize("line", ["logs", "diagnose"])
def test_35_streams_are_one_record_a_line(line: str, invoke: Invoke) -> None:
    lines = invoke(f"{line} -a example-app -o jsonl").stdout.splitlines()
    assert lines
    assert all(valid(text) for text in lines)


@pytest.mark.parametrize("line", ["ps -a no-such-app", "nonsense", "scale web=1e9 -a example-app", "explain H1"])
def test_33_an_error_is_json_too(line: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(f"{line} --json")
    assert stdout == ""
    assert valid(stderr.splitlines()[-1])["exit_code"] == code


def test_34_every_schema_is_versioned_and_shipped() -> None:
    for path in SCHEMAS.glob("*.json"):
        name, _, version = path.stem.rpartition("-")
        assert json.loads(path.read_text())["properties"]["schema"]["const"] == f"herodyno.{name}/{version}"


def test_36_42_in_a_pipe_a_record_is_a_line_and_nothing_moves(invoke: Invoke) -> None:
    stdout = invoke("ps -a example-app").stdout
    assert len([line for line in stdout.splitlines() if re.match(r"web\.\d+ +[0-9a-f]{8} +up ", line)]) == 4
    assert not re.search("[\r\x1b\u2500-\u257f]", stdout)


def test_38_a_success_is_brief_and_says_what_changed(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("scale web=5 -a example-app")
    assert code == 0
    assert re.search(r"web +4 x Standard-1X +5 x Standard-1X", stdout)
    assert "to undo: herodyno scale web=4" in stderr


def test_39_the_next_command_is_named(invoke: Invoke) -> None:
    assert "DO THIS       1 herodyno restart web.2 --if-id" in invoke("diagnose -a example-app").stdout


def test_40_the_state_is_easy_to_see(invoke: Invoke) -> None:
    invoke("stop web.3 -a example-app")
    states = re.findall(r"^(web\.\d) .* (up|starting|down) ", invoke("ps -a example-app").stdout, re.MULTILINE)
    assert [state for _, state in states].count("up") == 3
    assert re.search(r"^web +4 +3 +Standard-1X +1 (starting|down|missing) ", invoke("ps -a example-app").stdout, re.M)


@pytest.mark.parametrize(
    ("number", "environ", "terminal", "colour"),
    [(43, {"NO_COLOR": "1"}, True, False), (44, {"TERM": "dumb"}, True, False), (45, {"FORCE_COLOR": "1"}, False, True),
     (46, {"CLICOLOR_FORCE": "1"}, False, True), (46, {"CLICOLOR": "0"}, True, False)],
)  # fmt: skip
def test_43_to_46_colour_obeys_the_usual_variables(
    number: int, environ: dict[str, str], terminal: bool, colour: bool, invoke: Invoke
) -> None:
    told = invoke("ps -a example-app", terminal=terminal, environ=_with(**environ))
    assert ("\x1b[" in told.stdout) is colour, number


@each_command
def test_47_no_color_and_json_are_flags_of_every_command(name: str) -> None:
    assert {"--no-color", "--json", "--quiet"} <= {word for param in LEAVES[name].params for word in param.opts}


def test_48_times_are_told_as_ages_and_as_clock_times_with_their_zone(invoke: Invoke, local_time: None) -> None:
    heading, row = invoke("ps web.1 -a example-app").stdout.splitlines()[:2]
    assert "AGE  CREATED (CET)" in heading
    assert re.search(r" 4h\d\dm +2026-11-\d\dT\d\d:\d\d ", row)


def test_49_foreign_control_characters_are_neutralised(invoke: Invoke, world: Any) -> None:
    world.run("example-app", "echo \x1b[2J", attach=True)
    assert "^[[2J" in invoke("ps -a example-app", terminal=True, environ=_with(NO_COLOR="1")).stdout


def test_50_it_can_be_quieter_and_more_talkative(invoke: Invoke) -> None:
    quiet, usual, more = (len(invoke(f"scale web+1 -a example-app {flag}").stderr) for flag in ("-q", "", "-v"))
    assert quiet < usual < more


# What fails, and how it must: 2 usage, 4 login, 5 not found.
FAILURES = [("nonsense", 2), ("ps --nonsense", 2), ("ps -a no-such-app", 5), ("ps nope -a example-app", 5),
            ("explain X1", 5), ("diagnose --from-file nowhere", 5), ("demo --scenario nope", 2),
            ("scale nope=1 -a example-app", 5), ("restart web.99 -a example-app", 5)]  # fmt: skip


@pytest.mark.parametrize(("line", "code"), FAILURES)
def test_51_53_56_57_a_failure_has_its_code_and_says_what_why_and_what_next(
    line: str, code: int, invoke: Invoke
) -> None:
    told = invoke(line)
    assert (told.stdout, told.code) == ("", code)
    _is_well_said(told)


def _is_well_said(told: Result) -> None:
    first, *more = told.stderr.splitlines()
    assert first.startswith("herodyno: ")
    assert more, "the next step"
    assert "Traceback" not in told.stderr
    assert "object at 0x" not in told.stderr


def test_52_every_exit_code_is_documented(invoke: Invoke) -> None:
    assert invoke("help exit-codes").stdout in Path(__file__).parent.parent.joinpath("README.md").read_text()


def test_53_login_and_network_have_codes_of_their_own(
    invoke: Invoke, make_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("herodyno.heroku.net.repeats.pause", lambda *_: 0.0)
    no_token = invoke("ps -a example-app", environ={"HOME": "/nonexistent"})
    assert no_token.code == 4
    _is_well_said(no_token)

    def unplugged(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to host")

    session = make_session(_with())
    session.httpx_transport = httpx.MockTransport(unplugged)
    with pytest.raises(Exception) as told:
        session.platform.app("example-app")
    assert told.value.exit_code == 6  # type: ignore[attr-defined] # of our tree


def test_58_the_request_id_is_shown(invoke: Invoke) -> None:
    assert re.search(r"Request-Id [0-9a-f-]{36}", invoke("ps -a no-such-app").stderr)


def test_60_debugging_hides_the_token(invoke: Invoke) -> None:
    told = invoke("ps -a no-such-app -v --debug")
    assert "Traceback" in told.stderr
    assert TOKEN not in told.stdout + told.stderr


@pytest.mark.parametrize("line", ["stop web", "scale web=0", "scale web=1", "restart", "rollback"])
def test_61_62_what_is_dangerous_is_done_only_with_the_apps_name(
    line: str, invoke: Invoke, asked: list[httpx.Request]
) -> None:
    assert invoke(f"{line} -a example-app").code != 0
    assert invoke(f"{line} -a example-app --confirm another-app").code != 0
    assert changes(asked) == []
    assert invoke(f"{line} -a example-app --confirm example-app").code == 0
    assert len(changes(asked)) == 1


@pytest.mark.parametrize("line", WRITES)
def test_63_a_dry_run_sends_no_change(line: str, invoke: Invoke, asked: list[httpx.Request]) -> None:
    verb, _, rest = line.partition(" -- ")
    assert invoke(f"{verb} -a example-app --dry-run" + (f" -- {rest}" if rest else "")).code == 0
    assert changes(asked) == []


@pytest.mark.parametrize(
    ("line", "does"),
    [("restart web.2", "restart of web.2 ("), ("scale web+1", "scale to web=5:Standard-1X"),
     ("stop web.2", "stop of web.2 ("), ("run --detach -- rake report", "a one-off dyno runs rake report")],
)  # fmt: skip
def test_64_production_is_marked_where_a_confirmation_is_asked_for(
    line: str, does: str, invoke: Invoke, asked: list[httpx.Request]
) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "herodyno"
    folder.mkdir(parents=True)
    folder.joinpath("config.toml").write_text('production = ["example-*"]\n')
    verb, _, rest = line.partition(" -- ")
    line = f"{verb} -a example-app" + (f" -- {rest}" if rest else "")
    told = invoke(line)
    assert told.code == 2
    assert f"confirmation on example-app: {does}" in told.stderr
    assert "the app is production (its name matches example-* in the config file)" in told.stderr
    assert changes(asked) == []
    assert invoke(line.replace("-a example-app", "-a example-app --confirm example-app")).code == 0


def test_66_a_change_can_be_repeated_safely(invoke: Invoke, asked: list[httpx.Request]) -> None:
    assert [invoke("scale web=5 -a example-app").code for _ in range(2)] == [0, 0]
    assert len([request for request in asked if request.method == "PATCH"]) == 1


def test_67_there_is_a_time_limit_that_can_be_set(make_session: Callable[..., Session], invoke: Invoke) -> None:
    assert make_session(_with()).timeout_seconds == 30
    assert make_session(_with(HERODYNO_TIMEOUT="2.5")).timeout_seconds == 2.5
    assert invoke("ps -a example-app", environ=_with(HERODYNO_TIMEOUT="soon")).code == 2


def test_68_what_is_safe_is_tried_again_with_a_note(
    make_session: Callable[..., Session], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    replies = iter([httpx.Response(503), httpx.Response(200, json={"name": "example-app", "id": "x"})])
    session = make_session(_with())
    session.httpx_transport = httpx.MockTransport(lambda request: next(replies))
    session.platform.transport._sleep = lambda seconds: None
    assert session.platform.app("example-app").name == "example-app"
    assert "trying again" in capsys.readouterr().err


def test_72_74_a_local_question_needs_neither_account_nor_network(invoke: Invoke, asked: list[httpx.Request]) -> None:
    for line in ("--version", "explain H12", "help environment", "help commands"):
        assert invoke(line, environ={}).code == 0
    assert asked == []
    assert invoke("demo", environ={}).code == 0


def test_75_76_nothing_is_written_but_under_our_own_folders(invoke: Invoke, tmp_path: Path) -> None:
    for line in ("ps", "diagnose", "scale web=5", "sizes"):
        invoke(f"{line} -a example-app")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name.startswith("journal") for path in written)
    assert all("herodyno" in path.parts for path in written), written


def test_77_78_only_heroku_is_asked_and_nothing_is_fetched(invoke: Invoke, asked: list[httpx.Request]) -> None:
    for line in ("ps", "diagnose", "scale", "sizes", "wait"):
        invoke(f"{line} -a example-app")
    assert {request.url.host for request in asked} == {"api.heroku.com", "logs-api.heroku.com"}
    assert not [
        request for request in asked if request.url.host == "logs-api.heroku.com" and "authorization" in request.headers
    ]


def test_the_environment_topic_knows_every_variable_the_code_reads() -> None:
    told = " ".join(name for name, _ in ENVIRONMENT)
    code = ""
    for path in (Path(__file__).parent.parent / "herodyno").rglob("*.py"):
        if "sandbox" not in path.parts:
            code += path.read_text(encoding="utf-8")
    read = set(re.findall(r"environ(?:\.get)?[\[(]\"((?:HEROKU|HERODYNO)_[A-Z_]+)\"", code))
    # The Heroku CLI's own switch for where it keeps its login; a name that is read to say that it is not used.
    assert {name for name in read if name not in told} <= {"HEROKU_NETRC_WRITE", "HEROKU_API_TOKEN"}
