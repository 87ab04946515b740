"""The lines of a log session are read as the reply's content type says, as `logs` reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.cli.diagnose.fetch import _kept
from herodyno.heroku_facts import SCOPE_REFUSAL
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid

LINE = b"2026-03-02T12:00:00.000000+00:00 app[web.1]: one\n"


def session(content_type: str, *chunks: bytes) -> Any:
    def log_bytes(url: str, *, opened: Callable[[str, object], None]) -> Iterator[bytes]:
        opened(content_type, None)
        yield from chunks

    return SimpleNamespace(log_bytes=log_bytes, now=lambda: datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("content_type", "body", "texts"),
    [
        ("text/plain", b"data: printed without a head\n" + LINE, ["data: printed without a head", "one"]),
        ("text/event-stream", b"data: " + LINE + b"\n", ["one"]),
        ("", b"data: " + LINE + b"\n", ["one"]),
    ],
)
def test_the_content_type_of_the_reply_decides(content_type: str, body: bytes, texts: list[str]) -> None:
    kept = _kept(session(content_type, body[:7], body[7:]), "https://logs.example/1")
    assert ([line.text for line in kept.lines], kept.complete) == (texts, True)


class WithoutLogs(httpx.BaseTransport):
    """The simulated Heroku, whose log sessions answer an error."""

    _refusal = "You do not have access."

    def __init__(self, inner: httpx.BaseTransport, status: int) -> None:
        self._inner = inner
        self._status = status

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/log-sessions"):
            if self._status == 403:
                return httpx.Response(403, json={"id": "forbidden", "message": self._refusal})
            return httpx.Response(self._status, text="<html><body>503 Service Unavailable</body></html>")
        return self._inner.handle_request(request)


def without_logs(
    make_session: Any, capsys: Any, *argv: str, status: int = 503, command: str = "diagnose"
) -> tuple[str, str, int]:
    its_session = make_session()
    its_session.httpx_transport = WithoutLogs(its_session.httpx_transport, status)
    code = run([command, "-a", "example-app", *argv], its_session)
    out, err = capsys.readouterr()
    return out, err, code


@pytest.mark.parametrize(("status", "code", "more"), [(503, 9, ()), (403, 1, ()), (503, 9, ("--listen", "30s"))])
def test_without_a_log_the_facts_of_the_api_are_told_and_the_error_ends_the_command(
    world: World, make_session: Any, capsys: Any, status: int, code: int, more: tuple[str, ...]
) -> None:
    out, err, ended_with = without_logs(make_session, capsys, *more, status=status)

    assert ended_with == code
    assert "the log could not be had" in out
    assert "web: 4 wanted; web.1, web.2, web.3 and web.4 up." in " ".join(out.split())
    assert "release v412" in out
    assert "herodyno: " in err


def test_ps_shows_the_dynos_without_numbers_before_the_error(world: World, make_session: Any, capsys: Any) -> None:
    out, err, ended_with = without_logs(make_session, capsys, "--wide", command="ps")

    assert ended_with == 9
    assert [line.split()[0] for line in out.splitlines()] == ["DYNO", "web.1", "web.2", "web.3", "web.4"]
    assert all(line.split()[-1] == "-" for line in out.splitlines()[1:])
    assert "\nherodyno: " in err


@pytest.mark.parametrize("world", ["crash-loop"], indirect=True)
def test_what_the_api_alone_shows_is_the_verdict(world: World, make_session: Any, capsys: Any) -> None:
    out, err, code = without_logs(make_session, capsys)

    assert code == 20
    assert "ALL DOWN" in out
    assert "no log: " in out
    assert "503" in err


def test_the_document_without_a_log_is_whole(world: World, make_session: Any, capsys: Any) -> None:
    out, err, code = without_logs(make_session, capsys, "--json")

    assert (code, valid(out)["verdict"]["class"]) == (9, "not_enough_data")
    assert json.loads(err.splitlines()[-1])["schema"] == "herodyno.error/1"


def test_monitoring_without_a_log_is_unknown(world: World, make_session: Any, capsys: Any) -> None:
    out, _, code = without_logs(make_session, capsys, "--nagios")

    assert (out.count("\n"), out.split(":")[0], code) == (1, "UNKNOWN", 3)


def test_a_token_of_too_small_a_scope_is_told_as_what_to_do(
    world: World, make_session: Any, capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WithoutLogs, "_refusal", SCOPE_REFUSAL)
    remedy = "POST /apps/example-app/log-sessions needs a token of scope write or more: "
    remedy += "unset HEROKU_API_KEY, then herodyno auth login --scope write"
    bundle = str(tmp_path / "b.zip")
    out, err, _ = without_logs(make_session, capsys, "--json", "--bundle", bundle, status=403)
    document = json.loads(out)
    assert remedy in err
    assert [action["text"] for action in document["actions"]] == [remedy, "then ask again"]
    assert document["coverage"]["would_change"] == ["the log"]

    run(["diagnose", "--from-bundle", bundle, "--json"], make_session())
    again = json.loads(capsys.readouterr().out)
    assert again["actions"] == document["actions"]


def test_a_bundle_without_a_log_gives_the_same_verdict(
    world: World, make_session: Any, capsys: Any, tmp_path: Path
) -> None:
    bundle = str(tmp_path / "b.zip")
    without_logs(make_session, capsys, "--bundle", bundle)

    code = run(["diagnose", "--from-bundle", bundle], make_session())

    assert code == 30
    assert "the log could not be had" in capsys.readouterr().out


def excerpt(invoke: Any, tmp_path: Path) -> str:
    """The log of one dyno of four, as `grep web.2` leaves it."""
    log = invoke("logs -n 1500 --app example-app -o raw").stdout
    path = tmp_path / "web.2.log"
    path.write_text("".join(line for line in log.splitlines(keepends=True) if "web.2" in line))
    return str(path)


def test_a_file_that_reaches_now_is_judged_with_the_formation_of_the_app_that_is_named(
    world: World, invoke: Any, tmp_path: Path
) -> None:
    path = excerpt(invoke, tmp_path)

    named = invoke(f"diagnose --from-file {path} -a example-app")
    unnamed = invoke(f"diagnose --from-file {path}")
    offline = invoke(f"diagnose --from-file {path} -a example-app", environ={})

    assert named.stdout.splitlines()[1].startswith("web: 4 x Standard-1X")
    assert "API calls made" in named.stdout
    for found in (unnamed, offline):
        assert found.stdout.splitlines()[1] == "web: 1 in this file, at least 2 wanted"
        assert "API calls made" not in found.stdout
    for found in (named, unnamed, offline):
        assert "herodyno scale" not in found.stdout


def test_an_old_file_asks_nobody(world: World, invoke: Any, tmp_path: Path) -> None:
    path = excerpt(invoke, tmp_path)
    world.tick(3600)

    document = valid(invoke(f"diagnose --from-file {path} -a example-app --json").stdout)

    assert document["api"]["calls"] == 0


def test_an_api_that_does_not_answer_leaves_the_file(world: World, invoke: Any, tmp_path: Path) -> None:
    found = invoke(f"diagnose --from-file {excerpt(invoke, tmp_path)} -a other-app")

    assert "judged without the API: " in found.stderr
    assert "in this file" in found.stdout


def test_a_list_of_a_part_of_the_dynos_is_refused(world: World, invoke: Any, tmp_path: Path) -> None:
    (tmp_path / "dynos.json").write_text(invoke("ps web.2 --app example-app --json").stdout)

    found = invoke(f"diagnose --from-file {excerpt(invoke, tmp_path)} --dynos {tmp_path / 'dynos.json'}")

    assert found.code == 2
    assert "lists a part of the app's dynos" in found.stderr
