"""What a telemetry drain of Fir sends is received, compacted and judged: memory that grows has the dyno's id."""

import json
from pathlib import Path

import pytest

from herodyno.archive.journal import Journal
from tests.archive.archived import rows
from tests.archive.otlp.fir import IDS, JSON, ONE, PROTOBUF, TWO, encoded, joined, logs, memory, record, resource
from tests.archive.receive.drain import Drained
from tests.conftest import Invoke


@pytest.mark.parametrize("as_json", [False, True], ids=["protobuf", "json"])
def test_memory_that_grows_on_fir_is_found_by_the_id_of_the_dyno(invoke: Invoke, tmp_path: Path, as_json: bool) -> None:
    root, headers = tmp_path / "archive", JSON if as_json else PROTOBUF
    journal = Journal(root / "journal")
    drained = Drained(journal.append)
    for hour in range(4):
        minutes = range(60 * hour, 60 * hour + 60, 3)
        samples = [
            memory(dyno, 60 * minute, mb)
            for minute in minutes
            for dyno, mb in ((ONE, 180.0 + 1.3 * minute), (TWO, 200.0 + minute % 8))
        ]
        said = logs(*((resource(dyno), [record(60 * at + 1, f"served {at}") for at in minutes]) for dyno in IDS))
        for path, request in (("/v1/metrics", joined(*samples)), ("/v1/logs", said)):
            assert drained.ask(headers, encoded(request, as_json=as_json), path=path).status == 200
    journal.close()
    assert invoke(f"archive compact --archive {root}").code == 0
    document = json.loads(invoke(f"diagnose --json --archive {root} -a example-app").stdout)
    assert document["verdict"]["class"] == "memory"
    assert IDS[ONE][:8] in document["verdict"]["summary"]
    archived = rows(root)
    assert {(row["dyno"], row["dyno_uuid"], row["dyno_uuid_how"]) for row in archived} == {
        (dyno, IDS[dyno], "otlp") for dyno in IDS
    }
    assert {row["origin"] for row in archived} == {"otlp"}
