"""What failing requests have in common, in sentences: a path, a method, a host, a client."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.report.redaction import redact, redact_path
from herodyno.diagnosis.statistics.shared_keys import shared_keys
from herodyno.units import count, percent


def shared(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """(key, sentence) for each shared value, biggest difference first. Values are redacted."""
    sentences = []
    for item in shared_keys(analysis.observations.facts.shared):
        value = redact_path(item.value) if item.key == "path" else redact(item.value)
        most = "at most " if item.is_most else ""
        good = (
            f"{most}{count(item.good)} of {count(item.good_total, 'other')}"
            if item.good_total
            else "no other request seen"
        )
        bad = f"{item.bad} of {item.bad_total} failed requests ({percent(item.bad / item.bad_total)})"
        sentences.append((item.key, f"{item.key} {value}: {bad}, {good}"))
    return tuple(sentences)
