"""`logs` for several apps: one log in the order of time, each line with its app; breaks and failures of one of them."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.cli.session import Session
from herodyno.render.output import Output
from tests.cli.logs.log_stage import NOW, Body, Stream, Told, text_of
from tests.cli.schemas import valid
from tests.conftest import TOKEN, Invoke, Terminal
from tests.logs.log_lines import raw

CUT = httpx.ReadError("connection reset")


class Fleet(httpx.BaseTransport):
    """Each wish for a session of an app gives its next body; after the last the app is gone."""

    def __init__(self, bodies: Mapping[str, Sequence[Body]], generation: str = "cedar") -> None:
        self.bodies = {name: list(own) for name, own in bodies.items()}
        self.known = {name for name, own in bodies.items() if own}
        self.generation = generation

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if request.url.host == "logs-api.heroku.com":
            return httpx.Response(200, stream=Stream(self.bodies[path.rpartition("/")[2]].pop(0)))
        name = path.split("/")[2]
        if name not in self.known or (path.endswith("/log-sessions") and not self.bodies[name]):
            return httpx.Response(404, json={"id": "not_found", "message": f"Couldn't find {name}."})
        if path.endswith("/log-sessions"):
            return httpx.Response(201, json={"logplex_url": f"https://logs-api.heroku.com/sessions/{name}"})
        if path.endswith(("/dynos", "/formation")):
            return httpx.Response(200, json=[])
        return httpx.Response(200, json={"id": "1", "name": name, "generation": {"name": self.generation}})


def logs(heroku: Fleet, words: str = "", *, terminal: bool = False) -> Told:
    kind = Terminal if terminal else io.TextIOWrapper
    out, err = (kind(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
    environ = {**os.environ, "HEROKU_API_KEY": TOKEN}
    session = Session(Output(out, err, environ), environ=environ, clock=lambda: NOW, httpx_transport=heroku)
    apps = [f"--app={name}" for name in heroku.bodies]
    code = run(["logs", *apps, "--utc", *shlex.split(words)], session)
    texts = []
    for stream in (out, err):
        stream.flush()
        assert isinstance(stream.buffer, io.BytesIO)
        texts.append(stream.buffer.getvalue().decode())
    return Told(*texts, code)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.heroku.log.tail.back_off", lambda tries, chance: 0.0)
    monkeypatch.setattr("herodyno.cli.fleet.logs.HELD_SECONDS", 0.1)


A = [raw(f"app[web.1]: a{number}", number) for number in (0, 2, 4, 6)]
B = [raw(f"app[web.1]: b{number}", number) for number in (1, 3, 5)]
LATER = [raw("app[web.1]: a8", 800), raw("app[web.1]: b9", 801)]


def test_the_lines_of_two_apps_are_one_log_in_the_order_of_time_each_with_its_app() -> None:
    told = logs(Fleet({"shop-a": [[text_of(A)]], "shop-b": [[text_of(B)]]}))
    expected = sorted([*((line, "shop-a") for line in A), *((line, "shop-b") for line in B)])
    assert told.stdout.splitlines() == [f"{name} | {line}" for line, name in expected]
    assert told.stderr.startswith("7 lines of 2 apps from 02:00:00 to ")
    assert told.code == 0


def test_on_a_terminal_each_app_has_a_colour_and_its_name_stands_without_colours_too() -> None:
    bodies = {"shop-a": [[text_of(A)]], "shop-bee": [[text_of(B)]]}
    colored = logs(Fleet(bodies), "--color always", terminal=True).stdout.splitlines()
    heads = {re.match(r"(\x1b\[\d+m)(shop-\w+)\x1b\[0m", line) for line in colored[1:]}
    assert len({(found[1], found[2]) for found in heads if found}) == len({found[1] for found in heads if found}) == 2
    plain = logs(Fleet(bodies), "--color never", terminal=True).stdout.splitlines()
    assert plain[1].startswith("shop-a    02:00:00")
    assert plain[2].startswith("shop-bee  02:00:01")


def test_a_number_is_of_all_apps_together_and_filters_are_for_each() -> None:
    bodies = {"shop-a": [[text_of(A)]], "shop-b": [[text_of(B)]]}
    assert [line[-2:] for line in logs(Fleet(bodies), "-n 3").stdout.splitlines()] == ["a4", "b5", "a6"]
    assert [line[-2:] for line in logs(Fleet(bodies), "-g [ab]2").stdout.splitlines()] == ["a2"]
    told = logs(Fleet(bodies), "wbe.1")
    assert (told.stdout, told.code) == ("", 5)
    assert "no app here knows these words: shop-a has no process type or dyno 'wbe.1'" in told.stderr


def test_the_note_says_from_when_on_no_app_lacks_lines() -> None:
    full = [raw(f"app[web.1]: {number}", number) for number in range(100, 1600)]
    bodies = {"shop-a": [[text_of(A)]], "shop-b": [[text_of(full)]]}
    assert (
        "before 02:01:40 lines of some apps are gone: Heroku keeps 1,500 of each" in logs(Fleet(bodies), "-g .").stderr
    )
    assert "are gone" not in logs(Fleet(bodies), "-n 5").stderr
    assert "are gone" not in logs(Fleet(bodies), "-g . --since 02:02").stderr


def test_every_form_for_programs_names_the_app() -> None:
    bodies = {"shop-a": [[text_of(A[:1])]], "shop-b": [[text_of(B[:1])]]}
    records = [valid(line) for line in logs(Fleet(bodies), "-o jsonl").stdout.splitlines()]
    assert [record["app"] for record in records] == ["shop-a", "shop-b"]
    document = valid(logs(Fleet(bodies), "--json").stdout)
    assert ([line["app"] for line in document["lines"]], document["window"]["lines"]) == (["shop-a", "shop-b"], 2)
    assert " app=shop-b source=app " in logs(Fleet(bodies), "-o logfmt").stdout
    head, first, _ = logs(Fleet(bodies), "-o csv").stdout.splitlines()
    assert (head.split(",")[1], first.split(",")[1]) == ("app", "shop-a")


def test_an_app_without_an_answer_costs_no_other_its_lines() -> None:
    told = logs(Fleet({"shop-a": [[text_of(A)]], "shop-gone": []}))
    assert len(told.stdout.splitlines()) == 4
    assert "shop-gone: Couldn't find shop-gone." in told.stderr
    assert told.code == 1
    told = logs(Fleet({"shop-a": [[text_of(A)]], "shop-cut": [[text_of(B), B[0][:30].encode(), CUT]]}))
    assert (len(told.stdout.splitlines()), told.code) == (8, 1)


def test_a_tail_goes_on_over_the_break_of_one_app_each_line_once() -> None:
    first, second = [[text_of(A)], [text_of([*A, LATER[0]])]], [[text_of(B), CUT], [text_of(LATER[1:])]]
    told = logs(Fleet({"shop-a": first, "shop-b": second}), "--tail")
    shown = [line[-2:] for line in told.stdout.splitlines()]
    assert shown[:7] == ["a0", "b1", "a2", "b3", "a4", "b5", "a6"]
    assert sorted(shown[7:]) == ["a8", "b9"]
    assert "shop-a: not followed any longer: Couldn't find shop-a." in told.stderr
    assert re.search(r"shop-[ab]: reconnected, gap of", told.stderr)
    assert told.code == 5


@pytest.mark.parametrize(("number", "shown"), [(0, ["a8", "b9"]), (1, ["a6", "a8", "b9"])])
def test_a_number_is_of_history_only_however_soon_new_lines_come(number: int, shown: list[str]) -> None:
    bodies = {"shop-a": [[text_of([*A, LATER[0]])]], "shop-b": [[text_of([*B, LATER[1]])]]}
    told = logs(Fleet(bodies), f"--tail -n {number}")
    assert [line[-2:] for line in told.stdout.splitlines()] == shown


def test_the_kept_lines_of_an_app_that_is_late_are_shown_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.cli.fleet.logs.HISTORY_SECONDS", -1.0)
    monkeypatch.setattr("herodyno.cli.fleet.logs.TICK_SECONDS", 0.0)
    told = logs(Fleet({"shop-a": [[text_of(A)]], "shop-b": [[text_of(B)]]}), "--tail --until 02:05")
    assert sorted(line[-2:] for line in told.stdout.splitlines()) == ["a0", "a2", "a4", "a6", "b1", "b3", "b5"]


def test_a_tail_ends_at_until_and_that_is_no_failure() -> None:
    told = logs(Fleet({"shop-a": [[text_of(A)]], "shop-b": [[text_of(B)]]}), "--tail --until 02:05")
    assert (len(told.stdout.splitlines()), told.stderr, told.code) == (7, "", 0)


def test_a_tail_of_an_app_that_is_gone_leaves_the_others_followed() -> None:
    told = logs(Fleet({"shop-a": [[text_of(A)]], "shop-gone": []}), "--tail -o jsonl")
    assert [json.loads(line)["app"] for line in told.stdout.splitlines()] == ["shop-a"] * 4
    assert told.code == 5  # in the end both are gone


def test_on_fir_there_are_new_lines_only_and_the_app_is_named() -> None:
    told = logs(Fleet({"shop-a": [[text_of(LATER)]]} | {"shop-b": [[text_of(LATER)]]}, "fir"))
    assert (told.stdout, told.code) == ("", 1)
    assert "shop-a: it is on Fir, which keeps no log\n" in told.stderr
    tail = logs(Fleet({"shop-a": [[text_of(LATER[:1])]], "shop-b": [[text_of(LATER[1:])]]}, "fir"), "--tail")
    assert [line[-2:] for line in tail.stdout.splitlines()] == ["a8", "b9"]
    assert "shop-a: is on Fir, which keeps no log: only new lines are shown\n" in tail.stderr


@pytest.mark.parametrize(
    "flags", ["--stats count", "--patterns", "--previous", "--table dyno", "-o raw", "-o combined", "--template {text}",
              "--from-file app.log", "--archive x", "6f1c02ab"],
)  # fmt: skip
def test_what_is_about_one_app_is_refused(flags: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(f"logs --team shop {flags}")
    assert (stdout, code) == ("", 2)
    assert "is for one app" in stderr


def test_the_apps_of_a_team_in_the_sandbox(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("logs router --team shop -n 20")
    assert {line.partition(" | ")[0] for line in stdout.splitlines()} <= {f"example-00{n}" for n in range(1, 6)}
    times = [line.split()[2] for line in stdout.splitlines()]
    assert (times, len(times), code) == (sorted(times), 20, 0)
    assert "5 apps" in stderr


@pytest.mark.parametrize("form", ["plain", "jsonl", "json", "csv", "logfmt"])
def test_what_is_kept_of_several_apps_is_judged_apart(form: str, invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / f"shop.{form}"
    file.write_text(invoke(f"logs --team shop -n 9999 -o {form}").stdout)
    document = invoke(f"diagnose --from-file {file}").stdout
    assert {f"== example-00{n}, app" in document for n in range(1, 6)} == {True}
    alone = invoke("diagnose -a example-002 --json").stdout
    kept = invoke(f"diagnose --from-file {file} -a example-002 --json").stdout
    assert json.loads(kept)["requests"] == json.loads(alone)["requests"]


def test_what_a_pipe_gets_can_be_read_again(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "shop.log"
    file.write_text(invoke("logs --team shop").stdout)
    stdout, stderr, code = invoke(f"logs --from-file {file} -n 200")
    assert (len(stdout.splitlines()), code) == (100, 0)
    assert "not read" not in stderr
