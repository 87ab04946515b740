"""`run list`: one-off dynos with age, size, the command as typed, and the price so far; `stop` ends them."""

import re

from herodyno.operations.one_off.command import command_for_dyno
from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke

APP = "example-app"


def test_one_offs_are_listed_with_age_size_price_and_the_command_as_typed(invoke: Invoke, world: World) -> None:
    wrapped = command_for_dyno("rake 'a report'", word="00112233445566778899aabbccddeeff")
    world.run(APP, wrapped, attach=True, size="Performance-L")
    world.tick(29)
    stdout, stderr, code = invoke(f"run list -a {APP}")
    heading, row = stdout.splitlines()
    assert heading.split() == ["ONE-OFF", "ID", "STATE", "AGE", "SIZE", "SO", "FAR", "COMMAND"]
    assert re.fullmatch(r"run\.\d+ +[0-9a-f]{8} +up +29s +Performance-L +\$0\.01 +rake 'a report'", row)
    assert code == 0
    assert f"to end one: herodyno stop {row.split()[0]} --app {APP}" in stderr


def test_the_formation_is_not_listed_and_none_is_said(invoke: Invoke) -> None:
    stdout, stderr, code = invoke(f"run list -a {APP}")
    assert (stdout, code) == ("", 0)
    assert f"{APP} has no one-off dynos" in stderr


def test_an_app_that_is_given_by_its_id_is_told_by_its_name(invoke: Invoke, world: World) -> None:
    stderr = invoke(f"run list -a {world.app(APP).id}").stderr
    assert f"{APP} has no one-off dynos" in stderr
    document = valid(invoke(f"run list -a {world.app(APP).id} --json").stdout)
    assert document["app"]["name"] == APP


def test_json_has_herokus_names_and_the_price_so_far(invoke: Invoke, world: World) -> None:
    dyno = world.run(APP, "bash", attach=True)
    world.tick(10)
    (row,) = valid(invoke(f"run list -a {APP} --json").stdout)["dynos"]
    assert (row["name"], row["id"], row["command"], row["cents_so_far"]) == (dyno.name, dyno.id, "bash", 0.01)
    assert valid(invoke(f"run list -a {APP} --json").stdout)["app"] == {"name": APP}


def test_stop_ends_one(invoke: Invoke, world: World) -> None:
    dyno = world.run(APP, "bash", attach=True)
    world.tick(5)
    assert invoke(f"stop {dyno.name} -a {APP}").code == 0
    world.tick(40)
    assert valid(invoke(f"run list -a {APP} --json").stdout)["dynos"] == []
