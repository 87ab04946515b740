"""What a drain sends is received, compacted and judged: the same verdict as of the same bytes in a file."""

import json
from pathlib import Path

from herodyno.archive.journal import Journal
from herodyno.sandbox.api.state import State
from herodyno.sandbox.doors.drains import Delivery
from herodyno.sandbox.incidents.scenarios import scenario
from tests.archive.receive.drain import Drained, credentials
from tests.conftest import Invoke


def test_a_bad_dyno_is_found_by_its_id_from_what_its_drain_sent(invoke: Invoke, tmp_path: Path) -> None:
    world, journal = scenario("one-bad-dyno"), Journal(tmp_path / "archive" / "journal")
    drained = Drained(journal.append)
    sent: list[bytes] = []

    def post(url: str, body: bytes, headers: dict[str, str]) -> int:
        sent.append(body)
        told = {name.lower(): value for name, value in headers.items()}
        return drained.ask(told | credentials(), body).status

    world.add_drain("example-app", "http://127.0.0.1:8601/")
    delivery = Delivery(world, State(account=world.account), post)
    delivery.deliver()
    for _ in range(6):
        world.tick(60)
        delivery.deliver()
    journal.close()
    file = tmp_path / "same.frames"
    file.write_bytes(b"".join(sent))
    assert invoke(f"archive compact --archive {tmp_path / 'archive'}").code == 0
    archived, of_file = (
        json.loads(invoke(f"diagnose --json {source} -a example-app").stdout)
        for source in (f"--archive {tmp_path / 'archive'}", f"--from-file {file}")
    )
    assert archived["verdict"] == of_file["verdict"]
    assert archived["verdict"]["class"] == "one_dyno"
    assert archived["incarnations"] == of_file["incarnations"]
