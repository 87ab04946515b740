"""A crash needs a mark of one: stops of all sorts, seen whole or with lines lost, cut off or garbled, are no crash."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.timeline.incarnations import Incarnation, give_ends
from tests.diagnosis.reading import NOON, judged, read, request, stamp
from tests.real_parts import case_bytes

# What Heroku logs when it stops web.2 at second 0, by sort of stop: (seconds, text), then what it ends as.
STOPS: dict[str, tuple[list[tuple[float, str]], str]] = {
    "restart": ([(0, "Restarting"), (0.1, "State changed from up to starting")], "restarted"),
    "daily cycle": ([(0, "Cycling"), (0.1, "State changed from up to starting")], "cycled"),
    "move": ([(0, "Relocating"), (0.1, "State changed from up to starting")], "relocated"),
    "sleep": ([(0, "Idling"), (0.1, "State changed from up to down")], "idled"),
    "scaling": ([(0.1, "State changed from up to down")], "stopped"),
    "stop of 2011": ([(0.1, "State changed from up to stopping")], "stopped"),
}
SIGTERM = "Stopping all processes with SIGTERM"
STATUSES = (0, 1, 22, 137, 143)


def line(seconds: float, text: str, dyno: str = "web.2") -> str:
    return f"{stamp(seconds)} heroku[{dyno}]: {text}\n"


def log_of(*lines: tuple[float, str], dyno: str = "web.2") -> str:
    """The lines among requests of five minutes to this dyno and another, while each of them runs."""
    first = lines[0][0] if lines else 0.0
    calm = [request(at, "web.1") for at in range(-300, 300, 7)]
    calm += [request(at, dyno) for at in range(-300, int(first), 7)]
    return "".join(sorted(calm + [line(at, text, dyno) for at, text in lines]))


def ended(text: str, dyno: str = "web.2") -> Incarnation:
    """The first incarnation of the name."""
    return read(text).times.incarnations[dyno][0]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    "sigterm", [SIGTERM, "Stopping all processes with SI", "Stopping all", "St?pping all processes with SIGTERM", ""]
)
@pytest.mark.parametrize("sort", STOPS)
def test_a_stop_that_a_line_announces_is_no_crash_whatever_its_status(sort: str, sigterm: str, status: int) -> None:
    before, reason = STOPS[sort]
    term = [(0.2, sigterm)] if sigterm else []
    end = ended(log_of(*before, *term, (2.0, f"Process exited with status {status}")))

    assert (end.crashed, end.end_reason, end.exit_status) == (False, reason, status)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("sort", ["restart", "daily cycle", "move"])
def test_a_start_of_the_next_dyno_before_the_exit_changes_nothing(sort: str, status: int) -> None:
    before, reason = STOPS[sort]
    text = log_of(
        *before,
        (0.2, SIGTERM),
        (3.0, "Starting process with command `bin/web`"),
        (5.0, "State changed from starting to up"),
        (9.0, f"Process exited with status {status}"),
    )
    old, new = read(text).times.incarnations["web.2"]

    assert (old.crashed, old.end_reason, old.exit_status) == (False, reason, status)
    assert (new.end, new.crashed) == (None, False)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("seconds", [0.5, 12.0, 29.0])
def test_the_announcement_of_an_exit_may_lie_before_the_first_line(seconds: float, status: int) -> None:
    text = request(0, "web.1") + line(seconds, f"Process exited with status {status}")
    text += line(seconds + 1, "Starting process with command `bin/web`")

    end = ended(text)

    assert not end.crashed
    assert end.end_reason == ("stopped" if status == 143 else "unknown")


def test_the_state_line_tells_a_crash_from_a_stop_even_there() -> None:
    text = request(0, "web.1") + line(1, "Process exited with status 1")

    assert not ended(text).crashed
    assert ended(text + line(1.1, "State changed from up to crashed")).crashed
    assert not ended(text + line(1.1, "State changed from up to down")).crashed


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("Scaled to web@1:Standard-1X by user dev@example.com", "scaled_down"),
        ("Release v43 created by user dev@example.com", "unknown"),
        ("Restart web.2 by user dev@example.com", "unknown"),
    ],
)
def test_an_action_shortly_before_announces_the_stop_when_the_platforms_lines_are_lost(
    action: str, reason: str
) -> None:
    api = f"{stamp(-3)} app[api]: {action}\n"
    text = log_of((0.0, "Process exited with status 1"))

    assert ended(text).crashed
    assert (ended(text + api).crashed, ended(text + api).end_reason) == (False, reason)


def test_a_dyno_that_began_after_the_release_is_not_stopped_by_it() -> None:
    text = (
        request(-300, "web.1")
        + f"{stamp(0)} app[api]: Release v43 created by user dev@example.com\n"
        + line(2, "Starting process with command `bin/web`")
        + line(9, "Process exited with status 1")
        + request(300, "web.1")
    )

    assert (ended(text).crashed, ended(text).end_reason) == (True, "crashed")


@pytest.mark.parametrize("status", [0, 130, 134, 137, 139, 143, None])
def test_a_status_of_zero_or_of_a_signal_is_no_mark_of_a_crash(status: int | None) -> None:
    exited = "Process exited" if status is None else f"Process exited with status {status}"

    assert not ended(log_of((0.0, exited))).crashed
    assert ended(log_of((0.0, exited), (0.2, "State changed from up to crashed"))).crashed


@pytest.mark.parametrize("status", [1, 2, 22, 127, 255])
def test_a_status_of_the_programs_own_is_a_mark_while_nothing_announced_a_stop(status: int) -> None:
    text = log_of((0.0, f"Process exited with status {status}"))

    assert (ended(text).crashed, ended(text).is_crash_told) == (True, False)


@pytest.mark.parametrize("code", ["R10 (Boot timeout) -> x", "R15 (Memory quota vastly exceeded)", "R99 (x)"])
@pytest.mark.parametrize("kill", ["Stopping process with SIGKILL", "Stopping process with", ""])
def test_a_code_that_kills_is_a_mark_though_the_status_is_a_signals(code: str, kill: str) -> None:
    killed = [(0.1, kill)] if kill else []
    end = ended(log_of((0.0, f"Error {code}"), *killed, (0.3, "Process exited with status 137")))

    assert (end.crashed, end.end_reason) == (True, "killed")


@pytest.mark.parametrize(("late", "codes"), [(0, ["R10"]), (1, ["R10"]), (30, [])])
def test_a_code_between_the_state_line_and_the_exit_is_of_the_crash(late: float, codes: list[str]) -> None:
    error = "Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch"
    lines = [(0, "State changed from starting to crashed"), (late, error), (late, "Process exited with status 137")]
    end = ended(log_of(*lines))

    assert (end.crashed, end.codes) == (True, codes)


@pytest.mark.parametrize("status", [1, 137])
def test_a_code_after_the_exit_is_not_of_the_crash(status: int) -> None:
    exit_line = (0.1, f"Process exited with status {status}")
    end = ended(
        log_of(exit_line, (0.2, "State changed from up to crashed"), (1, "Error R99 (Platform error) -> Failed"))
    )

    assert (end.crashed, end.codes) == (True, [])


def test_a_code_long_before_an_ordinary_stop_is_no_mark() -> None:
    text = log_of(
        (-200.0, "Error R15 (Memory quota vastly exceeded)"), (0.0, SIGTERM), (1.0, "Process exited with status 143")
    )

    assert (ended(text).crashed, ended(text).end_reason) == (False, "stopped")


def test_a_code_while_a_dyno_stops_makes_no_crash_of_the_stop() -> None:
    text = log_of(
        (0.0, SIGTERM), (5.0, "Error R15 (Memory quota vastly exceeded)"), (6.0, "Process exited with status 137")
    )

    assert not ended(text).crashed


def test_a_dyno_that_crashes_while_the_old_one_is_leaving_takes_its_own_exit() -> None:
    """With preboot the word comes minutes before SIGTERM, and the new dyno can crash in between."""
    text = log_of(
        (0.0, "Restarting"),
        (1.0, "State changed from up to starting"),
        (2.0, "Starting process with command `bin/web`"),
        (6.0, "State changed from starting to up"),
        (20.0, "Process exited with status 1"),
        (20.1, "State changed from up to crashed"),
        (200.0, "Process exited with status 143"),
    )
    old, new = read(text).times.incarnations["web.2"]

    assert (old.crashed, old.exit_status, old.end_reason) == (False, 143, "restarted")
    assert (new.crashed, new.exit_status) == (True, 1)


BOOT = [(-4.0, "Starting process with command `bin/web`"), (2.0, "State changed from starting to up")]


@pytest.mark.parametrize("status", STATUSES)
def test_a_dyno_that_comes_up_after_an_exit_is_not_the_one_that_exited(status: int) -> None:
    """The log begins between the SIGTERM of the old dyno and its exit, when the new one boots already."""
    text = "".join(line(at, said) for at, said in [BOOT[0], (0.0, f"Process exited with status {status}"), BOOT[1]])
    result = read(text + request(30, "web.2"))
    old, new = result.times.incarnations["web.2"]

    assert (old.start, old.exit_status, old.crashed) == (None, status, False)
    assert (new.end, new.up is not None) == (None, True)
    assert [each.number for each in result.times.of_line.values()] == [1, 0, 1]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("goes_on", "lives"), [(50.0, ["old, open", "exited"]), (70.0, ["exited", "new, open"])])
def test_a_dyno_whose_lines_go_on_has_not_exited(goes_on: float, lives: list[str], status: int) -> None:
    """With preboot both run for minutes. Here the SIGTERM of the old dyno was lost with all that announced it."""
    text = "".join(request(at, "web.2") for at in range(-600, -220, 10))
    text += line(-200, BOOT[0][1]) + line(-190, BOOT[1][1]) + line(0, f"Process exited with status {status}")
    old, new = read(text + request(goes_on, "web.2")).times.incarnations["web.2"]

    assert not old.crashed
    assert not new.crashed
    exited = [each.exit_status == status for each in (old, new)]
    assert exited == [words == "exited" for words in lives]


def test_a_dyno_that_crashed_does_not_go_on() -> None:
    text = line(-700, "Starting process with command `x`") + line(-690, "State changed from starting to up")
    crash = line(0, "Process exited with status 1") + line(0.1, "State changed from up to crashed")
    told = line(0, "Error R15 (Memory quota vastly exceeded)") + line(0.2, "Process exited with status 137")

    for end in (crash, told):
        assert read(text + end + request(200, "web.2")).times.incarnations["web.2"][-1].crashed


def test_an_order_to_stop_reaches_an_exit_for_as_long_as_preboot_lasts() -> None:
    def of_old(seconds: float, *, sigterm: bool) -> bool:
        text = request(-700, "web.2") + line(-600, "Restarting") + line(-599, "State changed from up to starting")
        text += (line(-598, SIGTERM) if sigterm else "") + line(-597, BOOT[0][1]) + line(-590, BOOT[1][1])
        text += line(-600 + seconds, "Process exited with status 143") + request(-590 + seconds, "web.2")
        return read(text).times.incarnations["web.2"][0].exit_status == 143

    assert of_old(20, sigterm=True)
    assert of_old(20, sigterm=False)
    assert of_old(395, sigterm=False)
    assert not of_old(405, sigterm=False)
    assert not of_old(395, sigterm=True)


@pytest.mark.parametrize(
    ("status", "reason"), [(0, "completed"), (1, "failed"), (137, "killed"), (143, "stopped"), (None, "unknown")]
)
def test_completed_is_status_0(status: int | None, reason: str) -> None:
    exited = "Process exited" if status is None else f"Process exited with status {status}"
    text = line(0, "Starting process with command `rake x`", "run.7") + line(30, exited, "run.7")
    text += line(30.1, "State changed from up to complete", "run.7")

    assert (ended(text, "run.7").crashed, ended(text, "run.7").end_reason) == (False, reason)


@pytest.mark.parametrize("status", [0, 1, 143])
@pytest.mark.parametrize("seconds", [1.0, 25.0])
def test_a_one_off_dyno_of_a_day_is_cycled_however_late_its_exit_comes(seconds: float, status: int) -> None:
    text = "".join(
        line(at, said, "run.7")
        for at, said in (
            (0, "Cycling"),
            (0.1, "State changed from up to complete"),
            (0.7, SIGTERM),
            (seconds, f"Process exited with status {status}"),
        )
    )
    (end,) = read(text).times.incarnations["run.7"]

    assert (end.crashed, end.end_reason, end.exit_status) == (False, "cycled", status)


def test_an_action_reaches_an_end_for_three_minutes_and_one_near_its_line() -> None:
    def reason(seconds: float) -> str | None:
        api = f"{stamp(-seconds)} app[api]: Scaled to web@1:Standard-1X by user dev@example.com\n"
        return ended(log_of((0.0, SIGTERM), (1.0, "Process exited with status 143")) + api).end_reason

    assert [reason(seconds) for seconds in (-1.9, 0.0, 179.0)] == ["scaled_down"] * 3
    assert [reason(seconds) for seconds in (-2.1, 181.0)] == ["stopped"] * 2


@pytest.mark.parametrize(("later", "reason"), [(299.0, "deployed"), (301.0, "stopped")])
def test_preboot_lets_a_release_reach_an_end_for_five_minutes(later: float, reason: str) -> None:
    release = f"{stamp(-later)} app[api]: Release v43 created by user dev@example.com\n"
    lines = [
        (-later + 2, "State changed from starting to starting"),
        (-later + 3, "Starting process with command `bin/web`"),
        (-later + 9, "State changed from starting to up"),
        (0.0, SIGTERM),
        (1.0, "Process exited with status 143"),
    ]
    old = "".join(request(at, "web.2") for at in range(-400, -310, 7))

    assert ended(release + old + "".join(line(at, said) for at, said in lines)).end_reason == reason


@pytest.mark.parametrize(
    ("name", "dyno", "reasons"),
    [
        ("verdict-cut_b.log.gz", "web.1", ["unknown", None]),
        ("verdict-cut_c.log.gz", "web.1", ["cycled", None]),
        ("verdict-idle.log", "web.1", ["idled", None]),
        ("39-2011-mixed-offsets.log", "worker.1", ["scaled_down", None]),
        ("25-run-cycling.log", "run.9633", ["cycled"]),
        ("45-exit22-on-idling.log", "web.1", ["idled", None]),
    ],
)
def test_the_stops_that_were_called_crashes(name: str, dyno: str, reasons: list[str | None]) -> None:
    text = case_bytes(name).decode()

    assert [each.end_reason for each in read(text).times.incarnations[dyno]] == reasons
    found = judged(text)
    assert found.verdict.kind in ("nothing_found", "not_enough_data")
    assert not any(finding.kind == "crash" for finding in found.findings)


@pytest.mark.parametrize("kind", ["Restarting", "Idling"])
def test_a_crash_is_told_even_while_a_dyno_stops_only_before_the_order(kind: str) -> None:
    killed = line(0, "Error R15 (Memory quota vastly exceeded)") + line(0.2, kind)
    killed += line(0.5, "Process exited with status 137")

    assert ended(log_of() + killed).crashed


def test_a_one_off_dyno_with_a_status_of_its_own_failed_and_did_not_crash() -> None:
    text = request(-300, "web.1") + line(0, "Starting process with command `rake x`", "run.7")

    assert not ended(text + line(30, "Process exited with status 1", "run.7"), "run.7").crashed


def test_an_announcement_before_the_first_line_is_possible_for_no_longer_than_a_stop_takes() -> None:
    def crashed(seconds: float) -> bool:
        return ended(request(0, "web.2") + line(seconds, "Process exited with status 1")).crashed

    assert [crashed(seconds) for seconds in (10, 39, 41, 120)] == [False, False, True, True]


def test_a_dyno_that_could_not_be_started_never_ran() -> None:
    def never_ran(code: str, *, begun: bool) -> bool:
        start = line(1, "Starting process with command `x`") if begun else ""
        text = line(0, "State changed from down to starting") + start + line(2, f"Error {code} (x)")
        return ended(text + line(2.1, "State changed from starting to crashed")).never_ran

    assert [never_ran(code, begun=False) for code in ("R17", "R99", "R10")] == [True, True, False]
    assert [never_ran(code, begun=True) for code in ("R17", "R99")] == [True, False]


def test_a_stop_without_an_exit_lasts_as_long_as_heroku_lets_it() -> None:
    def end(*lines: tuple[float, str], last: float) -> float | None:
        text = log_of(*lines) if last > 250 else "".join(line(at, said) for at, said in lines)
        found = ended(request(-50, "web.2") + text + request(last, "web.1"))
        return None if found.end is None else found.end - NOON.timestamp()

    assert end((0.0, SIGTERM), last=20) is None
    assert end((0.0, SIGTERM), last=299) == 30
    assert end((0.0, "State changed from up to down"), last=299) == 30


def test_an_old_dyno_may_run_beside_a_young_one_only() -> None:
    def old_end(seconds: float) -> float | None:
        text = request(-700, "web.2") + line(0, "Starting process with command `x`") + request(seconds, "web.1")
        return ended(text).end

    assert old_end(390) is None
    assert old_end(410) == NOON.timestamp()


@pytest.mark.parametrize("formation", ["web@2:Standard-1X", "worker@1:Standard-1X"])
def test_a_scaling_that_keeps_the_dyno_did_not_scale_it_away(formation: str) -> None:
    api = f"{stamp(-3)} app[api]: Scaled to {formation} by user dev@example.com\n"

    assert ended(log_of((0.0, SIGTERM), (1.0, "Process exited with status 143")) + api).end_reason == "stopped"


def test_a_young_dyno_crashes_by_its_own_status_once_the_old_one_has_exited() -> None:
    text = log_of(
        (0, "Restarting"), (0.1, "State changed from up to starting"), (0.2, SIGTERM),
        (1.0, "Process exited with status 143"),
        (3.0, "Starting process with command `bin/web`"), (5.0, "State changed from starting to up"),
        (100.0, "Process exited with status 1"),
    )  # fmt: skip
    old, young = read(text).times.incarnations["web.2"]

    assert (old.crashed, young.crashed, young.end_reason) == (False, True, "crashed")


def test_without_the_sigterm_a_shutdown_is_no_longer_than_heroku_lets_it_be() -> None:
    cycled = ended(log_of((0, "Cycling"), (200.0, "Process exited with status 143")))

    assert cycled.shutdown is not None
    assert cycled.shutdown[0] == NOON.timestamp() + 170
    assert ended(log_of((0, "Cycling"), (0.5, SIGTERM), (200.0, "Process exited with status 143"))).shutdown == (
        NOON.timestamp() + 0.5,
        cycled.shutdown[1],
    )


def test_a_restart_some_minutes_after_a_release_is_no_deploy_where_no_old_dyno_served_on() -> None:
    release = f"{stamp(-250)} app[api]: Release v43 created by user dev@example.com\n"
    text = log_of(
        (0, "Restarting"), (0.1, "State changed from up to starting"), (0.2, SIGTERM),
        (1.0, "Process exited with status 143"), (3.0, "Starting process with command `bin/web`"),
        (5.0, "State changed from starting to up"),
    )  # fmt: skip

    assert ended(release + text).end_reason == "restarted"


@pytest.mark.parametrize(("first", "second"), [(200.0, 100.0), (100.0, 200.0), (None, 100.0)])
def test_no_incarnation_begins_after_its_end_in_whatever_order_two_of_a_name_are_known(
    first: float | None, second: float
) -> None:
    older, newer = Incarnation("web.2", 0, first), Incarnation("web.2", 1, second)
    give_ends([older, newer], 10_000.0, gone=False)
    assert older.end == second
    assert older.start is None or older.start <= older.end
    assert newer.start == second
