"""What a telemetry drain of Fir sends is received, compacted and judged: memory that grows has the dyno's id."""

import json
from pathlib import Path

import pytest

from herodyno.archive.journal import Journal
from tests.archive.archived import rows
from tests.archive.otlp.fir import (
    IDS,
    JSON,
    ONE,
    PROTOBUF,
    TWO,
    attributes,
    encoded,
    joined,
    logs,
    memory,
    metrics,
    record,
    resource,
)
from tests.archive.receive.drain import Drained
from tests.conftest import Invoke

MORE = ("web-848cd4f64d-aaaaa", "web-848cd4f64d-bbbbb")


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
    assert document["app"]["generation"] == "fir"
    assert "daily cycle" not in json.dumps(document["verdict"])  # of Cedar
    assert document["coverage"]["notes"] == ["Fir: some codes are not emitted; absence means nothing"]
    archived = rows(root)
    assert {(row["dyno"], row["dyno_uuid"], row["dyno_uuid_how"]) for row in archived} == {
        (dyno, IDS[dyno], "otlp") for dyno in IDS
    }
    assert {row["origin"] for row in archived} == {"otlp"}


def test_without_metrics_a_bad_dyno_of_fir_still_has_the_id_that_its_lines_name(invoke: Invoke, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    drained = Drained(journal.append)
    router = [
        record(n, request_text(dyno, is_bad=dyno == ONE and n % 3 == 0))
        for n in range(300)
        for dyno in (ONE, TWO, *MORE)
    ]
    said = [(resource(dyno), [record(n, f"step {n}") for n in range(0, 300, 20)]) for dyno in IDS]
    request = logs((resource(service="heroku-router", heroku__dyno__name=""), router), *said)
    assert drained.ask(JSON, encoded(request, as_json=True), path="/v1/logs").status == 200
    journal.close()
    assert invoke(f"archive compact --archive {tmp_path}").code == 0
    document = json.loads(invoke(f"diagnose --json --archive {tmp_path} -a example-app").stdout)
    assert document["verdict"]["class"] == "one_dyno"
    assert f"{ONE} ({IDS[ONE][:8]})" in document["verdict"]["summary"]
    notes = document["coverage"]["notes"]
    assert notes == ["Fir: no runtime metrics, some codes are not emitted; absence means nothing"]


def test_secrets_in_attributes_are_taken_out_and_they_stay_json(invoke: Invoke, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    secret = "correct-horse-battery-9"
    told = attributes(
        password=secret, note=f'say "token={secret}" \\ back', key=f"-----BEGIN RSA PRIVATE KEY-----\n{secret}"
    )
    request = logs((resource(), [record(1, "hello", attributes=told)]))
    assert Drained(journal.append).ask(JSON, encoded(request, as_json=True), path="/v1/logs").status == 200
    journal.close()
    assert invoke(f"archive compact --archive {tmp_path}").code == 0
    ((attrs),) = [row["attrs"] for row in rows(tmp_path)]
    assert secret not in attrs
    assert set(json.loads(attrs)) == {"password", "note", "key"}


def test_metrics_without_memory_are_named_so_that_nobody_waits_for_it(invoke: Invoke, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    others = metrics(resource(), 1, jvm__threads=("1", 7.0), **{"evil\x1b[2J": ("1", 1.0)})
    assert Drained(journal.append).ask(JSON, encoded(others, as_json=True), path="/v1/metrics").status == 200
    journal.seal()
    done = invoke(f"archive compact --archive {tmp_path}")
    assert "no metric of a dyno's memory came; left out: evil^[[2J, jvm.threads\n" in done.stderr
    for request in (others, memory(ONE, 2, 300.0)):
        assert Drained(journal.append).ask(JSON, encoded(request, as_json=True), path="/v1/metrics").status == 200
    journal.close()
    assert "left out" not in invoke(f"archive compact --archive {tmp_path}").stderr


def request_text(dyno: str, *, is_bad: bool) -> str:
    """A line of the router."""
    how = 'at=error code=H12 desc="Request timeout"' if is_bad else "at=info"
    took, status = (30_000, 503) if is_bad else (40, 200)
    return (
        f'{how} method=GET path="/" host=a.example.com request_id=8c1d7a55-0000-4000-8000-000000000001 fwd="1.2.3.4" '
        f"dyno={dyno} connect=1ms service={took}ms status={status} bytes=9 protocol=https"
    )
