"""Times, intervals, counts and sizes: the one place where each becomes text or JSON.

Text: in a table an interval is short ("4h02m"), in a sentence spoken ("4 h 2 min"); a time of day is in the
reader's zone. JSON: a time is UTC with microseconds, an interval is in seconds. Counts and megabytes are plain
numbers in JSON and need no function here. An unknown value is "-" in text and null in JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

SECONDS_OF_UNIT = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
# A time outside these years is none of Heroku's. Inside them every zone, and every interval that we add, is possible.
USABLE_YEARS = range(1971, 9000)
US_PER_DAY = timedelta(days=1) // timedelta(microseconds=1)
_EPOCH, _MICROSECOND = datetime.fromtimestamp(0, UTC), timedelta(microseconds=1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def json_time(at: datetime | None) -> str | None:
    """A time in JSON, always of one form: 2026-03-02T12:00:00.000000Z."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def log_time(at: datetime) -> str:
    """The time as Heroku's log writes it: UTC, microseconds, the offset behind."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def microseconds(at: datetime) -> int:
    """The time in microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def time_at(us: int) -> datetime:
    """The time so many microseconds after 1970 began."""
    return _EPOCH + timedelta(microseconds=us)


def iso_day(days: int) -> str:
    """The day so many days after 1 January 1970, as in the names of files and in JSON: 2026-03-02."""
    return (datetime.fromtimestamp(0, UTC) + timedelta(days=days)).date().isoformat()


def days_to(day: str) -> int:
    """The days from 1 January 1970 to a day that is written 2026-03-02. Raises ValueError for other text."""
    return (datetime.fromisoformat(day).replace(tzinfo=UTC) - datetime.fromtimestamp(0, UTC)).days


def json_seconds(seconds: float) -> float:
    """An interval in JSON: seconds, exact to the microsecond as times are."""
    return round(seconds, 6)


class _ThisMachine(tzinfo):
    """The zone of this machine, each time with the offset of its own day: a log of last summer is in summer time."""

    def utcoffset(self, at: datetime | None) -> timedelta | None:
        return _local(at).utcoffset()

    def tzname(self, at: datetime | None) -> str | None:
        return _local(at).tzname()

    def dst(self, at: datetime | None) -> None:
        return None

    def fromutc(self, at: datetime) -> datetime:
        in_utc = at.replace(tzinfo=UTC)
        try:
            local = in_utc.astimezone().replace(tzinfo=None)
            fold = 0 if local.astimezone(UTC) == in_utc else 1  # the hour that comes twice when summer time ends
        except (OverflowError, ValueError, OSError):
            return in_utc  # at either end of the calendar, as a broken clock writes
        return local.replace(tzinfo=self, fold=fold)


def _local(at: datetime | None) -> datetime:
    return (at or datetime.now()).replace(tzinfo=None).astimezone()


_THIS_MACHINE = _ThisMachine()


def zone_of(now: datetime, *, utc: bool) -> tzinfo:
    """The zone times are shown in: UTC, or this machine's, whose name is that of `now`."""
    return UTC if utc else _THIS_MACHINE


def zone_name(at: datetime, zone: tzinfo) -> str:
    """The zone's name as people say it ("CET"), else its offset."""
    return at.astimezone(zone).strftime("%Z") or at.astimezone(zone).strftime("%z")


def stamp(at: datetime | None, zone: tzinfo) -> str:
    """Date and minute in one word that sorts: "2026-11-23T02:12"."""
    return "-" if at is None else at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def full_stamp(at: datetime, zone: tzinfo) -> str:
    """Date, second and offset in one word, for lines that are kept: "2026-11-23T02:12:40+01:00"."""
    return at.astimezone(zone).isoformat(timespec="seconds")


def file_stamp(at: datetime) -> str:
    """The second in UTC, without the signs that Windows takes in no name of a file: "20261123T021240Z"."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def clock(at: datetime, zone: tzinfo, *, today: datetime) -> str:
    """The time of day, "02:12:40"; on another day than today's with its date, "22 Nov 20:12"."""
    local = at.astimezone(zone)
    if local.date() == today.astimezone(zone).date():
        return local.strftime("%H:%M:%S")
    return local.strftime("%d %b %H:%M") if abs(at - today) < timedelta(days=180) else local.strftime("%Y-%m-%d %H:%M")


def clocks(first: datetime, last: datetime, zone: tzinfo, *, today: datetime) -> tuple[str, str]:
    """Both ends of a window, each with its date unless both are of today: ("02:06:00", "02:12:40"),
    ("22 Nov 23:50", "23 Nov 02:10"). A window shorter than an hour is told to the second on any day.
    """
    if _are_of_today((first, last), zone, today):
        return clock(first, zone, today=today), clock(last, zone, today=today)
    return _dated(first, last, zone, today, "%H:%M" if last - first >= timedelta(hours=1) else "%H:%M:%S")


def zoned_clocks(first: datetime, last: datetime, zone: tzinfo, *, today: datetime) -> tuple[str, str]:
    """The same with the name of the zone, which summer time may change in between."""
    begin, end = clocks(first, last, zone, today=today)
    return f"{begin} {zone_name(first, zone)}", f"{end} {zone_name(last, zone)}"


def bound_clock(at: datetime, zone: tzinfo, *, days: Iterable[datetime]) -> str:
    """A bound that lines are counted up to, to the second: "02:12:40"; "31 Dec 23:59:50" where `days` are several."""
    local = at.astimezone(zone)
    return local.strftime("%H:%M:%S" if _are_of_today(days, zone, at) else "%d %b %H:%M:%S")


def _dated(first: datetime, last: datetime, zone: tzinfo, today: datetime, form: str) -> tuple[str, str]:
    is_near = all(abs(at - today) < timedelta(days=180) for at in (first, last))
    form = f"{'%d %b' if is_near else '%Y-%m-%d'} {form}"
    return first.astimezone(zone).strftime(form), last.astimezone(zone).strftime(form)


def _are_of_today(times: Iterable[datetime], zone: tzinfo, today: datetime) -> bool:
    return {at.astimezone(zone).date() for at in times} == {today.astimezone(zone).date()}


def bucket_clock(at: datetime, zone: tzinfo, *, seconds: int, dated: bool) -> str:
    """When a bucket of `seconds` begins: "02:12", "02:12:30", "2026-11-22 20:12"; of whole days "2026-11-22"."""
    if seconds % 86_400 == 0:
        form = "%Y-%m-%d"
    else:
        form = ("%Y-%m-%d " if dated else "") + ("%H:%M:%S" if seconds % 60 else "%H:%M")
    return at.astimezone(zone).strftime(form)


def bucket_stamp(at: datetime, zone: tzinfo, *, seconds: int) -> str:
    """The same in a pipe, with day and offset: "2026-11-23T03:12+01:00"."""
    return at.astimezone(zone).isoformat(timespec="seconds" if seconds % 60 else "minutes")


def rough_clock(at: datetime, zone: tzinfo, *, today: datetime) -> str:
    """An estimated time, to the minute: "02:12"; on another day than today's with the weekday, "Sun 20:12".

    A weekday of another week would be taken for one of this week: it is a date then, "12 Nov 20:12".
    """
    local = at.astimezone(zone)
    days = abs((local.date() - today.astimezone(zone).date()).days)
    if days > 6:
        return clock(at, zone, today=today)
    return local.strftime("%a %H:%M" if days else "%H:%M")


def rough_clocks(first: datetime, last: datetime, zone: tzinfo, *, today: datetime) -> tuple[str, str]:
    """Both ends of an estimated window, each with its weekday or date unless both are of today: ("Sun 23:50",
    "Mon 00:10").
    """
    if _are_of_today((first, last), zone, today):
        return rough_clock(first, zone, today=today), rough_clock(last, zone, today=today)
    days = sorted(at.astimezone(zone).date() for at in (first, last, today))
    if (days[-1] - days[0]).days > 6:
        return _dated(first, last, zone, today, "%H:%M")
    return first.astimezone(zone).strftime("%a %H:%M"), last.astimezone(zone).strftime("%a %H:%M")


def exact_clock(local: datetime) -> str:
    """The time of day to the millisecond, in the zone the time is in: "02:12:40.123"."""
    return f"{local:%H:%M:%S}.{local.microsecond // 1000:03}"


def tick(local: datetime, *, is_day: bool) -> str:
    """A time below an axis, in the zone the time is in: "02:12", or the day that begins then, "24 Nov"."""
    return local.strftime("%d %b" if is_day else "%H:%M")


def day(local: datetime) -> str:
    """The day and the zone the time is in: "Mon 23 Nov 2026, UTC"."""
    return local.strftime("%a %d %b %Y, %Z")


def date(at: datetime, zone: tzinfo) -> str:
    """The day of a document: "23 Nov 2026"."""
    return at.astimezone(zone).strftime("%d %b %Y")


def apache_time(at: datetime) -> str:
    """The time of Apache's combined log format, in UTC: "23/Nov/2026:02:12:40 +0000"."""
    at = at.astimezone(UTC)
    return f"{at.day:02}/{_MONTHS[at.month - 1]}/{at.year}:{at:%H:%M:%S} +0000"


def duration(seconds: float) -> str:
    """An interval in a table, in two units at most, rounded down: 45s, 12m, 4h02m, 3d04h."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m"
    if whole < 86400:
        return f"{whole // 3600}h{whole % 3600 // 60:02}m"
    return f"{whole // 86400}d{whole % 86400 // 3600:02}h"


def exact_duration(seconds: int) -> str:
    """An interval in the greatest unit of which it is a whole number, as it is typed: "90s", "5m", "24h" is "1d"."""
    unit = next(unit for unit in ("d", "h", "m", "s") if seconds % SECONDS_OF_UNIT[unit] == 0)
    return f"{seconds // SECONDS_OF_UNIT[unit]}{unit}"


def spoken_duration(seconds: float) -> str:
    """An interval in a sentence, in two units at most: "41 s", "6 min 12 s", "5 min", "2 h 5 min", "3 d 4 h"."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    if not minutes:
        return f"{rest} s"
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def age(since: datetime | None, now: datetime) -> str:
    """How long ago, for a table. A clock that is behind gives 0s, never a negative age."""
    return "-" if since is None else duration((now - since).total_seconds())


def milliseconds(ms: float | None) -> str:
    """A service time: "410 ms", "30.0 s"."""
    if ms is None:
        return "-"
    return f"{ms:.0f} ms" if ms < 10_000 else f"{ms / 1000:.1f} s"


def count(number: int, noun: str = "", plural: str = "") -> str:
    """A count with separators, and with its noun where one is given: "1,500", "1 error", "1,500 errors"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}" if noun else f"{number:,}"


def megabytes(mb: float | None) -> str:
    """Whole megabytes of 1,048,576 bytes, as Heroku counts memory: "781 MB"."""
    return "-" if mb is None else f"{mb:,.0f} MB"


def byte_size(number_of_bytes: float) -> str:
    """Bytes as whole megabytes: "256 MB"."""
    return megabytes(number_of_bytes / (1 << 20))


def data_size(number_of_bytes: float) -> str:
    """Bytes in the unit that suits them: "812 B", "15 KB", "1.2 MB", "340 MB"; a KB is 1,024 bytes."""
    units = ["GB", "MB", "KB", "B"]
    while number_of_bytes >= 1000 and len(units) > 1:
        number_of_bytes /= 1024
        units.pop()
    digits = 0 if units[-1] == "B" or number_of_bytes >= 10 else 1
    return f"{number_of_bytes:,.{digits}f} {units[-1]}"


def share(part: float | None, whole: float = 1) -> str:
    """A share of the whole in whole per cent, (46, 48) -> "96 %"; "-" when there is no whole."""
    return "-" if part is None or not whole else f"{part / whole * 100:.0f} %"


def percent(rate: float) -> str:
    """A rate: 0.217 -> "21.7 %", 0.26 -> "26 %", 0.00049 -> "0.05 %", 0 -> "0 %"."""
    value = rate * 100
    if value == 0:
        return "0 %"
    digits = 2 if value < 0.1 else 1 if value < 99.95 else 0
    return f"{value:.{digits}f}".removesuffix(".0") + " %"
