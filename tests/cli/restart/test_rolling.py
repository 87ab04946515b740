"""`restart --rolling`: one batch after the other, its gates, what is left when it ends early, and how it goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.sandbox.world.world import World
from tests.cli.replaced import APP, HEALTHY, changed, ids
from tests.cli.schemas import valid
from tests.conftest import Invoke


def killed() -> None:
    raise KeyboardInterrupt


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

    def test_65_a_crash_stops_it_says_what_was_left_and_it_can_be_resumed(self, invoke: Invoke, world: World) -> None:
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
    def test_a_new_dyno_that_others_replaced_before_the_resume_is_told_and_does_not_bar_the_rest(
        self, invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before, slept = ids(world), iter(range(8))
        with monkeypatch.context() as patch:
            real = world.tick
            patch.setattr(world, "tick", lambda seconds: real(seconds) if next(slept, None) is not None else killed())
            assert invoke(f"restart web --rolling --order name --steady 60s -a {APP}").code == 130
        world.restart(APP, dyno="web.1")
        world.tick(60)
        words = f"restart --resume -a {APP}"
        _, stderr, code = invoke(words)
        assert (code, "was replaced again" in stderr) == (1, True)
        invoke(words)
        assert changed(before, world) == [name for name in before if name.startswith("web.")]

    @HEALTHY
    def test_a_resumed_roll_is_of_the_app_that_was_named_and_asks_when_it_is_protected(
        self, invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(world, "tick", lambda seconds: killed())
            assert invoke(f"restart web --rolling -a {APP}").code == 130
        before, file = ids(world), tmp_path / "xdg_state_home" / "herodyno" / f"roll-{APP}.json"
        good = file.read_text()
        file.write_text(good.replace(APP, "other-app"))
        _, stderr, code = invoke(f"restart --resume -a {APP}")
        assert (code, f"is a roll of other-app, not of {APP}; nothing was sent" in stderr) == (1, True)
        file.write_text(good)
        config = tmp_path / "xdg_config_home" / "herodyno" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(f'protected = ["{APP}"]\n')
        assert invoke(f"restart --resume -a {APP}").code == 2
        assert changed(before, world) == []
        assert invoke(f"restart --resume -a {APP} --confirm {APP}").code == 0

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
    @pytest.mark.parametrize("on_error", ["stop", "continue", "ask"])
    def test_a_token_refused_in_the_middle_ends_it_with_4_and_says_how_to_go_on(
        self, make_session: Any, world: World, capsys: pytest.CaptureFixture[str], on_error: str
    ) -> None:
        session, before = make_session(), ids(world)
        inner = session.httpx_transport

        class Revoked(httpx.BaseTransport):
            after_write = False

            def handle_request(self, request: httpx.Request) -> httpx.Response:
                if self.after_write:
                    return httpx.Response(401, json={"id": "unauthorized", "message": "Invalid credentials provided."})
                self.after_write = request.method == "DELETE"
                return inner.handle_request(request)

        session.httpx_transport = Revoked()
        assert run(["restart", "web", "--rolling", "--on-error", on_error, "-a", APP], session) == 4
        stderr = capsys.readouterr().err
        assert "restarting, not yet known to be steady" in stderr
        assert f"herodyno restart --resume --app {APP}" in stderr
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


@pytest.mark.parametrize("world", ["fir-app"], indirect=True)
def test_fir_rolls_by_new_ids_and_has_no_history_to_verify_with(invoke: Invoke, world: World) -> None:
    app = next(iter(world.apps))
    before = {dyno.id for dyno in world.dynos(app) if dyno.type == "web"}
    assert invoke(f"restart web --verify 1m -a {app}").code == 1
    _, stderr, code = invoke(f"restart web --rolling -a {app}")
    assert code == 0, stderr
    assert not before & {dyno.id for dyno in world.dynos(app)}
