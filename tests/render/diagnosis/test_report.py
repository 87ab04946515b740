"""The report reads as the golden files do, at every width, and never moves a terminal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from herodyno.diagnosis.report.report import ApiUse, Change, Diagnosis, Evidence
from herodyno.render.diagnosis.report import diagnosis_lines
from herodyno.render.text import ASCII, cleaned, plain
from tests.render.attacks import HOSTILE, assert_nothing_moves
from tests.render.diagnoses import ALL, CRASHED, GROWING, ONE_DYNO, dyno, hostile

GOLDEN = Path(__file__).parents[1] / "golden"


def text_of(diagnosis: Diagnosis, *, width: int | None, utc: bool = True) -> str:
    return "".join(plain(cleaned(line)) + "\n" for line in diagnosis_lines(diagnosis, width=width, utc=utc))


@pytest.mark.parametrize("name", ALL)
def test_a_report_on_a_terminal_reads_as_its_golden_file(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"{name}.txt", text_of(ALL[name], width=100))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_wider_than_the_terminal_but_a_command_that_must_be_copied(name: str, width: int) -> None:
    for line in text_of(ALL[name], width=width).splitlines():
        assert len(line) <= width or "herodyno " in line


def test_in_a_pipe_nothing_is_folded_or_cut() -> None:
    piped = text_of(ONE_DYNO, width=None)
    assert "bytes=0 protocol=https" in piped
    assert "open requests on web.2 get up to 30 s to finish\n" in piped


def test_times_are_local_with_the_zone_named_and_utc_beside_it(local_time: None) -> None:
    assert text_of(ONE_DYNO, width=100, utc=False).splitlines()[0].endswith("03:12:40 CET (02:12:40 UTC)")
    assert text_of(ONE_DYNO, width=100, utc=True).splitlines()[0].endswith("02:12:40 UTC")


def test_our_own_words_fit_an_ascii_terminal() -> None:
    for diagnosis in ALL.values():
        assert text_of(diagnosis, width=100).translate(ASCII).isascii()


def test_hostile_words_in_a_diagnosis_stay_inside_their_line() -> None:
    hostile = "\x1b[2J\n\u202e"
    name, paths, codes = f"web.1{hostile}", ((f"/{hostile}", 9),), (("H12", 9),)
    evil = dyno(name, None, requests=100, failed=9, verdict="outlier", paths=paths, codes=codes)
    finding = replace(ONE_DYNO.findings[0], evidence=(Evidence(at=None, line=f"app: {hostile}", line_no=1),))
    told = text_of(replace(ONE_DYNO, incarnations=(evil,), findings=(finding,)), width=100)
    assert told.isprintable() or all(c.isprintable() or c == "\n" for c in told)
    assert told.count("^[[2J^J") == 4  # dyno in two places, path, evidence


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_terminal_emulator_sees_no_escape_sequence_of_foreign_text(kind: str) -> None:
    assert_nothing_moves(text_of(hostile(HOSTILE[kind]), width=100).split("\n"))


def test_a_hundred_calm_dynos_are_summed_up_and_the_failing_one_is_shown() -> None:
    calm = [dyno(f"web.{i}", None, requests=10) for i in range(100)]
    failing = dyno("web.100", None, requests=10, failed=3, verdict="suspect", codes=(("H12", 3),))
    told = text_of(replace(ONE_DYNO, incarnations=(failing, *calm)), width=100)
    assert "web.100" in told
    assert "and 92 more: no errors in 920 requests" in told


def test_errors_without_a_dyno_are_never_dropped() -> None:
    assert "(no dyno)" in text_of(CRASHED, width=100)
    assert "H10: names no dyno" in text_of(CRASHED, width=100)


def test_dynos_that_end_alike_within_seconds_share_a_line() -> None:
    at = ONE_DYNO.generated_at
    said = "was replaced by a deploy, exit status 143"
    changes = tuple(
        Change(at=at + timedelta(seconds=n), kind="deployed", text=f"web.{n} (0000000{n}) {said}", dyno=f"web.{n}")
        for n in range(1, 4)
    )
    told = text_of(replace(ONE_DYNO, changes=changes), width=None)
    assert "web.1, web.2, web.3 were replaced by a deploy, exit status 143; 3 within 2 s" in told
    assert told.count("replaced by a deploy") == 1
    two = text_of(replace(ONE_DYNO, changes=changes[:2]), width=None)
    assert two.count("was replaced by a deploy") == 2


def test_a_memory_line_that_is_too_long_shows_level_swap_and_quota() -> None:
    line = (
        "2026-11-23T02:12:28+00:00 heroku[web.2]: source=web.2 dyno=heroku.1.6f1c02ab-0000-4000-8000-000000000002 "
        "sample#memory_total=781.21MB sample#memory_swap=269.20MB sample#memory_quota=512.00MB"
    )
    finding = replace(ONE_DYNO.findings[0], evidence=(Evidence(at=ONE_DYNO.generated_at, line=line, line_no=1),))
    told = replace(ONE_DYNO, findings=(finding,))
    assert "  web.2 memory_total=781.21MB swap=269.20MB quota=512.00MB\n" in text_of(told, width=80)
    assert line[26:] in text_of(told, width=None)


def test_what_an_answer_cost_is_told_when_it_cost_anything() -> None:
    assert "5 API calls made; 4,381 left in the account's budget." in text_of(ONE_DYNO, width=100)
    assert "API calls" not in text_of(replace(ONE_DYNO, api=ApiUse(calls=0, rate_limit_remaining=None)), width=100)


def test_roomy_dynos_whose_trend_cannot_be_told_yet_share_a_line_and_the_others_keep_their_rows() -> None:
    told = text_of(ONE_DYNO, width=None)
    assert "\nweb.2   !!  781 MB  512 MB  153 %  269 MB   18  ?" in told
    brief = "web.1, web.3 and web.4: 309-322 of 512 MB (60-63 %), swap 0 MB, no R14; trend: 6 min seen, needs 90 min"
    assert brief in told
    calm = replace(ONE_DYNO, incarnations=ONE_DYNO.incarnations[1:])
    assert f"MEMORY        {brief}\n" in text_of(calm, width=None)
    assert "growing 21 MB/h" in text_of(GROWING, width=None)
