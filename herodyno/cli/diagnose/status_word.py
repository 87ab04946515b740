"""What Heroku's status page says, put beside a verdict that rests on Heroku's own errors (H99, R99)."""

from __future__ import annotations

from dataclasses import replace

from herodyno.cli.session import Session
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.heroku.status_page import page_of, status_sentence


def with_status_page(session: Session, found: Diagnosis) -> Diagnosis:
    """The same, with a sentence more where there is a page to ask. For live verdicts only."""
    page = page_of(session.environ, session.api_url)
    if not page:
        return found
    sentence = status_sentence(page, httpx_transport=session.httpx_transport)
    return replace(found, verdict=replace(found.verdict, details=(*found.verdict.details, sentence)))
