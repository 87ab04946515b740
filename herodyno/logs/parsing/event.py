"""Line to event, for lines of the router, the dyno manager, the API, Logplex, add-ons and apps.

The source of a line decides first which wordings can match (`heroku[router]`, `heroku[web.1]`, `app[api]` …).
So an app cannot print a line that passes for the platform's, and few patterns are tried on each line.
Parsing takes linear time in the length of the line, however the line is built.
Source of the wordings: Dev Center's documents on logs, and public logs from 2011 to 2026.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from herodyno.dynos import is_fir_name
from herodyno.heroku_facts import PROCESS_TYPE_PATTERN, UUID_PATTERN
from herodyno.logs.events import (
    AddonSample,
    AppOutput,
    Attached,
    DynoError,
    Event,
    Exited,
    LoadSample,
    LogLine,
    LogLoss,
    MemorySample,
    ProcessMemory,
    Starting,
    StateChange,
    StopKind,
    Stopping,
    Unread,
)
from herodyno.logs.late_patterns import late
from herodyno.logs.parsing.api_lines import api_action
from herodyno.logs.parsing.router_lines import router_request

# Add-ons and log-shuttle. Some have names like those of dynos ("postgres.26875").
_ADDON = late(r"(?:heroku-|postgres|redis|kafka|log-shuttle)", re.ASCII)
_NUMBERED = late(rf"{PROCESS_TYPE_PATTERN}\.\d{{1,9}}", re.ASCII)

_SAMPLE = late(r"sample#([\w.-]{1,64})=(-?\d{1,18}(?:\.\d{1,18})?)([A-Za-z%]{0,8})(?= |$)", re.ASCII)
_UNITS = frozenset({"", "MB", "pages"})  # of runtime metrics
_ID = late(UUID_PATTERN, re.ASCII)
_MEMORY = late(  # today's layout; _SAMPLE reads all layouts, 2.5 times slower
    rf"source=\S{{1,128}} dyno=heroku\.\d{{1,18}}\.({_ID.pattern}) "
    r"sample#memory_total=(\d{1,9}\.\d\d)MB sample#memory_rss=(\d{1,9}\.\d\d)MB sample#memory_cache=(\d{1,9}\.\d\d)MB "
    r"sample#memory_swap=(\d{1,9}\.\d\d)MB sample#memory_pgpgin=(\d{1,18})pages sample#memory_pgpgout=(\d{1,18})pages "
    r"sample#memory_quota=(\d{1,9}\.\d\d)MB",
    re.ASCII,
)
_PROCESS_MEMORY = late(r"Process running mem=(\d{1,9})MB?\((\d{1,9}(?:\.\d{1,9})?)%\)", re.ASCII)
_DYNO_ERROR = late(r"Error (R\d\d)(?: |$)", re.ASCII)
_LOSS = late(r"(?:Error )?(L\d\d)[ :]", re.ASCII)
_LOST = late(r"(?<!\d)(\d{1,12}) messages", re.ASCII)
_DRAIN = late(r"drain '([^']{1,64})'")
_STATUS = late(r"Process exited(?: with status (\d{1,9}))?", re.ASCII)

_ANNOUNCED: dict[str, StopKind] = {
    "Restarting": "restarting", "Cycling": "cycling", "Relocating": "relocating", "Idling": "idling",
    "Unidling": "unidling",
}  # fmt: skip
_STATES = ("crashed", "complete", "created", "down", "idle", "provisioning", "starting", "stopping", "up")
# A word of a line that was cut off is completed from so many letters on. Ours.
_SHORTEST_CUT = 3


def event_of(line: LogLine) -> Event:
    """The event that a line means. Every line is one: AppOutput or Unread where the wording is not known."""
    source, proc = line.source, line.proc
    if source == "heroku":
        if proc == "router":
            return router_request(line) or AppOutput(line, "")
        if proc == "api":
            return api_action(line)
        if proc == "logplex":
            return _loss(line) or AppOutput(line, "")
        reader = _DYNO_LINES.get(line.text.lstrip()[:6])
        return (reader and reader(line)) or _garbled_stop(line) or AppOutput(line, dyno_of(line))
    if source == "app":
        if proc == "api":
            return api_action(line)
        if proc == "log-shuttle":
            return _loss(line) or AppOutput(line, "")
        dyno = dyno_of(line)
        if not dyno and line.text.startswith("source="):
            return _addon_sample(line) or AppOutput(line, "")
        return AppOutput(line, dyno)
    return AppOutput(line, dyno_of(line)) if source else Unread(line)


def dyno_of(line: LogLine) -> str:
    """The dyno that the line comes from or is about, "" for add-ons and for the router, the API and Logplex."""
    return _dyno(line.proc)


def is_dyno(name: str) -> bool:
    """Whether a name that speaks is a dyno's."""
    return bool(_dyno(name))


@lru_cache(maxsize=4096)
def _dyno(proc: str) -> str:
    looks_like_one = _NUMBERED.fullmatch(proc) or is_fir_name(proc)
    return proc if looks_like_one and not _ADDON.match(proc) else ""


def _state_change(line: LogLine) -> Event | None:
    words = line.text.split(None, 6)[:6]
    if words[:3] != ["State", "changed", "from"] or len(words) != 6 or words[4] != "to":
        return None
    return StateChange(line, line.proc, words[3], _completed(words[5], _STATES))


def _completed(word: str, words: Iterable[str]) -> str:
    """The only one of the words that begins with a word which was cut off; else the word itself."""
    found = [each for each in words if each.startswith(word)] if len(word) >= _SHORTEST_CUT else []
    return found[0] if len(found) == 1 else word


def _starting(line: LogLine) -> Event | None:
    """``Starting process with command `CMD` ``. Before 2012: with a colon, or `Running process …`."""
    words, tick, rest = line.text.partition("`")
    if not tick or not words.strip().rstrip(":").endswith("process with command"):
        return None
    command, closed, _ = rest.rpartition("`")
    return Starting(line, line.proc, command if closed else rest)


def _stopping(line: LogLine) -> Event | None:
    text = line.text.strip()
    if kind := _ANNOUNCED.get(_completed(text, _ANNOUNCED)):
        return Stopping(line, line.proc, kind)
    if "SIGK" in text or text.startswith("Stopping remaining"):
        return Stopping(line, line.proc, "sigkill")
    # Heroku sends SIGTERM first, and to every dyno that it stops. So a line that was cut off speaks of SIGTERM.
    is_cut = text.startswith("Stopping all") or "Stopping process with SIG".startswith(text)
    return Stopping(line, line.proc, "sigterm") if is_cut or "SIGT" in text else None


def _garbled_stop(line: LogLine) -> Event | None:
    """A line about a dyno of which the signal alone can be read."""
    return Stopping(line, line.proc, "sigterm") if "SIGTERM" in line.text and is_dyno(line.proc) else None


def _process(line: LogLine) -> Event | None:
    text = line.text.strip()
    if found := _PROCESS_MEMORY.match(text):
        return ProcessMemory(line, line.proc, int(found[1]), float(found[2]))
    if found := _STATUS.fullmatch(text):
        return Exited(line, line.proc, int(found[1]) if found[1] else None)
    if text.startswith("Process exited") and "Process exited with status".startswith(text):
        return Exited(line, line.proc, None)
    return None


def _dyno_error(line: LogLine) -> Event | None:
    found = _DYNO_ERROR.match(line.text.lstrip())
    return DynoError(line, line.proc, found[1], found.string[found.end() :].rstrip()) if found else None


def _attached(line: LogLine) -> Event | None:
    text = line.text.lstrip()
    if text.startswith("Awaiting client"):
        return Attached(line, line.proc, "awaiting")
    return Attached(line, line.proc, "closed") if text.startswith("Client connection closed") else None


def _metrics(line: LogLine) -> Event | None:
    """A line of log-runtime-metrics; before August 2013 `measure=… val=…`, one value a line.

    A line with values of memory is a MemorySample, any other is a LoadSample. A line with values of neither
    (2013's disk size) is a LoadSample without values: the line still tells the dyno id of the name.
    """
    if found := _MEMORY.fullmatch(line.text):
        dyno_id, total, rss, cache, swap, pages_in, pages_out, quota = found.groups()
        return MemorySample(
            line, line.proc, dyno_id, float(total), float(rss), float(cache), float(swap), float(quota),
            int(pages_in), int(pages_out),
        )  # fmt: skip
    words = line.text.split(" ", 2)
    if len(words) < 2 or not words[1].startswith(("dyno=heroku.", "measure=")):
        return None
    is_old = words[1].startswith("measure=")
    dyno_id = words[0 if is_old else 1].rpartition(".")[2]
    text = f"sample#{words[1][8:]}={words[2][4:].replace(' units=', '')}" if is_old and words[2:] else line.text
    values = {name: float(number) for name, number, unit in _SAMPLE.findall(text) if unit in _UNITS}
    if not _ID.fullmatch(dyno_id):
        return None
    get = values.get
    if any(name.startswith("memory_") for name in values):
        pages = [None if (count := get(name)) is None else int(count) for name in ("memory_pgpgin", "memory_pgpgout")]
        return MemorySample(
            line, line.proc, dyno_id, get("memory_total"), get("memory_rss"), get("memory_cache"),
            get("memory_swap"), get("memory_quota"), *pages,
        )  # fmt: skip
    return LoadSample(line, line.proc, dyno_id, get("load_avg_1m"), get("load_avg_5m"), get("load_avg_15m"))


def _addon_sample(line: LogLine) -> AddonSample | None:
    values = tuple((name, float(number), unit) for name, number, unit in _SAMPLE.findall(line.text))
    return AddonSample(line, values) if values else None


def _loss(line: LogLine) -> LogLoss | None:
    text = line.text.lstrip()
    found = _LOSS.match(text)
    if not found:
        return None
    drain = _DRAIN.search(text)
    return LogLoss(line, found[1], lost_lines(text), drain[1] if drain else "")


def lost_lines(text: str) -> int:
    """How many lines an L code says were lost, 0 where it gives no number."""
    lost = _LOST.search(text)
    return int(lost[1]) if lost else 0


# The first six characters of a line of the dyno manager -> the wordings that begin so.
_DYNO_LINES: dict[str, Callable[[LogLine], Event | None]] = {
    "source": _metrics,
    "State ": _state_change,
    "Starti": _starting,
    "Runnin": _starting,
    "Stoppi": _stopping,
    "Restar": _stopping,
    "Cyclin": _stopping,
    "Reloca": _stopping,
    "Idling": _stopping,
    "Unidli": _stopping,
    "Proces": _process,
    "Error ": _dyno_error,
    "Awaiti": _attached,
    "Client": _attached,
}
