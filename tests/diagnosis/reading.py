"""Log files of this folder read to events, timeline and facts; and router lines made up in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.one_pass import Log, OnePass, log_of
from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.timeline.timeline import Timeline, timeline
from herodyno.dynos import App, Dyno, DynoSize, Formation, Release
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import Event
from herodyno.logs.parsing.read import read_events
from herodyno.logs.scan.blocks import line_blocks

LOGS = Path(__file__).parent / "logs"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Read(NamedTuple):
    """A log read through the first two stages."""

    events: list[Event]
    times: Timeline
    facts: Facts


def events_of(text: str) -> list[Event]:
    """The events of a text in the log session's form."""
    return list(read_events([text.encode()], year=2026))


def log_of_text(text: str) -> Log:
    """A text in the log session's form as a log."""
    return log_of(list(read_lines([text.encode()], year=2026)), year=2026)


def file_of_text(text: str, *, year: int = 2026) -> Log:
    """A text in the log session's form as a file of it is read: in blocks, which is fast where the text is long."""
    data = text.encode()
    return Log(logs=[lambda: line_blocks([data])], year=year)


def two_releases() -> list[Dyno]:
    """Four web dynos as the API lists them, web.2 on an older release."""
    made = NOON - timedelta(hours=3)
    return [
        Dyno(name=f"web.{n}", id=f"0000000{n}-0000-4000-8000-000000000000", type="web", state="up", created_at=made,
             release=41 if n == 2 else 42)
        for n in range(1, 5)
    ]  # fmt: skip


def read(text: str, dynos: Sequence[Dyno] | None = None, releases: Sequence[Release] = ()) -> Read:
    """A text read to timeline and facts."""
    counted = OnePass(log_of_text(text))
    times = timeline(counted.boundaries, dynos, releases)
    return Read(events_of(text), times, counted.facts(times))


def limits_of(diagnosis: Diagnosis) -> tuple[str, ...]:
    """What a diagnosis says it cannot know."""
    return next(section.sentences for section in diagnosis.sections if section.name == "limits")


def log(name: str) -> str:
    """The text of a file in logs/."""
    return (LOGS / f"{name}.log").read_text(encoding="utf-8")


def judged(
    text: str,
    dynos: Sequence[Dyno] | None = None,
    *,
    app: App | None = None,
    formation: Sequence[Formation] | None = None,
    releases: Sequence[Release] = (),
    sizes: Sequence[DynoSize] = (),
    at: datetime = NOON,
    cap: int | None = None,
) -> Diagnosis:
    """The whole answer for a text."""
    return diagnose(
        log_of_text(text),
        app=app or App(name="example-app"),
        at=at,
        source=Source(kind="file", cap=cap),
        dynos=dynos,
        formation=formation,
        releases=releases,
        sizes=sizes,
    )


def stamp(seconds: float) -> str:
    """Seconds after noon as the platform writes a time."""
    return datetime.fromtimestamp(NOON.timestamp() + seconds, UTC).isoformat(timespec="microseconds")


def request(
    seconds: float,
    dyno: str,
    *,
    code: str = "",
    status: int = 200,
    service: int = 40,
    path: str = "/",
    client: str = "192.0.2.7",
) -> str:
    """A router line, `seconds` after noon."""
    level = "error" if code else "info"
    head = f'at={level} code={code} desc="x"' if code else "at=info"
    return (
        f'{stamp(seconds)} heroku[router]: {head} method=GET path="{path}" host=example-app.herokuapp.com '
        f'request_id=4f0c1d2e-0000-4000-8000-{int(seconds * 1000) % 10**12:012d} fwd="{client}" dyno={dyno} '
        f"connect=0ms service={service}ms status={status} bytes=312 protocol=http1.1 tls=true tls_version=tls1.3\n"
    )


def failed(seconds: float, dyno: str, *, path: str = "/", code: str = "H12", client: str = "192.0.2.7") -> str:
    """A request that timed out."""
    return request(seconds, dyno, code=code, status=503, service=30000, path=path, client=client)


def sample(
    seconds: float,
    dyno: str,
    dyno_id: str,
    total: float,
    *,
    swap: float = 0.0,
    quota: float = 512.0,
    pages: int = 1000,
) -> str:
    """A memory line of runtime metrics."""
    return (
        f"{stamp(seconds)} heroku[{dyno}]: source={dyno} dyno=heroku.123456789.{dyno_id} "
        f"sample#memory_total={total:.2f}MB sample#memory_rss={total - swap:.2f}MB sample#memory_cache=0.00MB "
        f"sample#memory_swap={swap:.2f}MB sample#memory_pgpgin={pages}pages sample#memory_pgpgout=900pages "
        f"sample#memory_quota={quota:.2f}MB\n"
    )
