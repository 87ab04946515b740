"""A plot shows each dyno on one scale and clock, a new line after a restart, and the numbers in words beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.series import Metric
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.diagnosis.over_time import cell_values, columns, values
from herodyno.render.diagnosis.plot import plot_lines
from herodyno.render.pictures.signs import ASCII_SIGNS, UNICODE
from herodyno.render.text import cell_width, cleaned, plain
from tests.diagnosis.reading import judged, request, sample, stamp
from tests.diagnosis.traffic import NEW, OLD, errors, restart, traffic
from tests.render.attacks import HOSTILE, assert_nothing_moves
from tests.render.diagnoses import NOT_ENOUGH, hostile

GOLDEN = Path(__file__).parents[1] / "golden" / "plots"
METRICS: tuple[Metric, ...] = get_args(Metric)


def metrics(dyno_id: str, at: float, mb: float, load: float) -> str:
    """The lines of runtime metrics of web.2, and R14 above the quota."""
    head = f"{stamp(at)} heroku[web.2]: source=web.2 dyno=heroku.1.{dyno_id}"
    over = f"{stamp(at)} heroku[web.2]: Error R14 (Memory quota exceeded)\n" if mb > 512 else ""
    return (
        f"{head} sample#load_avg_1m={load:.2f}\n{head} sample#memory_total={mb:.2f}MB sample#memory_rss=1.00MB"
        f" sample#memory_cache=0.00MB sample#memory_swap={max(0.0, mb - 512):.2f}MB sample#memory_pgpgin=1pages"
        f" sample#memory_pgpgout=1pages sample#memory_quota=512.00MB\n{over}"
    )


@cache
def incident() -> Diagnosis:
    """Three dynos for 6 minutes. web.2 grows over its quota and fails, and is restarted; 80 seconds are lost."""
    old = [metrics(OLD, at, 420 + at, 0.2 + at / 200) for at in range(2, 190, 20) if not 60 < at < 140]
    new = [metrics(NEW, at, 180 + at / 10, 0.1) for at in range(222, 350, 20)]
    return judged(traffic(3, 240) + errors("web.2", 25, seconds=180) + restart(200, "web.2") + "".join([*old, *new]))


def drawn(
    diagnosis: Diagnosis, metric: Metric, *, width: int = 80, height: int | None = None, ascii_only: bool = False
) -> list[str]:
    signs = ASCII_SIGNS if ascii_only else UNICODE
    lines = plot_lines(diagnosis, metric, width=width, height=height, utc=True, signs=signs)
    return [plain(cleaned(line)) for line in lines]


@pytest.mark.parametrize("form", ["unicode", "ascii"])
@pytest.mark.parametrize("width", [40, 80, 140])
@pytest.mark.parametrize("metric", METRICS)
def test_a_plot_reads_as_its_golden_file(
    metric: Metric, width: int, form: str, golden: Callable[[Path, str], None]
) -> None:
    lines = drawn(incident(), metric, width=width, ascii_only=form == "ascii")
    golden(GOLDEN / f"{metric}-{width}-{form}.txt", "".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize("width", [1, 20, 57, 299, 1000])
def test_no_line_is_wider_than_the_terminal_and_none_than_300_columns(width: int) -> None:
    for metric in METRICS:
        for ascii_only in (True, False):
            lines = drawn(incident(), metric, width=width, ascii_only=ascii_only)
            assert max(map(cell_width, lines)) <= max(20, min(width, 300))


def test_the_numbers_of_each_line_stand_beside_it() -> None:
    told = "\n".join(drawn(incident(), "memory"))
    assert "web.2  a aaaaaaaa  602 MB at last, 602 MB at most (118 % of 512 MB), R14 x3" in told
    assert "       b bbbbbbbb  214 MB at last, 214 MB at most (42 % of 512 MB)" in told
    assert "web.2  a aaaaaaaa  25 of 157 requests, 16 % (11-22)" in "\n".join(drawn(incident(), "errors"))
    assert "1.11 at last, 1.11 at most" in "\n".join(drawn(incident(), "load"))


def test_every_value_that_is_drawn_stands_in_the_json() -> None:
    found = diagnosis_document(incident())
    keys = {"memory": "mb", "swap": "swap_mb", "latency": "p50_ms"}
    assert found["clock"]["cells"] == max(
        it["series"]["first"] + len(it["series"]["mb"]) for it in found["incarnations"]
    )
    for row, told in zip(incident().incarnations, found["incarnations"], strict=True):
        assert incident().clock is not None
        for metric in METRICS:
            drawn_values = [value for _, value in cell_values(row, metric, incident().clock)]
            assert told["series"][keys.get(metric, metric)] == drawn_values


def test_a_terminal_is_filled_and_not_more_while_plots_have_two_lines_each() -> None:
    for height in (24, 40):
        lines = drawn(incident(), "errors", height=height)
        assert height - 8 < len(lines) < height
    assert len(drawn(incident(), "errors", height=5)) > 5


def test_a_log_without_the_metric_says_so_and_tells_the_verdict() -> None:
    first, *_, last = drawn(NOT_ENOUGH, "memory")
    assert first == "no memory in MB in this log"
    assert last == "?  3 errors, all on web.1, in 58 requests over 41 s"


@cache
def crowd() -> Diagnosis:
    """Twelve dynos, of which web.2 fails and is restarted. web.7 fails a few times."""
    few = errors("web.7", 3, start=60, seconds=180)
    return judged(traffic(12, 60) + errors("web.2", 25, seconds=180) + few + restart(200, "web.2"))


@pytest.mark.parametrize("form", ["unicode", "ascii"])
@pytest.mark.parametrize("width", [40, 80, 140])
def test_of_many_dynos_each_is_a_row_of_shades(width: int, form: str, golden: Callable[[Path, str], None]) -> None:
    lines = drawn(crowd(), "errors", width=width, ascii_only=form == "ascii")
    golden(GOLDEN / f"crowd-{width}-{form}.txt", "".join(f"{line}\n" for line in lines))
    assert [line.split()[0] for line in lines].count("web.2") == 2
    for width in (20, 33, 300):
        assert max(map(cell_width, drawn(crowd(), "requests", width=width))) <= width


@pytest.mark.parametrize("dynos", [1, 12])
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_terminal_emulator_sees_no_escape_sequence_of_foreign_text(kind: str, dynos: int) -> None:
    lines = drawn(hostile(HOSTILE[kind], dynos=dynos), "errors", width=100)
    assert "(no dyno)  1 error names none" in lines
    assert_nothing_moves(lines)


def _days() -> Diagnosis:
    """Ten dynos for three days, a new one under each name every 12 hours; two hours of which no line is left."""
    lines = []
    for n in range(1, 11):
        for half in range(6):
            dyno_id = f"0000{n:02}{half:02}-0000-4000-8000-000000000000"
            at = half * 43_200.0 + n
            lines += [f"{stamp(at)} heroku[web.{n}]: Starting process with command `x`\n"]
            lines += [
                sample(at + 60 + step * 1800, f"web.{n}", dyno_id, 100 + 10 * half, swap=float(half))
                for step in range(23)
            ]
    gone = [stamp(hours * 3600) for hours in (26, 32)]
    return judged("".join(sorted(line for line in lines if not gone[0] <= line[:32] < gone[1])))


def test_dynos_of_days_share_the_row_of_their_name_and_a_border_marks_each_new_one() -> None:
    lines = drawn(_days(), "swap")
    rows = [line for line in lines if line.startswith("web.")]
    assert len(rows) == 10
    assert lines[1].endswith("| is a new dyno")
    assert all(line.endswith("  6 dynos, 5 at most") for line in rows)
    assert [line.count("|") for line in rows] == [5] * 10
    assert [line.split() for line in lines if line.strip().startswith("03 Mar")] == [
        ["03", "Mar", "04", "Mar", "05", "Mar"]
    ]


def test_what_no_line_tells_is_a_gap_of_the_counts_too() -> None:
    asked = "".join(request(at, "web.1") for at in range(0, 1200, 10) if not 300 <= at < 900)
    measured = "".join(sample(at, "web.1", OLD, 200) for at in range(0, 1200, 20) if not 300 <= at < 900)
    (row,) = judged(asked + measured).incarnations
    found = judged(asked + measured)
    cells = columns(found, 40)
    assert found.clock is not None
    assert cells is not None
    shown = values(row, "requests", found.clock, cells)
    assert [value is None for value in shown] == [10 <= place < 30 for place in range(40)]
