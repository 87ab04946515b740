"""One line for monitoring: the word of its exit code, the verdict, numbers that monitoring systems can read."""

import re
from dataclasses import replace

import pytest

from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.diagnosis.report.report import Diagnosis, Requests, Severity, VerdictClass
from herodyno.diagnosis.statistics.rates import wilson
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
        ("nothing_found", "info", 0, "OK: LABEL, x"),
        ("nothing_found", "warning", 1, "WARNING: LABEL, x"),
        ("one_dyno", "warning", 1, "WARNING: LABEL, x"),
        ("one_dyno", "critical", 2, "CRITICAL: LABEL, x"),
        (
            "not_enough_data",
            "info",
            3,
            "UNKNOWN: LABEL, x (server errors: 4.8-8.1 % of the requests, of web.2's 17-28 %)",
        ),
    ],
)
def test_the_word_is_that_of_the_exit_code(kind: VerdictClass, severity: Severity, code: int, word: str) -> None:
    found = with_verdict(kind, severity)
    assert nagios_code(found) == code
    assert nagios_line(found).startswith(f"{word} | ")


@pytest.mark.parametrize(("severity", "code", "word"), [("info", 0, "OK"), ("warning", 1, "WARNING")])
def test_what_was_found_and_is_over_keeps_its_label(severity: Severity, code: int, word: str) -> None:
    found = with_verdict("crash", severity)
    found = replace(found, verdict=replace(found.verdict, ongoing=False))
    assert nagios_code(found) == code
    assert nagios_line(found).startswith(f"{word}: LABEL, x | ")


@pytest.mark.parametrize(
    ("errors", "requests", "code"),
    [
        (0, 0, 3),
        (0, 72, 3),
        (0, 74, 0),
        (1, 100, 3),
        (1, 120, 0),
        (3, 58, 3),
        (9, 400, 0),
        (30, 1000, 0),
        (41, 1000, 3),
    ],
)
def test_too_little_data_is_unknown_only_where_5_percent_may_fail(errors: int, requests: int, code: int) -> None:
    found = with_verdict("not_enough_data", "info")
    rate, ci95 = (errors / requests, wilson(errors, requests)) if requests else (None, None)
    counted = Requests(n=requests, errors=errors, without_dyno=0, rate=rate, rate_ci95=ci95)
    found = replace(found, requests=counted, incarnations=())
    assert nagios_code(found) == code
    assert exit_code(found) == 30
    assert (nagios_code(found, not_enough="ok"), nagios_code(found, not_enough="unknown")) == (0, 3)
    assert nagios_line(found).startswith(("OK: LABEL, ", "", "", "UNKNOWN: LABEL, ")[code])


def test_a_dyno_that_fails_apart_from_its_peers_keeps_too_little_data_unknown() -> None:
    found = with_verdict("not_enough_data", "info")
    many = Requests(n=10_000, errors=32, without_dyno=0, rate=0.0032, rate_ci95=wilson(32, 10_000))
    assert nagios_code(replace(found, requests=many)) == 3
    assert "(server errors: 0.2-0.5 % of the requests, of web.2's 17-28 %)" in nagios_line(
        replace(found, requests=many)
    )
    alike = tuple(replace(row, outlier=replace(row.outlier, apart=False)) for row in found.incarnations)
    assert nagios_code(replace(found, requests=many, incarnations=alike)) == 0


@pytest.mark.parametrize("not_enough", ["", "ok", "unknown"])
@pytest.mark.parametrize("fail_on", ["", "warning", "critical", "never"])
def test_fail_on_and_not_enough_mean_the_same_with_and_without_nagios(fail_on: str, not_enough: str) -> None:
    plugin = {0: 0, 10: 1, 20: 2, 30: 3}
    lowest = {"": 0, "warning": 10, "critical": 20, "never": 30}[fail_on]
    verdicts: list[tuple[VerdictClass, Severity, int]] = [
        ("nothing_found", "info", 0), ("one_dyno", "warning", 10), ("one_dyno", "critical", 20),
    ]  # fmt: skip
    for kind, severity, code in verdicts:
        found = with_verdict(kind, severity)
        want = code if code >= lowest else 0
        assert exit_code(found, fail_on=fail_on, not_enough=not_enough) == want
        assert nagios_code(found, fail_on=fail_on, not_enough=not_enough) == plugin[want]
        is_lowered = want != code
        line = nagios_line(found, fail_on=fail_on, not_enough=not_enough)
        assert (f"({severity}, below --fail-on {fail_on})" in line) == is_lowered
    little = with_verdict("not_enough_data", "info")
    is_unknown = not_enough == "unknown" or not (not_enough or fail_on)
    assert exit_code(little, fail_on=fail_on, not_enough=not_enough) == (30 if is_unknown else 0)
    assert nagios_code(little, fail_on=fail_on, not_enough=not_enough) == (3 if is_unknown else 0)


@pytest.mark.parametrize("name", ALL)
def test_behind_the_bar_stand_numbers_only(name: str) -> None:
    line = nagios_line(ALL[name])
    text, bar, numbers = line.partition(" | ")
    assert bar
    assert "\n" not in line
    assert all(NUMBER.fullmatch(number) for number in numbers.split())
    assert text.startswith(("OK: ", "WARNING: ", "CRITICAL: ", "UNKNOWN: "))


def test_foreign_text_begins_no_second_line_and_no_numbers() -> None:
    line = nagios_line(with_verdict("one_dyno", "critical", "path /a|b=1\nCRITICAL \x1b[2J"))
    assert line.count("|") == 1
    assert line.isprintable()
    assert nagios_failure("no\nroute | to\x1b host") == "UNKNOWN: no route / to^[ host"
