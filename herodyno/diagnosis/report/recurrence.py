"""Whether this trouble happened before: how often in how many days, at which ages, and how long it stayed away.

Only what the archive shows is counted, and how many days were looked through is told with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from herodyno.diagnosis.report.occurrences import each_once, occurrences
from herodyno.diagnosis.report.past import Occurrence, Recurrence
from herodyno.diagnosis.report.phrases import listed
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.units import count

# The verdicts whose trouble is that of single dynos, and the kind of their occurrences.
_KINDS = {"one_dyno": "one_dyno", "some_dynos": "one_dyno", "memory": "memory", "crash": "crash"}
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_SECONDS_PER_DAY = 86_400.0
_MOST_NAMES = 4


def heads_of(diagnosis: Diagnosis) -> list[Occurrence]:
    """The occurrences of the trouble that heads a diagnosis, in order of time."""
    kind = _KINDS.get(diagnosis.verdict.kind, diagnosis.verdict.kind)
    return [one for one in occurrences(diagnosis) if one.kind == kind]


def recurrence(diagnosis: Diagnosis, past: Sequence[Occurrence], *, days: int, looked: int) -> Recurrence | None:
    """What the past days say of the trouble that heads a diagnosis; None when it is new, or no trouble."""
    heads = heads_of(diagnosis)
    if not heads:
        return None
    newest = heads[-1]
    since = newest.began - days * _SECONDS_PER_DAY
    every = [
        one for one in (*past, *heads) if one.fingerprint == newest.fingerprint and since <= one.began <= newest.began
    ]
    each = each_once(every)
    found = tuple(one for one in each if one.is_like(each[-1]))
    return Recurrence(found=found, days=days, looked=looked, unlike=len(each) - len(found)) if len(each) > 1 else None


def with_recurrence(diagnosis: Diagnosis, found: Recurrence) -> Diagnosis:
    """The diagnosis with the sentence below the verdict."""
    verdict = replace(diagnosis.verdict, details=(*diagnosis.verdict.details, sentence(found)))
    return replace(diagnosis, verdict=verdict, recurrence=found)


def sentence(found: Recurrence) -> str:
    """ "Third time in 30 days (28 looked through): web.2, web.3; each 7.1 to 8.9 h after its start; …"."""
    times = len(found.found)
    how_often = f"{_ORDINALS[times].capitalize()} time" if times in _ORDINALS else f"{times} times"
    looked = "" if found.looked >= found.days else f" ({count(found.looked, 'day')} in the archive looked through)"
    code = found.found[0].code
    names = list(dict.fromkeys(one.dyno for one in found.found if one.dyno))
    whose = f" on {listed(names[:_MOST_NAMES])}" if names and len(names) <= _MOST_NAMES else ""
    parts = [f"{how_often} in {found.days} days{looked}: {code or found.found[0].kind}{whose}"]
    if ages := found.ages_h:
        of = f"{len(ages)} of {times} with a known start " if len(ages) < times else "each " if times > 1 else ""
        parts.append(f"{of}{_hours(ages)} after the dyno's start")
    if away := found.away_h:
        parts.append(f"after {count(len(away), 'end')} of its dyno it stayed away for {_hours(away)}")
    if found.unlike:
        parts.append(
            f"not counted: {found.unlike} more on other paths, or with another line that only the dyno printed"
        )
    return f"{'; '.join(parts)}."


def _hours(hours: tuple[float, ...]) -> str:
    low, high = (f"{value:.1f}" for value in (hours[0], hours[-1]))
    return f"{low} h" if low == high else f"{low} to {high} h"
