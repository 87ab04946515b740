"""What Heroku's public status page says about apps right now, as one sentence. It is never proof of anything.

The page has a host of its own, and the token is never sent there. The page lags behind, and has been down together with
the platform. Source of its shape: the official CLI's `status` command.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from herodyno.heroku.net.hosts import DEFAULT_URL, is_loopback
from herodyno.heroku.net.request_headers import USER_AGENT
from herodyno.units import spoken_duration

if TYPE_CHECKING:
    import httpx

PAGE = "https://status.heroku.com"
PATH = "/api/v4/current-status"
PATIENCE = 2.0  # seconds, all in all
LARGEST = 1_000_000  # bytes
LONGEST_TITLE = 120


def page_of(environ: Mapping[str, str], api_url: str) -> str:
    """The page's base URL: HEROKU_STATUS_HOST as in the official CLI, else Heroku's page.

    "" means that no page is asked: the API is not Heroku's, or HEROKU_STATUS_HOST is neither https nor loopback.
    """
    chosen = environ.get("HEROKU_STATUS_HOST", "").strip().rstrip("/")
    if chosen:
        try:
            parts = urlsplit(chosen)
            is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        except ValueError:  # no address
            is_safe = False
        return chosen if is_safe else ""
    return PAGE if api_url == DEFAULT_URL else ""


def status_sentence(page: str, *, httpx_transport: httpx.BaseTransport | None = None, seconds: float = PATIENCE) -> str:
    """What the page says, or that it could not be reached within `seconds`. Never raises."""
    documents: list[Any] = []

    def ask() -> None:
        with suppress(Exception):  # any failure means that nothing is known
            documents.append(json.loads(_fetched(page, httpx_transport, seconds)))

    # A DNS look-up cannot be cut off. A thread that takes too long is left behind.
    asking = threading.Thread(target=ask, name="status page", daemon=True)
    asking.start()
    asking.join(seconds)
    host = urlsplit(page).hostname or page
    state = _state_of_apps(documents[0]) if documents else ""
    return f"{host}: {state or f'could not be reached in {spoken_duration(seconds)} (not proof of anything)'}."


def _fetched(page: str, httpx_transport: httpx.BaseTransport | None, seconds: float) -> bytes:
    from herodyno.heroku.net.connections import open_client, time_out

    headers = {"accept": "application/json", "user-agent": USER_AGENT}
    body = b""
    with (
        open_client(page, httpx_transport=httpx_transport, keep_alive=False) as client,
        client.stream("GET", page + PATH, headers=headers, timeout=time_out(seconds)) as response,
    ):
        if response.status_code != 200:
            return b""
        for piece in response.iter_bytes():
            body += piece
            if len(body) > LARGEST:
                return b""
    return body


def _state_of_apps(document: Any) -> str:
    """ "No open incident", or the colour of apps and at most three incidents; "" for an unknown document."""
    try:
        colour = next(str(each["status"]) for each in document["status"] if each["system"] == "Apps")
        incidents = [_incident(each) for each in document["incidents"]]
    except (KeyError, TypeError, StopIteration):
        return ""
    if colour == "green" and not incidents:
        return "no open incident (it can lag behind: not proof of anything)"
    return "; ".join([f"apps {colour}", *incidents[:3]])


def _incident(incident: Mapping[str, Any]) -> str:
    title = str(incident["title"])[:LONGEST_TITLE]
    since = str(incident.get("created_at") or "")[:16].replace("T", " ")
    return f'"{title}"' + (f" since {since} UTC" if since else "")
