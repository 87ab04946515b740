"""What is sent to the dyno runs as typed there, and its exit status comes back."""

import os
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.dynos import Dyno, Formation
from herodyno.errors import UsageError
from herodyno.heroku.attach.exit_marker import StatusReader, new_word
from herodyno.operations.one_off.command import (
    as_typed,
    command_for_dyno,
    env_of,
    one_offs_of,
    parse_ttl,
    shell_text,
)

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SHELLS = ["bash", "dash"]


def run_as_dyno(text: str, shell: str = "bash", **options: object) -> tuple[bytes, int | None, int]:
    """Run what is sent as the dyno's shell does: (output, status read from the mark, the dyno's own status)."""
    word = new_word()
    command = command_for_dyno(text, word=word, **options)  # type: ignore[arg-type] # passed on
    ran = subprocess.run([shell, "-c", command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    reader = StatusReader(word)
    return reader.feed(ran.stdout) + reader.end(), reader.status, ran.returncode


def test_a22_a23_several_words_arrive_exactly_and_one_word_is_shell_text() -> None:
    assert shell_text(["echo", "run", "x", "heroku"]) == "echo run x heroku"
    assert shell_text(["printf", "%s\\n", "it's", "a;b", "$(id)"]) == """printf '%s\\n' 'it'"'"'s' 'a;b' '$(id)'"""
    assert shell_text(["ls | wc -l"]) == "ls | wc -l"
    assert shell_text(["echo", "", "b"]) == "echo '' b"


@pytest.mark.parametrize("words", [[], [""], ["", ""], ["echo", "a\0b"]])
def test_what_cannot_be_a_command_is_refused(words: list[str]) -> None:
    with pytest.raises(UsageError):
        shell_text(words)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12), max_size=5))
def test_any_words_reach_the_program_through_the_shell(words: list[str]) -> None:
    shown, status, _ = run_as_dyno(shell_text(["printf", "%s\\0", "first", *words]))
    assert shown == b"".join(word.encode() + b"\0" for word in ["first", *words])
    assert status == 0


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("text", "output", "status"),
    [
        ("true", b"", 0),
        ("exit 2", b"", 2),
        ("echo out; exit 137", b"out\n", 137),
        ("exec sh -c 'printf no-newline; exit 9'", b"no-newline", 9),
        ("kill -9 $$", b"", 137),
        ("kill -TERM $$", b"", 143),
        ("no-such-program-here", b"", 127),
        ("false | true", b"", 0),
        ("(exit 3) || exit 4", b"", 4),
        ("echo hi # a comment", b"hi\n", 0),
        ("echo ')'; echo \"it's\"", b")\nit's\n", 0),
        ("cat <<X\nbody\nX", b"body\n", 0),
    ],
)
def test_d9_the_status_is_told_however_the_command_ends(shell: str, text: str, output: bytes, status: int) -> None:
    assert run_as_dyno(text, shell) == (output, status, status)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_syntax_error_is_told_too(shell: str) -> None:
    _, status, own = run_as_dyno("if then (", shell)
    assert status == own == 2


@pytest.mark.parametrize("status", [0, 1, 3, 127, 128, 254, 255])
def test_d1_d2_every_status_is_also_the_dynos_own(status: int) -> None:
    assert run_as_dyno(f"exit {status}") == (b"", status, status)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_stop_reach_the_command_and_the_status_is_still_told(shell: str, number: signal.Signals) -> None:
    word = new_word()
    command = command_for_dyno("echo up; exec sleep 30", word=word)
    dyno = subprocess.Popen([shell, "-c", command], stdout=subprocess.PIPE, start_new_session=True)
    assert dyno.stdout is not None
    assert dyno.stdout.read(3) == b"up\n"
    os.killpg(dyno.pid, number)
    reader = StatusReader(word)
    assert reader.feed(dyno.stdout.read()) == b""
    assert reader.status == 128 + number
    assert dyno.wait() == 128 + number
    dyno.stdout.close()


def test_a_process_type_stays_the_first_word_and_bare() -> None:
    sent = command_for_dyno("worker --once", word="w0rd", process_types={"web", "worker"})
    assert sent.startswith("worker --once ; ")
    assert not command_for_dyno("workers", word="w0rd", process_types={"worker"}).startswith("workers")


@pytest.mark.parametrize("status", [0, 5])
def test_a_process_type_reports_its_status(tmp_path: Path, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = tmp_path / "worker"
    worker.write_text(f"#!/bin/sh\necho $1\nexit {status}\n")
    worker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert run_as_dyno("worker once", process_types={"worker"}) == (b"once\n", status, status)


def test_without_a_status_wanted_the_command_is_sent_untouched() -> None:
    assert command_for_dyno("rake db:migrate # now") == "rake db:migrate # now"
    assert command_for_dyno("rake db:migrate", launcher=True) == "launcher rake db:migrate"


def test_a_buildpack_native_app_gets_its_launcher_around_the_whole_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = tmp_path / "launcher"
    launcher.write_text('#!/bin/sh\nFROM=launcher exec "$@"\n')
    launcher.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert run_as_dyno("echo $FROM | cat; exit 6", launcher=True) == (b"launcher\n", 6, 6)
    assert command_for_dyno("web -p 1", word="w", process_types={"web"}, launcher=True).startswith(
        "launcher web -p 1 ;"
    )


def test_env_pairs_are_kept_exactly_and_win_over_the_file() -> None:
    env = env_of(["A=1;B=2", "URL=postgres://u:p@h/d?x=y", "EMPTY=", "A=last"], "A=file\nC=3\n", {})
    assert env == {"A": "last", "C": "3", "URL": "postgres://u:p@h/d?x=y", "EMPTY": ""}


def test_an_env_file_may_hold_comments_export_and_one_pair_of_quotes() -> None:
    text = "# c\n\nexport A=1\nB = 'two words' \nC=\"x\"y\"\nD='\nE=a#b\n"
    assert env_of([], text, {}) == {"A": "1", "B": "two words", "C": 'x"y', "D": "'", "E": "a#b"}


def test_a_name_alone_takes_the_value_from_here() -> None:
    assert env_of(["SECRET"], "", {"SECRET": "s3"}) == {"SECRET": "s3"}


@pytest.mark.parametrize(("pairs", "text"), [(["1A=secret"], ""), (["A B=secret"], ""), ([], "secret"), (["GONE"], "")])
def test_what_is_no_variable_is_refused_without_showing_a_value(pairs: list[str], text: str) -> None:
    with pytest.raises(UsageError) as caught:
        env_of(pairs, text, {})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("words", [["echo", "\udcff"], ["echo \udcff"]])
def test_a24_a_command_that_is_not_utf_8_is_refused_and_shown_escaped(words: list[str]) -> None:
    with pytest.raises(UsageError, match=r"not UTF-8: .*\\udcff"):
        shell_text(words)


@pytest.mark.parametrize(("pairs", "text"), [(["A=s\udcffcret"], ""), ([], "A=s\udcffcret")])
def test_a24_nor_is_a_value_and_it_is_not_shown(pairs: list[str], text: str) -> None:
    with pytest.raises(UsageError) as caught:
        env_of(pairs, text, {})
    assert str(caught.value) == "the value of A is not UTF-8; nothing was sent"


def test_only_a_line_feed_ends_a_line_of_an_env_file() -> None:
    assert env_of([], "A=one\x85two\u2028three\r\nB=2\n", {}) == {"A": "one\x85two\u2028three", "B": "2"}


@pytest.mark.parametrize("text", ["rake db:migrate", "it's; \"so\" | 'so'\nand $x", "worker --once", "exit 2"])
@pytest.mark.parametrize("word", ["", "00112233445566778899aabbccddeeff"])
@pytest.mark.parametrize("launcher", [False, True])
def test_the_command_as_typed_can_be_read_back(text: str, word: str, launcher: bool) -> None:
    sent = command_for_dyno(text, word=word, process_types={"worker"}, launcher=launcher)
    assert as_typed(sent) == (text if word else sent)


@given(st.text())
def test_any_other_command_is_shown_as_it_is(command: str) -> None:
    assert as_typed(command) == command


def dyno(name: str, **fields: object) -> Dyno:
    made = {"name": name, "type": name.split(".")[0], "size": "Standard-1X", "created_at": NOW - timedelta(hours=24)}
    return Dyno(**(made | fields))  # type: ignore[arg-type] # the caller names fields of Dyno


def test_one_offs_are_told_from_the_formation_by_type_or_by_number() -> None:
    formation = [Formation(type="web", quantity=2), Formation(type="worker", quantity=150)]
    names = ["web.1", "web.2", "worker.149", "run.7", "scheduler.4", "release.1", "web.7311", "worker.7311"]
    found = one_offs_of([dyno(name) for name in names], formation)
    assert [each.name for each in found] == ["run.7", "scheduler.4", "release.1", "web.7311", "worker.7311"]


@pytest.mark.parametrize(("text", "seconds"), [("1s", 1), ("90", 90), ("2h", 7200), ("24h", 86400), ("1d", 86400)])
def test_a_longest_life_is_in_whole_seconds(text: str, seconds: int) -> None:
    assert parse_ttl(text) == seconds


@pytest.mark.parametrize("text", ["0", "0.5s", "25h", "2d", "long", "-1s"])
def test_a_longest_life_heroku_does_not_take_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_ttl(text)
