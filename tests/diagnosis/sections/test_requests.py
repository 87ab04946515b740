"""One count of requests: the sentence, the document and the numbers for monitoring tell the same."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.scope import Filter
from herodyno.dynos import App
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.diagnosis.nagios import nagios_line
from tests.diagnosis.reading import NOON, failed, log_of_text, request, sample

SERVED = "".join(request(second, f"web.{second % 4 + 1}") for second in range(80))
SAMPLE = sample(30, "worker.1", "8c1d7a55-0000-4000-8000-000000000001", 300)
# Heroku's own failures name no dyno.
NOBODY = "".join(failed(second, "", code="H99") for second in (21, 47))


@pytest.mark.parametrize(
    ("text", "asked", "requests", "errors", "nowhere"),
    [
        (SERVED, Filter(), 80, 0, 0),
        (SERVED + NOBODY, Filter(), 82, 2, 2),
        (SERVED + NOBODY + failed(50, "web.2"), Filter(), 83, 3, 2),
        (SERVED + NOBODY + failed(50, "web.2") + failed(60, "web.2"), Filter(dynos=("web.2",)), 22, 2, 0),
        (SERVED + NOBODY + SAMPLE, Filter(types=("worker",)), 0, 0, 0),
        (SERVED, Filter(dynos=("web.3",)), 20, 0, 0),
    ],
)
def test_the_sentence_the_document_and_the_perfdata_agree(
    text: str, asked: Filter, requests: int, errors: int, nowhere: int
) -> None:
    lines = "".join(sorted(text.splitlines(keepends=True)))
    found = diagnose(
        log_of_text(lines), app=App(name="example-app"), at=NOON + timedelta(minutes=2), source=Source(kind="file"),
        log_filter=asked,
    )  # fmt: skip
    told = diagnosis_document(found)["requests"]
    assert (told["n"], told["errors"], told["errors_without_dyno"]) == (requests, errors, nowhere)
    numbers = dict(number.split("=") for number in nagios_line(found).partition(" | ")[2].split())
    assert (numbers["requests"], numbers["errors"], numbers["errors_without_dyno"]) == (
        f"{requests};;;0", f"{errors};;;0", f"{nowhere};;;0",
    )  # fmt: skip
    assert numbers.get("error_rate") == (f"{errors / requests * 100:.2f}%;;;0;100" if requests else None)
    assert re.findall(r"(\d+) requests?\b", found.verdict.summary) in ([], [str(requests)])
