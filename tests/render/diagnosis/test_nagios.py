"""One line for monitoring: the word of its exit code, the verdict, numbers that monitoring systems can read."""

import re
from dataclasses import replace

import pytest

from herodyno.diagnosis.report.report import Diagnosis, Severity, VerdictClass
from herodyno.render.diagnosis.nagios import nagios_code, nagios_failure, nagios_line
from tests.render.diagnoses import ALL, ONE_DYNO

# 'label'=value[UOM];[warn];[crit];[min];[max], as the Monitoring Plugins' development guidelines have it.
NUMBER = re.compile(r"[a-z_]+=\d+(?:\.\d+)?(?:%|s)?;;;0(?:;100)?")


def with_verdict(kind: VerdictClass, severity: Severity, summary: str = "x") -> Diagnosis:
    verdict = replace(ONE_DYNO.verdict, kind=kind, severity=severity, summary=summary, label="LABEL")
    return replace(ONE_DYNO, verdict=verdict)


@pytest.mark.parametrize(
    ("kind", "severity", "code", "word"),
    [
        ("nothing_found", "info", 0, "NOTHING FOUND: LABEL, x"),
        ("nothing_found", "warning", 1, "WARNING: LABEL, x"),
        ("one_dyno", "warning", 1, "WARNING: LABEL, x"),
        ("one_dyno", "critical", 2, "CRITICAL: LABEL, x"),
        ("not_enough_data", "info", 3, "UNKNOWN: LABEL, x"),
    ],
)
def test_the_word_is_that_of_the_exit_code(kind: VerdictClass, severity: Severity, code: int, word: str) -> None:
    found = with_verdict(kind, severity)
    assert nagios_code(found) == code
    assert nagios_line(found).startswith(f"{word} | ")


@pytest.mark.parametrize(("severity", "code", "word"), [("info", 0, "OVER"), ("warning", 1, "WARNING")])
def test_what_was_found_and_is_over_is_not_told_as_nothing(severity: Severity, code: int, word: str) -> None:
    found = with_verdict("crash", severity)
    found = replace(found, verdict=replace(found.verdict, ongoing=False))
    assert nagios_code(found) == code
    assert nagios_line(found).startswith(f"{word}: LABEL, x | ")


@pytest.mark.parametrize("name", ALL)
def test_behind_the_bar_stand_numbers_only(name: str) -> None:
    line = nagios_line(ALL[name])
    text, bar, numbers = line.partition(" | ")
    assert bar
    assert "\n" not in line
    assert all(NUMBER.fullmatch(number) for number in numbers.split())
    assert "OK" not in text


def test_foreign_text_begins_no_second_line_and_no_numbers() -> None:
    line = nagios_line(with_verdict("one_dyno", "critical", "path /a|b=1\nCRITICAL \x1b[2J"))
    assert line.count("|") == 1
    assert line.isprintable()
    assert nagios_failure("no\nroute | to\x1b host") == "UNKNOWN: no route / to^[ host"
