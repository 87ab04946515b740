"""Fields of a line by name: the router's keys, codes, an app's key=value pairs, metrics and JSON.

Every line has the fields dyno, source, proc, type, text and time. Router fields have the names that the router
writes (status, service, path ...). A metric `sample#NAME`, `measure#NAME` or `count#NAME` is the field NAME.
`code`, `exit`, `state` and the router's fields are Heroku's word alone. What an app prints under these names is
`app.code`, `app.status` and so on: a line with `code=H12` in an app's text is no H12. `app.NAME` is any key in an app's
text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from herodyno.dynos import process_type_of
from herodyno.logs.events import DynoError, Event, Exited, LogLoss, RouterRequest, StateChange
from herodyno.logs.parsing.event import dyno_of
from herodyno.units import json_time

Reader = Callable[[Event], str | None]

_ROUTER: dict[str, Callable[[RouterRequest], str | None]] = {
    "at": lambda it: it.level,
    "code": lambda it: it.code,
    "desc": lambda it: it.desc,
    "sock": lambda it: it.sock,
    "method": lambda it: it.method,
    "path": lambda it: it.path,
    "host": lambda it: it.host,
    "request_id": lambda it: it.request_id,
    "fwd": lambda it: it.fwd,
    "dyno": lambda it: it.dyno,
    "connect": lambda it: _with_unit(it.connect_ms, "ms"),
    "service": lambda it: _with_unit(it.service_ms, "ms"),
    "status": lambda it: _with_unit(it.status, ""),
    "bytes": lambda it: _with_unit(it.bytes, ""),
    "protocol": lambda it: it.protocol,
    "cause": lambda it: it.cause,
}
_EVERY: dict[str, Reader] = {
    "dyno": lambda event: event.dyno if isinstance(event, RouterRequest) else dyno_of(event.line),
    "source": lambda event: event.line.source,
    "proc": lambda event: event.line.proc,
    "type": lambda event: process_type_of(_EVERY["dyno"](event) or ""),
    "text": lambda event: event.line.text,
    "time": lambda event: json_time(event.line.at),
}
_OF_PLATFORM: dict[str, Reader] = {
    "code": lambda event: event.code if isinstance(event, (DynoError, LogLoss)) else None,
    "exit": lambda event: _with_unit(event.status, "") if isinstance(event, Exited) else None,
    "state": lambda event: event.after if isinstance(event, StateChange) else None,
}
# Fields that a line can have without their name in its text.
IMPLICIT_FIELDS = frozenset({*_EVERY, *_OF_PLATFORM})
# All fields but those that apps and add-ons invent.
KNOWN_FIELDS = tuple(dict.fromkeys([*_EVERY, *_ROUTER, *_OF_PLATFORM]))
OF_APP = "app."
# The router's times. Lines of H25 and H26 lack the unit.
MILLISECOND_FIELDS = frozenset({"connect", "service"})
# Fields that every line has.
COMMON_FIELDS = frozenset(_EVERY)
_METRIC = re.compile(r"(?:^|\s)(?:sample|measure|count)#([\w.-]{1,64})=(\S{1,64})", re.ASCII)


def reader_of(name: str) -> Reader:
    """The function that reads this field of an event: the text, or None where the line has no such field."""
    if name in _EVERY:
        return _EVERY[name]
    in_text = _reader_of_text(name)
    if name.startswith(OF_APP):
        in_app = _reader_of_text(name_in_text(name))
        return lambda event: (in_text(event) or in_app(event)) if event.line.source == "app" else None
    of_router, of_platform = _ROUTER.get(name), _OF_PLATFORM.get(name)

    def read(event: Event) -> str | None:
        if isinstance(event, RouterRequest):
            return of_router(event) if of_router else in_text(event)
        if of_platform is None:
            return None if of_router and event.line.source != "heroku" else in_text(event)
        found = of_platform(event)
        return in_text(event) if found is None and event.line.source != "app" else found

    return read


def name_in_text(name: str) -> str:
    """The name that a field has in the text of a line: "code" of "app.code"."""
    return name.removeprefix(OF_APP)


def missing_fields_note(names: Iterable[str], met: Iterable[str] = ()) -> str:
    """The note on fields that no line had, "" when there are none of them. `met` are names that lines had."""
    missing = list(dict.fromkeys(names))
    if not missing:
        return ""
    said = f"no line had the field {' or '.join(missing)}"
    if set(missing) <= set(KNOWN_FIELDS):
        of_app = [f"{OF_APP}{name}" for name in missing if name in _ROUTER or name in _OF_PLATFORM]
        return f"{said}; what an app prints is {' and '.join(of_app)}" if of_app else said
    from difflib import get_close_matches  # needed only after a typing mistake

    known = {*KNOWN_FIELDS, *met}
    near = [get_close_matches(name, known, n=1) for name in missing if name not in KNOWN_FIELDS]
    if all(near):
        return f"{said}; did you mean {' and '.join(each[0] for each in near)}?"
    return f"{said}; known are {', '.join(KNOWN_FIELDS)}, an app's own key=value pairs, JSON, and sample# values"


def metrics_of(event: Event) -> dict[str, str]:
    """The line's sample#, measure# and count# values by name, as text with the unit."""
    text = event.line.text
    return dict(_METRIC.findall(text)) if "#" in text else {}


def router_fields(request: RouterRequest) -> dict[str, str]:
    """The router's fields that are not empty, in the order in which the router writes them."""
    found = {name: read(request) for name, read in _ROUTER.items()}
    return {name: text for name, text in found.items() if text}


def _reader_of_text(name: str) -> Reader:
    pair = re.compile(rf'(?:^|[\s,])(?:(?:sample|measure|count)#)?{re.escape(name)}=(?:"([^"]*)"|([^\s,]*))')
    return lambda event: _in_text(event.line.text, name, pair)


def _in_text(text: str, name: str, pair: re.Pattern[str]) -> str | None:
    if name not in text:
        return None
    if found := pair.search(text):
        return found[1] if found[1] is not None else found[2]
    if text.lstrip()[:1] != "{":
        return None
    try:
        value: Any = json.loads(text).get(name)
        return value if value is None or isinstance(value, str) else json.dumps(value)
    except (ValueError, RecursionError):
        return None


def _with_unit(number: int | None, unit: str) -> str | None:
    return None if number is None else f"{number}{unit}"
