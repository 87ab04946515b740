"""A memory level in words, with the time it was read: an old one tells of the past only."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis
from herodyno.diagnosis.claims.claim import at_clock
from herodyno.diagnosis.report.phrases import level


def level_read(dyno: IncarnationAnalysis, analysis: Analysis) -> str:
    """The newest level with the time it was read: "781 of 512 MB, 152 %, at 12:05"."""
    memory = dyno.facts.memory
    # Without samples the level stands beside an R14 line.
    read = memory.last[0] if memory.last else max((end for _, end in memory.r14_spans), default=None)
    return level(dyno.facts, dyno.quota_mb) + (f", at {at_clock(read, analysis)}" if read is not None else "")
