"""`archive import` of times without a year: the year is said by a person, since an archive keeps what it is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Invoke

CERTAIN = "".join(
    f"2026-11-2{day}T{hour:02}:00:00.000000+00:00 app[web.1]: GET /{hour}\n" for day in (1, 2) for hour in range(24)
)
# As Papertrail's pages show them; of 2024, though the newest year that is not in the future is 2026.
PAGE = "Nov 22 23:50:00 example-app app/web.1: of long ago\nNov 22 23:55:00 example-app app/web.1: of long ago, too\n"


@pytest.fixture
def kept(tmp_path: Path, invoke: Invoke) -> Path:
    (tmp_path / "certain.log").write_text(CERTAIN)
    (tmp_path / "page.log").write_text(PAGE)
    assert invoke(f"archive import {tmp_path}/certain.log --archive {tmp_path}/kept --app example-app").code == 0
    return tmp_path


def imported(kept: Path, invoke: Invoke, *words: str) -> tuple[int, str]:
    done = invoke(f"archive import {kept}/page.log --archive {kept}/kept --app example-app {' '.join(words)}")
    return done.code, done.stderr


def last_hour(kept: Path, invoke: Invoke) -> str:
    return invoke(f"logs --archive {kept}/kept -a example-app --since 2026-11-22T23:00Z --color never").stdout


def test_a_guess_is_refused_whole_and_now_of_the_archive_stays(kept: Path, invoke: Invoke) -> None:
    code, said = imported(kept, invoke)
    assert code == 2
    assert f"2 lines of {kept}/page.log without a year, and an archive keeps days; nothing was imported" in said
    assert "--year newest" in said
    assert "of long ago" not in last_hour(kept, invoke)


def test_the_year_that_is_said_is_taken(kept: Path, invoke: Invoke) -> None:
    assert imported(kept, invoke, "--year 2024") == (0, "")
    assert "of long ago" not in last_hour(kept, invoke)
    found = invoke(f"logs --archive {kept}/kept -a example-app --until 2024-12-01T00:00Z --color never").stdout
    assert found.count("of long ago") == 2


def test_newest_is_a_guess_that_is_said(kept: Path, invoke: Invoke) -> None:
    code, said = imported(kept, invoke, "--year newest")
    assert code == 0
    assert "2 lines without a year: the year is a guess" in said
    assert last_hour(kept, invoke).count("of long ago") == 2


@pytest.mark.parametrize(
    ("year", "words"),
    [
        ("2027", "up to 2027-11-22T23:55:00.000000+00:00, which is in the future"),
        ("26", "--year '26' is no year"),
        ("9999", "--year '9999' is no year"),
        ("last", "--year 'last' is no year"),
        ("٢٠٢٤", "is no year"),
    ],
)
def test_a_year_that_cannot_be_changes_nothing(kept: Path, invoke: Invoke, year: str, words: str) -> None:
    code, said = imported(kept, invoke, f"--year {year}")
    assert code == 2
    assert words in said
    assert "of long ago" not in last_hour(kept, invoke)


def test_a_file_of_times_with_years_needs_no_word_about_them(kept: Path, invoke: Invoke) -> None:
    assert invoke(f"archive import {kept}/certain.log --archive {kept}/kept --app example-app --year 1999").code == 0


def test_a_date_in_the_future_is_said_where_it_comes_in_and_where_it_is_now(kept: Path, invoke: Invoke) -> None:
    (kept / "ahead.log").write_text("2038-01-20T03:14:08.000000+00:00 app[web.1]: hi\n")
    _, stderr, code = invoke(f"archive import {kept}/ahead.log --archive {kept}/kept --app example-app")
    assert code == 0
    assert "lines dated up to 2038-01-20, in the future" in stderr
    assert f"herodyno archive prune --archive {kept}/kept --day 2038-01-20" in stderr
    dated = "The archive's last line is dated 2038-01-20T03:14:08.000000+00:00, in the future"
    diagnose = f"diagnose --archive {kept}/kept -a example-app --since 24h --json"
    assert dated in invoke(diagnose).stdout
    assert invoke(f"archive prune --archive {kept}/kept --day 2038-01-20").code == 0
    assert dated not in invoke(diagnose).stdout
