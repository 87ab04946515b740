"""What a telemetry drain of the sandbox sends is received: the bad dyno of a Fir app is named by its id."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from herodyno.archive.journal import Journal
from herodyno.sandbox.api.state import State
from herodyno.sandbox.doors.first_drain import add_first_drain
from herodyno.sandbox.doors.telemetry import TelemetryDelivery
from herodyno.sandbox.incidents.scenarios import scenario
from tests.archive.archived import rows
from tests.archive.receive.drain import PASSWORD, Drained
from tests.conftest import Invoke


def test_the_bad_dyno_of_a_fir_app_is_named_and_its_memory_is_seen(invoke: Invoke, tmp_path: Path) -> None:
    world, journal = scenario("fir-app"), Journal(tmp_path / "archive" / "journal")
    drained = Drained(journal.append)

    def post(url: str, body: bytes, headers: dict[str, str]) -> int:
        return drained.ask({name.lower(): it for name, it in headers.items()}, body, path=urlsplit(url).path).status

    add_first_drain(world, world.app("example-app"), "http://127.0.0.1:8601/", user="example-app", password=PASSWORD)
    delivery = TelemetryDelivery(world, State(account=world.account), post)
    for _ in range(6):
        delivery.deliver()
        world.tick(60)
    delivery.deliver()
    journal.close()
    assert invoke(f"archive compact --archive {tmp_path / 'archive'}").code == 0
    found = json.loads(invoke(f"diagnose --archive {tmp_path / 'archive'} -a example-app --json").stdout)
    ((_, guilty),) = world.truth.guilty
    assert (found["verdict"]["class"], found["findings"][0]["dyno_id"]) == (world.truth.verdict, guilty)
    dynos = {dyno.id for dyno in world.dynos("example-app")}
    measured = {row["dyno_uuid"] for row in rows(tmp_path / "archive") if row["mem_total_mb"]}
    assert measured == dynos
