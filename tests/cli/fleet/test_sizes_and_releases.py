"""`sizes` and `releases` for several apps: one table of all, JSON, and what a failure of some costs."""

from __future__ import annotations

from herodyno.sandbox.world.resources import FormationUpdate
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke


def test_the_sizes_in_use_stand_with_their_dynos_price_and_users(invoke: Invoke, world: World) -> None:
    world.scale("example-001", [FormationUpdate(type="web", quantity=2, size="Performance-M")])
    stdout, stderr, code = invoke("sizes -a example-001 -a example-002 -a example-003")
    lines = stdout.splitlines()
    assert lines[0].split() == ["SIZE", "MEMORY", "DYNOS", "APPS", "PER", "MONTH", "USED", "BY"]
    assert lines[1].split()[0] == "Performance-M"
    assert lines[1].endswith("$500.00  example-001 web=2")
    assert lines[2].endswith("example-002 web=3, example-003 web=1")
    assert lines[-1] == "3 apps, 6 dynos, $600.00 a month"
    assert (stderr, code) == ("", 0)


def test_the_sums_of_sizes_are_those_of_ps(invoke: Invoke) -> None:
    sizes, ps = (valid(invoke(f"{command} --apps 'example-*' --json").stdout) for command in ("sizes", "ps"))
    assert sum(size["quantity"] for size in sizes["sizes"]) == ps["totals"]["quantity"]
    assert sum(size["cents_per_month"] for size in sizes["sizes"]) == ps["totals"]["cents_per_month"]
    assert sum(user["quantity"] for size in sizes["sizes"] for user in size["used_by"]) == ps["totals"]["quantity"]


def test_the_newest_releases_of_all_apps_stand_in_one_table(invoke: Invoke, world: World) -> None:
    world.tick(60.0)
    world.deploy("example-003")
    lines = invoke("releases --team shop -n 4 --utc").stdout.splitlines()
    assert lines[0].split()[:4] == ["APP", "RELEASE", "WHEN", "(UTC)"]
    assert lines[1].split()[0] == "example-003"
    assert len(lines) == 5
    whole = valid(invoke("releases --team shop --json").stdout)
    alone = valid(invoke("releases -a example-003 --json").stdout)
    del alone["schema"]
    assert whole["apps"][2] == {**alone, "error": None}


def test_an_app_without_an_answer_is_told_and_costs_no_other_its_own(invoke: Invoke) -> None:
    for command in ("sizes", "releases"):
        stdout, stderr, code = invoke(f"{command} -a example-001 -a example-nope")
        assert "example-001" in stdout
        assert "example-nope: Couldn't find that app." in stderr
        assert code == 1
        document = valid(invoke(f"{command} -a example-001 -a example-nope --json").stdout)
        assert [bool(app["error"]) for app in document["apps"]] == [False, True]
        assert invoke(f"{command} -a example-none -a example-nope").code == 5
