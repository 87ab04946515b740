"""A request to the API becomes one reply, or one error of `herodyno.errors`: retries, deadline, second factor."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from herodyno.errors import HerodynoError, TwoFactorNeeded, Unreachable, WriteUnclear
from herodyno.heroku.api.calls_left import CallsLeft
from herodyno.heroku.net.hosts import api_url
from herodyno.heroku.net.paths import app_segment
from herodyno.heroku.net.repeats import TRIES, Budget, Lost
from herodyno.heroku.net.replies import Reply, error_of, two_factor_app
from herodyno.heroku.net.request_headers import checked_token, request_headers
from herodyno.units import spoken_duration

if TYPE_CHECKING:
    import httpx

_CODE = "heroku-two-factor-code"
# Ours, both.
SAME_FAULT_SECONDS = 15.0
LARGE_SKEW = timedelta(minutes=1)


class Transport:
    """Sends requests with the token to one host. Counts calls and retries, and keeps the rate limit that is left.

    - `host_url`: a value of HEROKU_HOST, see `hosts.api_url`.
    - `token_source`: named in the error when Heroku refuses the token.
    - `heroku_headers`: the value of HEROKU_HEADERS (a JSON object or "").
    - `two_factor`: asks a person for a second-factor code; called in the main thread only.
    - `note`: gets one line for each retry, each warning of Heroku's, and other tools' certificates that are trusted.
    - `trace`: gets one line for each reply, without headers and body.
    - `seconds`: the time for one call over all its tries. The wait for Retry-After comes on top (60 s at most).
    - `clock`: this machine's time. A difference to Heroku's time of more than a minute is noted once.
    - `waiting`: entered around each try, by several threads at once.
    """

    def __init__(
        self,
        host_url: str,
        token: str,
        *,
        httpx_transport: httpx.BaseTransport | None = None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        note: Callable[[str], object] = lambda text: None,
        trace: Callable[[str], object] = lambda text: None,
        two_factor: Callable[[], str] | None = None,
        token_source: str = "",
        heroku_headers: str = "",
        seconds: float = 30.0,
        clock: Callable[[], datetime] | None = None,
        waiting: AbstractContextManager[object] | None = None,
    ) -> None:
        # Opened here, not by the first request: several threads must not import httpx at once.
        from herodyno.heroku.net.connections import open_client
        from herodyno.heroku.net.tls import shared_trust

        self.base_url = api_url(host_url)
        self.calls = 0
        self.retries = 0
        self._calls_left = CallsLeft()
        self.last_request_id = ""
        self.in_sandbox = False
        # Entered around each request with its repeats, before its time begins: whoever asks many apps bounds it.
        self.slots: AbstractContextManager[object] = nullcontext()
        self._headers = request_headers(checked_token(token, source=token_source or "this session"), heroku_headers)
        self._token_source = token_source
        self._now, self._sleep, self._note, self._ask_for_code = now, sleep, note, two_factor
        self._code = ""
        self._seconds = seconds
        self._trace = trace
        self._clock = clock
        self._said: set[str] = set()
        self._noted: dict[tuple[str, int], float] = {}  # (why, tries) -> when this was last met
        self._date: tuple[datetime, float] | None = None
        self._lock = threading.Lock()
        self._in_process = httpx_transport is not None
        self._waiting = waiting if waiting and not self._in_process else nullcontext()
        self._reader = open_client(self.base_url, httpx_transport=httpx_transport, keep_alive=True)
        # Each write has a new connection: on a kept one that the server closed, the write would look lost.
        self._writer = open_client(self.base_url, httpx_transport=httpx_transport, keep_alive=False)
        if self.base_url.startswith("https:") and not self._in_process:
            for text in shared_trust().notes:
                note(text)

    @property
    def rate_limit_remaining(self) -> int | None:
        """The calls that the account has left; None before the first reply that says so."""
        return self._calls_left.now

    def request(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        is_read: bool | None = None,
    ) -> Reply:
        """The successful reply to one request. Raises the error that any other outcome means.

        `path` begins with "/" and holds checked segments (see `net.paths`). `body` is sent as JSON. `is_read` says
        that a repeat does no harm; by default only GET is a read.
        """
        is_read = method == "GET" if is_read is None else is_read
        reply = self._send(method, path, body, headers or {}, is_read)
        app = two_factor_app(reply)
        if app is not None and (code_headers := self._second_factor(app)) is not None:
            reply = self._send(method, path, body, {**(headers or {}), **code_headers}, is_read)
            if code_headers:
                _refuse_wrong_code(reply)
        if reply.is_success:
            return reply
        raise self.error_of(reply)

    def error_of(self, reply: Reply) -> HerodynoError:
        """The error that an unsuccessful reply means, with the token's source."""
        return error_of(reply, token_source=self._token_source)

    def clock_skew(self, at: datetime) -> timedelta | None:
        """How far Heroku's clock is ahead of `at`, this machine's time now; None before the first reply."""
        if self._date is None:
            return None
        date, seen_at = self._date
        return date + timedelta(seconds=self._now() - seen_at) - at

    def corrected(self, at: datetime) -> datetime:
        """Heroku's time at `at`, this machine's time now. The same where they differ by a minute at most."""
        skew = self.clock_skew(at)
        return at + skew if skew and abs(skew) > LARGE_SKEW else at

    def pre_authorize(self, app: str, code: str) -> None:
        """Send a second-factor code for one app. The next calls for that app need no code."""
        reply = self._send("PUT", f"/apps/{app_segment(app)}/pre-authorizations", None, {_CODE: code.strip()}, False)
        _refuse_wrong_code(reply)
        if not reply.is_success:
            raise self.error_of(reply)

    def close(self) -> None:
        """Close the connections."""
        self._reader.close()
        self._writer.close()

    def _second_factor(self, app: str) -> dict[str, str] | None:
        """The headers for the repeat of a refused request, after asking for the code; None when nobody can be asked.

        Only the main thread asks: only there does Ctrl-C reach a prompt.
        """
        if self._ask_for_code is None or threading.current_thread() is not threading.main_thread():
            return None
        if app:
            self.pre_authorize(app, self._ask_for_code())
            return {}
        self._code = self._code or self._ask_for_code().strip()
        return {_CODE: self._code}

    def _send(self, method: str, path: str, body: object, headers: Mapping[str, str], is_read: bool) -> Reply:
        """The reply of any status, after as many repeats as the budget allows."""
        with self.slots:
            return self._sent(method, path, body, headers, is_read)

    def _sent(self, method: str, path: str, body: object, headers: Mapping[str, str], is_read: bool) -> Reply:
        began_at = self._now()
        budget = Budget(self._seconds, began_at=began_at, is_read=is_read)
        while True:
            chance = random.random()  # noqa: S311 - spreads the waits of many, is no secret
            try:
                reply = self._try(method, path, body, headers, budget.ends_at - self._now(), is_read)
            except Lost as lost:
                wait = budget.after_loss(lost, at=self._now(), chance=chance)
                if wait is None:
                    tries = "1 try" if budget.tries == 1 else f"{budget.tries} tries"
                    spent = f"{method} {self.base_url}{path}; {tries}, {spoken_duration(self._now() - began_at)}"
                    raise _given_up(lost, spent, is_read) from None
                why = lost.what
            else:
                wait = budget.after_reply(reply.status, reply.headers, at=self._now(), chance=chance)
                if wait is None:
                    return reply
                why = f"Heroku answered {reply.status}"
            self._note_retry(why, wait, budget.tries)
            self._sleep(wait)
            with self._lock:
                self.retries += 1

    def _note_retry(self, why: str, wait: float, tries: int) -> None:
        """Note a retry, but the same retry of requests that run at the same time only once."""
        with self._lock:
            last = self._noted.get((why, tries))
            self._noted[why, tries] = self._now()
        if last is None or self._now() - last > SAME_FAULT_SECONDS:
            self._note(f"{why}; trying again in {wait:.1f} s ({tries} of {TRIES})")

    def _try(
        self, method: str, path: str, body: object, headers: Mapping[str, str], seconds: float, is_read: bool
    ) -> Reply:
        from herodyno.heroku.net.one_try import HttpRequest, one_try

        if not path.startswith("/"):
            raise ValueError("not a path: it could name another host, and the token goes with it")
        merged = {**self._headers, **headers}
        content = None
        if body is not None:
            merged["content-type"] = "application/json"
            content = json.dumps(body).encode()
        with self._lock:
            self.calls += 1
            sent_after = self._calls_left.replies
        began_at = self._now()
        with self._waiting:
            reply = one_try(
                self._reader if is_read else self._writer,
                HttpRequest(method, self.base_url + path, merged, content),
                seconds=seconds,
                in_process=self._in_process,
            )
        self._read_headers(reply.headers, sent_after)
        spent = f"{(self._now() - began_at) * 1000:.0f} ms"
        self._trace(f"{method} {path}: {reply.status} in {spent}, Request-Id {reply.headers.get('request-id', '-')}")
        return reply

    def _read_headers(self, headers: Mapping[str, str], sent_after: int) -> None:
        remaining = headers.get("ratelimit-remaining", "")
        warning = headers.get("x-heroku-warning") or headers.get("warning-message") or ""
        with self._lock:
            self.last_request_id = headers.get("request-id", "")
            self.in_sandbox = "x-herodyno-sandbox" in headers
            if remaining.isascii() and remaining.isdecimal():
                self._calls_left.told(int(remaining[:9]), sent_after=sent_after)
            with suppress(ValueError, OverflowError):
                date = parsedate_to_datetime(headers.get("date", ""))
                self._date = (date if date.tzinfo else date.replace(tzinfo=UTC), self._now())
            skew, self._clock = self._large_skew(), None if self._date else self._clock
            is_new = bool(warning) and warning not in self._said
            self._said.add(warning)
        if skew:
            self._note(skew)
        if is_new:
            text = warning[8:] if warning.lower().startswith("warning:") else warning
            self._note(f"Heroku warns: {text.strip()}")

    def _large_skew(self) -> str:
        """The sentence about a large difference between Heroku's clock and this machine's, or ""."""
        skew = self._clock and self.clock_skew(self._clock())
        if not skew or abs(skew) <= LARGE_SKEW:
            return ""
        amount = spoken_duration(abs(skew).total_seconds())
        which = "ahead of" if skew > timedelta() else "behind"
        return (
            f"the API's clock is {amount} {which} this machine's: ps, run list, --older-than and --cooldown count from"
            " the API's, all else (--since) from this machine's"
        )


def _refuse_wrong_code(reply: Reply) -> None:
    """Raise TwoFactorNeeded when Heroku asks again after a code: the code was wrong or too late."""
    app = two_factor_app(reply)
    if app is not None:
        raise TwoFactorNeeded(
            "Heroku does not take this second-factor code", app=app, next_step="run it again with the code shown then"
        )


def _given_up(lost: Lost, spent: str, is_read: bool) -> Unreachable:
    if is_read or lost.unsent:
        return lost.error(f"{lost.what} ({spent})", next_step=lost.next_step)
    return WriteUnclear(
        f"{lost.what}, so it may have happened or not ({spent})", next_step="look before sending it again: herodyno ps"
    )
