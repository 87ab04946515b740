"""Every report keeps the rules of grammar and figures: one and many, hours and days, shares, what is said once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from herodyno.diagnosis.report.redaction import redact
from herodyno.render.diagnosis.report import diagnosis_lines
from tests.diagnosis.grammar import faults, without_evidence
from tests.diagnosis.reading import NOON, judged, request, sample, stamp
from tests.diagnosis.world import everything as everything
from tests.diagnosis.world.answer import printed
from tests.diagnosis.world.case import FAMILIES
from tests.real_parts import CASES, case_bytes

ROOT = Path(__file__).parent.parent.parent
GOLDEN = sorted(
    path
    for path in [*(ROOT / "tests/cli/golden").iterdir(), *(ROOT / "tests/render/golden").iterdir()]
    if path.suffix == ".txt"
)
# Seeds to look at begin at 0, those of the README's figures elsewhere.
SEED = 903


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_a_golden_report_keeps_the_rules(path: Path) -> None:
    assert faults(without_evidence(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("name", FAMILIES)
def test_the_report_of_a_case_of_each_family_keeps_the_rules(name: str) -> None:
    case = FAMILIES[name].draw(f"{name}/{SEED}")
    text, _, _ = printed(case.app, case.how, argv=case.argv, files=case.files)
    assert faults(without_evidence(text)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEED + 1, SEED + 11))
def test_the_reports_of_more_cases_keep_the_rules(seed: int) -> None:
    for name in FAMILIES:
        case = FAMILIES[name].draw(f"{name}/{seed}")
        text, _, _ = printed(case.app, case.how, argv=case.argv, files=case.files)
        assert faults(without_evidence(text)) == [], name


def shown(text: str, at: datetime = NOON) -> str:
    return "\n".join("".join(span.text for span in line) for line in diagnosis_lines(judged(text, at=at), width=None))


@pytest.mark.parametrize(
    "name", sorted(path.name for path in CASES.glob("*.log*")) if CASES.is_dir() else ["42-control-metrics.log"]
)
def test_the_report_of_a_shared_case_keeps_the_rules(name: str) -> None:
    assert faults(without_evidence(shown(case_bytes(name).decode("utf-8", "replace")))) == []


@pytest.mark.parametrize(
    "text",
    [
        "1 errors in 40 requests",
        "1 error names no dyno, 1 other dynos run",
        "2 errors names no dyno",
        "memory seen of 1 of 1 dynos",
        "67 of 962 requests is 7 %",
        "The other 1 web dyno is at 200 MB.",
        "deployed Sat 21:05, 30 h ago",
        "up 27h10m",
        "web.2 has 200 % of the errors",
        "errors are spread over all 2 web dynos",
        "about 5 requests in 10 on web.2 fails (40-60 %)",
        "about 10 requests in 10 on web.2 fail",
        "why web.2 and web.2 fail",
        "SEEN          40 lines = 4 s (12:00:00-12:00:04)\n   10.0 lines/s were written",
        "ALSO          · web.1 (aaaaaaaa) ends\n              · web.2 (bbbbbbbb) ends\n"
        "              · web.3 (cccccccc) ends",
    ],
)
def test_a_broken_rule_is_seen(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "1 of 2 web dynos keeps serving", "21 errors in 1 request", "1 error of 40 requests", "23 h ago, 1 d 6 h ago",
        "web.1 is at 781 of 512 MB, 152 %", "web.1   ·  600 MB  512 MB  117 %  80 MB  3  flat",
        "SEEN          400 lines = 1 min 4 s (12:00:00-12:01:04)\n   6.2 lines/s were written", "v1 errors",
        "web.1 errors", "about 5 requests in 10 on web.2 fail", "about 1 request in 5 on web.2 and web.3 fails",
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(text: str) -> None:
    assert faults(text) == []


def test_what_is_the_same_of_five_dynos_is_said_once() -> None:
    ids = [f"{n}{n}{n}{n}{n}{n}{n}{n}-0000-4000-8000-000000000001" for n in range(1, 7)]
    lines = "".join(
        f"{stamp(n)} heroku[run.{n}]: Starting process with command `bash`\n"
        f"{stamp(n + 1)} heroku[run.{n}]: State changed from starting to up\n"
        f"{stamp(60 + n)} heroku[run.{n}]: Error R16 (Attached) -> An attached process is not responding to SIGHUP\n"
        for n in range(1, 6)
    )
    text = shown(lines + "".join(request(t, f"web.{t % 2 + 1}") for t in range(200)) + sample(1, "web.1", ids[5], 200))
    also = text.partition("ALSO")[2]
    assert also.count("runs on without its terminal") == 1
    assert "much the same of run.2, run.3, run.4 and run.5" in also


def test_a_few_seconds_give_no_pace() -> None:
    text = shown("".join(request(i / 20, f"web.{i % 2 + 1}", code="H12" if i == 5 else "") for i in range(100)))
    assert "lines/s" not in text
    assert "at this pace" not in text


def test_who_deployed_is_shown_as_heroku_shows_it_and_masked_in_what_was_redacted() -> None:
    release = f"{stamp(10)} app[api]: Release v42 created by user ann.lee@example.com\n"
    requests = "".join(request(t, f"web.{t % 2 + 1}") for t in range(200))
    assert "ann.lee@example.com" in shown(release + requests)
    assert "ann.lee@" not in shown(redact(release) + requests)
    assert "a***@example.com" in shown(redact(release) + requests)
