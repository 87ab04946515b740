"""A list longer than one page: read page by page along the Next-Range header, decoded as one list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from herodyno.errors import BadReply
from herodyno.heroku.api.fields import Unusable
from herodyno.heroku.api.transport import Transport
from herodyno.heroku.net.replies import Reply

T = TypeVar("T")

# Our end of a list that would never end.
_MOST_PAGES = 100
_LARGEST = 32 * 1024 * 1024


def decoded(reply: Reply, decode: Callable[[object], T]) -> T:
    """The reply's JSON, decoded. Raises BadReply with the path inside the reply that `decode` cannot use."""
    return _decoded(reply, reply.json(), decode)


def read_pages(transport: Transport, path: str, decode: Callable[[object], T], *, first_range: str = "") -> T:
    """All pages of the list at `path`, decoded as one list. `first_range` is the Range header of the first request.

    Raises BadReply for a reply that is no list, for a range that comes again, and beyond 100 pages or 32 MB.
    """
    items: list[object] = []
    wanted, asked, size = first_range, set[str](), 0
    while True:
        reply = transport.request("GET", path, headers={"range": wanted} if wanted else None)
        page = reply.json()
        if not isinstance(page, list):
            return _decoded(reply, page, decode)
        items += page
        size += len(reply.body)
        asked.add(wanted)
        wanted = reply.headers.get("next-range", "")
        if not wanted:
            return _decoded(reply, items, decode)
        if wanted in asked or len(asked) == _MOST_PAGES or size > _LARGEST:
            raise BadReply(f"a list without an end: {reply.asked}", next_step="try again later")


def _decoded(reply: Reply, json: object, decode: Callable[[object], T]) -> T:
    try:
        return decode(json)
    except Unusable as unusable:
        raise BadReply(f"{unusable} in the reply to {reply.asked}", next_step="try again later") from None
