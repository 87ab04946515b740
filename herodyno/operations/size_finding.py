"""What a diagnosis of a day or more says of the size of a process type, where that does not fit what the type used."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.used import TypeUse
from herodyno.dynos import DynoSize, Formation
from herodyno.operations.size_advice import Used, size_advice
from herodyno.units import count, megabytes, spoken_duration

_TOLD = ("smaller", "larger", "none_fits")


def size_finding(use: TypeUse, formation: Sequence[Formation], sizes: Sequence[DynoSize]) -> str:
    """The advice and what it rests on; "" where there is none. Without the API only the quota of the log is known."""
    row = next((row for row in formation if row.type == use.type), None)
    advice = size_advice(Used(use.memory_mb, use.most_mb, use.load, use.seconds, use.over_quota), row, sizes)
    rests_on = f"{count(use.samples, 'memory sample')} in {spoken_duration(int(use.seconds))}"
    if advice.kind in _TOLD:
        return f"size of {use.type}: {advice.sentence} ({rests_on})"
    if advice.kind == "unknown" and use.quota_mb and advice.needed_mb and advice.needed_mb > use.quota_mb:
        return (
            f"size of {use.type}: {megabytes(use.memory_mb)} (p95) and a fifth more are "
            f"{megabytes(advice.needed_mb)}; its quota is {megabytes(use.quota_mb)} ({rests_on}); "
            "sizes and prices are not known without the API"
        )
    return ""
