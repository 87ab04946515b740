"""`journal`: what was changed, how it ended, what takes it back; no secret in it."""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.cli.session import Session
from tests.cli.schemas import valid
from tests.conftest import TOKEN, Invoke


def test_every_change_is_there_with_its_outcome_and_undo(invoke: Invoke, tmp_path: Path) -> None:
    invoke("scale web=5 -a example-app")
    invoke("restart web.1 -a example-app")
    invoke("stop web.2 -a example-app")
    invoke("scale web=0 -a example-app --dry-run")
    document = valid(invoke("journal --json").stdout)
    assert [(entry["verb"], entry["outcome"]) for entry in document["entries"]] == [
        ("scale", "done"),
        ("restart", "done"),
        ("stop", "done"),
    ]
    scale, restart, _ = document["entries"]
    assert (scale["before"], scale["after"]) == (["web=4:Standard-1X"], ["web=5:Standard-1X"])
    assert scale["undo"] == ["herodyno", "scale", "web=4:Standard-1X", "--app", "example-app"]
    assert scale["request_id"]
    assert restart["before"][0].startswith("web.1 (")
    assert TOKEN not in (tmp_path / "xdg_state_home" / "herodyno" / "journal.jsonl").read_text()


def test_the_undo_it_offers_brings_back_what_was_there(invoke: Invoke) -> None:
    before = invoke("scale -a example-app").stdout
    invoke("scale web=7:standard-2x -a example-app --confirm example-app")
    undo = valid(invoke("journal --json --last 1").stdout)["entries"][0]["undo"]
    assert invoke(undo[1:]).code == 0
    assert invoke("scale -a example-app").stdout == before


def test_a_refused_scale_has_no_undo(invoke: Invoke) -> None:
    refused = invoke("scale web=2:eco -a example-app --confirm example-app")
    assert (refused.code, "422" in refused.stderr) == (1, True)
    assert "to undo" not in invoke("journal").stdout
    assert [entry["outcome"] for entry in valid(invoke("journal --json").stdout)["entries"]] == ["refused"]


def test_it_is_a_table_for_people(invoke: Invoke) -> None:
    invoke("scale web=5 -a example-app")
    stdout, stderr, code = invoke("journal --utc")
    assert (stderr, code) == ("", 0)
    assert stdout.splitlines()[0] == "rehearsals in a sandbox, not on Heroku"
    assert stdout.splitlines()[2].split()[:2] == ["WHEN", "(UTC)"]
    assert stdout.splitlines()[3].split()[-1] == "HEROKU_API_KEY"
    assert "herodyno scale web=4:Standard-1X --app example-app" in stdout


def test_nothing_yet_is_said_and_no_token_is_needed(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("journal", environ={})
    assert (stdout, code) == ("", 0)
    assert "nothing yet" in stderr


def kept(tmp_path: Path) -> Path:
    return tmp_path / "xdg_state_home" / "herodyno" / "journal.jsonl"


def test_it_tells_who_from_where_by_which_token_and_to_which_host(invoke: Invoke) -> None:
    invoke("stop web.2 -a example-app")
    entry = valid(invoke("journal --json").stdout)["entries"][0]
    assert (entry["account"], entry["token_source"]) == (None, "HEROKU_API_KEY")
    assert (entry["user"], entry["machine"]) == (getpass.getuser(), socket.gethostname())
    assert (entry["api_host"], entry["is_rehearsal"]) == ("api.heroku.com", True)


def test_the_account_is_told_where_it_stands_beside_the_token(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    for login, account in (("ann@example.com", "ann@example.com"), (TOKEN, None)):
        netrc.write_text(f"machine api.heroku.com login {login} password {TOKEN}")
        netrc.chmod(0o600)
        assert invoke("stop web.2 -a example-app", environ={"NETRC": str(netrc), "HEROKU_API_KEY": ""}).code == 0
        entry = valid(invoke("journal --json --last 1").stdout)["entries"][0]
        assert (entry["account"], entry["token_source"]) == (account, str(netrc))
    assert TOKEN not in kept(tmp_path).read_text()


def test_a_rollback_tells_the_account_that_the_new_release_names(invoke: Invoke) -> None:
    invoke("rollback -a example-app --confirm example-app")
    entry = valid(invoke("journal --json").stdout)["entries"][-1]
    newest = json.loads(invoke("releases -a example-app --json").stdout)["releases"][0]
    assert (entry["verb"], entry["outcome"], entry["account"]) == ("rollback", "done", newest["user"])


def test_a_run_is_in_it_with_the_dyno_it_started_and_without_secrets(invoke: Invoke, tmp_path: Path) -> None:
    invoke(["run", "--detach", "-a", "example-app", "-e", "KEY=hidden-value", "--", "PASSWORD=hunter2", "rake", "a b"])
    # Made up, in the shape of a real token.
    invoke(["run", "--detach", "-a", "example-app", "curl -H 'Authorization: Bearer abcdef0123456789abcdef' x.example"])
    invoke(["run", "--detach", "-a", "example-app", "psql postgres://u:hunter3@db.example/x"])
    entries = valid(invoke("journal --json").stdout)["entries"]
    assert [(entry["verb"], entry["outcome"], bool(entry["request_id"])) for entry in entries] == [
        ("run", "done", True)
    ] * 3
    assert all(entry["after"][0].startswith("run.") for entry in entries)
    assert "rake 'a b'" in entries[0]["call"]
    text = kept(tmp_path).read_text()
    assert not [word for word in ("hunter2", "hunter3", "hidden-value", "abcdef0123456789") if word in text]


@pytest.mark.parametrize(
    ("lose", "outcome", "dynos"),
    [("answer", "seen", 1), ("request", "unclear", 0), ("connection", "not sent", 0), ("size", "refused", 0)],
)
def test_a_run_whose_answer_is_lost_or_bad_is_told_as_it_is(
    make_session: Callable[..., Session], invoke: Invoke, lose: str, outcome: str, dynos: int
) -> None:
    session = make_session()
    inner = session.httpx_transport
    assert inner is not None

    class Losing(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "POST" and request.url.path.endswith("/dynos") and lose != "size":
                if lose == "connection":
                    raise httpx.ConnectError("no route")
                if lose == "answer":
                    inner.handle_request(request)
                raise httpx.ReadError("lost")
            return inner.handle_request(request)

    session.httpx_transport = Losing()
    size = ["--size", "no-such-size"] if lose == "size" else []
    assert run(["run", "--detach", "-a", "example-app", *size, "--", "ls"], session) != 0
    entry = valid(invoke("journal --json").stdout)["entries"][0]
    assert (entry["verb"], entry["outcome"], len(entry["after"])) == ("run", outcome, dynos)


def test_a_dry_run_and_a_read_only_run_are_not_in_it(invoke: Invoke) -> None:
    invoke("run --detach -a example-app --dry-run -- ls")
    invoke("run --detach -a example-app --read-only -- ls")
    assert valid(invoke("journal --json").stdout)["entries"] == []


EARLIER = (
    '{"key": "a", "at": "2026-11-20T10:00:00+00:00", "app": "example-app", "verb": "restart", "call": "DELETE /x",'
    ' "before": ["web.1", "web.2"], "after": [], "undo": ["herodyno", "x"], "outcome": "", "request_id": ""}\n'
    '{"key": "a", "outcome": "done", "request_id": "req-1"}\n'
)


def test_lines_of_earlier_versions_are_read_and_rehearsals_stand_apart(invoke: Invoke, tmp_path: Path) -> None:
    kept(tmp_path).parent.mkdir(parents=True, mode=0o700)
    kept(tmp_path).write_text(EARLIER)
    kept(tmp_path).chmod(0o600)
    invoke("stop web.2 -a example-app")
    first, second = valid(invoke("journal --json").stdout)["entries"]
    assert (first["outcome"], first["is_rehearsal"], second["is_rehearsal"]) == ("done", False, True)
    assert {first[name] for name in ("account", "token_source", "user", "machine", "api_host")} == {None}
    shown = invoke("journal --utc").stdout
    real, _, rehearsed = shown.partition("rehearsals in a sandbox, not on Heroku")
    assert ("restart" in real, "stop" in real, "stop" in rehearsed) == (True, False, True)
    assert "to undo the last restart: herodyno x" in real


def test_since_app_and_last_narrow_it(invoke: Invoke, tmp_path: Path) -> None:
    kept(tmp_path).parent.mkdir(parents=True, mode=0o700)
    kept(tmp_path).write_text(EARLIER.replace("example-app", "other-app"))
    kept(tmp_path).chmod(0o600)
    for _ in range(22):
        invoke("scale web=5 -a example-app")
        invoke("scale web=4 -a example-app")

    def shown(flags: str) -> int:
        return len(valid(invoke(f"journal --json {flags}").stdout)["entries"])

    assert [shown(flags) for flags in ("", "--since 1h", "--since 1h --last 3", "--last 100")] == [20, 44, 3, 45]
    assert [shown(f"--app {app}") for app in ("other-app", "example-app", "no-such-app")] == [1, 20, 0]
    assert shown("--app other-app --since 1h") == 0
    assert "nothing of that" in invoke("journal --app no-such-app").stderr
    assert invoke("journal --since soonish").code == 2
