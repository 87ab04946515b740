"""Which apps are asked, each once; what a failure of some apps means for the whole command."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.cli.fleet.asking import failure_of, told_of
from herodyno.cli.session import Session
from herodyno.errors import NotFound, PlatformFailed, RefusedByHeroku, Unreachable
from herodyno.sandbox.world.world import World
from tests.conftest import Invoke


def code_of(*errors: Exception, asked: int) -> int:
    failed = failure_of(errors, asked)  # type: ignore[arg-type] # the tests give HerodynoErrors
    return failed.exit_code if failed else 0


def test_a_part_is_exit_code_1_and_one_fault_of_all_keeps_its_own() -> None:
    assert code_of(asked=3) == 0
    assert code_of(NotFound("a"), asked=3) == 1
    assert code_of(NotFound("a"), asked=1) == 5
    assert code_of(Unreachable("a"), Unreachable("b"), asked=2) == 6
    assert code_of(NotFound("a"), PlatformFailed("b"), asked=2) == 1


def test_a_scope_that_is_needed_is_told_beside_other_failures_too() -> None:
    needs = "needs a token of scope write or more: herodyno auth login --scope write"
    lesser = [RefusedByHeroku("no", next_step=f"POST /apps/{app}/log-sessions {needs}") for app in "ab"]
    for errors, asked in [(lesser, 2), (lesser, 3), ([NotFound("x", next_step="whose"), *lesser], 3)]:
        failed = failure_of(errors, asked)
        assert failed is not None
        assert failed.next_step == needs


@pytest.mark.parametrize("line", ["ps", "ps -o jsonl", "ps -o openmetrics", "sizes", "releases"])
def test_the_id_of_an_app_that_is_named_too_is_that_app(line: str, invoke: Invoke, world: World) -> None:
    by_name = invoke(f"{line} -a example-001 -a example-003")
    assert invoke(f"{line} -a {world.app('example-001').id} -a example-003 -a example-001") == by_name


@pytest.mark.parametrize("line", ["logs", "diagnose", "diagnose -o openmetrics"])
def test_no_line_of_a_log_counts_twice_for_an_app_by_id_and_by_name(line: str, invoke: Invoke, world: World) -> None:
    one = world.app("example-001")
    stdout = invoke(f"{line} -a {one.id} -a example-001 -a example-003").stdout
    lines = [line for line in stdout.splitlines() if "example-00" in line]
    assert len(lines) > 1
    assert (one.id in stdout, len(set(lines))) == (False, len(lines))


class Unseen(httpx.BaseTransport):
    """The sandbox of an account that cannot see some apps: no list has them."""

    def __init__(self, inner: httpx.BaseTransport, names: Sequence[str]) -> None:
        self.inner, self.names = inner, names

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = self.inner.handle_request(request)
        if request.url.path != "/apps":
            return reply
        reply.read()
        return httpx.Response(reply.status_code, json=[app for app in reply.json() if app["name"] not in self.names])


@pytest.mark.parametrize(
    ("flags", "unseen", "note"),
    [
        ("--stage staging", ["example-003"], "1 app of the pipeline is not visible to this account\n"),
        ("", ["example-001", "example-003"], "2 apps of the pipeline are not visible to this account\n"),
        ("--stage staging", ["example-001"], ""),
        ("--team shop", [], ""),
    ],
)
def test_apps_of_a_pipeline_that_the_account_cannot_see_are_counted(
    flags: str, unseen: list[str], note: str, make_session: Callable[..., Session], capsys: pytest.CaptureFixture[str]
) -> None:
    session = make_session()
    assert session.httpx_transport is not None
    session.httpx_transport = Unseen(session.httpx_transport, unseen)
    assert run(["ps", "--pipeline", "checkout", *shlex.split(flags)], session) == 0
    shown = capsys.readouterr()
    assert shown.err == note
    assert not any(name in shown.out for name in unseen)


@pytest.mark.parametrize(
    ("flags", "of"),
    [
        ("--pipeline checkout --stage review", "5 apps of the pipeline"),
        ("--team shop --apps 'no*'", "5 apps"),
    ],
)
def test_where_no_app_is_left_the_number_is_that_of_what_was_looked_through(
    flags: str, of: str, invoke: Invoke
) -> None:
    _, stderr, code = invoke(f"ps {flags}")
    assert code == 5
    assert f", of {of}\n" in stderr


def test_an_id_that_no_app_has_costs_its_own_line(invoke: Invoke) -> None:
    nobody = "78e51061-7311-4ca3-82ce-cb6f4d33f2cc"
    stdout, stderr, code = invoke(f"ps -a {nobody} -a example-003")
    assert [line.split()[0] for line in stdout.splitlines()[1:3]] == [nobody, "example-003"]
    assert "1 of 2 apps gave no answer" in stderr
    assert code == 1


def test_a_note_has_the_name_of_its_app_once_and_is_one_line() -> None:
    assert told_of("shop-web", "shop-web has no dyno 'web.9'") == "shop-web has no dyno 'web.9'"
    assert told_of("shop-web", "shop-website is another") == "shop-web: shop-website is another"
    assert told_of("bad\nname", "boom") == "bad^Jname: boom"
