"""That metrics are off is said where the log would show them; lines in an unknown form are "not understood"."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.dynos import App
from tests.diagnosis.reading import NOON, judged, log_of_text, sample, stamp
from tests.diagnosis.traffic import OLD, traffic


def notes(text: str, kind: str = "file") -> str:
    """The notes of SEEN."""
    found = diagnose(log_of_text(text), app=App(name="example-app"), at=NOON, source=Source(kind=kind))
    return "; ".join(found.coverage.notes)


def test_a_file_without_metric_lines_does_not_show_that_metrics_are_off() -> None:
    said = notes(traffic(2, 100))

    assert "no runtime metrics in this log" in said
    assert "if they are off: heroku labs:enable log-runtime-metrics -a example-app" in said
    assert "logs runtime metrics" not in said


def test_a_live_log_longer_than_the_interval_shows_it() -> None:
    assert "no dyno logs runtime metrics" in notes(traffic(2, 300), "log-session")


def test_a_live_log_of_some_seconds_does_not() -> None:
    short = "\n".join(line for line in traffic(2, 300).splitlines() if line[:26] < stamp(20)) + "\n"

    assert "logs runtime metrics" not in notes(short, "log-session")


GOOD = sample(1, "web.1", OLD, 300)


@pytest.mark.parametrize("line", [
    GOOD.replace("MB", "GB"),
    GOOD.replace("dyno=heroku.123456789.", "dyno=somewhere."),
    GOOD.replace(f" dyno=heroku.123456789.{OLD}", ""),
    GOOD.replace("=300.00MB", "=n/a"),
])  # fmt: skip
def test_metric_lines_in_another_form_are_not_understood(line: str) -> None:
    said = notes(line * 3)

    assert "3 metric lines not understood" in said
    assert "runtime metrics" not in said


def test_metric_lines_in_the_known_form_are_understood() -> None:
    assert judged(GOOD * 3).coverage.notes == ()


@pytest.mark.parametrize("kind", ["file", "log-session"])
def test_a_level_beside_an_r14_is_a_level_though_metrics_are_off(kind: str) -> None:
    over = "".join(
        f"{stamp(t)} heroku[web.1]: Process running mem=613M(119.7%)\n"
        f"{stamp(t)} heroku[web.1]: Error R14 (Memory quota exceeded)\n"
        for t in range(0, 120, 20)
    )

    assert "so no dyno ids and memory levels only beside R14" in notes(over + traffic(2, 300), kind)
    assert judged(over).coverage.dynos_sampled == (1, 1)
    assert "so no dyno ids and no memory levels" in notes(traffic(2, 300), kind)
