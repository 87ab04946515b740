"""The file of seen names: what goes in, what never does, and that nothing bad comes of losing it."""

import stat
from pathlib import Path

import pytest

from herodyno.completion.seen import FILE, MOST_LINES, Group, read_seen, remember

APPS = Group("app", "-", "-")
DYNOS = Group("dyno", "-", "example-app")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "herodyno" / FILE


def test_what_was_seen_replaces_what_was_known_of_the_same_app_and_nothing_else(file: Path) -> None:
    types = Group("type", "-", "example-app")
    remember(file, {DYNOS: ["web.1", "web.2"], types: ["web"]})
    remember(file, {DYNOS: ["web.3"]})
    assert read_seen(file) == {DYNOS: ["web.3"], types: ["web"], APPS: ["example-app"]}


def test_an_app_that_was_looked_at_is_an_app_and_stands_first(file: Path) -> None:
    remember(file, {APPS: ["first-app", "second-app"]})
    remember(file, {Group("dyno", "-", "second-app"): ["web.1"]})
    assert read_seen(file)[APPS] == ["second-app", "first-app"]


def test_a_fresh_list_of_apps_drops_those_that_are_gone(file: Path) -> None:
    remember(file, {APPS: ["old-app", "example-app"]})
    remember(file, {APPS: ["example-app"]})
    assert read_seen(file)[APPS] == ["example-app"]


@pytest.mark.parametrize(
    "sandbox", ["http://127.0.0.1:5111", "http://localhost:5111/", "http://[::1]:5111", "https://127.8.9.1"]
)
@pytest.mark.parametrize("next_host", ["-", "http://127.0.0.1:5222"])
def test_names_of_a_sandbox_stay_only_until_another_host_is_looked_at(file: Path, sandbox: str, next_host: str) -> None:
    own, elsewhere = Group("app", sandbox, "-"), Group("app", "heroku.com", "-")
    remember(file, {elsewhere: ["kept-app"]})
    remember(file, {own: ["sandbox-app"]})
    assert read_seen(file) == {elsewhere: ["kept-app"], own: ["sandbox-app"]}
    remember(file, {Group("app", next_host, "-"): ["example-app"]})
    assert read_seen(file) == {elsewhere: ["kept-app"], Group("app", next_host, "-"): ["example-app"]}


@pytest.mark.parametrize(
    "name", ["two words", "line\nbreak", "$(reboot)", "`reboot`", "a;b", "-rf", "a*", "é", "\x1b[2J", "", "x" * 101]
)
def test_a_name_with_odd_characters_is_dropped(file: Path, name: str) -> None:
    remember(file, {DYNOS: ["web.1", name]})
    assert read_seen(file)[DYNOS] == ["web.1"]


def test_an_app_given_by_its_id_or_a_host_with_odd_characters_leaves_nothing(file: Path) -> None:
    remember(file, {Group("dyno", "-", "01234567-89ab-cdef-0123-456789abcdef"): ["web.1"]})
    remember(file, {Group("dyno", "http://user:secret@127.0.0.1", "example-app"): ["web.1"]})
    assert not file.exists()


def test_only_this_user_can_read_it_and_no_half_file_is_ever_seen(file: Path) -> None:
    remember(file, {DYNOS: ["web.1"]})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    before = file.stat().st_ino
    remember(file, {DYNOS: ["web.2"]})
    assert file.stat().st_ino != before
    assert list(file.parent.iterdir()) == [file]


def test_nothing_is_written_when_nothing_is_new(file: Path) -> None:
    remember(file, {DYNOS: ["web.1"]})
    before = file.stat().st_mtime_ns, file.stat().st_ino
    remember(file, {DYNOS: ["web.1"]})
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


def test_it_stays_small_and_what_was_seen_last_stays(file: Path) -> None:
    for number in range(10):
        app = f"app-{number}"
        remember(file, {Group("dyno", "-", app): [f"web.{each}" for each in range(1, 1000)]})
    seen = read_seen(file)
    assert sum(map(len, seen.values())) == MOST_LINES
    assert Group("dyno", "-", "app-9") in seen
    assert Group("dyno", "-", "app-0") not in seen


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"one two\n", b"a b c d e\n"])
def test_a_damaged_file_is_as_good_as_none(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert read_seen(file) == {}
    remember(file, {DYNOS: ["web.1"]})
    assert read_seen(file)[DYNOS] == ["web.1"]


def test_a_cache_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    remember(tmp_path / "file" / FILE, {DYNOS: ["web.1"]})
