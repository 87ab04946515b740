"""The advice on a size stands beside the verdict, from a day of memory samples on, and never of single dynos."""

from __future__ import annotations

from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.diagnosis.used import TypeUse
from herodyno.dynos import App
from tests.diagnosis.reading import NOON, log_of_text, request, sample

HOUR = 3600.0
ID = "aaaaaaaa-0000-4000-8000-000000000001"


def judged(hours: float, told: str = "another size", *, dynos: tuple[str, ...] = ()) -> tuple[Diagnosis, list[TypeUse]]:
    lines = [sample(n * 240.0 + 1, "web.1", ID, 100.0) for n in range(round(hours * 15) + 1)]
    lines += [request(hour * HOUR + n, "web.1") for hour in range(24) for n in range(2, 12)]
    asked: list[TypeUse] = []

    def size_told(use: TypeUse) -> str:
        asked.append(use)
        return told

    log = log_of_text("".join(sorted(lines)))
    found = diagnose(log, app=App(name="example-app"), at=NOON, source=Source(kind="file"),
                     log_filter=Filter(dynos=dynos), at_log_end=True, size_told=size_told)  # fmt: skip
    return found, asked


def test_what_is_said_of_a_size_is_a_finding_and_changes_no_verdict() -> None:
    silent, _ = judged(24, "")
    found, ((use),) = judged(24)
    assert (use.type, use.samples, use.seconds, use.memory_mb) == ("web", 361, 24 * HOUR, 100.0)
    assert found.verdict == silent.verdict
    assert found.findings[:-1] == silent.findings
    assert (found.findings[-1].kind, found.findings[-1].severity, found.findings[-1].sentence) == (
        "size", "info", "another size",
    )  # fmt: skip


def test_less_than_a_day_or_a_single_dyno_is_not_asked_about() -> None:
    assert judged(23.9)[1] == []
    assert judged(24, dynos=("web.1",))[1] == []
