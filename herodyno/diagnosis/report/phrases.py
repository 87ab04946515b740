"""Phrases of a report: dynos, codes and rates in words, never more exact than the data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.statistics.memory import newest_level
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.diagnosis.timeline.incarnations import Incarnation, moment
from herodyno.dynos import short_id
from herodyno.logs.codes.exits import exit_gloss
from herodyno.units import megabytes, percent, rough_clock, share, spoken_duration

# Errors that no comparison counts: whoever starts or ends, and whoever is alone, cannot be compared.
UNCOMPARED = "fell within two minutes of a start, at an end or while no peer served, which is not judged"


def interval(events: int, trials: int) -> str:
    """The Wilson interval in words: "17-28 %", or "at most 1.9 %" when nothing was seen."""
    low, high = wilson(events, trials)
    if events == 0:
        return f"at most {percent(high)}"
    digits = 0 if high >= 0.1 else 1
    return f"{low * 100:.{digits}f}-{high * 100:.{digits}f} %"


def one_in(rate: float) -> str:
    """A rate as people say it: 0.217 -> "about 1 request in 5", 0.9 -> "about 9 requests in 10"."""
    if rate >= 0.95:
        return "every request" if rate >= 0.995 else "nearly every request"
    if rate >= 0.45:
        return f"about {round(rate * 10)} requests in 10"
    return f"about 1 request in {round(1 / rate)}" if rate > 0 else "no request"


def fails(rate: float, where: str = "", *, is_over: bool = False) -> str:
    """ "about 1 request in 5 fails", "about 9 requests in 10 fail"; `where` is put before the verb."""
    said = one_in(rate)
    verb = "failed" if is_over else "fail" if " requests " in said else "fails"
    return f"{said} {where}{verb}"


def all_of(n: int) -> str:
    """ "both" or "all 4"."""
    return "both" if n == 2 else f"all {n}"


def clock_near(seconds: float, zone: tzinfo, *, near: float) -> str:
    """A time of day in the reader's zone, to the minute; with the weekday when it is not on the day of `near`.

    `seconds` and `near` are seconds since 1970.
    """
    return rough_clock(moment(seconds), zone, today=moment(near))


def named(incarnation: Incarnation) -> str:
    """The dyno with its id: "web.2 (6f1c02ab)", "web.2 (id unknown)"."""
    if incarnation.id:
        return f"{incarnation.dyno} ({short_id(incarnation.id)})"
    return incarnation.dyno if incarnation.id_source == "name" else f"{incarnation.dyno} (id unknown)"


def all_named(incarnations: Iterable[Incarnation]) -> str:
    """Dynos with their ids, each name once: "web.1 (6f1c02ab) and web.2 (9137434d, 0afed56c)"."""
    by_name: dict[str, list[Incarnation]] = {}
    for each in incarnations:
        by_name.setdefault(each.dyno, []).append(each)
    return listed(
        [
            named(own[0]) if len(own) == 1 else f"{name} ({', '.join(short_id(each.id or '') or '?' for each in own)})"
            for name, own in by_name.items()
        ]
    )


def end_gloss(incarnation: Incarnation, facts: IncarnationFacts) -> str:
    """Why an incarnation ended where the log says so, else what its exit status can mean; "" when nothing is known."""
    return exit_gloss(
        incarnation.exit_status,
        codes=incarnation.codes,
        asked=incarnation.asked is not None,
        killed_at_mb=facts.marks[-1].mem_mb if facts.marks else None,
    )


def listed(items: list[str], most: int = 4) -> str:
    """ "a, b and c"; beyond `most`, "a, b, c, d and 3 more"."""
    if len(items) > most:
        return f"{', '.join(items[:most])} and {len(items) - most} more"
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def level(facts: IncarnationFacts, quota_mb: float | None) -> str:
    """The newest memory level: "781 of 512 MB, 152 %". Without a sample or a quota, what is known instead."""
    found = newest_level(facts, quota_mb)
    if found is None:
        return "level not known"
    if found.is_sample or found.of_quota is None:
        return level_of(found.mb, quota_mb)
    return f"{megabytes(found.mb)}, {share(found.of_quota)} of its quota"


def level_of(total_mb: float, quota_mb: float | None) -> str:
    """A memory level: "781 of 512 MB, 152 %", or "781 MB" when the quota is not known."""
    if not quota_mb:
        return megabytes(total_mb)
    return f"{total_mb:,.0f} of {megabytes(quota_mb)}, {percent(total_mb / quota_mb)}"


def late_slope(slope: float, margin: float, hours: float) -> str:
    """The slope of the last hours in MB/h with its interval: "21 MB/h (15 to 27) in the last hour"."""
    span = "hour" if hours == 1 else spoken_duration(round(hours * 60) * 60)
    return f"{slope:.0f} MB/h ({slope - margin:.0f} to {slope + margin:.0f}) in the last {span}"


def codes_in_words(by_code: dict[str, int], most: int = 5) -> str:
    """ "H12 x41, 500 x5", most frequent first."""
    ordered = sorted(by_code.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{code} x{n}" for code, n in ordered[:most])
