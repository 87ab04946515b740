"""`restart`: what is meant and nothing else, compare-and-act, selectors, whether it helped."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from herodyno.sandbox.world.world import World
from tests.cli.replaced import APP, HEALTHY, changed, ids
from tests.cli.schemas import valid
from tests.conftest import Invoke, Result


class TestWhatIsMeant:
    def test_one_dyno_by_name_or_by_the_beginning_of_its_id(self, invoke: Invoke, world: World) -> None:
        before = ids(world)
        assert invoke(f"restart web.2 -a {APP}").code == 0
        assert changed(before, world) == ["web.2"]
        assert invoke(f"restart {before['web.3'][:8]} -a {APP}").code == 0
        assert changed(before, world) == ["web.2", "web.3"]

    @pytest.mark.parametrize("words", ["web", "web.1 web.2 web.3 web.4", "--older-than 1m --max-share 100%"])
    def test_all_that_an_app_has_asks_for_its_name_however_it_is_meant(
        self, invoke: Invoke, world: World, words: str
    ) -> None:
        before = ids(world)
        _, stderr, code = invoke(f"restart {words} -a {APP}")
        assert code == 2
        assert "all 4 dynos of the app restart at once" in stderr
        assert changed(before, world) == []
        assert invoke(f"restart {words} -a {APP} --confirm {APP}").code == 0
        assert len(changed(before, world)) == 4

    def test_a_roll_whose_batch_is_all_of_it_asks_too(self, invoke: Invoke, world: World) -> None:
        before = ids(world)
        _, stderr, code = invoke(f"restart web --rolling --batch 4 --max-share 100% -a {APP}")
        assert code == 2
        assert "all 4 dynos of the app restart at once" in stderr
        assert changed(before, world) == []

    def test_a_confirmation_does_not_lift_the_share_of_what_a_selector_chose(
        self, invoke: Invoke, world: World
    ) -> None:
        before = ids(world)
        _, stderr, code = invoke(f"restart --older-than 1m -a {APP} --confirm {APP}")
        assert code == 1
        assert "--max-share 50%" in stderr
        assert changed(before, world) == []

    def test_a_type_restarts_by_one_call_and_says_that_all_go_at_once(self, invoke: Invoke, world: World) -> None:
        before = ids(world)
        stdout, stderr, code = invoke(f"restart web -a {APP} --json --confirm {APP}")
        assert code == 0
        assert [call["path"] for call in valid(stdout)["calls"]] == [f"/apps/{APP}/formations/web"]
        assert "--rolling goes one by one" in stderr
        assert len(changed(before, world)) == 4

    def test_a6_the_whole_app_asks_for_its_name(self, invoke: Invoke, world: World) -> None:
        before = ids(world)
        _, stderr, code = invoke(f"restart -a {APP}")
        assert code == 2
        assert "all 4 dynos of the app restart at once" in stderr
        assert changed(before, world) == []
        assert invoke(f"restart -a {APP} --confirm {APP}").code == 0
        assert len(changed(before, world)) == 4

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("web.9", 5),
            ("wbe", 5),
            ("web.1 web.2 web.3", 1),
            ("--resume", 5),
            ("web --rolling --batch 3", 1),
        ],
    )
    def test_what_cannot_be_done_is_refused_and_nothing_restarts(
        self, invoke: Invoke, world: World, words: str, code: int
    ) -> None:
        before = ids(world)
        assert invoke(f"restart {words} -a {APP}").code == code
        assert changed(before, world) == []

    @pytest.mark.parametrize(
        "words",
        [
            "web --batch 2",
            "web --on-error ask",
            "web --rolling --batch 0",
            "web --rolling --pause x",
            "web --rolling --probe example.com",
            "web --resume",
            "--over-memory lots",
            "../../victim/dynos/web.1",
            "web.1/actions/stop",
            "web.2 --if-id ''",
            "web.2 --if-id 6f1",
            "web.2 --if-id web.2",
        ],
    )
    def test_flags_that_mean_nothing_are_exit_2_before_the_token_is_needed(self, invoke: Invoke, words: str) -> None:
        assert invoke(f"restart {words} -a {APP}", environ={}).code == 2

    def test_a_dry_run_prints_the_calls(self, invoke: Invoke, world: World) -> None:
        before = ids(world)
        stdout, _, code = invoke(f"restart web.1 web.2 -a {APP} --dry-run")
        assert code == 0
        assert stdout.splitlines() == [f"DELETE /apps/{APP}/dynos/{before[name]}" for name in ("web.1", "web.2")]
        assert changed(before, world) == []


class TestCompareAndAct:
    def test_if_id_restarts_that_incarnation(self, invoke: Invoke, world: World) -> None:
        before = ids(world)
        assert invoke(f"restart web.2 --if-id {before['web.2'][:8]} -a {APP}").code == 0
        assert changed(before, world) == ["web.2"]

    def test_if_id_does_nothing_when_it_is_gone(self, invoke: Invoke, world: World) -> None:
        old = ids(world)["web.2"]
        world.restart(APP, dyno="web.2")
        world.tick(60)
        before = ids(world)
        _, stderr, code = invoke(f"restart web.2 --if-id {old[:8]} -a {APP}")
        assert code == 1
        assert f"is gone; web.2 is now {before['web.2'][:8]}" in stderr
        assert changed(before, world) == []

    def test_a_dyno_replaced_between_the_look_and_the_call_is_not_hit(
        self, invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real, old = world.restart, ids(world)["web.2"]

        def raced(app: str, **target: Any) -> None:
            monkeypatch.setattr(world, "restart", real)
            real(app, dyno="web.2")
            world.tick(1)
            real(app, **target)

        monkeypatch.setattr(world, "restart", raced)
        assert invoke(f"restart web.2 --if-id {old[:8]} -a {APP}").code == 5
        assert sum(each.name == "web.2" for each in world.app(APP).incarnations()) == 2


class TestSelectors:
    def test_over_memory_takes_the_bad_one_alone(self, invoke: Invoke, world: World) -> None:
        before = ids(world)
        assert invoke(f"restart --over-memory 90% -a {APP}").code == 0
        assert changed(before, world) == ["web.2"]

    def test_over_memory_without_metrics_says_how_to_have_them(self, invoke: Invoke, world: World) -> None:
        world.app(APP).runtime_metrics = False
        world.app(APP).log = type(world.app(APP).log)()
        _, stderr, code = invoke(f"restart --over-memory 90% -a {APP}")
        assert code == 1
        assert "labs:enable log-runtime-metrics" in stderr

    def test_nothing_that_fits_is_exit_0_for_cron(self, invoke: Invoke, world: World) -> None:
        before = ids(world)
        for selector in ("--crashed", "--stale-release", "--older-than 9d"):
            stdout, stderr, code = invoke(f"restart {selector} -a {APP} --json")
            assert code == 0
            assert valid(stdout)["calls"] == []
            assert "nothing to do" in stderr
        assert changed(before, world) == []

    def test_a_dyno_in_its_cooldown_is_left_out(self, invoke: Invoke, world: World) -> None:
        assert invoke(f"restart web.2 -a {APP}").code == 0
        world.tick(60)
        before = ids(world)
        _, stderr, code = invoke(f"restart web.2 --cooldown 30m -a {APP}")
        assert code == 0
        assert "left out, still in --cooldown: web.2" in stderr
        assert changed(before, world) == []

    def test_the_hourly_cap_refuses(self, invoke: Invoke, world: World) -> None:
        for _ in range(2):
            assert invoke(f"restart web.2 --max-per-hour 2 -a {APP}").code == 0
            world.tick(60)
        before = ids(world)
        _, stderr, code = invoke(f"restart web.2 --max-per-hour 2 -a {APP}")
        assert code == 1
        assert "2 restarts in the last hour and 1 now are more than --max-per-hour 2" in stderr
        assert changed(before, world) == []
        world.tick(3600)
        assert invoke(f"restart web.2 --max-per-hour 2 -a {APP}").code == 0

    def test_two_runs_at_once_do_not_go_beyond_the_hourly_cap_together(
        self, invoke: Invoke, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waited: list[float] = []
        inner: list[Result] = []
        real = world.restart

        def meanwhile(app: str, **target: Any) -> None:
            """The second run, begun while the first is about to send, waits for it and gives up."""
            monkeypatch.setattr(world, "restart", real)
            with monkeypatch.context() as clock:
                clock.setattr(world, "tick", waited.append)
                inner.append(invoke(f"restart web.3 --max-per-hour 1 -a {APP}"))
                inner.append(invoke(f"restart web.3 --max-per-hour 1 --dry-run -a {APP}"))
            real(app, **target)

        monkeypatch.setattr(world, "restart", meanwhile)
        before = ids(world)
        assert invoke(f"restart web.2 --max-per-hour 1 -a {APP}").code == 0
        refused, rehearsed = inner
        assert (refused.code, len(waited)) == (1, 30)
        assert f"another restart of {APP} with a limit runs on this machine; nothing was sent." in refused.stderr
        assert "with a limit" not in rehearsed.stderr
        assert changed(before, world) == ["web.2"]
        assert "1 restarts in the last hour and 1 now" in invoke(f"restart web.3 --max-per-hour 1 -a {APP}").stderr

    @pytest.mark.parametrize("limit", ["--max-per-hour 2", "--cooldown 30m", "--rolling --max-per-hour 9"])
    @pytest.mark.parametrize("obstacle", ["a file", "a link"])
    def test_a_limit_that_cannot_be_counted_refuses(
        self, invoke: Invoke, world: World, tmp_path: Path, limit: str, obstacle: str
    ) -> None:
        before, folder = ids(world), tmp_path / "xdg_state_home" / "herodyno"
        folder.parent.mkdir()
        if obstacle == "a file":
            folder.write_text("a file")
        else:
            folder.mkdir()
            (folder / "journal.jsonl").symlink_to(tmp_path / "elsewhere")
        _, stderr, code = invoke(f"restart web.2 {limit} -a {APP}")
        assert code == 1
        assert f"so {limit.split()[-2]} cannot be counted; nothing was sent." in stderr
        assert changed(before, world) == []
        assert invoke(f"restart web.2 -a {APP}").code == 0, "without a limit the journal is a convenience"

    def test_an_app_named_by_its_id_is_protected_as_by_its_name(
        self, invoke: Invoke, world: World, tmp_path: Path
    ) -> None:
        config = tmp_path / "xdg_config_home" / "herodyno" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(f'protected = ["{APP}"]\n')
        before = ids(world)
        assert invoke(f"restart web.2 -a {world.app(APP).id}").code == 2
        assert changed(before, world) == []
        assert invoke(f"restart web.2 -a {world.app(APP).id} --confirm {APP}").code == 0


class TestDidItHelp:
    def test_verify_compares_before_and_after_with_intervals(self, invoke: Invoke) -> None:
        stdout, _, code = invoke(f"restart web.2 --verify 5m -a {APP}")
        assert code == 0
        assert stdout.splitlines()[0] == "It helped: fewer errors."
        assert stdout.splitlines()[1].startswith("web.2: ")
        assert ": fewer" in stdout.splitlines()[1]
        assert "web.2: memory 15" in stdout
        (told,) = (line for line in stdout.splitlines() if "waiting for a database connection" in line)
        assert re.fullmatch(r'web\.2: ".*": \d\d in \d min( \d+ s)? before, 0 in \d min( \d+ s)? after: gone', told)

    def test_with_preboot_what_the_old_dyno_serves_beside_the_new_one_is_not_held_against_it(
        self, invoke: Invoke, world: World
    ) -> None:
        world.app(APP).preboot = True
        world.app(APP).release.profiles["web"] = replace(world.dyno(APP, "web.1").profile, faults=())
        stdout, stderr, code = invoke(f"restart web.2 --verify 3m -a {APP}")
        assert code == 0
        assert "preboot is on: the old dyno serves for up to 6 minutes yet" in stderr
        assert stdout.splitlines()[0] == "It helped: fewer errors."
        assert re.search(r"web\.2: .*, 0 of \d+ after", stdout.splitlines()[1])

    def test_verify_in_json_fits_the_schema(self, invoke: Invoke) -> None:
        verify = valid(invoke(f"restart web.2 --verify 5m -a {APP} --json").stdout)["verify"]
        assert verify["restarted"]["judgement"] == "fewer"
        assert verify["others"]["judgement"] == "no_difference_seen"
        (line, *_) = verify["lines"]
        assert (line["kind"], line["dynos"], line["after"]["n"], line["judgement"]) == ("line", ["web.2"], 0, "gone")
        assert line["before"]["n"] >= 5

    def test_a_minute_after_it_is_too_early_to_say_that_the_line_is_gone(self, invoke: Invoke) -> None:
        stdout = invoke(f"restart web.2 --verify 30s -a {APP}").stdout
        (told,) = (line for line in stdout.splitlines() if "waiting for a database connection" in line)
        assert told.endswith("s after: too little log to say")

    @HEALTHY
    def test_where_nothing_was_wrong_it_does_not_claim_to_have_helped(self, invoke: Invoke, world: World) -> None:
        first = invoke(f"restart web.1 --verify 2m -a {APP}").stdout.splitlines()[0]
        assert first in (
            "No difference beyond chance is seen.",
            "Whether it helped cannot be said yet: too few requests.",
        )

    def test_wait_ends_when_the_new_dyno_is_up(self, invoke: Invoke, world: World) -> None:
        before = ids(world)
        assert invoke(f"restart web.2 --wait -a {APP}").code == 0
        assert changed(before, world) == ["web.2"]
        assert world.dyno(APP, "web.2").state == "up"
