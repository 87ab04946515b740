"""What the answer cannot know, in sentences: the log's length, missing ids, unknown codes, what was left out."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.nothing.focus import others_that_stand_out
from herodyno.diagnosis.report.phrases import codes_in_words, listed
from herodyno.diagnosis.report.report import Section
from herodyno.diagnosis.timeline.incarnations import PREBOOT_SECONDS
from herodyno.logs.codes.table import CODES
from herodyno.units import count


def section(analysis: Analysis) -> Section:
    """The limits of one diagnosis, most general first."""
    return Section(name="limits", sentences=_limits(analysis))


def _limits(analysis: Analysis) -> tuple[str, ...]:
    observations = analysis.observations
    sentences = ["router lines name no dyno id; attributed by name and time"]
    if observations.source.cap is not None:
        sentences.append(f"a log session holds at most {count(observations.source.cap, 'line')}; older ones are gone")
    if young := _may_share_a_name(analysis):
        sentences.append(
            f"{listed(young)} began shortly before this log: with preboot, some of it may be an old dyno's of its name"
        )
    if observations.dynos is None:
        known = "a telemetry drain's records" if observations.app.generation == "fir" else "runtime metrics"
        sentences.append(f"no list of dynos was given: ids are known from {known} only")
    if any(dyno.trend.kind == "not_assessed" and dyno.facts.memory.n for dyno in analysis.dynos()):
        sentences.append("memory trends need 90 minutes of one dyno's samples")
    if unknown := _unknown_codes(analysis):
        sentences.append(f"codes that herodyno does not know are in no count: {unknown}")
    if websockets := sum(dyno.facts.websockets for dyno in analysis.dynos()):
        requests = sum(process_type.requests for process_type in analysis.types.values())
        sentences.append(
            f"{count(websockets)} of {count(requests, 'request')} were websockets (status 101): in the counts and "
            "shares, not in the p95, since a websocket is logged with the time it was open"
        )
    sentences += [*observations.scope.sentences, *observations.remarks]
    if observations.scope.focus and (others := others_that_stand_out(analysis)):
        sentences.append(others)
    return tuple(sentences)


def _may_share_a_name(analysis: Analysis) -> list[str]:
    """Accused web dynos that started shortly before the log. With preboot the old dyno of that name may still serve.

    The API does not list such an old dyno.
    """
    begins = analysis.observations.start
    accused = (dyno.incarnation for process_type in analysis.types.values() for dyno in process_type.outliers)
    return [
        incarnation.dyno
        for incarnation in accused
        if incarnation.type == "web"
        and incarnation.start is not None
        and 0 < begins - incarnation.start < PREBOOT_SECONDS
    ]


def _unknown_codes(analysis: Analysis) -> str:
    codes: dict[str, int] = {}
    for counts in (analysis.observations.facts.no_dyno_codes, *(dyno.facts.codes for dyno in analysis.dynos())):
        for code, n in counts.items():
            if code not in CODES:
                codes[code] = codes.get(code, 0) + n
    return codes_in_words(codes)
