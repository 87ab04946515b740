"""The probe: below 400 is an answer, anything else is said, and no token goes along."""

from __future__ import annotations

import httpx
import pytest

from herodyno.errors import UsageError
from herodyno.heroku.probe import checked_probe_url, probe


@pytest.mark.parametrize(
    ("status", "problem"), [(200, ""), (302, ""), (404, "the probe answered 404"), (503, "the probe answered 503")]
)
def test_a_status_below_400_is_fine(status: int, problem: str) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, headers={"location": "https://elsewhere.example/"})

    assert probe("https://example.com/health", httpx_transport=httpx.MockTransport(answer)) == problem
    assert len(seen) == 1
    assert "authorization" not in seen[0].headers


def test_no_answer_is_said_in_one_word() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("too late")

    assert (
        probe("https://example.com/", httpx_transport=httpx.MockTransport(answer))
        == "the probe failed (ConnectTimeout)"
    )


@pytest.mark.parametrize(
    "url", ["example.com", "ftp://example.com/", "https://exa mple.com", "https://example.com/\n", ""]
)
def test_what_is_no_url_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(UsageError, match="--probe"):
        checked_probe_url(url)
