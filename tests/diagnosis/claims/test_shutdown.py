"""Requests that stopping dynos dropped are told as that, by all who dropped some, and no dyno is accused for them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from tests.diagnosis.reading import judged, request, stamp
from tests.real_parts import case_bytes


def line(seconds: float, dyno: str, text: str) -> str:
    return f"{stamp(seconds)} heroku[{dyno}]: {text}\n"


def traffic(dynos: int, seconds: int = 600) -> str:
    return "".join(request(at + n / 10, f"web.{n}") for at in range(0, seconds, 2) for n in range(1, dynos + 1))


def stop(at: float, dyno: str, *, seconds: float = 4.0, word: str = "Restarting", state: str = "starting") -> str:
    """A stop; with `starting` another dyno of the name begins."""
    boot = [(at + 0.5, "Starting process with command `x`"), (at + 40, "State changed from starting to up")]
    begins = "".join(line(when, dyno, text) for when, text in boot) if state == "starting" else ""
    return (
        line(at - 0.2, dyno, word)
        + line(at - 0.1, dyno, f"State changed from up to {state}")
        + line(at, dyno, "Stopping all processes with SIGTERM")
        + line(at + seconds, dyno, "Process exited with status 143")
        + begins
    )


def cut(at: float, dyno: str, n: int, *, code: str = "H13", service: int = 400) -> str:
    """Requests cut within half a second."""
    return "".join(
        request(at + each / 50, dyno, code=code, status=503, service=service, path=f"/{each}") for each in range(n)
    )


def told(found: Diagnosis) -> list[str]:
    return [finding.sentence for finding in found.findings if finding.kind == "shutdown"]


def test_the_h13_of_a_scaling_are_told_as_its_shutdown() -> None:
    found = judged(case_bytes("26-scale-down-h13.log.gz").decode(), at=datetime(2026, 9, 20, 17, tzinfo=UTC))

    assert found.verdict.label == "SHUTDOWN"
    assert found.verdict.summary == "all 28 H13 fall in the shutdown of web.5 and web.6, scaled away at 16:10"
    assert "exited 2.1 s after SIGTERM" in found.verdict.details[0]
    assert any("SIGTERM" in action.text for action in found.actions)
    assert not any(action.mutates for action in found.actions)


@pytest.mark.parametrize("code", ["H13", "H18", "H19", "H21"])
@pytest.mark.parametrize(
    ("word", "state", "why"),
    [
        ("Restarting", "starting", "restarted at 12:01"),
        ("Cycling", "starting", "restarted by the daily cycle at 12:01"),
        ("Relocating", "starting", "moved by Heroku at 12:01"),
        ("Idling", "down", "sent to sleep at 12:01"),
    ],
)
def test_each_code_and_each_stop_is_told(code: str, word: str, state: str, why: str) -> None:
    text = traffic(4) + stop(100, "web.2", word=word, state=state) + cut(101, "web.2", 8, code=code)

    assert told(judged(text)) == [f"all 8 {code} fall in the shutdown of web.2, {why}"]


def test_what_fell_elsewhere_is_counted_beside_it() -> None:
    text = traffic(4) + stop(100, "web.2") + cut(101, "web.2", 8) + cut(300, "web.3", 3)

    found = judged(text)
    assert told(found) == ["8 of 11 H13 fall in the shutdown of web.2, restarted at 12:01"]
    assert any("11 server errors" in each.sentence for each in found.findings)


def test_stops_at_several_times_are_counted() -> None:
    stops = "".join(stop(at, f"web.{n}") + cut(at + 1, f"web.{n}", 3) for n, at in enumerate((90, 200, 330), 1))

    assert told(judged(traffic(4) + stops)) == [
        "all 9 H13 fall in the shutdown of web.1, web.2 and web.3, restarted at 3 times"
    ]


def test_a_few_are_no_warning_and_one_is_one() -> None:
    found = judged(traffic(4) + stop(100, "web.2") + cut(101, "web.2", 1))

    assert told(found) == ["the only H13 falls in the shutdown of web.2, restarted at 12:01"]
    assert found.verdict.severity == "info"
    assert judged(traffic(4) + stop(100, "web.2") + cut(101, "web.2", 5)).verdict.severity == "warning"


@pytest.mark.parametrize(("seconds", "n"), [(-1.5, 0), (-0.2, 0), (0.5, 8), (25.0, 8), (33.5, 8), (34.5, 0), (36.0, 0)])
def test_a_shutdown_lasts_from_sigterm_to_a_few_seconds_after_the_exit(seconds: float, n: int) -> None:
    text = traffic(1) + "".join(request(at, "web.2") for at in range(0, 98, 2))
    text += stop(100, "web.2", seconds=29.0, word="Idling", state="down")
    sentences = told(judged(text + cut(100 + seconds, "web.2", 8)))

    assert len(sentences) == bool(n)


def test_a_shutdown_without_the_line_of_its_sigterm_is_one() -> None:
    text = traffic(4) + stop(100, "web.2").replace("Stopping all processes with SIGTERM", "x") + cut(101, "web.2", 8)

    assert told(judged(text)) == ["all 8 H13 fall in the shutdown of web.2, restarted at 12:01"]


def test_h13_before_a_crash_and_h12_in_a_stop_are_no_dropped_requests() -> None:
    crash = line(101.2, "web.2", "Process exited with status 1") + line(
        101.3, "web.2", "State changed from up to crashed"
    )

    assert told(judged(traffic(4) + cut(101, "web.2", 8) + crash)) == []
    assert told(judged(traffic(4) + stop(100, "web.2") + cut(101, "web.2", 8, code="H12"))) == []
    killed = line(100, "web.2", "Error R15 (Memory quota vastly exceeded)") + line(100.1, "web.2", "Restarting")
    killed += line(100.5, "web.2", "Process exited with status 137")
    assert told(judged(traffic(4) + killed + cut(100.2, "web.2", 8))) == []


@pytest.mark.parametrize("seconds", [3.0, 28.0])
def test_no_dyno_is_accused_for_what_it_dropped_while_it_stopped(seconds: float) -> None:
    text = traffic(4) + stop(100, "web.2", seconds=seconds)
    text += "".join(cut(101 + at, "web.2", 4) for at in range(int(seconds) - 1))
    found = judged(text)

    assert found.verdict.kind not in ("one_dyno", "some_dynos", "whole_app")
    assert len(told(found)) == 1
