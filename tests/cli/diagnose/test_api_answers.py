"""What a bundle keeps of the API's answers is read back as the same nouns."""

from __future__ import annotations

import pytest

from herodyno.cli.diagnose.api_answers import answers_of
from herodyno.cli.diagnose.inputs import Inputs
from herodyno.diagnosis.observations import Source
from herodyno.dynos import App, Release
from herodyno.heroku.api import wire
from tests.diagnosis.reading import NOON, log_of_text


@pytest.mark.parametrize(
    "release",
    [
        Release(version=42, status="succeeded", created_at=NOON, slug_id="01234567", can_roll_back=True),
        Release(version=42, status="expired", created_at=NOON, slug_id="01234567", can_roll_back=False),
        Release(version=42, status="failed", created_at=NOON),
    ],
    ids=["good", "refused", "no slug"],
)
def test_a_release_keeps_what_tells_whether_to_roll_back_to_it(release: Release) -> None:
    inputs = Inputs(
        log=log_of_text(""), app=App(name="example-app"), at=NOON, source=Source(kind="file"), year=2026,
        releases=[release],
    )  # fmt: skip
    assert wire.releases_from(answers_of(inputs, str)["releases.json"]) == [release]
