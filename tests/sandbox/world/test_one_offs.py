"""One-off dynos: detached, attached, with a limit of time, and more than the platform allows."""

from __future__ import annotations

import pytest

from herodyno.sandbox.world.one_offs import interpret
from herodyno.sandbox.world.resources import Refused

UP = "State changed from starting to up"
COMPLETE = "State changed from up to complete"


def test_a_detached_command_runs_and_completes(make_world, said) -> None:
    world = make_world()
    dyno = world.run("example-app", "echo hello; sleep 2; exit 3")
    assert (dyno.state, dyno.one_off, dyno.type) == ("starting", True, "run")
    world.tick(10)
    assert said(world, "api", "app") == [
        "Starting process with command `echo hello; sleep 2; exit 3` by user ana@example.com"
    ]
    assert said(world, dyno.name) == [
        "Starting process with command `echo hello; sleep 2; exit 3`", UP, "Process exited with status 3", COMPLETE,
    ]  # fmt: skip
    assert said(world, dyno.name, "app") == ["hello"]
    assert dyno.name not in [each.name for each in world.dynos("example-app")]
    assert dyno.exit_status == 3


def test_an_attached_dyno_waits_for_its_client(make_world, said) -> None:
    world = make_world()
    dyno = world.run("example-app", "bash", attach=True)
    world.tick(5)
    assert said(world, dyno.name) == [UP, "Awaiting client"]
    world.client_connected("example-app", dyno.name)
    world.tick(1)
    world.exit("example-app", dyno.name, 0)
    world.tick(1)
    assert said(world, dyno.name)[2:] == [
        "Starting process with command `bash`", "Process exited with status 0", COMPLETE,
    ]  # fmt: skip


def test_without_a_client_it_gives_up_after_30_seconds(make_world, said) -> None:
    world = make_world()
    dyno = world.run("example-app", "bash", attach=True)
    world.tick(40)
    assert said(world, dyno.name)[2:] == [
        "Error R13 (Attach error) -> Failed to attach to process", "Process exited with status 128", COMPLETE,
    ]  # fmt: skip


def test_a_client_that_hangs_up_ends_it(make_world, said) -> None:
    world = make_world()
    dyno = world.run("example-app", "bash", attach=True)
    world.tick(5)
    world.client_connected("example-app", dyno.id)
    world.client_disconnected("example-app", dyno.id)
    world.tick(2)
    assert said(world, dyno.name)[3:5] == [
        "Client connection closed. Sending SIGHUP to all processes", "Process exited with status 129",
    ]  # fmt: skip


def test_time_to_live_ends_it_with_sigterm(make_world, said) -> None:
    world = make_world()
    dyno = world.run("example-app", "sleep 1000", time_to_live=20)
    world.tick(60)
    assert said(world, dyno.name)[2:4] == ["Stopping all processes with SIGTERM", "Process exited with status 143"]


def test_a_restart_of_the_app_leaves_one_off_dynos_alone(make_world) -> None:
    world = make_world()
    dyno = world.run("example-app", "sleep 100")
    world.restart("example-app")
    assert world.dyno("example-app", dyno.name).id == dyno.id


def test_eco_runs_one_at_a_time(make_world) -> None:
    world = make_world(size="Eco")
    world.run("example-app", "sleep 100")
    with pytest.raises(Refused) as refused:
        world.run("example-app", "sleep 100")
    assert (refused.value.status, refused.value.id) == (422, "cannot_run_above_limit")
    assert refused.value.fields == {"limit": 1, "size": "Eco"}


def test_numbers_come_back(make_world) -> None:
    world = make_world()
    numbers = set()
    for _ in range(400):
        dyno = world.run("example-app", "exit 0")
        numbers.add(dyno.name)
        world.tick(5)
    assert len(numbers) < 400


@pytest.mark.parametrize(
    ("command", "meaning"),
    [
        ("echo a b; exit 2", (["a b"], 0.0, 2)),
        ("sleep 1.5 && echo done", (["done"], 1.5, 0)),
        ("false", ([], None, 1)),
        ("rails db:migrate", (["bash: rails: command not found"], 0.0, 127)),
        ("launcher nope --now", (["bash: nope: command not found"], 0.0, 127)),
        ("sh -c 'echo a; nope'", (["a", "bash: nope: command not found"], 0.0, 127)),
        ("A=1; cat", ([], None, 0)),
        ("sh -c 'echo a; exit 4'", (["a"], 0.0, 4)),
        ("launcher exit 4", ([], 0.0, 4)),
        ("nohup sleep 7", ([], 7.0, 0)),
        ("echo 'open", (["bash: syntax error near echo 'open"], 0.0, 2)),
    ],
)
def test_a_command_is_understood_as_far_as_echo_sleep_and_exit(command: str, meaning: tuple) -> None:
    assert interpret(command) == meaning


def test_a_detached_command_that_is_not_there_ends_with_127_and_what_the_app_has_runs(make_world, said) -> None:
    world = make_world()
    ends = {}
    for command in ("nope --now", "web"):
        dyno = world.run("example-app", command)
        world.tick(10)
        ends[command] = dyno.exit_status
    assert ends == {"nope --now": 127, "web": 0}
    assert interpret("rake db:migrate", has_it=True) == ([], None, 0)
