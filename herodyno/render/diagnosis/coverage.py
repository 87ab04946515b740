"""The SEEN section: how much log was read, what is missing from it, what would change the verdict."""

from __future__ import annotations

from datetime import tzinfo

from herodyno.diagnosis.report.report import ApiUse, Coverage, Diagnosis
from herodyno.render.clean import clean
from herodyno.render.paragraphs import section
from herodyno.render.text import Line
from herodyno.units import clocks, count, spoken_duration


def seen_section(diagnosis: Diagnosis, width: int | None, zone: tzinfo) -> list[Line]:
    """How much log this is, what is missing from it, what would change the verdict, where to read on."""
    coverage = diagnosis.coverage
    sentences = [_window(coverage, diagnosis, zone), missing(coverage), *coverage.notes]
    if coverage.would_change:
        sentences.append(f"Would change this verdict: {'; '.join(coverage.would_change)}.")
    for shown_here in diagnosis.sections:
        if not shown_here.heading:
            sentences += [f"{sentence[:1].upper()}{sentence[1:]}." for sentence in shown_here.sentences]
    if diagnosis.api.calls:
        sentences.append(_api_use(diagnosis.api))
    code = explained_code(diagnosis)
    sentences.append("More: --json" + (f" · herodyno explain {code}" if code else ""))
    return section("SEEN", sentences, width)


def explained_code(diagnosis: Diagnosis) -> str:
    """A code of Heroku's among the errors, "" without one."""
    return min((code for it in diagnosis.incarnations for code, _ in it.errors.by_code if code[:1] in "HR"), default="")


def window(diagnosis: Diagnosis) -> str:
    """How much log this is: "1,500 lines = 5 min 38 s"."""
    coverage = diagnosis.coverage
    lines = count(coverage.lines, "line")
    return f"{lines} = {spoken_duration(coverage.seconds)}" if coverage.start else f"{lines}, none with a time"


def _api_use(api: ApiUse) -> str:
    left = api.rate_limit_remaining
    budget = "" if left is None else f"; {count(left)} left in the account's budget"
    return f"{count(api.calls, 'API call')} made{budget}."


def _window(coverage: Coverage, diagnosis: Diagnosis, zone: tzinfo) -> str:
    if coverage.start is None or coverage.end is None:
        return window(diagnosis)
    span = "-".join(clocks(coverage.start, coverage.end, zone, today=diagnosis.generated_at))
    full = ", buffer full: older lines are gone" if coverage.cap_reached else ""
    return f"{window(diagnosis)} ({span}){full}"


def missing(coverage: Coverage) -> str:
    """What of the log is missing, and what could not be read."""
    parts = [f"{count(coverage.lost_lines, 'line')} reported lost"]
    sampled, known = coverage.dynos_sampled
    if known:
        parts.append(f"memory seen of {sampled} of {count(known, 'dyno')}")
    if coverage.ambiguous_requests:
        parts.append(f"{count(coverage.ambiguous_requests, 'request')} in no row, since either dyno may have served")
    if coverage.unread_lines:
        first = f", the first: {clean(coverage.first_unread)}" if coverage.first_unread.strip() else ""
        parts.append(f"{count(coverage.unread_lines, 'line')} not read{first}")
    if coverage.router_share_suspect:
        parts.append("router lines look filtered, so no rates")
    return "; ".join(parts)
