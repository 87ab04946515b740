"""The lives of a name survive the overlap of a restart, crashes, idling, and a log that starts in the middle."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.timeline.incarnations import Incarnation
from tests.diagnosis.reading import log, read, request, stamp


def incarnations(name: str, dyno: str = "web.1") -> list[Incarnation]:
    return list(read(log(name)).times.incarnations[dyno])


def test_exit_137_after_the_new_start_belongs_to_the_old_life() -> None:
    old, new = incarnations("restart-with-overlap")

    assert (old.id, new.id) == ("aaaaaaaa-1111-4111-8111-111111111111", "bbbbbbbb-2222-4222-8222-222222222222")
    assert (old.exit_status, old.end_reason, old.codes) == (137, "restarted", ["R12"])
    assert not old.crashed
    assert (new.exit_status, new.end, new.end_reason) == (None, None, None)


def test_a_daily_cycle_is_no_crash() -> None:
    old, new = incarnations("daily-cycle")

    assert (old.end_reason, old.exit_status, old.crashed) == ("cycled", 143, False)
    assert new.up is not None
    assert new.end is None


def test_three_ids_under_one_name_are_three_lives_and_end_for_three_reasons() -> None:
    first, second, third = incarnations("three-ids-and-a-crash")

    assert [incarnation.id[:8] for incarnation in (first, second, third) if incarnation.id] == [
        "aaaaaaaa",
        "bbbbbbbb",
        "cccccccc",
    ]
    assert (first.end_reason, second.end_reason, third.end_reason) == ("deployed", "crashed", None)
    assert (second.exit_status, second.crashed) == (1, True)


def test_a_life_is_dated_to_the_release_that_was_newest_when_it_began() -> None:
    _, second, third = incarnations("three-ids-and-a-crash")

    assert (second.release, third.release) == (41, 41)


def test_idling_ends_a_life_and_waking_begins_one() -> None:
    old, new = incarnations("idle-and-back")

    assert (old.end_reason, old.start) == ("idled", None)
    assert new.start is not None


def test_a_dyno_scaled_away_ends_as_scaled_down() -> None:
    (incarnation,) = incarnations("scaled-down", "web.2")

    assert (incarnation.end_reason, incarnation.exit_status, incarnation.crashed) == ("scaled_down", 0, False)


def test_a_state_line_printed_before_its_exit_makes_no_second_life() -> None:
    text = (
        "2026-03-02T11:55:00.100000+00:00 heroku[web.1]: State changed from up to crashed\n"
        "2026-03-02T11:55:00.900000+00:00 heroku[web.1]: Process exited with status 1\n"
    )

    (incarnation,) = read(text).times.incarnations["web.1"]

    assert (incarnation.exit_status, incarnation.crashed) == (1, True)


def test_a_one_off_that_ends_with_0_is_complete_and_no_crash() -> None:
    text = (
        "2026-03-02T11:55:00.100000+00:00 heroku[run.4321]: Starting process with command `rake db:migrate`\n"
        "2026-03-02T11:55:02.100000+00:00 heroku[run.4321]: State changed from starting to up\n"
        "2026-03-02T11:55:09.100000+00:00 heroku[run.4321]: Process exited with status 0\n"
        "2026-03-02T11:55:09.300000+00:00 heroku[run.4321]: State changed from up to complete\n"
    )

    (incarnation,) = read(text).times.incarnations["run.4321"]

    assert (incarnation.end_reason, incarnation.crashed) == ("completed", False)


def test_r15_kills_and_is_told_from_a_crash() -> None:
    text = (
        "2026-03-02T11:55:00.100000+00:00 heroku[web.1]: Process running mem=1051M(205.2%)\n"
        "2026-03-02T11:55:00.110000+00:00 heroku[web.1]: Error R15 (Memory quota vastly exceeded)\n"
        "2026-03-02T11:55:00.120000+00:00 heroku[web.1]: Stopping process with SIGKILL\n"
        "2026-03-02T11:55:00.300000+00:00 heroku[web.1]: Process exited with status 137\n"
        "2026-03-02T11:55:00.400000+00:00 heroku[web.1]: State changed from up to crashed\n"
    )

    (incarnation,) = read(text).times.incarnations["web.1"]

    assert (incarnation.end_reason, incarnation.codes) == ("killed", ["R15"])


def test_r12_in_the_first_line_still_ends_a_life_that_was_told_to_stop() -> None:
    text = (
        "2026-03-02T11:55:00.100000+00:00 heroku[worker.1]: Error R12 (Exit timeout) -> At least one process failed to "
        "exit within 30 seconds of SIGTERM\n"
        "2026-03-02T11:55:00.200000+00:00 heroku[worker.1]: Stopping remaining processes with SIGKILL\n"
        "2026-03-02T11:55:00.300000+00:00 heroku[worker.1]: Process exited with status 137\n"
    )

    (incarnation,) = read(text).times.incarnations["worker.1"]

    assert (incarnation.crashed, incarnation.end_reason, incarnation.exit_status) == (False, "stopped", 137)


def test_a_new_dyno_that_cannot_boot_does_not_take_the_exit_of_the_old_one_that_was_told_to_stop() -> None:
    text = (
        "2026-03-02T11:55:00.100000+00:00 heroku[web.1]: State changed from up to starting\n"
        "2026-03-02T11:55:01.000000+00:00 heroku[web.1]: Error R17 (Checksum error) -> Checksum does match expected "
        "value. Expected: SHA256:aa Actual: SHA256:bb\n"
        "2026-03-02T11:55:01.100000+00:00 heroku[web.1]: State changed from starting to crashed\n"
        "2026-03-02T11:55:01.200000+00:00 heroku[web.1]: Stopping all processes with SIGTERM\n"
        "2026-03-02T11:55:01.200000+00:00 heroku[web.1]: State changed from crashed to starting\n"
        "2026-03-02T11:55:01.500000+00:00 heroku[web.1]: Process exited with status 143\n"
        "2026-03-02T11:55:02.900000+00:00 heroku[web.1]: State changed from starting to crashed\n"
    )

    old, *new = read(text).times.incarnations["web.1"]

    assert (old.exit_status, old.crashed) == (143, False)
    assert [(incarnation.exit_status, incarnation.crashed) for incarnation in new] == [(None, True), (None, True)]
    assert new[0].codes == ["R17"]


def test_an_exit_long_after_a_crash_that_only_a_state_line_told_is_the_next_dynos() -> None:
    text = (
        "2026-03-02T11:50:00.000000+00:00 heroku[web.1]: State changed from up to crashed\n"
        "2026-03-02T11:50:00.100000+00:00 heroku[web.1]: State changed from crashed to starting\n"
        "2026-03-02T11:50:03.000000+00:00 heroku[web.1]: Starting process with command `x`\n"
        "2026-03-02T11:50:06.000000+00:00 heroku[web.1]: State changed from starting to up\n"
        "2026-03-02T11:53:00.000000+00:00 heroku[web.1]: Process exited with status 3\n"
        "2026-03-02T11:53:00.100000+00:00 heroku[web.1]: State changed from up to crashed\n"
    )

    first, second = read(text).times.incarnations["web.1"]

    assert [(incarnation.exit_status, incarnation.crashed) for incarnation in (first, second)] == [
        (None, True),
        (3, True),
    ]


def restart_lines(at: float, *, ended: bool) -> str:
    lines = [
        (0, "State changed from up to starting"),
        (9, "Starting process with command `run`"),
        (19, "State changed from starting to up"),
    ]
    end = [(10, "Stopping all processes with SIGTERM"), (12, "Process exited with status 143")] if ended else []
    return "".join(f"{stamp(at + after)} heroku[web.1]: {text}\n" for after, text in sorted(lines + end))


@pytest.mark.parametrize("gap", [900, 2700, 40_000])
def test_a_restart_whose_end_is_lost_does_not_take_the_sigterm_of_the_next(gap: float) -> None:
    calm = "".join(request(at, "web.1") for at in (-60, 100, gap - 30, gap + 60))
    text = "".join(sorted((calm + restart_lines(0, ended=False) + restart_lines(gap, ended=True)).splitlines(True)))
    found = read(text)
    first, second, third = found.times.incarnations["web.1"]

    assert (first.exit_status, second.exit_status, third.exit_status) == (None, 143, None)
    assert found.facts.of(second.key).requests == 2
    assert not found.facts.ambiguous
