"""`archive drain`: a drain at Heroku for an archive, added once, listed with what came, removed after a question."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path

import pytest

from herodyno.archive.drains.known import FILE, read_drains
from herodyno.archive.journal import Journal
from herodyno.archive.records import Frame
from herodyno.cli.settings import settings_path
from herodyno.errors import PlatformFailed, RefusedByHeroku, WriteUnclear
from herodyno.heroku.api.drain_calls import DrainCalls
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke

APP = "-a example-app"
URL = "https://logs.example.com"
CONFIRMED = f"{APP} --confirm example-app"


def test_what_heroku_gets_is_what_the_receiver_takes_and_nothing_else_shows_it(
    invoke: Invoke, world: World, tmp_path: Path
) -> None:
    stdout, stderr, code = invoke(f"archive drain add {APP} --archive {tmp_path}/kept --url {URL}")
    (drain,) = world.app("example-app").drains
    # No match is an error here, and fails the test.
    user, password = re.fullmatch(r"https://(.*):(.*)@logs\.example\.com/", drain.url).groups()  # type: ignore[union-attr] # it fits
    assert (code, stdout) == (0, f"the log of example-app goes to https://logs.example.com (drain {drain.token})\n")
    admitted = read_drains(tmp_path / "kept").admits(user, password)
    assert admitted
    assert (admitted.app, [each.id for each in admitted.at_heroku]) == ("example-app", [drain.id])
    files = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 2  # the archive's and the journal of writes
    assert not any(password in text for text in (stdout, stderr, *files))
    (written,) = valid(invoke("journal --json").stdout)["entries"]
    assert (written["verb"], written["outcome"]) == ("drain add", "done")
    assert invoke(written["undo"][1:]).code == 0
    assert world.app("example-app").drains == []


def test_a_fir_app_gets_a_telemetry_drain(invoke: Invoke, world: World, tmp_path: Path) -> None:
    world.app("example-app").generation = "fir"
    document = valid(invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}/otlp --json").stdout)
    (drain,) = world.telemetry_drains
    assert (drain.endpoint, drain.signals, drain.exporter) == (f"{URL}/otlp/", ["logs", "metrics"], "otlphttp")
    user, _, password = b64decode(drain.headers["Authorization"].removeprefix("Basic ")).decode().partition(":")
    assert read_drains(tmp_path).admits(user, password)
    assert password not in json.dumps(document)
    assert document["call"]["body"]["exporter"]["headers"] == {"Authorization": "[hidden]"}
    listed = valid(invoke(f"archive drain list {APP} --archive {tmp_path} --json").stdout)
    assert [(each["signals"], each["this_archive"]) for each in listed["drains"]] == [(["logs", "metrics"], True)]
    assert invoke(f"archive drain remove {drain.id} {CONFIRMED}").code == 0
    assert world.telemetry_drains == []


def test_a_second_drain_to_the_same_place_is_refused_with_what_to_type(
    invoke: Invoke, world: World, tmp_path: Path
) -> None:
    world.add_drain("example-app", "https://other:secret@LOGS.example.com:443/?app=x")
    _, stderr, code = invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}")
    assert code == 1
    assert "herodyno archive drain remove" in stderr
    assert "secret" not in stderr
    assert list(tmp_path.glob(FILE)) == []


def test_a_folder_of_other_things_and_a_protected_app_are_left_alone(
    invoke: Invoke, world: World, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home" / "thesis.txt").touch()
    refused = invoke(f"archive drain add {APP} --archive {tmp_path}/home --url {URL}")
    assert (refused.code, "holds other things" in refused.stderr) == (1, True)
    assert invoke(f"archive password {APP} --archive {tmp_path}/home").code == 1
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["thesis.txt"]
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text('protected = ["example-*"]')
    asked = invoke(f"archive drain add {APP} --archive {tmp_path}/kept --url {URL}")
    assert (asked.code, "add: --confirm example-app" in asked.stderr) == (2, True)
    assert world.app("example-app").drains == []
    assert invoke(f"archive drain add {CONFIRMED} --archive {tmp_path}/kept --url {URL}").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--url http://logs.example.com", "others could read the password"),
        ("--url https://me:pw@logs.example.com", "is no address"),
        ("--url logs.example.com", "is no address"),
        ("--url 'https://[::1/'", "is no address"),
        (f"--url {URL} --read-only", "read-only"),
        (f"--url {URL} --confirm other-app", "--confirm says"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_made(
    invoke: Invoke, world: World, tmp_path: Path, words: str, said: str
) -> None:
    stdout, stderr, code = invoke(f"archive drain add {APP} --archive {tmp_path}/kept {words}")
    assert (stdout, code) == ("", 1 if "read-only" in said else 2)
    assert said in stderr
    assert world.app("example-app").drains == []
    assert not (tmp_path / "kept").exists()


def test_a_dry_run_shows_the_call_without_a_password_and_makes_nothing(
    invoke: Invoke, world: World, tmp_path: Path
) -> None:
    words = f"archive drain add {APP} --archive {tmp_path}/kept --url {URL} --dry-run"
    call = 'POST /apps/example-app/log-drains {"url": "https://example-app:[hidden]@logs.example.com/"}\n'
    assert invoke(words).stdout == call
    assert valid(invoke(f"{words} --json").stdout)["drain"] is None
    assert world.app("example-app").drains == []
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    ("error", "is_kept"),
    [
        (RefusedByHeroku("no", status=403), False),
        (PlatformFailed("500"), True),
        (WriteUnclear("lost"), True),
    ],
)
def test_a_password_is_forgotten_only_when_heroku_refused_it(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, is_kept: bool
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(DrainCalls, "add", fails)
    _, stderr, code = invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}")
    assert code > 0
    assert ("scope" in stderr) == (not is_kept)
    assert bool(json.loads((tmp_path / FILE).read_text())["drains"]) == is_kept
    (written,) = json.loads(invoke("journal --json").stdout)["entries"]
    assert written["outcome"] == ("unclear" if is_kept else "refused")


def test_a_lost_answer_is_looked_up_and_nothing_is_sent_again(
    invoke: Invoke, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = DrainCalls.add

    def lost(self: DrainCalls, *words: object) -> None:
        # The words are those of the method that this one stands for.
        add(self, *words)  # type: ignore[arg-type]
        raise WriteUnclear("lost")

    monkeypatch.setattr(DrainCalls, "add", lost)
    stdout, stderr, code = invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}")
    (drain,) = world.app("example-app").drains
    assert (code, drain.token in stdout) == (0, True)
    assert "shows that it was done" in stderr
    assert [each.token for each in read_drains(tmp_path).at_heroku("example-app")] == [drain.token]


def test_no_drain_that_may_still_send_with_the_older_password_is_shut_out(
    invoke: Invoke, world: World, tmp_path: Path
) -> None:
    made = json.loads(invoke(f"archive password {APP} --archive {tmp_path} --url {URL}/by-hand --json").stdout)["url"]
    world.add_drain("example-app", made)
    world.add_drain("example-app", "syslog+tls://logs.papertrailapp.com:1234")
    assert invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}/1").code == 0
    _, stderr, code = invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}/2")
    assert (code, f"drain to {URL}/… of example-app may send with the older" in stderr) == (1, True)
    assert "--drop-old" in stderr
    assert made.split(":")[2].split("@")[0] not in stderr
    assert len(world.app("example-app").drains) == 3
    world.app("example-app").drains.pop(0)
    assert invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}/2").code == 0


def test_a_telemetry_drain_hides_its_password_so_a_third_is_made_when_the_older_is_dropped(
    invoke: Invoke, world: World, tmp_path: Path
) -> None:
    world.app("example-app").generation = "fir"
    add = f"archive drain add {APP} --archive {tmp_path} --url {URL}"
    assert [invoke(f"{add}/{number}").code for number in range(3)] == [0, 0, 1]
    assert invoke(f"archive password {APP} --archive {tmp_path} --drop-old").code == 0
    assert invoke(f"{add}/2").code == 0


def test_a_drain_goes_by_host_token_or_id_after_the_apps_name(invoke: Invoke, world: World, tmp_path: Path) -> None:
    for name in ("host", "token", "id"):
        assert invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}").code == 0
        (drain,) = world.app("example-app").drains
        word = {"host": "logs.example.com", "token": drain.token, "id": drain.id}[name]
        asked = invoke(f"archive drain remove {word} {APP} --archive {tmp_path}")
        assert (asked.code, "--confirm example-app" in asked.stderr) == (2, True)
        assert invoke(f"archive drain remove {word} {CONFIRMED} --archive {tmp_path} --dry-run").code == 0
        done = invoke(f"archive drain remove {word} {CONFIRMED} --archive {tmp_path} --json")
        assert "its password ends in 1h, so that lines on their way still come in" in done.stderr
        document = valid(done.stdout)
        assert document["drain"]["token"] == drain.token
        assert world.app("example-app").drains == []
        assert read_drains(tmp_path).at_heroku("example-app") == ()
    assert invoke(f"archive drain remove logs.example.com {CONFIRMED}").code == 5


def test_a_host_without_its_port_is_enough_where_it_names_one_drain(invoke: Invoke, world: World) -> None:
    for place in ("logs.example.com:8443", "logs.example.com", "127.0.0.1:8611", "127.0.0.1:8612/x"):
        world.add_drain("example-app", f"https://a:b@{place}")
    for host, left in (("logs.example.com", 3), ("logs.example.com", 2)):
        assert invoke(f"archive drain remove {host} {CONFIRMED}").code == 0
        assert len(world.app("example-app").drains) == left
    _, stderr, code = invoke(f"archive drain remove 127.0.0.1 {CONFIRMED}")
    assert (code, "2 drains of example-app go there" in stderr) == (2, True)


@pytest.mark.parametrize("words", ["--dry-run", "--json"])
@pytest.mark.parametrize("wrong", ["none", "other", "thesis"])
def test_a_drain_is_not_removed_for_an_archive_that_cannot_end_its_password(
    invoke: Invoke, world: World, tmp_path: Path, wrong: str, words: str
) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.txt").touch()
    assert invoke(f"archive password -a other-app --archive {tmp_path}/other").code == 0
    assert invoke(f"archive drain add {APP} --archive {tmp_path}/right --url {URL}").code == 0
    stdout, stderr, code = invoke(
        f"archive drain remove logs.example.com {CONFIRMED} --archive {tmp_path}/{wrong} {words}"
    )
    assert code == {"none": 5, "other": 1, "thesis": 1}[wrong]
    assert (str(tmp_path / wrong) in stdout + stderr, "removed" in stdout) == (True, False)
    assert len(world.app("example-app").drains) == 1
    assert not (tmp_path / "none").exists()
    listed = invoke(f"archive drain list {APP} --archive {tmp_path}/{wrong}")
    assert (listed.code, " no " in listed.stdout) == {"none": (5, False), "other": (0, True), "thesis": (1, False)}[
        wrong
    ]


def test_nothing_is_sent_where_the_archive_cannot_be_written(invoke: Invoke, world: World, tmp_path: Path) -> None:
    assert invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}").code == 0
    (tmp_path / "drains.new").mkdir()  # stands where the new file would
    for words in (f"remove logs.example.com {CONFIRMED}", f"add {APP} --url {URL}/more"):
        _, stderr, code = invoke(f"archive drain {words} --archive {tmp_path}")
        assert (code, str(tmp_path) in stderr) == (1, True)
        assert len(world.app("example-app").drains) == 1


@pytest.mark.parametrize("name", ["host", "url", "token", "id"])
def test_the_password_of_a_drain_that_heroku_no_longer_has_ends_too(
    invoke: Invoke, world: World, tmp_path: Path, name: str
) -> None:
    assert invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}/here").code == 0
    (drain,) = world.app("example-app").drains
    user, password = re.fullmatch(r"https://(.*):(.*)@.*", drain.url).groups()  # type: ignore[union-attr] # it fits
    # This newer password is of a drain that is still to be added by hand.
    by_hand = json.loads(invoke(f"archive password {APP} --archive {tmp_path} --url {URL} --json").stdout)["url"]
    assert invoke(f"archive drain remove {drain.id} {CONFIRMED}").code == 0
    word = {"host": "logs.example.com", "url": f"{URL}/here/", "token": drain.token, "id": drain.id}[name]
    wrong = invoke(f"archive drain remove nowhere.example.com {CONFIRMED} --archive {tmp_path}")
    assert (wrong.code, "has no such drain" in wrong.stderr) == (5, True)
    _, stderr, code = invoke(f"archive drain remove {word} {CONFIRMED} --archive {tmp_path}")
    assert (code, "gone already" in stderr, "its password ends in 1h" in stderr) == (0, True, True)
    later = read_drains(tmp_path, lambda: 9e9)
    assert later.admits(user, password) is None
    assert later.admits(user, by_hand.split(":")[2].split("@")[0])
    assert invoke(f"archive drain remove {word} {CONFIRMED} --archive {tmp_path}").code == 5


def test_a_drain_that_was_added_by_other_means_is_of_the_archive_whose_password_it_has(
    invoke: Invoke, world: World, tmp_path: Path
) -> None:
    url = json.loads(invoke(f"archive password {APP} --archive {tmp_path} --url {URL} --json").stdout)["url"]
    ours = world.add_drain("example-app", url)
    without = world.add_drain("example-app", "https://other.example.com/")
    frames = world.add_drain("example-app", "https://example-app:gone@old.example.com/")
    for drain in (ours, without, frames):
        drain.created_at = world.now
        world.tick(1)
    journal = Journal(tmp_path / "journal")
    journal.append([Frame(1_795_398_601_000_000, "example-app", frames.token, "a", b"")])
    journal.close()
    stdout = invoke(f"archive drain list {APP} --archive {tmp_path}").stdout
    assert [" ".join(line.split()[3:5]) for line in stdout.splitlines()[1:]] == ["yes -", "no -", "not known"]
    document = valid(invoke(f"archive drain list {APP} --archive {tmp_path} --json").stdout)
    assert [each["this_archive"] for each in document["drains"]] == [True, False, None]
    assert "its password ends" in invoke(f"archive drain remove {ours.id} {CONFIRMED} --archive {tmp_path}").stderr


def test_a_telemetry_drain_that_was_added_by_other_means_may_be_of_the_archive(
    invoke: Invoke, world: World, tmp_path: Path
) -> None:
    world.app("example-app").generation = "fir"
    assert invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}").code == 0
    assert invoke(f"archive password -a other-app --archive {tmp_path}/other").code == 0
    stdout = invoke(f"archive drain list {APP} --archive {tmp_path}/other").stdout
    assert ("THIS ARCHIVE" in stdout, "not known" in stdout) == (True, True)


def test_the_list_says_which_drain_is_of_the_archive_when_it_sent_and_what_was_lost(
    invoke: Invoke, world: World, tmp_path: Path
) -> None:
    assert invoke(f"archive drain list {APP}").stderr.startswith("example-app has no drain")
    world.add_drain("example-app", "https://user:secret@other.example.com/bulk/KEY?k=KEY")
    world.tick(1)
    assert invoke(f"archive drain add {APP} --archive {tmp_path} --url {URL}").code == 0
    other, ours = world.app("example-app").drains
    l10 = (
        f"<40>1 2026-11-23T02:00:01+00:00 host heroku logplex - Error L10 (output buffer overflow): drain"
        f" '{ours.token}' dropped 7 messages since 2026-11-23T02:00:00+00:00."
    ).encode()
    journal = Journal(tmp_path / "journal")
    journal.append([Frame(1_795_398_601_000_000, "example-app", ours.token, "a", b"%d %s" % (len(l10), l10))])
    journal.close()
    assert invoke(f"archive compact --archive {tmp_path}").code == 0
    stdout = invoke(f"archive drain list {APP} --archive {tmp_path} --utc").stdout
    rows = [line.split() for line in stdout.splitlines()[1:]]
    assert [(row[0], row[1], *row[3:]) for row in rows] == [
        ("https://other.example.com/…", other.token, "no", "-", "-"),
        (URL, ours.token, "yes", "2026-11-23T01:50", "7"),
    ]
    document = valid(invoke(f"archive drain list {APP} --archive {tmp_path} --json").stdout)
    assert [each["lost_messages"] for each in document["drains"]] == [None, 7]
    assert document["drains"][1]["last_frame_at"]
    assert not any(word in stdout + json.dumps(document) for word in ("secret", "KEY"))
    assert [each["this_archive"] for each in valid(invoke(f"archive drain list {APP} --json").stdout)["drains"]] == [
        None,
        None,
    ]
