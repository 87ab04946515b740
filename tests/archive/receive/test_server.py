"""The server on a real port: restarts lose and double nothing, a full disk closes the port, connections are bounded."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from herodyno.archive import journal as journal_module
from herodyno.archive.drains.changes import new_password
from herodyno.archive.journal import Journal
from herodyno.archive.receive import endpoint as endpoint_module
from herodyno.archive.records import Frame
from herodyno.errors import Refused
from herodyno.openmetrics import Metric, Samples
from herodyno.sandbox.api.state import State
from herodyno.sandbox.doors.drains import Delivery
from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.log_formats import frames
from tests.archive.receive.drain import BODY, need_uvicorn
from tests.exposition import parsed
from tests.heroku.certificates import certificates

if TYPE_CHECKING:
    from herodyno.archive.receive.server import Receiver

LOOPBACK = "127.0.0.1"


SERVER = "herodyno.archive.receive.server"


@pytest.fixture(autouse=True)
def _server() -> None:
    need_uvicorn()


def receiver_of(archive: Path, *, cert: Path | None = None) -> Receiver:
    """A receiver on a free port, not begun."""
    from herodyno.archive.receive.server import Address, Receiver

    return Receiver(archive, Address(LOOPBACK, 0, str(cert or ""), str(cert or "")), lambda counters: None)


@contextmanager
def receiving(archive: Path, *, cert: Path | None = None) -> Iterator[Receiver]:
    """A receiver in a thread of its own."""
    receiver = receiver_of(archive, cert=cert)
    thread = threading.Thread(target=receiver.run)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.end()
        thread.join(20)
        receiver.close()
    assert not thread.is_alive()


def post(client: httpx.Client, receiver: Receiver, password: str, frame_id: str) -> int:
    headers = {"Logplex-Frame-Id": frame_id, "Logplex-Drain-Token": "d.1", "Logplex-Msg-Count": "1"}
    url = f"{client.base_url.scheme or 'http'}://{LOOPBACK}:{receiver.port}/"
    return client.post(url, content=BODY, headers=headers, auth=("main", password)).status_code


def stored(archive: Path) -> list[Frame]:
    journal = Journal(archive / "journal")
    return [frame for path in journal.sealed() for frame in journal.read(path)]


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def refuses(port: int) -> bool:
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return False
    return True


def test_frames_repeated_over_a_restart_are_stored_once(tmp_path: Path) -> None:
    password = new_password(tmp_path, "main", app="example-app")
    with httpx.Client() as client:
        for _ in range(2):
            with receiving(tmp_path) as receiver:
                assert [post(client, receiver, password, f"id-{number}") for number in range(5)] == [204] * 5
    assert [frame.frame_id for frame in stored(tmp_path)] == [f"id-{number}" for number in range(5)]
    assert {(frame.app, frame.body) for frame in stored(tmp_path)} == {("example-app", BODY)}


def test_a_full_disk_closes_the_port_and_room_opens_it_again_and_a_new_password_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint_module, "HOLD_SECONDS", 0.2)
    monkeypatch.setattr(f"{SERVER}.LOOK_SECONDS", 0.05)
    password = new_password(tmp_path, "main", app="example-app")
    monkeypatch.setattr(f"{SERVER}.ROOM_BYTES", 0)
    with receiving(tmp_path) as receiver, httpx.Client() as client:
        assert post(client, receiver, password, "before") == 204
        monkeypatch.setattr(f"{SERVER}.ROOM_BYTES", 1 << 60)
        with monkeypatch.context() as patch:
            patch.setattr("herodyno.archive.journal.write_all", _full)
            assert post(client, receiver, password, "during") == 503
        until(lambda: refuses(receiver.port))
        assert "No space left" in receiver.counters.trouble
        password = new_password(tmp_path, "main", app="")
        monkeypatch.setattr(f"{SERVER}.ROOM_BYTES", 0)
        until(lambda: not receiver.counters.trouble and not refuses(receiver.port))
        assert post(client, receiver, password, "during") == 204
    assert [frame.frame_id for frame in stored(tmp_path)] == ["before", "during"]


def test_a_receiver_that_starts_on_a_full_disk_listens_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{SERVER}.LOOK_SECONDS", 0.05)
    monkeypatch.setattr(f"{SERVER}.ROOM_BYTES", 1 << 60)
    password = new_password(tmp_path, "main", app="example-app")
    with receiving(tmp_path) as receiver, httpx.Client() as client:
        until(lambda: refuses(receiver.port))
        assert "No space left" in receiver.counters.trouble
        monkeypatch.setattr(f"{SERVER}.ROOM_BYTES", 0)
        until(lambda: not receiver.counters.trouble and not refuses(receiver.port))
        assert post(client, receiver, password, "first") == 204


def test_too_much_that_waits_for_a_disk_that_hangs_closes_the_port_until_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint_module, "HOLD_SECONDS", 0.2)
    monkeypatch.setattr("herodyno.archive.receive.commits.MOST_WAITING_BYTES", 1)
    monkeypatch.setattr(f"{SERVER}.LOOK_SECONDS", 0.05)
    monkeypatch.setattr(f"{SERVER}.ROOM_BYTES", 0)
    goes_on = threading.Event()
    write_all = journal_module.write_all

    def hangs(descriptor: int, data: bytes) -> None:
        goes_on.wait(30)
        write_all(descriptor, data)

    password = new_password(tmp_path, "main", app="example-app")
    with receiving(tmp_path) as receiver, httpx.Client() as client:
        monkeypatch.setattr(journal_module, "write_all", hangs)
        assert post(client, receiver, password, "first") == 503
        assert post(client, receiver, password, "second") == 503
        until(lambda: refuses(receiver.port))
        assert receiver.counters.trouble == "the disk hangs"
        goes_on.set()
        until(lambda: not receiver.counters.trouble and not refuses(receiver.port))
        assert [post(client, receiver, password, each) for each in ("first", "second")] == [204, 204]
    assert [frame.frame_id for frame in stored(tmp_path)] == ["first", "second"]


def _full(descriptor: int, data: bytes) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("missing", [(), ("httptools", "uvloop")], ids=["fast", "without C"])
def test_silent_connections_are_bounded_and_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...]
) -> None:
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "uvicorn.protocols.http.auto", raising=False)
    monkeypatch.setattr(f"{SERVER}.MOST_CONNECTIONS", 20)
    monkeypatch.setattr(f"{SERVER}.HEAD_SECONDS", 0.3)
    password = new_password(tmp_path, "main", app="example-app")
    with receiving(tmp_path) as receiver, httpx.Client() as client:
        silent = [socket.create_connection((LOOPBACK, receiver.port)) for _ in range(50)]
        silent[0].sendall(b"POST / HTTP/1.1\r\nHost: x\r\n")
        for each in silent:
            each.settimeout(5)
            with suppress(ConnectionResetError):
                assert each.recv(1) == b""
            each.close()
        assert post(client, receiver, password, "1") == 204


def test_tls_ends_here_with_a_certificate(tmp_path: Path) -> None:
    password = new_password(tmp_path, "main", app="example-app")
    certificate = certificates()["self-signed"]
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    with receiving(tmp_path, cert=certificate) as receiver, httpx.Client(verify=context) as client:
        url = f"https://{LOOPBACK}:{receiver.port}/"
        assert client.post(url, content=BODY, auth=("main", password)).status_code == 204


def test_a_broken_certificate_is_refused_and_leaves_the_archive_free(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    with pytest.raises(Refused, match="--cert and --key cannot be used"):
        receiver_of(tmp_path, cert=broken)
    Journal(tmp_path / "journal").take()


def test_a_simulated_heroku_drains_into_it_and_nothing_is_lost_doubled_or_miscounted(tmp_path: Path) -> None:
    password = new_password(tmp_path, "main", app="example-app")
    world = scenario("one-bad-dyno")
    with receiving(tmp_path) as receiver:
        world.add_drain("example-app", f"http://main:{password}@{LOOPBACK}:{receiver.port}/")
        delivery = Delivery(world, State(account=world.account))
        delivery.deliver()  # a drain sees what is said after it was added
        tail = world.app("example-app").log.follow()
        for _ in range(3):
            world.tick(40)
            delivery.deliver()
        counted = receiver.counters.total()
    said = tail.take()
    assert len(said) > 100
    assert b"".join(frame.body for frame in stored(tmp_path)) == frames(said)
    assert (counted.messages, counted.miscounted, counted.repeated) == (len(said), 0, 0)


def test_metrics_tell_of_the_disk_of_what_waits_and_of_what_another_process_found(tmp_path: Path) -> None:
    from herodyno.archive.receive.server import Address, Receiver

    more = Samples()
    more.add(Metric("of_another", "gauge", "One."), 1)
    password = new_password(tmp_path, "main", app="example-app")
    receiver = Receiver(tmp_path, Address(LOOPBACK, 0), lambda counters: None, lambda: more)
    thread = threading.Thread(target=receiver.run)
    thread.start()
    try:
        with httpx.Client() as client:
            assert post(client, receiver, password, "a") == 204
            asked = {"accept": "application/openmetrics-text"}
            url = f"http://{LOOPBACK}:{receiver.port}/metrics"
            text = client.get(url, auth=("main", password), headers=asked).text
    finally:
        receiver.end()
        thread.join(20)
        receiver.close()
    found = {each.name.removeprefix("herodyno_receive_"): value for each, value in parsed(text).items()}
    assert 0 < found["disk_free_bytes"] <= found["disk_size_bytes"]
    assert found["start_timestamp_seconds"] <= found["uncompacted_timestamp_seconds"] + 1
    assert found["waiting_bytes"] == found["write_seconds"] == 0
    assert found["of_another"] == 1
