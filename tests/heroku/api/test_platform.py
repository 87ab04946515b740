"""Each method makes the call the schema knows, sends nothing for a name that is none, and reads the answer."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from herodyno.dynos import Dyno, Formation
from herodyno.errors import BadReply, TwoFactorNeeded, UsageError, WriteUnclear
from herodyno.heroku.api.platform import Platform
from herodyno.heroku.api.transport import Transport
from herodyno.heroku.api.wire import FormationUpdate

CALLS = json.loads((Path(__file__).parents[2] / "schema" / "schema.json").read_text(encoding="utf-8"))["3.sdk"]["calls"]
APP = "example-app"
DYNO = {"id": "d-1", "name": "web.1", "type": "web", "state": "up"}


class Api:
    """An API that gives one answer to all, and keeps what it was asked."""

    def __init__(self, answer: object = None, *, status: int = 200, handler: Any = None) -> None:
        self.asked: list[httpx.Request] = []
        self._answer, self._status, self._handler = answer, status, handler
        self.platform = Platform(
            Transport("", "HRKU-canary", httpx_transport=httpx.MockTransport(self._handle), sleep=lambda seconds: None)
        )

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self._handler:
            return self._handler(request)  # type: ignore[no-any-return]  # a test's own function
        return httpx.Response(self._status, content=json.dumps(self._answer), headers={"Request-Id": "req-7"})

    @property
    def calls(self) -> list[tuple[str, str]]:
        return [(request.method, request.url.raw_path.decode()) for request in self.asked]


Call = Callable[[Platform], object]

METHODS: list[tuple[str, str, Call, object]] = [
    ("GET", "/account", lambda p: p.account(), {"email": "a@b.example"}),
    ("GET", "/account/rate-limits", lambda p: p.rate_limit(), {"remaining": 4500}),
    ("GET", f"/apps/{APP}", lambda p: p.app(APP), {"name": APP}),
    ("GET", f"/apps/{APP}/dynos", lambda p: p.dynos(APP), [DYNO]),
    ("GET", f"/apps/{APP}/dynos/web.1", lambda p: p.dyno(APP, "web.1"), DYNO),
    ("GET", f"/apps/{APP}/formation", lambda p: p.formation(APP), []),
    ("GET", f"/apps/{APP}/releases", lambda p: p.releases(APP), []),
    ("GET", f"/apps/{APP}/available-dyno-sizes", lambda p: p.sizes(APP), []),
    ("POST", f"/apps/{APP}/log-sessions", lambda p: p.log_session(APP), {"logplex_url": "https://logs.example.com/x"}),
    ("PATCH", f"/apps/{APP}/formation", lambda p: p.scale(APP, [FormationUpdate(type="web", quantity=2)]), []),
    ("DELETE", f"/apps/{APP}/dynos", lambda p: p.restart(APP), {}),
    ("DELETE", f"/apps/{APP}/dynos/web.1", lambda p: p.restart(APP, dyno="web.1"), {}),
    ("DELETE", f"/apps/{APP}/formations/web", lambda p: p.restart(APP, type="web"), {}),
    ("POST", f"/apps/{APP}/dynos/run.7/actions/stop", lambda p: p.stop(APP, dyno="run.7"), {}),
    ("POST", f"/apps/{APP}/formations/web/actions/stop", lambda p: p.stop(APP, type="web"), {}),
    ("POST", f"/apps/{APP}/dynos", lambda p: p.run(APP, "ls"), DYNO),
]


@pytest.mark.parametrize(("method", "path", "call", "answer"), METHODS, ids=[f"{row[0]} {row[1]}" for row in METHODS])
def test_each_method_is_one_call_of_the_schema(method: str, path: str, call: Call, answer: object) -> None:
    api = Api(answer)
    call(api.platform)
    assert api.calls == [(method, path)]
    shape = re.sub(rf"/({APP}|web\.1|run\.7|web)(?=/|$)", "/{}", path)
    assert f"{method} {shape}" in CALLS


BAD_NAMES = ["", "../account", "demo/dynos/web.1?x=", "dé mo", "demo\n", "demo\r\nX: y"]


@pytest.mark.parametrize("app", BAD_NAMES)
@pytest.mark.parametrize("call", [
    lambda p, app: p.app(app), lambda p, app: p.dynos(app), lambda p, app: p.dyno(app, "web.1"),
    lambda p, app: p.formation(app), lambda p, app: p.releases(app), lambda p, app: p.sizes(app),
    lambda p, app: p.log_session(app), lambda p, app: p.scale(app, []), lambda p, app: p.restart(app),
    lambda p, app: p.stop(app, dyno="web.1"), lambda p, app: p.run(app, "ls"), lambda p, app: p.pre_authorize(app, "1"),
])  # fmt: skip
def test_a7_a8_a12_a13_nothing_is_sent_for_a_name_that_is_no_app(app: str, call: Callable[..., object]) -> None:
    api = Api({})
    with pytest.raises(UsageError):
        call(api.platform, app)
    assert api.asked == []


@pytest.mark.parametrize("call", [
    lambda p: p.dyno(APP, "../../victim/dynos/web.1"), lambda p: p.restart(APP, dyno="../../victim/dynos/web.1"),
    lambda p: p.restart(APP, type="a/b"), lambda p: p.restart(APP, type="web", dyno="web.1"), lambda p: p.stop(APP),
    lambda p: p.stop(APP, dyno="web.1?"), lambda p: p.scale(APP, [FormationUpdate(type="../x", quantity=1)]),
    lambda p: p.run(APP, "ls", type="a b"), lambda p: p.log_session(APP, dyno="web 1"),
])  # fmt: skip
def test_a9_a17_nothing_is_sent_for_a_target_that_is_none(call: Call) -> None:
    api = Api({})
    with pytest.raises(UsageError):
        call(api.platform)
    assert api.asked == []


def pages(*ranges: str) -> Callable[[httpx.Request], httpx.Response]:
    """One dyno a page, and these Next-Range headers after one another; the last for ever."""
    count = iter(range(10_000))

    def answer(request: httpx.Request) -> httpx.Response:
        page = next(count)
        following = ranges[min(page, len(ranges) - 1)]
        headers = {"Next-Range": following.replace("N", str(page))} if following else {}
        return httpx.Response(206 if following else 200, json=[{"name": f"web.{page + 1}"}], headers=headers)

    return answer


def test_b37_all_pages_are_read_as_next_range_says() -> None:
    api = Api(handler=pages("]a..; max=1", "]b..; max=1", ""))
    assert [dyno.name for dyno in api.platform.dynos(APP)] == ["web.1", "web.2", "web.3"]
    assert [request.headers["range"] for request in api.asked] == ["id ..; max=1000", "]a..; max=1", "]b..; max=1"]


@pytest.mark.parametrize(
    ("ranges", "calls"), [(("]a..",), 2), (("id ..; max=1000",), 1), (("]a..", "]b..", "]a.."), 3), (("]N..",), 100)]
)
def test_b38_a_range_that_repeats_or_never_ends_is_noticed(ranges: tuple[str, ...], calls: int) -> None:
    api = Api(handler=pages(*ranges))
    with pytest.raises(BadReply, match="a list without an end"):
        api.platform.dynos(APP)
    assert len(api.asked) == calls


@pytest.mark.parametrize("answer", [None, {}, 7, "text", [DYNO, 7]])
def test_b27_b28_a_reply_of_another_shape_names_the_place_and_the_request(answer: object) -> None:
    with pytest.raises(BadReply, match=r"dynos.*not an? (list|object) in the reply to GET https.*Request-Id req-7"):
        Api(answer).platform.dynos(APP)


@pytest.mark.parametrize("call", [lambda p: p.run(APP, "ls"), lambda p: p.scale(APP, [])])
def test_a_write_that_heroku_took_and_answered_unreadably_is_unclear(call: Call) -> None:
    api = Api(7, status=201)
    with pytest.raises(WriteUnclear, match="Heroku answered 201"):
        call(api.platform)
    assert len(api.asked) == 1


def test_b35_three_thousand_dynos_are_read() -> None:
    found = Api([DYNO | {"name": f"web.{number}"} for number in range(3000, 0, -1)]).platform.dynos(APP)
    assert [dyno.name for dyno in found[:2]] == ["web.1", "web.2"]
    assert len(found) == 3000


def test_releases_are_asked_newest_first_and_no_more_than_wanted() -> None:
    api = Api([{"version": version} for version in (7, 9, 8)])
    assert [release.version for release in api.platform.releases(APP, limit=2)] == [9, 8]
    assert api.asked[0].headers["range"] == "version ..; order=desc, max=2"


def body(api: Api) -> Any:
    return json.loads(api.asked[0].content)


def test_a_log_session_on_cedar_filters_by_dyno_or_type_in_one_field() -> None:
    for options, filters in [({"dyno": "web.1"}, "web.1"), ({"type": "web"}, "web")]:
        api = Api({"logplex_url": "https://logs.example.com/x?srv=1"})
        assert api.platform.log_session(APP, source="app", **options).endswith("srv=1")
        assert body(api) == {"lines": 1500, "tail": False, "dyno": filters, "source": "app"}


def test_a_log_session_on_fir_has_no_lines_and_no_tail() -> None:
    api = Api({"logplex_url": "https://logs.example.com/x"})
    api.platform.log_session(APP, tail=True, type="web", generation="fir")
    assert body(api) == {"type": "web"}


def test_a_lost_log_session_may_be_asked_for_again() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if len(api.asked) == 1:
            raise httpx.ReadError("reset")
        return httpx.Response(201, json={"logplex_url": "https://logs.example.com/x"})

    api = Api(handler=answer)
    assert api.platform.log_session(APP) == "https://logs.example.com/x"
    assert (api.platform.calls, api.platform.retries) == (2, 1)


def test_a_log_session_without_an_address_is_no_session() -> None:
    with pytest.raises(BadReply, match="logplex_url: missing"):
        Api({"logplex_url": None}).platform.log_session(APP)


def test_run_sends_what_was_asked_and_keeps_the_secret() -> None:
    api = Api(DYNO | {"attach_url": "rendezvous://r.example.com:5000/hidden"})
    made = api.platform.run(
        APP, "rake", attach=True, size="Shield-M", type="worker", env={"A": "1"}, force_no_tty=True, time_to_live=60
    )
    assert made.attach_url == "rendezvous://r.example.com:5000/hidden"
    assert made.dyno == Dyno(id="d-1", name="web.1", type="web", state="up")
    assert body(api) == {
        "command": "rake",
        "attach": True,
        "size": "Private-M",
        "type": "worker",
        "env": {"A": "1"},
        "force_no_tty": True,
        "time_to_live": 60,
    }


def test_scale_is_one_call_for_all_types() -> None:
    api = Api([{"type": "web", "quantity": 2}, {"type": "worker", "quantity": 0}])
    updates = [FormationUpdate(type="web", quantity=2), FormationUpdate(type="worker", quantity=0)]
    changed = api.platform.scale(APP, updates)
    assert changed == [Formation(type="web", quantity=2), Formation(type="worker")]
    assert body(api) == {"updates": [{"type": "web", "quantity": 2}, {"type": "worker", "quantity": 0}]}


def test_gather_reads_side_by_side_and_b48_asks_once_for_a_second_factor() -> None:
    meeting = threading.Barrier(2, timeout=5)
    allowed: list[str] = []
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            allowed.append(request.headers["heroku-two-factor-code"])
            return httpx.Response(200, json={})
        if not allowed:
            if threading.current_thread() is not threading.main_thread():
                meeting.wait()
            refusal = {"id": "two_factor", "message": "A second factor.", "app": {"name": APP}}
            return httpx.Response(403, json=refusal)
        return httpx.Response(200, json=[] if request.url.path.endswith("dynos") else {"name": APP})

    def code() -> str:
        asked.append("code")
        return "123456"

    transport = Transport("", "t", httpx_transport=httpx.MockTransport(answer), two_factor=code)
    platform = Platform(transport)
    app, dynos = platform.gather(lambda: platform.app(APP), lambda: platform.dynos(APP))
    assert (app.name, dynos) == (APP, [])
    assert asked == ["code"]
    assert allowed == ["123456"]


def test_b47_gather_without_anybody_to_ask_ends_with_the_app_named() -> None:
    api = Api({"id": "two_factor", "message": "A second factor.", "app": {"name": APP}}, status=403)
    with pytest.raises(TwoFactorNeeded) as caught:
        api.platform.gather(lambda: api.platform.app(APP), lambda: api.platform.dynos(APP))
    assert caught.value.app == APP
