"""`scale`: all or nothing, the price before, the question where it drops, the file, the wait, the JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from herodyno.dynos import Dyno, DynoSize
from herodyno.errors import NotFound
from herodyno.heroku.api.platform import Platform
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke


def formation(world: World) -> dict[str, tuple[int, str]]:
    return {each.type: (each.quantity, each.size) for each in world.formation("example-app")}


BEFORE = {"web": (4, "Standard-1X")}


def test_without_words_it_prints_what_can_be_fed_back(invoke: Invoke, world: World) -> None:
    stdout, stderr, code = invoke("scale -a example-app")
    assert (stdout, stderr, code) == ("web=4:Standard-1X\n", "", 0)
    again, _, code = invoke(f"scale {stdout.strip()} -a example-app")
    assert code == 0
    assert again.endswith("nothing to change\n")
    assert formation(world) == BEFORE


@pytest.mark.parametrize(
    ("number", "words", "named"),
    [
        ("A1", "web=abc", "web=abc"),
        ("A2", "web=2 worker=x", "worker=x"),
        ("A3", "web=-1", "Did you mean web-1?"),
        ("A4", "web=99999999999999999999", "10,000"),
        ("A5", "web=1 web=5", "web=5"),
        ("", "web=1 --diff f.toml", "either"),
        ("", "--if-quantity 3", "exactly one"),
        ("", "web=1 --timeout soon", "--timeout"),
    ],
)
def test_a1_to_a5_what_means_nothing_is_exit_2_before_the_token_is_needed(
    invoke: Invoke, number: str, words: str, named: str
) -> None:
    stdout, stderr, code = invoke(f"scale {words} -a example-app", environ={})
    assert (stdout, code) == ("", 2), number
    assert named in stderr


def test_the_plan_shows_before_after_and_the_price_and_the_undo_is_offered(invoke: Invoke, world: World) -> None:
    stdout, stderr, code = invoke("scale web=6:standard-2x -a example-app --confirm example-app")
    assert code == 0
    assert "4 x Standard-1X  6 x Standard-2X" in stdout
    assert "example-app: +$200.00/month (~$0.278/hour)" in stdout
    assert "The new size restarts all 4 web dynos at once." in stderr
    assert "to undo: herodyno scale web=4:Standard-1X --app example-app --confirm example-app" in stderr
    assert formation(world) == {"web": (6, "Standard-2X")}


def test_the_undo_can_be_pasted_where_nobody_can_be_asked(invoke: Invoke, world: World) -> None:
    told = invoke("scale web=10 -a example-app --confirm example-app").stderr.splitlines()
    undo = next(line for line in told if line.startswith("done; to undo: herodyno "))
    assert undo.endswith("scale web=4:Standard-1X --app example-app --confirm example-app")
    assert invoke(undo.removeprefix("done; to undo: herodyno ")).code == 0
    assert formation(world) == {"web": (4, "Standard-1X")}


def test_relative_words_are_sent_as_absolute_numbers(invoke: Invoke, world: World) -> None:
    document = valid(invoke("scale web+1 -a example-app --json").stdout)
    assert document["calls"][0]["body"] == {"updates": [{"type": "web", "quantity": 5}]}
    assert formation(world) == {"web": (5, "Standard-1X")}


def test_a_dry_run_prints_the_call_and_sends_nothing(invoke: Invoke, world: World) -> None:
    stdout, _, code = invoke("scale web=0 -a example-app --dry-run")
    assert code == 0
    assert stdout.splitlines()[-1] == (
        'PATCH /apps/example-app/formation {"updates": [{"type": "web", "quantity": 0}]}'
    )
    asked = invoke("scale web=0 -a example-app --dry-run").stderr
    assert asked == "to send it, the app's name is asked for: web goes from 4 to 0 dynos\n"
    assert "asked for" not in invoke("scale web=5 -a example-app --dry-run").stderr
    document = valid(invoke("scale web=0 -a example-app --dry-run --json").stdout)
    assert (document["dry_run"], document["sent"]) == (True, [])
    assert formation(world) == BEFORE


@pytest.mark.parametrize(
    "words",
    [
        "scale web=0",
        "scale web-3",
        "scale web=8",
        "scale web+4",
        "ps:scale web=8",
        "dyno:scale web+4",
        "scale web=standard-2x",
        "scale web=4:standard-2x",
        "ps:type web=standard-2x",
        "ps:resize web=standard-2x",
        "resize web=standard-2x",
        "scale web=5:performance-m",
    ],
)
def test_a6_a_drop_a_leap_and_a_resize_need_the_apps_name_in_every_spelling(
    invoke: Invoke, world: World, words: str
) -> None:
    _, stderr, code = invoke(f"{words} -a example-app")
    assert code == 2
    assert "--confirm example-app" in stderr
    assert invoke(f"{words} -a example-app --confirm other-app").code == 2
    assert formation(world) == BEFORE
    assert invoke(f"{words} -a example-app --confirm example-app").code == 0
    assert formation(world) != BEFORE


def test_a_file_is_asked_as_words_are(invoke: Invoke, world: World, tmp_path: Path) -> None:
    file = tmp_path / "formation.toml"
    file.write_text('app = "example-app"\n[formation.web]\nquantity = 8\n')
    _, stderr, code = invoke(["scale", "--apply", str(file), "-a", "example-app"])
    assert code == 2
    assert "web goes from 4 to 8 dynos; nothing was sent" in stderr
    assert formation(world) == BEFORE


def test_the_price_step_of_the_config_file_decides(invoke: Invoke, world: World, tmp_path: Path) -> None:
    config = tmp_path / "xdg_config_home" / "herodyno" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("price_step = 20\n")
    _, stderr, code = invoke("scale web+1 -a example-app")
    assert code == 2
    assert "it costs $25.00/month more, above the price step of $20.00/month" in stderr
    assert formation(world) == BEFORE
    config.write_text("price_step = 25\n")
    assert invoke("scale web+1 -a example-app").code == 0


def test_a_protected_app_asks_for_any_change(invoke: Invoke, world: World, tmp_path: Path) -> None:
    config = tmp_path / "xdg_config_home" / "herodyno" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('protected = ["example-app"]\n')
    assert invoke("scale web+1 -a example-app").code == 2
    assert invoke("scale -a example-app").code == 0
    assert invoke("scale web+1 -a example-app --confirm example-app").code == 0


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_read_only_refuses(invoke: Invoke, world: World, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if how == "variable":
        monkeypatch.setenv("HERODYNO_READ_ONLY", "1")
    _, stderr, code = invoke("scale web+1 -a example-app" + (" --read-only" if how == "flag" else ""))
    assert code == 1
    assert "read-only" in stderr
    assert formation(world) == BEFORE


def test_if_quantity_refuses_when_it_was_changed_meanwhile(invoke: Invoke, world: World) -> None:
    assert invoke("scale web=6 --if-quantity 3 -a example-app").code == 1
    assert formation(world) == BEFORE
    assert invoke("scale web=6 --if-quantity 4 -a example-app").code == 0


def test_an_unknown_size_or_type_names_the_nearest_and_changes_nothing(invoke: Invoke, world: World) -> None:
    _, stderr, code = invoke("scale web=9:2x -a example-app")
    assert code == 2
    assert "Did you mean Standard-2X" in stderr
    _, stderr, code = invoke("scale web=9 wbe=1 -a example-app")
    assert code == 5
    assert "'wbe'" in stderr
    assert formation(world) == BEFORE


def test_a_saved_formation_can_be_compared_and_brought_back(invoke: Invoke, world: World, tmp_path: Path) -> None:
    file = tmp_path / "formation.toml"
    assert invoke(["scale", "--save", str(file), "-a", "example-app"]).stdout == ""
    assert invoke("scale web=6:standard-2x -a example-app --confirm example-app").code == 0
    stdout, _, code = invoke(["scale", "--diff", str(file), "-a", "example-app"])
    assert code == 0
    assert "6 x Standard-2X  4 x Standard-1X" in stdout
    assert formation(world) == {"web": (6, "Standard-2X")}
    assert invoke(["scale", "--apply", str(file), "-a", "example-app", "--confirm", "example-app"]).code == 0
    assert formation(world) == BEFORE


def test_a_file_of_another_app_says_so(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "formation.toml"
    file.write_text('app = "other-app"\n[formation.web]\nquantity = 5\n')
    assert "saved from other-app" in invoke(["scale", "--diff", str(file), "-a", "example-app"]).stderr
    assert "saved from other-app" in invoke(["scale", "--apply", str(file), "-a", "example-app", "--dry-run"]).stderr


def test_a_file_of_another_app_is_applied_only_when_confirmed(invoke: Invoke, world: World, tmp_path: Path) -> None:
    file = tmp_path / "formation.toml"
    file.write_text('app = "other-app"\n[formation.web]\nquantity = 5\n')
    apply = ["scale", "--apply", str(file), "-a", "example-app"]
    _, stderr, code = invoke(apply)
    assert code == 2
    assert "formation.toml was saved from other-app; nothing was sent" in stderr
    assert formation(world) == BEFORE
    assert invoke([*apply, "--confirm", "example-app"]).code == 0
    assert formation(world) != BEFORE


def test_wait_ends_when_the_new_dynos_are_up(invoke: Invoke, world: World) -> None:
    _, stderr, code = invoke("scale web=6 -a example-app --wait")
    assert code == 0
    assert "6 of 6 dynos up" in stderr
    assert [dyno.state for dyno in world.dynos("example-app")] == ["up"] * 6


def test_after_ctrl_c_in_wait_the_last_line_says_what_was_left(
    invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(world, "tick", interrupted)
    _, stderr, code = invoke("scale web=6 -a example-app --wait")
    assert code == 130
    assert "interrupted: scaled to web=6:Standard-1X, not yet known to be up" in stderr.splitlines()[-1]


def test_wait_after_a_resize_is_for_the_new_dynos(
    invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {dyno.id for dyno in world.dynos("example-app")}
    real, looks = Platform.dynos, []

    def slow_to_show_it(self: Platform, app: str) -> list[Dyno]:
        looks.append(real(self, app))
        return looks[0] if len(looks) < 4 else looks[-1]

    monkeypatch.setattr(Platform, "dynos", slow_to_show_it)
    assert invoke("scale web=standard-2x -a example-app --wait --confirm example-app").code == 0
    assert len(looks) > 4, "the old dynos, up as they are, did not count"
    now = world.dynos("example-app")
    assert not before & {dyno.id for dyno in now}
    assert {dyno.state for dyno in now} == {"up"}


@pytest.mark.parametrize("line", ["scale web=2 -a nobody --dry-run", "scale web=2 -a nobody -a example-app --dry-run"])
def test_an_app_that_nobody_knows_is_told_once(invoke: Invoke, line: str) -> None:
    _, stderr, code = invoke(line)
    assert (code > 0, stderr.count("Couldn't find"), "not known here" in stderr) == (True, 1, False)


def test_sizes_the_api_does_not_tell_are_no_reason_not_to_scale(
    invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(self: Platform, app: str) -> list[DynoSize]:
        raise NotFound("Couldn't find that.")

    monkeypatch.setattr(Platform, "sizes", missing)
    stdout, stderr, code = invoke("scale web=5 -a example-app")
    assert code == 0
    assert "sizes and prices are not known here" in stderr
    assert "the API tells no price" in stdout
    assert formation(world)["web"][0] == 5


def test_wait_for_nothing_left_ends_at_once(invoke: Invoke) -> None:
    assert invoke("scale web=0 -a example-app --wait --confirm example-app").code == 0


def test_wait_times_out_with_exit_8(invoke: Invoke) -> None:
    _, stderr, code = invoke("scale web=6 -a example-app --wait --timeout 1s")
    assert code == 8
    assert "timed out: " in stderr


def test_the_json_of_the_formation_and_of_a_change_fit_the_schema(invoke: Invoke) -> None:
    shown = valid(invoke("scale -a example-app --json").stdout)
    assert shown["types"][0]["after"] == {"quantity": 4, "size": "Standard-1X", "cents_per_month": 10_000}
    document = valid(invoke("scale web=5 -a example-app --json").stdout)
    assert document["cents_per_month_difference"] == 2_500
    assert document["sent"][0]["outcome"] == "done"
    assert document["sent"][0]["request_id"]
    assert document["undo"] == ["herodyno", "scale", "web=4:Standard-1X", "--app", "example-app"]


def test_an_error_in_json_leaves_stdout_empty(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("scale web=x -a example-app --json")
    assert (stdout, code) == ("", 2)
    assert json.loads(stderr)["exit_code"] == 2


@pytest.mark.parametrize("world", ["fir-app"], indirect=True)
def test_fir_sizes_are_taken_with_their_dot(invoke: Invoke, world: World) -> None:
    app: Any = next(iter(world.apps))
    assert invoke(f"scale web=2:dyno-1c-4gb -a {app} --confirm {app}").code == 0
    assert next(each for each in world.formation(app) if each.type == "web").size == "dyno-1c-4gb"
