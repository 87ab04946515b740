"""`restart`, `stop` and `scale` of several apps: a plan of all, one confirmation, each write once, partial failure."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.cli.session import Session
from herodyno.cli.settings import settings_path
from herodyno.folders import state_folder
from herodyno.heroku_facts import SCOPE_REFUSAL
from herodyno.operations.journal import Journal
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import TOKEN, Invoke, Result

SHOP = [f"example-00{number}" for number in range(1, 6)]
Fault = Callable[[httpx.Request], httpx.Response]


def broken(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("connection reset", request=request)


def unopened(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route to host", request=request)


def refusing(status: int, word: str) -> Fault:
    return lambda request: httpx.Response(status, json={"id": word, "message": f"Refused: {word}."})


def unread(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, html="<p>Log in to the hotel's network</p>")


class Faulty(httpx.BaseTransport):
    """The sandbox, whose writes to some apps fail. Counts the writes to each app that arrived."""

    def __init__(self, inner: httpx.BaseTransport, faults: Mapping[str, Fault]) -> None:
        self.inner, self.faults = inner, faults
        self.writes: Counter[str] = Counter()
        self.reads = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" or request.url.path.endswith("/log-sessions"):  # a log is read, not changed
            self.reads += 1
            return self.inner.handle_request(request)
        name = request.url.path.split("/")[2]
        self.writes[name] += 1
        fault = self.faults.get(name)
        return fault(request) if fault else self.inner.handle_request(request)


@pytest.fixture
def change(
    make_session: Callable[..., Session], capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[Result, Faulty]]:
    def call(line: str, faults: Mapping[str, Fault] | None = None, answer: str = "") -> tuple[Result, Faulty]:
        session = make_session()
        assert session.httpx_transport is not None
        session.httpx_transport = faulty = Faulty(session.httpx_transport, faults or {})
        if answer:
            session.ask = lambda question: answer
        code = run(shlex.split(line), session)
        shown = capsys.readouterr()
        return Result(shown.out, shown.err, code), faulty

    return call


Change = Callable[..., tuple[Result, Faulty]]


def journaled() -> list[tuple[str, str]]:
    return [(entry.app, entry.outcome) for entry in Journal(state_folder()).entries()]


def quantities(world: World) -> dict[str, int]:
    return {name: sum(each.quantity for each in world.formation(name)) for name in world.apps}


def test_every_app_is_named_in_one_plan_and_one_confirmation_spells_the_number_out(
    change: Change, world: World
) -> None:
    before = quantities(world)
    asked, faulty = change("scale web=5 --team shop", answer="yes")
    assert [line.split()[0] for line in asked.stdout.splitlines()[1:6]] == SHOP
    assert re.search(r"example-001 +web 1 x Standard-1X -> 5 x Standard-1X", asked.stdout)
    assert "scale of 5 apps, +$" in asked.stdout
    assert (asked.code, faulty.writes, quantities(world)) == (1, {}, before)
    done, faulty = change("scale web=5 --team shop --confirm '5 apps'")
    assert (done.code, set(faulty.writes.values())) == (0, {1})
    assert [name for name, quantity in quantities(world).items() if quantity == 5] == SHOP
    assert journaled() == [(name, "done") for name in SHOP]
    assert "to undo: herodyno scale web=1:Standard-1X --app example-001" in done.stderr


@pytest.mark.parametrize("line", ["scale web=5", "restart", "restart web", "stop web.1"])
def test_without_a_confirmation_or_with_another_nothing_is_sent(line: str, change: Change) -> None:
    for given in ("", "--confirm shop", "--confirm '4 apps'", "--confirm example-001"):
        told, faulty = change(f"{line} --team shop {given}")
        assert (told.code, faulty.writes) == (2, {})
        assert "nothing was sent" in told.stderr
    assert journaled() == []


def test_what_is_protected_must_be_named_beside_the_number(change: Change) -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text('protected = ["example-002"]\n')
    told, faulty = change("restart web.1 --team shop --confirm '5 apps'")
    assert (told.code, faulty.writes) == (2, {})
    assert "example-002: the app is protected (it is listed in the config file)" in told.stderr
    dry = change("restart web.1 --team shop --dry-run")[0]
    assert "to send it, '5 apps, example-002' is asked for" in dry.stderr
    told, faulty = change("restart web.1 --team shop --confirm '5 apps, example-002'")
    assert (told.code, faulty.writes.total()) == (0, 5)


def test_read_only_and_a_dry_run_send_nothing(change: Change) -> None:
    told, faulty = change("restart --team shop --read-only --confirm '5 apps'")
    assert (told.code, faulty.writes) == (1, {})
    told, faulty = change("restart --team shop --dry-run")
    assert (told.code, faulty.writes) == (0, {})
    assert told.stdout.count("DELETE /apps/example-00") == 5


def test_an_app_that_cannot_be_planned_stops_all_before_anything_is_sent(change: Change) -> None:
    told, faulty = change("scale web=5 -a example-001 -a example-nope --confirm '2 apps'")
    assert (told.stdout, told.code, faulty.writes) == ("", 5, {})
    assert "1 of 2 apps cannot be changed so; nothing was sent to any" in told.stderr
    assert change("restart wbe --team shop --confirm '5 apps'")[0].code == 5
    assert journaled() == []


@pytest.mark.parametrize("flag", ["--team", "--pipeline", "--stage", "--apps-file", "--apps", "-a", "-r"])
@pytest.mark.parametrize("beside", ["", "--apps 'example-*'"])
def test_an_unset_variable_in_a_flag_is_no_flag_left_out(
    flag: str, beside: str, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEROKU_APP", "example-003")
    told, faulty = change(f"restart web.1 {beside} {flag} '' --confirm '12 apps'")
    assert (told.stdout, told.code, faulty.writes, faulty.reads) == ("", 2, {}, 0)


@pytest.mark.parametrize(
    "line", ["ps", "releases", "sizes", "logs", "diagnose", "restart", "stop web.1", "scale web=2",
             "diagnose --archive ''", "restart --rolling --probe ''", "logs --since ''"],
)  # fmt: skip
def test_every_flag_refuses_the_empty_text_that_would_mean_not_given(line: str, change: Change) -> None:
    told, faulty = change(line if "''" in line else f"{line} --pipeline checkout --stage ''")
    assert (told.stdout, told.code, faulty.writes, faulty.reads) == ("", 2, {}, 0)
    assert re.search("--(stage|archive|probe|since) is empty; nothing was sent", told.stderr)


def test_what_to_type_stands_beside_the_app_that_it_is_for(change: Change) -> None:
    told, _ = change("restart web.99 -a example-001 -a example-002")
    first, second, *last = told.stderr.splitlines()
    assert first.startswith("example-001 has no dyno, process type or dyno id 'web.99'; nothing was sent. ")
    assert second.startswith("example-002 has no dyno, process type or dyno id 'web.99'; nothing was sent. ")
    assert last == ["herodyno: 2 of 2 apps cannot be changed so; nothing was sent to any"]


def test_a_note_of_the_plan_has_its_app_once(change: Change) -> None:
    told, _ = change("scale web=4:standard-2x -a example-001 -a example-002 --dry-run")
    assert "example-001: The new size restarts the web dyno.\n" in told.stderr
    assert "example-002: The new size restarts all 3 web dynos at once.\n" in told.stderr
    assert "example-001: example-001" not in told.stderr


def test_a_name_of_the_api_that_can_be_none_is_not_said_to_be_typed(change: Change, world: World) -> None:
    world.app("example-003").name = "bad\nname"
    told, faulty = change("restart web.1 --team shop --confirm '5 apps'")
    assert "bad^Jname: 'bad\\nname' (from the list of apps) cannot be an app's name; nothing was sent" in told.stderr
    assert (told.code, faulty.writes) == (2, {})


def test_an_id_and_a_name_of_one_app_are_one_write(change: Change, world: World) -> None:
    told, faulty = change(f"restart web.1 -a example-001 -a {world.app('example-001').id} --confirm '1 app'")
    assert (told.code, faulty.writes) == (0, {"example-001": 1})


def test_an_app_that_fails_costs_no_other_its_change_and_is_told(change: Change) -> None:
    faults = {"example-002": refusing(403, "forbidden"), "example-003": refusing(503, "down")}
    told, faulty = change("restart web.1 --team shop --confirm '5 apps' --json", faults)
    document = valid(told.stdout)
    assert [app["outcome"] for app in document["apps"]] == ["done", "failed", "unclear", "done", "done"]
    assert [bool(app["error"]) for app in document["apps"]] == [False, True, True, False, False]
    assert [len(app["sent"]) for app in document["apps"]] == [1, 0, 1, 1, 1]
    assert set(faulty.writes.values()) == {1}
    assert told.code == 1
    assert "done (3 of 5): example-001, example-004, example-005" in told.stderr
    assert "failed (1 of 5): example-002; unclear (1 of 5): example-003" in told.stderr
    assert [dict(journaled())[name] for name in ("example-002", "example-003")] == ["refused", "unclear"]


def test_an_app_whose_change_was_refused_has_no_undo(change: Change) -> None:
    faults = {"example-002": refusing(422, "invalid_params")}
    told, _ = change("scale web=9 -a example-001 -a example-002 --confirm '2 apps' --json", faults)
    assert [bool(app["undo"]) for app in valid(told.stdout)["apps"]] == [True, False]
    told, _ = change("scale web=8 -a example-001 -a example-002 --dry-run --json")
    assert [(bool(app["undo"]), app["sent"]) for app in valid(told.stdout)["apps"]] == [(True, []), (True, [])]


@pytest.mark.parametrize("fault", [broken, refusing(503, "down"), unread], ids=["lost", "5xx", "no JSON"])
def test_a_lost_answer_is_unclear_in_every_word_and_its_undo_is_told(fault: Fault, change: Change) -> None:
    told, _ = change("scale web=9 -a example-001 -a example-002 --confirm '2 apps' --json", {"example-002": fault})
    apps = valid(told.stdout)["apps"]
    assert [app["outcome"] for app in apps] == ["done", "unclear"]
    assert [[sent["outcome"] for sent in app["sent"]] for app in apps] == [["done"], ["unclear"]]
    assert all(app["undo"] for app in apps)
    assert "unclear (1 of 2): example-002" in told.stderr
    assert re.search("to undo, if it was done: herodyno scale web=.* --app example-002", told.stderr)
    assert journaled() == [("example-001", "done"), ("example-002", "unclear")]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [(broken, "unclear"), (unopened, "not sent"), (refusing(401, "unauthorized"), "refused")],
)
def test_what_every_other_app_would_meet_too_ends_it_and_no_write_is_repeated(
    fault: Fault, outcome: str, change: Change
) -> None:
    told, faulty = change("restart web.1 --team shop --confirm '5 apps'", {"example-002": fault})
    assert "done (1 of 5): example-001" in told.stderr
    assert "not sent (3 of 5): example-003, example-004, example-005" in told.stderr
    assert set(faulty.writes) == {"example-001", "example-002"}
    assert journaled() == [("example-001", "done"), ("example-002", outcome)]
    assert told.code == 1


def test_one_failure_of_all_apps_keeps_its_exit_code(change: Change) -> None:
    faults = dict.fromkeys(("example-001", "example-002"), refusing(422, "invalid_params"))
    told, _ = change("restart web.1 -a example-001 -a example-002 --confirm '2 apps'", faults)
    assert told.code == 1


SCOPE = f"{SCOPE_REFUSAL} resource."


@pytest.mark.parametrize(("line", "others"), [("restart web.1", "forbidden"), ("stop web.1", "invalid_params")])
def test_a_token_that_may_not_write_is_told_once_with_the_scope_to_log_in_with(
    line: str, others: str, change: Change
) -> None:
    def lesser(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403, json={"id": "forbidden", "message": SCOPE})

    faults = {"example-001": lesser, "example-002": lesser if others == "forbidden" else refusing(422, others)}
    told, _ = change(f"{line} -a example-001 -a example-002 --confirm '2 apps'", faults)
    assert told.code == 1
    assert "failed (2 of 2): example-001, example-002\n" in told.stderr
    step = "\n  needs a token of scope write or more: unset HEROKU_API_KEY, then herodyno auth login --scope write\n"
    assert told.stderr.endswith(step)
    assert told.stderr.count("scope write") == 2  # in the one line


def test_ctrl_c_says_what_was_done_and_what_was_not(change: Change) -> None:
    def interrupted(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    told, _ = change("restart web.1 --team shop --confirm '5 apps'", {"example-002": interrupted})
    assert told.code == 130
    assert "done (1 of 5): example-001; unclear (1 of 5): example-002; not sent (3 of 5)" in told.stderr


@pytest.mark.parametrize(("signal", "code"), [(KeyboardInterrupt(), 130), (SystemExit(143), 143)])
def test_a_signal_tells_a_person_how_to_undo_and_a_program_what_became_of_each(
    signal: BaseException, code: int, change: Change
) -> None:
    def interrupted(request: httpx.Request) -> httpx.Response:
        raise type(signal)(*signal.args)

    line = "scale web=4 -a example-001 -a example-002 -a example-003 --confirm '3 apps'"
    told, _ = change(line, {"example-002": interrupted})
    assert told.code == code
    assert "\nto undo: herodyno scale web=1:Standard-1X --app example-001 --confirm example-001\n" in told.stderr
    assert "\nto undo, if it was done: herodyno scale web=3:Standard-1X --app example-002\n" in told.stderr
    told, _ = change(f"{line} --json".replace("4", "5"), {"example-002": interrupted})
    apps = valid(told.stdout)["apps"]
    assert [app["outcome"] for app in apps] == ["done", "unclear", "not sent"]
    assert [[sent["outcome"] for sent in app["sent"]] for app in apps] == [["done"], ["unclear"], []]
    assert apps[1]["sent"][0]["call"].startswith("PATCH /apps/example-002/formation")
    assert [bool(app["undo"]) for app in apps] == [True, True, False]
    error = valid(told.stderr.splitlines()[-1])
    assert (error["error"], error["exit_code"], told.code) == ("Interrupted", code, code)
    assert error["message"].endswith("done (1 of 3): example-001; unclear (1 of 3): example-002; not sent (1 of 3): "
                                     "example-003")  # fmt: skip


def test_a_signal_during_the_write_to_one_app_is_an_error_in_json_that_says_what_may_have_been_done(
    change: Change,
) -> None:
    def interrupted(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    told, _ = change("restart web.1 -a example-001 --json", {"example-001": interrupted})
    error = valid(told.stderr.splitlines()[-1])
    assert (error["exit_code"], told.code) == (130, 130)
    assert "may have been done. Look: herodyno ps --app example-001" in error["message"]


def test_an_app_with_nothing_to_do_is_in_the_plan_and_not_in_the_number(change: Change, world: World) -> None:
    world.stop("example-001", dyno="web.1")
    told, faulty = change("scale web=3 -a example-001 -a example-002 --confirm '1 app'")
    assert (told.code, faulty.writes) == (0, {"example-001": 1})  # example-002 has three
    assert "nothing to do for 1 app" in told.stdout
    told, faulty = change("stop run -a example-001 -a example-002")
    assert (told.code, faulty.writes) == (0, {})
    assert told.stderr.endswith("nothing to do\n")


@pytest.mark.parametrize(
    "line", ["restart --rolling", "restart --resume", "restart --verify 5m", "restart web --wait",
             "restart --if-id 6f1c", "scale web=2 --wait", "scale --save x", "scale --apply x",
             "scale --diff x", "scale"],
)  # fmt: skip
def test_what_follows_one_app_is_refused(line: str, invoke: Invoke, tmp_path: Path) -> None:
    stdout, stderr, code = invoke(f"{line} --team shop")
    assert (stdout, code) == ("", 2)
    assert re.search("is for one app|needs TYPE=N", stderr)
    assert TOKEN not in stderr
