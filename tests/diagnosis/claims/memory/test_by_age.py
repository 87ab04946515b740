"""Memory by age is told with its denominators: of a name, or of the type where many names show it."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from herodyno.diagnosis.report.report import Diagnosis, Finding
from tests.diagnosis.reading import NOON, judged, sample, stamp

HOURS = 9.0


@cache
def one_after_the_other(*names: str, dynos: int = 4, cut: int = 0) -> Diagnosis:
    """Dynos of these names, a new one each nine hours, that grow by 45 MB/h; `cut` of them end after three hours."""
    lines = []
    for place, name in enumerate(names):
        for number in range(dynos):
            boot = (number * HOURS + place) * 3600
            lines.append((boot, f"{stamp(boot)} heroku[{name}]: Starting process with command `x`\n"))
            hours = 3.0 if number < cut else HOURS - 0.1
            for at in range(int(boot) + 30, int(boot + hours * 3600), 120):
                mb = 200 + (45 + number) * (at - boot) / 3600 + (at * 7919 % 11 - 5) / 4
                lines.append((at, sample(at, name, f"{place}{number}000000-0000-4000-8000-000000000001", mb)))
    text = "".join(line for _, line in sorted(lines))
    return judged(text, at=NOON + timedelta(hours=dynos * HOURS))


def told(found: Diagnosis) -> list[Finding]:
    return [finding for finding in found.findings if finding.kind == "memory_by_age"]


def test_a_name_is_told_with_how_many_grew_how_fast_and_after_how_long_each_met_the_quota() -> None:
    (finding,) = told(one_after_the_other("web.2"))
    assert finding.sentence.startswith("web.2: each of the 4 dynos assessed grew, by 45 to 48 MB/h; each met the quota")
    assert finding.confidence == "high"
    assert "leak" not in finding.sentence


def test_those_that_ended_before_are_counted_as_that() -> None:
    found = one_after_the_other("web.2", cut=1)
    (finding,) = told(found)
    assert "; 3 of 4 met the quota (R14), after 6." in finding.sentence
    (growth,) = found.by_age
    assert (growth.grew, len(growth.reached), len(growth.ended)) == (4, 3, 1)
    assert found.verdict.kind == "memory"


def test_where_dynos_of_many_names_grow_the_type_is_told_once() -> None:
    found = one_after_the_other("web.1", "web.2", "web.3", dynos=3)
    (finding,) = told(found)
    assert finding.sentence.startswith("web (3 names): each of the 9 dynos assessed grew")
    assert [growth.name for growth in found.by_age] == ["web.1", "web.2", "web.3"]


def test_two_dynos_are_too_few() -> None:
    assert not told(one_after_the_other("web.2", dynos=2))
