"""When each drain last sent into an archive, and how many messages Heroku dropped before they could be sent."""

from __future__ import annotations

from typing import NamedTuple

from herodyno.archive.engines.duckdb import engine
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.journal import Journal
from herodyno.archive.rows import log_line
from herodyno.logs.events import LogLoss
from herodyno.logs.parsing.event import event_of

DAYS_LOOKED_AT = 3  # ours: for the last frame
JOURNALS_LOOKED_AT = 2  # ours: the file that is being written and the one before; each has 64 MB at most

_LAST = "SELECT drain_token, max(recv_us) FROM events WHERE drain_token IS NOT NULL GROUP BY drain_token"
_LOST = """
SELECT drain_token, ts_us, source, proc, message FROM events WHERE code = 'L10' AND drain_token IS NOT NULL
"""


class DrainActivity(NamedTuple):
    """`last_us` is when the last frame came, in microseconds since 1970, 0 for none of late. `lost` counts messages."""

    last_us: int = 0
    lost: int = 0


def drain_activity(folder: ArchiveFolder) -> dict[str, DrainActivity]:
    """Each drain by its token, or by its name where it sends no token."""
    last: dict[str, int] = {}
    lost: dict[str, int] = {}
    days = folder.days()
    if days:
        folder.require()
        with engine(folder.files(days[-DAYS_LOOKED_AT:][0])) as found:
            last.update(found.rows(_LAST))
            found.over(folder.files())
            for drain, *columns in found.rows(_LOST):
                event = event_of(log_line(*columns))
                lost[drain] = lost.get(drain, 0) + (event.lost if isinstance(event, LogLoss) else 0)
    for frame in Journal(folder.root / "journal").newest(most=JOURNALS_LOOKED_AT):
        last[frame.drain] = max(last.get(frame.drain, 0), frame.received_us)
    return {drain: DrainActivity(last.get(drain, 0), lost.get(drain, 0)) for drain in {*last, *lost}}
