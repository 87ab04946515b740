""" "No errors seen" is said only where none was seen anywhere."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.dynos import App
from tests.diagnosis.claims.one_off_lines import TRACE, api, platform, run, said
from tests.diagnosis.reading import NOON, judged, log_of_text, request, stamp
from tests.diagnosis.traffic import traffic

CALM = traffic(2, 400)
NO_DYNO = (
    f'{stamp(9)} heroku[router]: at=error code=H99 desc="x" method=GET path="/" host=example-app.herokuapp.com '
    'request_id=5a fwd="192.0.2.7" dyno= connect= service= status=503 bytes= protocol=https\n'
)


def nothing(text: str) -> str:
    """What the finding "nothing found" says, wherever it stands."""
    return next(finding.sentence for finding in judged(text).findings if finding.kind == "nothing_found")


def test_a_log_without_trouble_has_no_errors() -> None:
    assert nothing(CALM).startswith("no errors seen in ")
    assert nothing(CALM + run(20, "scheduler.1", "done")).startswith("no errors seen in ")


@pytest.mark.parametrize(
    "trouble",
    [
        said(20, "worker.1", *TRACE),
        said(20, "scheduler.1", *TRACE),
        platform(20, "worker.1", "Error R14 (Memory quota exceeded)"),
        platform(20, "run.1", "Error R14 (Memory quota exceeded)"),
        request(20, "web.1", code="H27", status=499),
        run(20, "release.1", *TRACE, status=1) + api(200, "Release v44 created"),
    ],
    ids=["exception of a worker", "exception of a job", "R14", "R14 of a run", "client", "release made good"],
)
def test_trouble_beside_the_web_leaves_no_more_than_no_web_errors(trouble: str) -> None:
    found = judged(CALM + trouble)
    assert "no errors seen" not in " ".join([found.verdict.summary, *(each.sentence for each in found.findings)])


def test_errors_that_name_no_dyno_are_not_denied() -> None:
    assert nothing(CALM + NO_DYNO).startswith("no dyno stands out: 1 server error in 801 requests (H99 x1;")


@pytest.mark.parametrize(("missing", "confidence"), [(False, "high"), (True, "medium")])
def test_no_errors_seen_is_never_sure_where_lines_are_known_to_be_missing(missing: bool, confidence: str) -> None:
    calm = "".join(request(t / 2, f"web.{t % 2 + 1}") for t in range(800))
    lost = f"{stamp(100)} heroku[logplex]: Error L10 (output buffer overflow): 7 messages dropped since x.\n"
    found = judged(calm + (lost if missing else ""))
    assert (found.verdict.kind, found.verdict.confidence) == ("nothing_found", confidence)


@pytest.mark.parametrize(("kind", "reads_a_file"), [("log-session", True), ("file", False), ("stdin", False)])
def test_whoever_gave_too_short_a_file_is_not_sent_to_read_a_file(kind: str, reads_a_file: bool) -> None:
    found = diagnose(log_of_text(request(1, "web.1")), app=App(name="example-app"), at=NOON, source=Source(kind=kind))

    assert found.verdict.kind == "not_enough_data"
    assert any("--from-file" in action.argv for action in found.actions) is reads_a_file
    assert "Papertrail" in " ".join(f"{action.text} {action.effect}" for action in found.actions)


@pytest.mark.parametrize(
    ("dynos", "n", "where"),
    [
        (1, 1, "on web.1, which has no peer here"),
        (1, 2, "all on web.1, which has no peer here"),
        (2, 2, "no dyno stand"),
    ],
)
def test_a_dyno_without_peers_cannot_stand_out(dynos: int, n: int, where: str) -> None:
    some = "".join(request(380 + i, "web.1", status=500) for i in range(n))
    other = platform(20, "worker.1", "Error R14 (Memory quota exceeded)")
    found = judged(traffic(dynos, 400, seconds=400) + some + other)
    sentences = " ".join([found.verdict.summary, *(each.sentence for each in found.findings)])

    assert where in sentences
    assert ("stands out" in sentences) is (dynos > 1)
