"""Numbers and times in the words of a report: plain, with denominators, never more exact than the data."""

from __future__ import annotations

from datetime import tzinfo

from herodyno.diagnosis.counting.facts import IncarnationFacts
from herodyno.diagnosis.statistics.rates import wilson
from herodyno.diagnosis.timeline.incarnations import Incarnation, moment
from herodyno.dynos import short_id


def percent(rate: float) -> str:
    """0.217 -> "21.7 %", 0.26 -> "26 %", 0.00049 -> "0.05 %", 0 -> "0 %"."""
    value = rate * 100
    if value == 0:
        return "0 %"
    digits = 2 if value < 0.1 else 1 if value < 99.95 else 0
    return f"{value:.{digits}f}".removesuffix(".0") + " %"


def share(part: float, whole: float) -> str:
    """A share in whole per cent: (46, 48) -> "96 %"; "-" without a whole."""
    return f"{part / whole:.0%}".replace("%", " %") if whole else "-"


def interval(events: int, trials: int) -> str:
    """The Wilson interval in words: "17-28 %", or "at most 1.9 %" when nothing was seen."""
    low, high = wilson(events, trials)
    if events == 0:
        return f"at most {percent(high)}"
    digits = 0 if high >= 0.1 else 1
    return f"{low * 100:.{digits}f}-{high * 100:.{digits}f} %"


def one_in(rate: float) -> str:
    """A rate as people say it: 0.217 -> "about 1 request in 5", 0.9 -> "about 9 requests in 10"."""
    if rate >= 0.995:
        return "every request"
    if rate >= 0.45:
        return f"about {round(rate * 10)} requests in 10"
    return f"about 1 request in {round(1 / rate)}" if rate > 0 else "no request"


def count(n: int, noun: str, plural: str = "") -> str:
    """1 error, 1,500 errors."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def megabytes(value: float) -> str:
    """781.2 -> "781 MB", with thousands set apart."""
    return f"{value:,.0f} MB"


def duration(seconds: float) -> str:
    """372 -> "6 min 12 s", 41 -> "41 s", 80640 -> "22 h 24 min"."""
    total = round(seconds)
    days, rest = divmod(total, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {left} s" if minutes else f"{left} s"


def clock(seconds: float, zone: tzinfo, *, near: float | None = None) -> str:
    """A time of day in the reader's zone; with the weekday when it is not on the day of `near`."""
    at = moment(seconds).astimezone(zone)
    if near is not None and moment(near).astimezone(zone).date() != at.date():
        return at.strftime("%a %H:%M")
    return at.strftime("%H:%M:%S" if near is None else "%H:%M")


def named(incarnation: Incarnation) -> str:
    """The dyno with its id: "web.2 (6f1c02ab)", "web.2 (id unknown)"."""
    if incarnation.id:
        return f"{incarnation.dyno} ({short_id(incarnation.id)})"
    return incarnation.dyno if incarnation.id_source == "name" else f"{incarnation.dyno} (id unknown)"


def listed(items: list[str], most: int = 4) -> str:
    """ "a, b and c"; beyond `most`, "a, b, c, d and 3 more"."""
    if len(items) > most:
        return f"{', '.join(items[:most])} and {len(items) - most} more"
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def level(facts: IncarnationFacts, quota_mb: float | None) -> str:
    """The newest memory level: "781 of 512 MB, 152 %". Without a sample or a quota, what is known instead."""
    last = facts.memory.last
    if last is None:
        if facts.marks:
            _, mem_mb, mark = facts.marks[-1]
            return f"{mem_mb:,} MB, {mark:.0f} % of its quota"
        return "level not known"
    if not quota_mb:
        return megabytes(last[1])
    return f"{last[1]:,.0f} of {megabytes(quota_mb)}, {percent(last[1] / quota_mb)}"


def codes_in_words(by_code: dict[str, int], most: int = 5) -> str:
    """ "H12 x41, 500 x5", most frequent first."""
    ordered = sorted(by_code.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{code} x{n}" for code, n in ordered[:most])
