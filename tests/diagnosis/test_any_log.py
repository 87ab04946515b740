"""What holds for any log at all: no crash, numbers that add up, no dependence on order, and peers left alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import Dyno
from herodyno.render.diagnosis.document import diagnosis_document
from tests.diagnosis.reading import NOON, judged, request, sample, stamp
from tests.diagnosis.traffic import errors, traffic

DYNOS = ("web.1", "web.2", "web.3", "worker.1", "run.7", "")
WORDS = (
    "Restarting", "Cycling", "Idling", "Unidling", "Stopping all processes with SIGTERM",
    "Stopping remaining processes with SIGKILL", "Process exited with status 143", "Process exited with status 1",
    "Process exited with status 0", "Starting process with command `x`", "State changed from up to starting",
    "State changed from starting to up", "State changed from up to crashed", "State changed from starting to crashed",
    "State changed from up to down", "State changed from up to complete", "Error R14 (Memory quota exceeded)",
    "Error R12 (Exit timeout) -> x", "Error R15 (Memory quota vastly exceeded)", "Process running mem=871M(170.3%)",
)  # fmt: skip
IDS = tuple(f"{n}{n}{n}{n}{n}{n}{n}{n}-0000-4000-8000-000000000000" for n in range(1, 6))
moments = st.integers(0, 900).map(float)
dyno_lines = st.builds(
    lambda at, dyno, word: f"{stamp(at)} heroku[{dyno}]: {word}\n",
    moments, st.sampled_from(DYNOS[:-1]), st.sampled_from(WORDS),
)  # fmt: skip
requests = st.builds(
    lambda at, dyno, code, status, service, n: "".join(
        request(at + i * 7.3, dyno, code=code, status=status, service=service, path=f"/p{i}") for i in range(n)
    ),
    moments, st.sampled_from(("web.1", "web.2", "web.3", "")),
    st.sampled_from(("", "", "H12", "H13", "H27", "H10", "H99")),
    st.sampled_from((200, 500, 503)), st.sampled_from((3, 40, 30000)), st.sampled_from((1, 3, 60)),
)  # fmt: skip
samples = st.builds(sample, moments, st.sampled_from(DYNOS[:-1]), st.sampled_from(IDS), st.floats(0, 2000))
others = st.sampled_from(
    (
        f"{stamp(300)} app[api]: Release v9 created by user a@example.com\n",
        f"{stamp(310)} app[api]: Scaled to web@0:Standard-1X by user a@example.com\n",
        f"{stamp(5)} heroku[logplex]: Error L11 (Tail buffer overflow) -> This tail session dropped 5 messages.\n",
        "no line of a log\n", "\x00\x1b[31m\n", f"{stamp(20)} app[web.1]: \n",
    )
)  # fmt: skip
logs = st.lists(st.one_of(dyno_lines, requests, samples, others), max_size=60)
listed = st.lists(
    st.builds(
        lambda name, dyno_id, state, made, release: Dyno(
            name=name, id=dyno_id, type=name.partition(".")[0], state=state, release=release, size="Standard-1X",
            created_at=None if made is None else NOON + timedelta(seconds=made),
        ),
        st.sampled_from(DYNOS[:-1]), st.sampled_from((*IDS, "")), st.sampled_from(("up", "crashed", "starting")),
        st.none() | st.integers(-9000, 1500), st.none() | st.integers(8, 10),
    ),
    max_size=5,
)  # fmt: skip
whatever = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def answer(text: str, dynos: Sequence[Dyno] | None) -> Diagnosis:
    return judged(text, dynos, at=NOON + timedelta(seconds=1600))


@whatever
@given(logs, st.none() | listed)
def test_of_any_log_the_answer_is_finite_and_adds_up(lines: list[str], dynos: list[Dyno] | None) -> None:
    found = answer("".join(lines), dynos)

    told_ = diagnosis_document(found)
    json.dumps(told_, allow_nan=False)
    kinds = {row.type for row in found.incarnations}
    for kind in kinds:
        rows = [row for row in found.incarnations if row.type == kind]
        assert sum(row.requests.share or 0 for row in rows) <= 1.001
        assert sum(row.errors.share or 0 for row in rows) <= 1.001
    assert all(row.errors.n <= row.requests.n and row.errors.bursts <= row.errors.n for row in found.incarnations)
    assert all(row.end is None or row.start is None or row.start <= row.end for row in found.incarnations)
    unnamed = sum("dyno= " in line for line in "".join(lines).splitlines() if "heroku[router]" in line)
    counted = sum(row.requests.n for row in found.incarnations) + found.coverage.ambiguous_requests
    assert counted + unnamed == found.coverage.router_lines
    ended = {row.id for row in found.incarnations if row.end is not None and row.id is not None}
    living = {row.id for row in found.incarnations if row.end is None and row.id is not None}
    assert not [action for action in found.actions if action.mutates and action.dyno_id in ended - living]
    if found.verdict.kind == "one_dyno":
        guilty = next(row for row in found.incarnations if row.outlier.verdict == "outlier")
        assert f" {guilty.errors.n} of " in found.verdict.summary


@whatever
@given(logs, listed)
def test_the_order_of_the_list_of_dynos_says_nothing(lines: list[str], dynos: list[Dyno]) -> None:
    text = "".join(lines)

    answers = {json.dumps(diagnosis_document(answer(text, order))) for order in list(permutations(dynos))[:6]}

    assert len(answers) == 1


@settings(whatever, max_examples=20)
@given(st.integers(1, 20), st.sampled_from(("web.1", "web.3", "web.4")), st.integers(0, 400))
def test_good_requests_on_a_peer_never_make_the_peer_guilty(n: int, peer: str, more: int) -> None:
    text = traffic(4, 120) + errors("web.2", n)
    extra = "".join(request(i * 360 / (more + 1), peer) for i in range(more))

    accused = {row.dyno for row in judged(text + extra).incarnations if row.outlier.verdict == "outlier"}

    assert accused <= {"web.2"}


def test_a_day_later_the_same_log_says_the_same() -> None:
    text = traffic(4, 200) + errors("web.2", 25)

    one, two = judged(text), judged(text.replace("2026-03-02T", "2026-03-05T"), at=NOON + timedelta(days=3))

    assert one.verdict == two.verdict
    assert [row.outlier for row in one.incarnations] == [row.outlier for row in two.incarnations]
