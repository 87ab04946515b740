"""One request to the one Heroku host becomes one reply, or one error of our tree: the door to httpx."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


class Transport:
    """Sends requests with the token to one host; counts calls, retries and the rate limit left.

    `host_url` is the API's base URL (or a bare Heroku domain, see `hosts.api_url`); `token_source` is
    named when Heroku refuses the token; `heroku_headers` is the text of HEROKU_HEADERS (JSON);
    `two_factor` is asked for a second-factor code at most once; `note` gets one line for each retry
    and each warning of Heroku's. `seconds` is the total time for one call, over all its tries.
    """

    def __init__(
        self,
        host_url: str,
        token: str,
        *,
        httpx_transport: httpx.BaseTransport | None = None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        note: Callable[[str], None] = lambda text: None,
        two_factor: Callable[[], str] | None = None,
        token_source: str = "",
        heroku_headers: str = "",
        seconds: float = 30.0,
    ) -> None:
        self.calls = 0
        self.retries = 0
        self.rate_limit_remaining: int | None = None
