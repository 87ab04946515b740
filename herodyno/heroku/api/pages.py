"""A list longer than a page is read page by page, as Next-Range says, and decoded as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from herodyno.errors import BadReply
from herodyno.heroku.api.fields import Unusable
from herodyno.heroku.api.transport import Transport
from herodyno.heroku.net.replies import Reply

T = TypeVar("T")

_MOST_PAGES = 100
_LARGEST = 32 * 1024 * 1024


def decoded(reply: Reply, decode: Callable[[object], T]) -> T:
    """The reply's noun. Raises BadReply with the path inside it that cannot be used."""
    return _decoded(reply, reply.json(), decode)


def read_pages(transport: Transport, path: str, decode: Callable[[object], T], *, first_range: str = "") -> T:
    """All pages of a list as one noun. Raises BadReply for a list that is no list, repeats itself or has no end."""
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
