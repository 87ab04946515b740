"""`restart`: what is meant and nothing else, compare-and-act, rolling with its gates, selectors, whether it helped."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.sandbox.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke

APP = "example-app"
HEALTHY = pytest.mark.parametrize("world", ["healthy"], indirect=True)


def ids(world: World) -> dict[str, str]:
    return {dyno.name: dyno.id for dyno in world.dynos(APP)}


def changed(before: dict[str, str], world: World) -> list[str]:
    now = ids(world)
    return [name for name in before if now.get(name) != before[name]]


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


class TestRolling:
    @HEALTHY
    def test_every_dyno_is_replaced_one_at_a_time(
        self, invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before, real, down = ids(world), world.tick, []

        def watched(seconds: float) -> None:
            for _ in range(max(1, round(seconds))):
                real(seconds / max(1, round(seconds)))
                down.append(sum(dyno.type == "web" and dyno.state != "up" for dyno in world.dynos(APP)))

        monkeypatch.setattr(world, "tick", watched)
        stdout, stderr, code = invoke(f"restart web --rolling -a {APP} --json")
        webs = [name for name in before if name.startswith("web.")]
        assert code == 0
        assert changed(before, world) == webs
        assert max(down) == 1
        document = valid(stdout)
        assert {item["phase"] for item in document["roll"]} == {"done"}
        assert stderr.endswith(f"{len(webs)} of {len(webs)} dynos restarted and steady.\n")

    def test_the_whole_app_asks_for_its_name_though_it_rolls(self, invoke: Invoke, world: World) -> None:
        before = ids(world)
        assert invoke(f"restart --rolling -a {APP}").code == 2
        assert changed(before, world) == []

    def test_the_worst_goes_first(self, invoke: Invoke, world: World) -> None:
        document = valid(invoke(f"restart web --rolling -a {APP} --dry-run --json").stdout)
        assert document["dynos"][0]["name"] == "web.2"
        assert document["roll"][0]["phase"] == "waiting"

    def test_a_crash_stops_it_says_what_was_left_and_it_can_be_resumed(self, invoke: Invoke, world: World) -> None:
        before, real = ids(world), world.restart

        def doomed(app: str, **target: Any) -> None:
            real(app, **target)
            if target.get("dyno") in ("web.2", before["web.2"]):
                world.tick(1)
                world.exit(APP, "web.2", 1)
                world.tick(1)
                if world.dyno(APP, "web.2").state != "crashed":
                    world.exit(APP, "web.2", 1)

        world.restart = doomed  # type: ignore[method-assign] # a world in which web.2 cannot start
        stdout, stderr, code = invoke(f"restart web --rolling --order name -a {APP} --json")
        error = json.loads(stderr.splitlines()[-1])
        assert code == 1
        assert "1 of 4 dynos restarted and steady; web.2 failed" in error["message"]
        assert "web.3, web.4 not touched" in error["message"]
        assert error["next_step"] == f"Go on with: herodyno restart --resume --app {APP}"
        assert [item["phase"] for item in valid(stdout)["roll"]] == ["done", "failed", "waiting", "waiting"]
        assert sorted(changed(before, world)) == ["web.1", "web.2"]
        world.restart = real  # type: ignore[method-assign] # as above
        _, stderr, code = invoke(f"restart --resume -a {APP}")
        assert code == 1
        assert "3 of 4 dynos restarted and steady; web.2 failed" in stderr
        assert sorted(changed(before, world)) == ["web.1", "web.2", "web.3", "web.4"]
        assert invoke(f"restart --resume -a {APP}").code == 5, "nothing is left to resume"

    @HEALTHY
    def test_ctrl_c_leaves_a_roll_that_can_be_resumed(
        self, invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before, real, slept = ids(world), world.tick, 0

        def interrupted(seconds: float) -> None:
            nonlocal slept
            slept += 1
            if slept == 8:
                raise KeyboardInterrupt
            real(seconds)

        with monkeypatch.context() as patch:
            patch.setattr(world, "tick", interrupted)
            _, stderr, code = invoke(f"restart web --rolling --order name -a {APP}")
        assert code == 130
        assert "interrupted: " in stderr
        assert f"herodyno restart --resume --app {APP}" in stderr
        touched = changed(before, world)
        first = ids(world)[touched[0]]
        assert invoke(f"restart --resume -a {APP}").code == 0
        assert changed(before, world) == [name for name in before if name.startswith("web.")]
        assert ids(world)[touched[0]] == first, "what was done is not done again"

    @HEALTHY
    def test_a_batch_under_way_at_ctrl_c_is_told_on_the_last_line(
        self, invoke: Invoke, monkeypatch: pytest.MonkeyPatch, world: World
    ) -> None:
        stderr = self.ended_at("restart web --rolling --order name --verify 5m", 0, invoke, world, monkeypatch)
        assert "0 of 4 dynos restarted and steady; web.1 restarting, not yet known to be steady" in stderr
        assert "web.2, web.3, web.4 not touched" in stderr

    @pytest.mark.parametrize(
        ("words", "pause", "left"),
        [
            ("restart web.2 --wait", 0, "their new dynos are not yet known to be up"),
            ("restart web.2 --verify 5m", 0, "their new dynos are not yet known to be up"),
            ("restart web.2 --verify 5m", 60, "and their new dynos came up; no verdict whether it helped"),
            ("restart web.2 --rolling --verify 5m", 60, "and their new dynos came up; no verdict whether it helped"),
        ],
    )
    def test_after_ctrl_c_the_last_line_says_what_was_done_and_what_was_left(
        self, words: str, pause: int, left: str, invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = ids(world)["web.2"][:8]
        last = self.ended_at(words, pause, invoke, world, monkeypatch).splitlines()[-1]
        assert last.startswith(f"interrupted: restarted web.2 ({old})")
        assert left in last
        assert last.endswith(f"Look: herodyno ps --app {APP}")

    @staticmethod
    def ended_at(words: str, pause: int, invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch) -> str:
        """The stderr of a command that Ctrl-C meets in its first pause of so many seconds or more."""
        real = world.tick

        def interrupted(seconds: float) -> None:
            if seconds >= pause:
                raise KeyboardInterrupt
            real(seconds)

        monkeypatch.setattr(world, "tick", interrupted)
        _, stderr, code = invoke(f"{words} -a {APP}")
        assert code == 130
        return stderr

    @HEALTHY
    def test_a_probe_that_fails_stops_it(
        self, make_session: Any, world: World, capsys: pytest.CaptureFixture[str]
    ) -> None:
        session = make_session()
        inner = session.httpx_transport

        class Probed(httpx.BaseTransport):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                if request.url.host == "probe.example":
                    assert "authorization" not in request.headers
                    return httpx.Response(503)
                return inner.handle_request(request)

        session.httpx_transport = Probed()
        before = ids(world)
        code = run(["restart", "web", "--rolling", "--probe", "https://probe.example/health", "-a", APP], session)
        assert code == 1
        assert "the probe answered 503" in capsys.readouterr().err
        assert len(changed(before, world)) == 1

    @HEALTHY
    def test_maintenance_and_preboot_are_said(
        self, make_session: Any, world: World, capsys: pytest.CaptureFixture[str]
    ) -> None:
        world.set_maintenance(APP, True)
        session = make_session()
        assert run(["restart", "web", "--rolling", "--dry-run", "-a", APP], session) == 0
        quiet = capsys.readouterr().err
        assert "maintenance mode is on" in quiet
        assert "preboot" not in quiet
        session.platform.transport.request("PATCH", f"/apps/{APP}/features/preboot", body={"enabled": True})
        assert run(["restart", "web", "--rolling", "--dry-run", "-a", APP], session) == 0
        assert "preboot is on" in capsys.readouterr().err


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


class TestDidItHelp:
    def test_verify_compares_before_and_after_with_intervals(self, invoke: Invoke) -> None:
        stdout, _, code = invoke(f"restart web.2 --verify 5m -a {APP}")
        assert code == 0
        assert stdout.splitlines()[0] == "It helped: fewer errors."
        assert stdout.splitlines()[1].startswith("web.2: ")
        assert ": fewer" in stdout.splitlines()[1]
        assert "web.2: memory 15" in stdout

    def test_verify_in_json_fits_the_schema(self, invoke: Invoke) -> None:
        verify = valid(invoke(f"restart web.2 --verify 5m -a {APP} --json").stdout)["verify"]
        assert verify["restarted"]["judgement"] == "fewer"
        assert verify["others"]["judgement"] == "no_difference_seen"

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


@pytest.mark.parametrize("world", ["fir-app"], indirect=True)
def test_fir_rolls_by_new_ids_and_has_no_history_to_verify_with(invoke: Invoke, world: World) -> None:
    app = next(iter(world.apps))
    before = {dyno.id for dyno in world.dynos(app) if dyno.type == "web"}
    assert invoke(f"restart web --verify 1m -a {app}").code == 1
    _, stderr, code = invoke(f"restart web --rolling -a {app}")
    assert code == 0, stderr
    assert not before & {dyno.id for dyno in world.dynos(app)}
