"""Words of the Heroku CLI run the command they mean; a mistyped word has one answer, and an unknown one has none."""

from __future__ import annotations

import json

import pytest

from herodyno.cli.app import COMMANDS
from herodyno.cli.help.spellings import FLAGS_INSTEAD, HEROKU_CLI, INSTEAD, close_to, mistaken_for
from herodyno.sandbox.world.world import World
from tests.conftest import Invoke

NAMES = [entry.name for entries in COMMANDS.values() for entry in entries]
APP = "-a example-app"
DRY = f"{APP} --dry-run"


@pytest.mark.parametrize(
    ("line", "same"),
    [
        (f"ps:scale {APP}", f"scale {APP}"),
        (f"ps:scale web=5 {DRY}", f"scale web=5 {DRY}"),
        (f"dyno:scale web+1 {DRY}", f"scale web+1 {DRY}"),
        (f"{APP} ps:type web=standard-2x --dry-run", f"scale web=standard-2x {DRY}"),
        (f"ps:restart web.1 {DRY}", f"restart web.1 {DRY}"),
        (f"--color never ps:restart -d web.1 {DRY}", f"restart web.1 {DRY}"),
        (f"ps:stop web.1 {DRY}", f"stop web.1 {DRY}"),
        (f"dyno:kill web.1 {DRY}", f"stop web.1 {DRY}"),
        (f"ps:wait {APP} --timeout 1s", f"wait {APP} --timeout 1s"),
        (f"run:detached {DRY} -- rake report", f"run --detach {DRY} -- rake report"),
        ("ps:scale --help", "scale --help"),
        ("help ps:scale", "help scale"),
    ],
)
def test_a_spelling_of_the_heroku_cli_runs_the_command_and_says_so_in_one_line(
    invoke: Invoke, line: str, same: str
) -> None:
    ours, theirs = invoke(same), invoke(line)
    assert (theirs.stdout, theirs.code) == (ours.stdout, ours.code)
    more = [text for text in theirs.stderr.splitlines() if text not in ours.stderr.splitlines()]
    assert len(more) == 1
    assert "here it is herodyno " in more[0]
    assert invoke(f"{line} --quiet").stdout == ours.stdout if "--" not in line.split() else True


def test_it_asks_what_the_command_asks(invoke: Invoke, world: World) -> None:
    before = {dyno.id for dyno in world.dynos("example-app")}
    for line in (f"ps:restart {APP}", f"ps:scale web=0 {APP}", f"ps:stop web {APP}", f"restart -p web {APP}"):
        assert "--confirm example-app" in invoke(line).stderr
    assert {dyno.id for dyno in world.dynos("example-app")} == before


def test_every_spelling_means_a_command_that_there_is_and_is_none_itself(invoke: Invoke) -> None:
    for word, means in HEROKU_CLI.items():
        assert word not in NAMES
        assert means[0] in NAMES
    for word in {*INSTEAD, *HEROKU_CLI}:
        assert word not in NAMES
        if word in INSTEAD:
            last = word.split()[-1]
            assert invoke(word) == ("", f"herodyno: there is no command {last!r}\n  {INSTEAD[word]}\n", 2)


@pytest.mark.parametrize("command", ["restart", "stop"])
@pytest.mark.parametrize("flag", ["-d", "--dyno-name", "--dyno"])
def test_a_dyno_may_stand_in_a_flag(invoke: Invoke, command: str, flag: str) -> None:
    assert invoke(f"{command} {flag} web.1 {DRY}") == invoke(f"{command} web.1 {DRY}")


@pytest.mark.parametrize("command", ["restart", "stop"])
@pytest.mark.parametrize("flag", ["-p", "--process-type"])
def test_a_process_type_may_stand_in_a_flag(invoke: Invoke, command: str, flag: str) -> None:
    assert invoke(f"{command} {flag} web {DRY}") == invoke(f"{command} web {DRY}")


@pytest.mark.parametrize("command", ["restart", "stop"])
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("-d web", "is no dyno; nothing was sent"),
        ("-p web.1", "is a dyno; nothing was sent"),
        ("-d ''", "no dyno, process type or dyno id"),
        ("-p ''", "no dyno, process type or dyno id"),
        ("-d ../../victim", "no dyno, process type or dyno id"),
    ],
)
def test_a_flag_that_says_one_dyno_never_means_more(invoke: Invoke, command: str, words: str, says: str) -> None:
    _, stderr, code = invoke(f"{command} {words} {APP} --confirm example-app", environ={})
    assert (code, says in stderr) == (2, True), stderr


def test_flags_of_the_heroku_cli_that_change_nothing_here_are_taken(invoke: Invoke) -> None:
    table = invoke(f"ps -x {APP}").stdout
    assert table == invoke(f"ps --columns dyno,id,state,age,created,size,release,command {APP}").stdout
    for flags in ("-x", "--exit-code", "--no-notify", "-x --no-notify"):
        stdout, _, code = invoke(f"run {flags} {DRY} echo hello")
        assert code == 0
        assert "echo hello" in stdout
    assert invoke(f"run -x --no-exit-code {DRY} echo").code == 2
    assert invoke(f"run:detached -t {DRY} echo").code == 0
    assert invoke(f"run -t {DRY} echo").code == 2, "there is nothing to follow but the command itself"


def test_the_log_is_narrowed_by_the_flags_of_the_heroku_cli(invoke: Invoke) -> None:
    for flags, speaker in (("-s app", "app["), ("-d web.1", "[web.1]"), ("-p web", "[web."), ("-s heroku", "heroku[")):
        lines = invoke(f"logs {flags} -n 40 -o plain {APP}").stdout.splitlines()
        assert len(lines) == 40
        assert all(speaker in line.split()[1] for line in lines), flags
    assert "\x1b[" in invoke(f"logs --force-colors -n 3 {APP}").stdout
    assert "\x1b[" not in invoke(f"logs -n 3 {APP}").stdout


@pytest.mark.parametrize(
    ("word", "meant"),
    [("restrat", "restart"), ("sclae", "scale"), ("stpo", "stop"), ("rn", "run"), ("diag", "diagnose"),
     ("release", "releases"), ("rolback", "rollback")],
)  # fmt: skip
def test_a_typo_is_answered_with_the_command_that_was_meant(invoke: Invoke, word: str, meant: str) -> None:
    assert invoke(word) == ("", f"herodyno: there is no command {word!r}\n  did you mean: herodyno {meant}\n", 2)


@pytest.mark.parametrize("word", ["reset", "frobnicate", "kubectl", "deploy", "x", "build"])
def test_a_word_that_is_near_nothing_is_answered_with_no_guess(invoke: Invoke, word: str) -> None:
    assert invoke(word) == ("", f"herodyno: there is no command {word!r}\n  all commands: herodyno --help\n", 2)


@pytest.mark.parametrize(("command", "flag"), FLAGS_INSTEAD)
def test_a_flag_of_other_tools_is_answered_with_what_to_type(invoke: Invoke, command: str, flag: str) -> None:
    _, stderr, code = invoke(f"{command or 'sizes'} {flag} {APP}")
    assert code == 2
    assert stderr.splitlines()[-1].strip() == FLAGS_INSTEAD[command, flag]


def test_a_flag_is_answered_with_the_one_that_was_meant_or_with_none(invoke: Invoke) -> None:
    assert "did you mean --dry-run?" in invoke(f"restart --dryrun {APP}").stderr
    assert "see: herodyno ps --help" in invoke(f"ps --frobnicate {APP}").stderr
    assert close_to("--dyno-named", ["--dry-run"]) == []


@pytest.mark.parametrize("words", ["logs", "stop web.1", "status", "restart", "list"])
def test_a_run_of_a_command_of_ours_is_asked_about_before_a_dyno_starts(
    invoke: Invoke, world: World, words: str
) -> None:
    _, stderr, code = invoke(f"run {APP} --detach {words}")
    assert code == 2
    assert "a paid one-off dyno would run" in stderr
    assert f"herodyno {mistaken_for(words.split())}" in stderr
    assert not [dyno for dyno in world.dynos("example-app") if dyno.type == "run"]
    assert invoke(f"run {APP} --detach --confirm example-app {words}").code == 0
    assert invoke(f"run {APP} --detach -- {words}").code == 0, "-- says that it is meant for a dyno"


def test_programs_that_a_dyno_has_are_not_asked_about(invoke: Invoke) -> None:
    for words in ("ps aux", "top", "kill -0 1", "wait", "config", "rake logs"):
        assert invoke(f"run {APP} --detach {words}").code == 0


@pytest.mark.parametrize(
    ("flags", "env", "noted"),
    [
        ("-e 'A=1;B=2'", ["A", "B"], "A, B"),
        ("-e 'A=1; B = 2 ' -e C=3", ["A", "B", "C"], "A, B"),
        ("-e 'A=1;'", ["A"], "A"),
        ("-e 'A=1;b'", ["A"], ""),
        ("-e A=1 -e B=2", ["A", "B"], ""),
    ],
)
def test_variables_are_split_as_the_heroku_cli_splits_them(
    invoke: Invoke, flags: str, env: list[str], noted: str
) -> None:
    stdout, stderr, code = invoke(f"run {APP} --detach --dry-run --json {flags} -- true")
    assert code == 0
    assert sorted(json.loads(stdout)["call"]["body"]["env"]) == env
    assert (f"--env is split at ; as the Heroku CLI splits it: {noted}" in stderr) == bool(noted)
