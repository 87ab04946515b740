"""A text that the redaction would change is never rejected."""

from __future__ import annotations

import re
from pathlib import Path

from herodyno.diagnosis.report.redaction import redact_tokens
from herodyno.diagnosis.report.secret_fast_reject import MAY_HOLD_SECRET
from herodyno.diagnosis.report.secret_forms import FORMS

HERE = Path(__file__).parent
SUSPICIOUS = re.compile(MAY_HOLD_SECRET)
VALUES = ("aB3dE5gH7jK9mN1pQ2rS", "A1B2C3D4E5F6G7H8")


def secrets() -> list[str]:
    """The lines of the corpus, with secrets put in, in several spellings."""
    lines = (HERE / "secrets.txt").read_text(encoding="utf-8").splitlines()
    texts = [line.replace("{V}", VALUES[0]).replace("{U}", VALUES[1]) for line in lines]
    texts.append(
        f"bot M{VALUES[0]}{VALUES[0][:4]}.aB3dE5.{VALUES[0]}{VALUES[1]}"
    )  # Discord, which is not in the corpus
    in_blanks = [text.replace(" ", "\u00a0") for text in texts]
    return [*texts, *in_blanks, *map(str.upper, texts), *map(str.lower, texts), *map(str.title, texts)]


def test_whatever_would_be_changed_is_looked_at() -> None:
    texts = secrets() + (HERE / "look-alikes.txt").read_text(encoding="utf-8").splitlines()
    changed = [text for text in texts if redact_tokens(text) != text]
    assert len(changed) > 500
    assert [text for text in changed if not SUSPICIOUS.search(text)] == []


def test_each_word_of_a_known_form_begins_something_that_is_looked_at() -> None:
    texts = [text for text in secrets() if SUSPICIOUS.search(text)]
    assert [form.vendor for form in FORMS if not any(re.search(form.pattern, text) for text in texts)] == []


def test_usual_lines_are_rejected() -> None:
    for usual in (
        "Completed 200 OK in 12ms",
        "level=info path=/orders/7 task=risk pinging designs",
        "GET /a?b=c - 200",
    ):
        assert not SUSPICIOUS.search(usual)
