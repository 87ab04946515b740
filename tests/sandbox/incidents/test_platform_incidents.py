"""Incidents of the platform: starts that fail, clients that leave, log lines that never arrive."""

from __future__ import annotations

from collections import Counter

from herodyno.sandbox.incidents import scenarios
from herodyno.sandbox.world.log_buffer import LogEntry
from herodyno.sandbox.world.world import World


def lines(world: World, *procs: str) -> list[LogEntry]:
    log = sorted(world.app("example-app").log.everything, key=lambda each: each.at)
    return [each for each in log if each.proc in procs]


def test_a_damaged_slug_starts_no_process_and_says_one_pair_of_checksums() -> None:
    world = scenarios.scenario("damaged-slug")
    since = world.truth.since
    assert since is not None
    said = [each for each in lines(world, "web.1") if each.at > since and each.source == "heroku"]
    texts = [each.text for each in said if "sample#" not in each.text]
    at = next(number for number, text in enumerate(texts) if text.startswith("Error R17"))
    assert texts[at + 1] == "State changed from starting to crashed"
    assert not any(text.startswith("Starting process") for text in texts)
    texts = {each.text for each in lines(world, "web.1", "web.2") if "R17" in each.text}
    assert len(texts) == 1
    assert "Checksum does match expected value. Expected: SHA256:" in texts.pop()
    assert {each.state for each in world.dynos("example-app")} == {"crashed"}


def test_a_dyno_the_platform_cannot_start_is_r99_ten_seconds_later_and_then_waits() -> None:
    world = scenarios.scenario("platform-cannot-start")
    said = [each for each in lines(world, "web.1") if each.source == "heroku" and "sample#" not in each.text]
    at = [number for number, each in enumerate(said) if "R99" in each.text]
    assert [said[n + 1].text for n in at] == ["Stopping process with SIGKILL"] * 2
    assert [said[n + 2].text for n in at] == ["State changed from starting to crashed"] * 2
    assert "Starting process" not in "".join(each.text for each in said)
    states = Counter(each.state for each in world.dynos("example-app"))
    assert states == {"up": 3, "crashed": 1}
    world.app("example-app").unlaunchable.clear()
    world.restart("example-app", dyno="web.1")
    world.tick(20)
    assert world.dyno("example-app", "web.1").state == "up"


def test_a_command_that_ignores_its_hang_up_is_r16_and_runs_on() -> None:
    world = scenarios.scenario("left-running")
    name, dyno_id = world.truth.guilty[0]
    said = [each for each in lines(world, name) if "sample#" not in each.text]
    assert [each.text.split(" ")[0] for each in said[-4:]] == ["Client", "Client", "Client", "Error"]
    assert [round((b.at - a.at).total_seconds()) for a, b in zip(said[-4:], said[-3:], strict=False)] == [5, 5, 5]
    assert "Error R16 (Detached) -> " in said[-1].text
    assert (world.dyno("example-app", name).id, world.dyno("example-app", name).state) == (dyno_id, "up")
    world.stop("example-app", dyno=name)
    world.tick(40)
    assert name not in [each.name for each in world.dynos("example-app")]


def test_lines_are_truly_lost_and_the_truth_counts_them() -> None:
    world = scenarios.scenario("lines-lost", seed=5)
    assert world.truth.lost == {"L12": 40, "L13": 11}
    texts = [each.text for each in lines(world, "log-shuttle", "logplex")]
    assert [text[6:9] for text in texts] == ["L12", "L13", "L10", "L14"]
    assert ": 40 messages dropped since 2026-11-23T" in texts[0]
    assert ": 11 messages lost since 2026-11-23T" in texts[1]
    assert 'error="bad certificate" uri="syslog+tls://logs.example.com:6514/"' in texts[3]


def test_hidden_history_is_one_l15_line_and_a_tail_goes_on() -> None:
    world = scenarios.scenario("healthy")
    log = world.app("example-app").log
    tail = log.follow()
    log.is_hidden = True
    world.tick(5)
    assert [each.text[:9] for each in log.history(1500)] == ["Error L15"]
    assert len(tail.take()) > 5
