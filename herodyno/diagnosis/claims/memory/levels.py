"""Memory levels in words, with the time they were read: an old one tells of the past only."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import at_clock
from herodyno.diagnosis.report.phrases import level
from herodyno.units import count, megabytes


def level_read(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    """The newest level with the time it was read: "781 of 512 MB, 152 %, at 12:05"."""
    found = dyno.level
    read = f", at {at_clock(found.seconds, analysis)}" if found is not None and found.seconds else ""
    return level(dyno.facts, dyno.quota_mb) + read


def peers_level(chosen: Sequence[IncarnationAnalysis], process_type: TypeAnalysis) -> str:
    """What the other dynos of the type that run have: "The other 3 web dynos are at 240-255 MB.", or ""."""
    names = {dyno.name for dyno in chosen}
    levels = [dyno.level.mb for dyno in process_type.running if dyno.name not in names and dyno.level is not None]
    return f"The other {levels_of(levels, process_type.name, 'is', 'are')}." if levels else ""


def levels_of(levels: Sequence[float], type_name: str, one: str, many: str) -> str:
    """ "web dyno is at 254 MB" or "3 web dynos are at 240-255 MB"."""
    if len(levels) == 1:
        return f"{type_name} dyno {one} at {megabytes(levels[0])}"
    return f"{count(len(levels), f'{type_name} dyno')} {many} at {min(levels):,.0f}-{megabytes(max(levels))}"
