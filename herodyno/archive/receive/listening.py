"""The socket that drains connect to: its address, and who has it when it is taken."""

from __future__ import annotations

import errno
import os
import socket
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from herodyno.errors import Refused, UsageError

BACKLOG = 2048
_OTHER_FILES = 100  # journal, libraries, terminal


class PortTaken(Refused):
    """Another process listens at this address."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address. Raises UsageError for what is no address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        raise UsageError(f"--host {host!r} is no address", next_step="write 127.0.0.1, ::1, 0.0.0.0 or ::") from None


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises PortTaken, Refused."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((str(address[0]), port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise Refused(f"cannot listen at {url(host, port)}: {error.strerror or error}") from None
        owner = _process_at(port)
        raise PortTaken(
            f"port {port} is taken" + (f" by process {owner}" if owner else ""), next_step="name another --port"
        ) from None


def connections_possible(most: int) -> int:
    """How many connections this process can hold, `most` at most: each is an open file. Raises that limit."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return most
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most + _OTHER_FILES if hard == resource.RLIM_INFINITY else min(hard, most + _OTHER_FILES)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    return max(min(most, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _OTHER_FILES), 1)


def url(host: str, port: int, *, is_tls: bool = False) -> str:
    """The address as a drain has it, without its user and password."""
    return f"http{'s' * is_tls}://{f'[{host}]' if ':' in host else host}:{port}/"


def _process_at(port: int) -> int | None:
    """The number of the process that listens at a port; None where the system does not tell."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            rows = [line.split() for line in Path("/proc/net", table).read_text().splitlines()[1:]]
            inodes |= {f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")}
    for folder in Path("/proc").glob("[0-9]*/fd") if inodes else ():
        with suppress(OSError):
            for descriptor in folder.iterdir():
                with suppress(OSError):
                    if os.readlink(descriptor) in inodes:  # noqa: PTH115 - the target is no path
                        return int(folder.parent.name)
    return None
