"""The sandbox as one WSGI application: the API and its log sessions.

With httpx.WSGITransport it answers https://api.heroku.com without a socket. server.py serves it on loopback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

from herodyno.sandbox.api import dispatch
from herodyno.sandbox.api.messages import Request
from herodyno.sandbox.api.state import Options, State
from herodyno.sandbox.doors import logplex
from herodyno.sandbox.world.world import World

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
SESSIONS = "/sessions/"


def application(
    world: World,
    *,
    options: Options | None = None,
    wait: Callable[[], bool] | None = None,
    state: State | None = None,
) -> Application:
    """A WSGI callable over `world`.

    A log tail without lines calls `wait`, which may tick the world; False ends the tail. `state` replaces `options`.
    """
    if state is None:
        state = State(account=world.account, options=options or Options())
    if wait is not None:
        state.wait = wait

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = _request(environ)
        if request.method == "GET" and request.path.startswith(SESSIONS):
            return _log_session(world, state, request, start_response)
        with state.lock:
            reply = dispatch.answer(world, state, request)
            now = world.now  # the world's own clock: at a speed above 1 it is ahead of the machine's
        headers = {**reply.headers, "Date": format_datetime(now, usegmt=True)}
        if reply.status != HTTPStatus.NOT_MODIFIED:
            headers["Content-Length"] = str(len(reply.body))
        start_response(_status_line(reply.status), list(headers.items()))
        return [reply.body]

    return answer


def _request(environ: dict[str, Any]) -> Request:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        headers=headers,
        body=environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
    )


def _log_session(world: World, state: State, request: Request, start_response: Any) -> Iterable[bytes]:
    headers = {"X-Herodyno-Sandbox": dispatch.MARK}
    with state.lock:
        session = logplex.open_session(world, state, request.path.removeprefix(SESSIONS))
    if session is None:
        start_response(_status_line(404), list({**headers, "Content-Type": "text/plain"}.items()))
        return [b"Not found"]
    sse = "text/event-stream" in request.headers.get("accept", "")
    kind = "text/event-stream" if sse else "text/plain; charset=utf-8"
    start_response(_status_line(200), list({**headers, "Content-Type": kind, "Cache-Control": "no-cache"}.items()))
    return logplex.stream(world, state, session, sse=sse, after=request.headers.get("last-event-id", ""))


def _status_line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
