"""`ps`: one line per dyno, wanted against running, one-offs apart; JSON under Heroku's own names."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from herodyno.cli.ps.snapshot import SortBy, sort_dynos
from herodyno.dynos import Dyno, Formation, Release, newest_succeeded
from herodyno.operations.one_off.command import command_for_dyno
from herodyno.render.ps.tables import crashed_words, ps_blocks, ps_document
from herodyno.render.text import lay_out, plain
from herodyno.sandbox.world.world import World
from tests.archive.archived import put
from tests.cli.schemas import valid
from tests.conftest import Invoke

NOW = datetime(2026, 11, 23, 2, 12, 40, tzinfo=UTC)


def dyno(name: str, **fields: object) -> Dyno:
    whole = Dyno(
        name=name, id=f"{name}-0000-4000", type=name.partition(".")[0], state="up", size="Standard-1X", release=412,
        command="bin/web", created_at=NOW - timedelta(hours=4, minutes=2),
    )  # fmt: skip
    return whole._replace(**fields)  # type: ignore[arg-type] # the caller names fields of Dyno


def shown(*dynos: Dyno, formation: list[Formation] | None = None, newest: int | None = 412) -> list[str]:
    blocks = ps_blocks(dynos, formation or [], newest=newest, now=NOW, zone=UTC)
    return [plain(line) for line in lay_out(blocks, None)]


def test_each_dyno_is_one_line_with_id_state_age_size_and_release(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("ps -a example-app --utc")
    lines = stdout.splitlines()
    assert (stderr, code) == ("", 0)
    assert lines[0].split() == ["DYNO", "ID", "STATE", "AGE", "CREATED", "(UTC)", "SIZE", "RELEASE"]
    assert [line.split()[0] for line in lines[1:5]] == ["web.1", "web.2", "web.3", "web.4"]
    assert lines[7].split()[:4] == ["web", "4", "4", "Standard-1X"]


def test_web_2_stands_before_web_10(invoke: Invoke) -> None:
    invoke("scale web=10 -a example-app --confirm example-app")
    lines = invoke("ps -a example-app").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:11]] == [f"web.{i}" for i in range(1, 11)]


class TestAsWanted:
    """Usability 37: columns, sort, filter."""

    @pytest.mark.parametrize(
        ("by", "names"),
        [("name", "abcde"), ("age", "edabc"), ("release", "eabcd"), ("state", "badec"), ("size", "deabc")],
    )
    def test_37_dynos_are_sorted_and_what_is_not_known_comes_last(self, by: SortBy, names: str) -> None:
        dynos = [
            dyno("a", state="up", size="Standard-1X"),
            dyno("b", state="crashed", size="Standard-1X"),
            dyno("c", state="", created_at=None, size=""),
            dyno("d", release=None, created_at=NOW - timedelta(hours=5), size="Eco"),
            dyno("e", release=411, created_at=NOW - timedelta(days=5), size="Eco"),
        ]
        assert "".join(each.name for each in sort_dynos(dynos, by)) == names

    def test_37_columns_are_one_table_of_all_dynos_in_the_order_named(self, invoke: Invoke, world: World) -> None:
        world.run("example-app", "rake db:migrate", attach=True)
        stdout, _, code = invoke("ps -a example-app --sort age --columns command,dyno")
        lines = stdout.splitlines()
        assert (code, len(lines), lines[0].split()) == (0, 6, ["COMMAND", "DYNO"])
        assert lines[1].endswith(" web.2")
        assert re.fullmatch(r"rake db:migrate +run\.\d+", lines[5])

    def test_37_the_order_is_that_of_json_too(self, invoke: Invoke) -> None:
        assert json.loads(invoke("ps -a example-app --sort age --json").stdout)["dynos"][0]["name"] == "web.2"

    @pytest.mark.parametrize("flags", ["--columns dyno,nope", "--columns ''", "--columns id --json", "--sort nope"])
    def test_37_a_wish_that_cannot_be_is_refused(self, flags: str, invoke: Invoke) -> None:
        assert invoke(f"ps -a example-app {flags}").code == 2


def test_a_dyno_behind_the_newest_succeeded_release_is_marked() -> None:
    releases = [Release(version=413, status="failed"), Release(version=412, status="succeeded")]
    lines = shown(dyno("web.1"), dyno("web.2", release=411), newest=newest_succeeded(releases))
    assert lines[1].endswith(" v412")
    assert lines[2].endswith(" v411, behind v412")


def test_without_releases_nothing_is_called_behind() -> None:
    assert shown(dyno("web.1"), newest=newest_succeeded([]))[1].endswith(" v412")


def test_one_offs_stand_apart_with_age_and_command(invoke: Invoke, world: World) -> None:
    world.run("example-app", "rake db:migrate", attach=True)
    lines = invoke("ps -a example-app").stdout.splitlines()
    heading = next(i for i, line in enumerate(lines) if line.startswith("ONE-OFF"))
    assert lines[heading - 1] == ""
    assert lines[heading + 1].startswith("run.")
    assert lines[heading + 1].endswith("rake db:migrate")


@pytest.mark.parametrize(
    ("quantity", "states", "words"),
    [
        (2, ["up", "up"], "2 2 S - -"),
        (3, ["up", "crashed"], "3 1 S 1 crashed, 1 missing -"),
        (1, ["up", "starting"], "1 1 S 1 starting, 1 too many -"),
        (0, [], "0 0 S - -"),
    ],
)
def test_wanted_is_held_against_what_is_up(quantity: int, states: list[str], words: str) -> None:
    dynos = [dyno(f"web.{i}", state=state) for i, state in enumerate(states, start=1)]
    row = shown(*dynos, formation=[Formation(type="web", quantity=quantity, size="S")])[-1]
    assert " ".join(row.split()) == f"web {words}"


def test_a_type_or_a_dyno_picks_its_lines_and_an_unknown_word_says_what_there_is(invoke: Invoke) -> None:
    assert [line.split()[0] for line in invoke("ps web.3 -a example-app").stdout.splitlines()] == ["DYNO", "web.3"]
    stdout, stderr, code = invoke("ps web.9 -a example-app")
    assert (stdout, code) == ("", 5)
    assert "there is: web, web.1, web.2, web.3, web.4" in stderr


def test_json_is_valid_under_its_schema_and_keeps_herokus_names(invoke: Invoke, world: World) -> None:
    world.run("example-app", "bash", attach=True)
    document = valid(invoke("ps -a example-app --json").stdout)
    assert [row["name"] for row in document["dynos"]][1:] == ["web.1", "web.2", "web.3", "web.4"]
    assert document["dynos"][1]["release"] == {"version": document["newest_release"]}


def test_an_error_is_valid_under_its_schema_too(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("ps -a no-such-app --json")
    assert (stdout, code) == ("", 5)
    assert "Request-Id" in valid(stderr)["message"]


def test_what_the_api_does_not_tell_is_a_dash_and_null() -> None:
    bare = Dyno(name="web.1")
    assert shown(bare)[1].split() == ["web.1", "-", "-", "-", "-", "-", "-"]


def test_in_a_pipe_there_is_no_colour_and_no_cut(invoke: Invoke, world: World) -> None:
    world.run("example-app", "x" * 300, attach=True)
    piped = invoke("ps -a example-app").stdout
    assert "\x1b" not in piped
    assert "x" * 300 in piped
    on_terminal = invoke("ps -a example-app", terminal=True).stdout
    assert "\x1b[32m  up" in on_terminal
    assert "x…" in on_terminal


def test_a_hostile_command_cannot_touch_the_terminal(invoke: Invoke, world: World) -> None:
    world.run("example-app", "echo \x1b[2J [red]x[/x] \u202e", attach=True)
    for terminal in (True, False):
        assert "echo ^[[2J [red]x[/x] \\u{202e}" in invoke("ps -a example-app", terminal=terminal).stdout


def test_the_answer_costs_one_round_of_four_calls(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    from herodyno.heroku.api.platform import Platform

    rounds: list[int] = []
    gather = Platform.gather

    def counted(self: Platform, *thunks: Any) -> Any:
        rounds.append(len(thunks))
        return gather(self, *thunks)

    monkeypatch.setattr(Platform, "gather", counted)
    invoke("ps -a example-app")
    assert rounds == [5]  # app, dynos, formation, releases; and loading what will show them


@pytest.mark.parametrize("world", ["crash-loop"], indirect=True)
def test_crashed_dynos_lead_to_diagnose(invoke: Invoke, world: World) -> None:
    stderr = invoke("ps -a example-app").stderr
    assert stderr == "crashed: web (2 of 2 dynos); next: herodyno diagnose --app example-app\n"
    assert json.loads(invoke("ps -a example-app --json").stdout)["dynos"][0]["state"] == "crashed"


def test_each_type_with_crashed_dynos_is_named_with_how_many_of_how_many() -> None:
    dynos = [dyno("web.1"), dyno("web.2", state="crashed"), dyno("clock.1", state="crashed"), dyno("worker.1")]
    assert crashed_words(dynos) == "clock (1 of 1 dynos), web (1 of 2 dynos)"
    assert crashed_words(dynos[:1]) == ""


def test_maintenance_mode_is_named_with_the_way_out(invoke: Invoke, world: World) -> None:
    assert "maintenance" not in invoke("ps -a example-app").stderr
    assert valid(invoke("ps -a example-app --json").stdout)["app"] == {"name": "example-app", "maintenance": False}
    world.set_maintenance("example-app", True)
    stderr = invoke("ps web.1 -a example-app").stderr
    assert "maintenance mode is on: the router answers 503 (H80) to every request" in stderr
    assert "heroku maintenance:off -a example-app" in stderr
    assert valid(invoke("ps -a example-app --json").stdout)["app"]["maintenance"] is True


@pytest.mark.parametrize(
    ("process_type", "size", "may"),
    [
        ("web", "Performance-M", True),
        ("web", "performance-l-ram", True),
        ("web", "Private-S", True),
        ("web", "Shield-L", True),
        ("web", "Standard-2X", False),
        ("web", "dyno-1c-4gb", False),
        ("web", "", False),
        ("worker", "Performance-M", False),
    ],
)
def test_a_type_that_heroku_may_autoscale_is_named(process_type: str, size: str, may: bool) -> None:
    wanted = Formation(type=process_type, quantity=1, size=size)
    [_, row] = shown(formation=[wanted])
    assert ("1 missing, may be autoscaled" in row, "autoscaled" in row) == (may, may)
    document = ps_document([], [wanted], newest=None, app="example-app", maintenance=False, now=NOW)
    assert document["formation"][0]["can_autoscale"] is may


def test_a_one_offs_command_is_shown_as_it_was_typed() -> None:
    sent = command_for_dyno("rake 'a b'", word="00112233445566778899aabbccddeeff")
    assert shown(dyno("run.7", command=sent))[1].endswith(" rake 'a b'")


@pytest.mark.parametrize("world", ["memory-growing-worker"], indirect=True)
def test_where_nothing_runs_it_says_how_to_start_that_type_and_no_other(invoke: Invoke, world: World) -> None:
    invoke("scale worker=0 -a example-app --confirm example-app")
    world.tick(7)  # the list of dynos is seconds behind
    note = invoke("ps worker -a example-app").stderr
    assert note == "example-app has no such dynos running; start one: herodyno scale worker=1 --app example-app\n"
    invoke("scale web=0 -a example-app --confirm example-app")
    world.tick(7)
    assert "herodyno scale web=1 --app example-app" in invoke("ps -a example-app").stderr


class TestMeasured:
    """`--wide` and `--mem`: what the log shows of each dyno."""

    def test_the_numbers_are_those_of_diagnose(self, invoke: Invoke) -> None:
        wide = valid(invoke("ps --wide -a example-app --json").stdout)
        found = valid(invoke("diagnose -a example-app --json").stdout)
        rows = {row["id"]: row for row in found["incarnations"]}
        assert len(wide["dynos"]) == 4
        for dyno in wide["dynos"]:
            told, row = dyno["measured"], rows[dyno["id"]]
            assert told["requests"] == row["requests"]["n"] > 0
            assert (told["errors"], told["r14"]) == (row["errors"]["n"], row["memory"]["r14"])
            assert told["memory_mb"] == row["memory"]["last_mb"]
            assert told["series"] == row["series"]
        assert wide["window"]["lines"] == 1500

    def test_a_line_for_each_dyno_and_a_note_on_what_was_read(self, invoke: Invoke) -> None:
        for flag, sort in (("--wide", "name"), ("--mem", "age")):
            stdout, stderr, code = invoke(f"ps web.2 web.4 {flag} --sort {sort} -a example-app")
            assert (len(stdout.splitlines()), code) == (3, 0)
            assert stderr.startswith("seen: 1,500 lines = 5 min 38 s")

    def test_the_numbers_of_an_archive_are_those_of_its_diagnosis(
        self, invoke: Invoke, world: World, tmp_path: Path
    ) -> None:
        put(tmp_path / "kept", world.log_text("example-app"))
        told = valid(invoke(f"ps web --mem -a example-app --json --archive {tmp_path}/kept").stdout)
        found = valid(invoke(f"diagnose --archive {tmp_path}/kept --since 24h --json").stdout)
        rows = {row["id"]: row for row in found["incarnations"]}
        assert [dyno["measured"]["memory_mb"] for dyno in told["dynos"]] == [
            rows[dyno["id"]]["memory"]["last_mb"] for dyno in told["dynos"]
        ]
        assert told["window"]["lines"] == found["coverage"]["lines"]
        stdout, stderr, code = invoke(f"ps --mem -a example-app --archive {tmp_path}/kept")
        assert (len(stdout.splitlines()), code) == (5, 0)
        assert f"herodyno diagnose --archive {tmp_path}/kept --since 24h --app example-app" in stderr

    def test_an_archive_is_for_the_numbers_and_must_be_there(self, invoke: Invoke, tmp_path: Path) -> None:
        assert invoke(f"ps --archive {tmp_path} -a example-app").code == 2
        assert invoke(f"ps --mem --archive {tmp_path} -a example-app").code == 5

    @pytest.mark.parametrize("flags", ["--wide --mem", "--mem --columns dyno", "--wide --watch 2s"])
    def test_views_that_exclude_one_another_are_refused(self, invoke: Invoke, flags: str) -> None:
        assert invoke(f"ps {flags} -a example-app").code == 2
