"""Numbers and times as people read them: ages, memory, counts, rates, clock times with their zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


def duration(seconds: float) -> str:
    """A span of time in two units at most: 45s, 12m, 4h02m, 3d04h."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m"
    if whole < 86400:
        return f"{whole // 3600}h{whole % 3600 // 60:02}m"
    return f"{whole // 86400}d{whole % 86400 // 3600:02}h"


def spoken_duration(seconds: float) -> str:
    """The same in words for a sentence: "6 min 12 s", "2 h 5 min"."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def age(since: datetime | None, now: datetime) -> str:
    """How long ago, or "-" when nobody told. A clock that is behind gives 0s, never a negative age."""
    return "-" if since is None else duration((now - since).total_seconds())


class _ThisMachine(tzinfo):
    """The zone of this machine, each time with the offset of its own day: a log of last summer is in summer time."""

    def utcoffset(self, at: datetime | None) -> timedelta | None:
        return _local(at).utcoffset()

    def tzname(self, at: datetime | None) -> str | None:
        return _local(at).tzname()

    def dst(self, at: datetime | None) -> None:
        return None

    def fromutc(self, at: datetime) -> datetime:
        moment = at.replace(tzinfo=UTC)
        try:
            local = moment.astimezone().replace(tzinfo=None)
            fold = 0 if local.astimezone(UTC) == moment else 1  # the hour that comes twice when summer time ends
        except (OverflowError, ValueError, OSError):
            return moment  # on the edge of the years there are, as a clock gone mad writes them
        return local.replace(tzinfo=self, fold=fold)


def _local(at: datetime | None) -> datetime:
    return (at or datetime.now()).replace(tzinfo=None).astimezone()


_THIS_MACHINE = _ThisMachine()


def zone_of(now: datetime, *, utc: bool) -> tzinfo:
    """The zone times are shown in: UTC, or this machine's, whose name is that of `now`."""
    return UTC if utc else _THIS_MACHINE


def stamp(at: datetime | None, zone: tzinfo) -> str:
    """Date and minute in one word that sorts, or "-"."""
    return "-" if at is None else at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def clock(at: datetime, zone: tzinfo, *, today: datetime) -> str:
    """The time of day, with the date before it when that is not today's."""
    local = at.astimezone(zone)
    if local.date() == today.astimezone(zone).date():
        return local.strftime("%H:%M:%S")
    return local.strftime("%d %b %H:%M") if abs(at - today) < timedelta(days=180) else local.strftime("%Y-%m-%d %H:%M")


def zone_name(at: datetime, zone: tzinfo) -> str:
    """The zone's name as people say it ("CET"), else its offset."""
    return at.astimezone(zone).strftime("%Z") or at.astimezone(zone).strftime("%z")


def count(number: int) -> str:
    """A count with separators: 1,500."""
    return f"{number:,}"


def megabytes(mb: float | None) -> str:
    """Whole megabytes: "781 M"; "-" when not known."""
    return "-" if mb is None else f"{mb:,.0f} M"


def milliseconds(ms: int | None) -> str:
    """A service time: "410 ms", "30.0 s"; "-" when not known."""
    if ms is None:
        return "-"
    return f"{ms} ms" if ms < 10_000 else f"{ms / 1000:.1f} s"


def share(part: float | None) -> str:
    """A share of the whole in per cent: "26 %"; "-" when there is no whole."""
    return "-" if part is None else f"{part * 100:.0f} %"


def rate(value: float | None, interval: tuple[float, float] | None) -> str:
    """A rate with its 95 % interval, both in per cent: "21.7 % (17-28)"; zero is shown with what it allows."""
    if value is None:
        return "-"
    text = f"{_percent(value)} %"
    return text if interval is None else f"{text} ({_percent(interval[0])}-{_percent(interval[1])})"


def _percent(value: float) -> str:
    percent = value * 100
    return f"{percent:.0f}" if percent >= 10 or percent == 0 else f"{percent:.1f}"
