"""The receiver's socket: loopback is told from the rest, and a taken port says who has it."""

import os
from pathlib import Path

import pytest

from herodyno.archive.receive.listening import PortTaken, connections_possible, is_loopback, listen, url
from herodyno.errors import Refused, UsageError


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("10.0.0.7", False)],
)  # fmt: skip
def test_only_this_machine_reaches_loopback(host: str, is_local: bool) -> None:
    assert is_loopback(host) is is_local


@pytest.mark.parametrize("host", ["", "example.com", "localhost.evil.test", "127.0.0.1:80"])
def test_a_name_is_no_address(host: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        is_loopback(host)


def test_a_taken_port_names_the_process_that_has_it() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        who = f" by process {os.getpid()}" if Path("/proc/net/tcp").exists() else ""
        with pytest.raises(PortTaken, match=f"port {port} is taken{who}"):
            listen("127.0.0.1", port)


def test_an_address_that_is_not_of_this_machine_is_refused() -> None:
    with pytest.raises(Refused, match=r"cannot listen at http://192\.0\.2\.1:"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("soft", "hard", "asked", "possible"),
    [(256, 300, 500, 200), (256, 300, 10, 10), (256, 9999, 500, 500), (256, -1, 500, 500), (1024, 1024, 20_000, 924)],
)
def test_connections_are_as_many_as_the_system_allows_files_and_no_more_than_asked(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, asked: int, possible: int
) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    limits = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda which: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda which, new: limits.append(new))
    assert connections_possible(asked) == possible
    assert all(now >= soft for now, _ in limits)


def test_an_address_of_version_6_stands_in_brackets() -> None:
    assert url("::1", 8601, is_tls=True) == "https://[::1]:8601/"
