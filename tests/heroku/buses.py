"""D-Bus sessions for tests: a private one with a real Secret Service, and one that goes silent after the handshake."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.real_parts import need

NEEDED = ("dbus-daemon", "gnome-keyring-daemon", "secret-tool")
# No service folder: whoever asks too early must not make the bus start a second, locked keyring.
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir={folder}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy>
</busconfig>"""


def need_secret_service() -> None:
    """The programs of a Secret Service, from Debian's packages."""
    for name in NEEDED:
        need(name, install="the Debian packages dbus-daemon gnome-keyring libsecret-tools")


@contextmanager
def secret_service(folder: Path) -> Iterator[dict[str, str]]:
    """A Secret Service, unlocked and empty, on a bus of its own; the environment of programs that use it."""
    need_secret_service()
    home = folder / "home"
    home.mkdir(mode=0o700, parents=True)
    # The path of a socket has at most 107 bytes, and a test's own folder may take them all.
    with TemporaryDirectory(prefix="bus-") as runtime, _bus(folder, runtime, home) as environ:
        yield environ


@contextmanager
def _bus(folder: Path, runtime: str, home: Path) -> Iterator[dict[str, str]]:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": runtime,
        "XDG_DATA_HOME": str(home / "data"),
        "LANG": "C.UTF-8",
    }
    (folder / "bus.conf").write_text(CONFIG.format(folder=runtime))
    argv = ["dbus-daemon", "--nofork", "--print-address=1", f"--config-file={folder / 'bus.conf'}"]
    with subprocess.Popen(argv, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bus:
        assert bus.stdout is not None
        environ["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        try:
            with _keyring_daemon(environ):
                yield environ
        finally:
            bus.terminate()


@contextmanager
def _keyring_daemon(environ: dict[str, str]) -> Iterator[None]:
    argv = ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(argv, env=environ, **pipes) as daemon:
        assert daemon.stdin is not None
        daemon.stdin.write(b"a password")
        daemon.stdin.close()
        try:
            _wait_for_the_service(environ)
            yield
        finally:
            daemon.terminate()


# Asking for the default collection would open a dialog where there is none yet, or a locked one.
IS_READY = (
    "import secretstorage as s; bus = s.dbus_init();"
    "assert not s.Collection(bus, '/org/freedesktop/secrets/collection/login').is_locked()"
)


def _wait_for_the_service(environ: dict[str, str]) -> None:
    give_up = time.monotonic() + 15
    while time.monotonic() < give_up:
        with suppress(subprocess.TimeoutExpired):
            argv = [sys.executable, "-c", IS_READY]
            if subprocess.run(argv, env=environ, capture_output=True, timeout=5).returncode == 0:
                return
        time.sleep(0.1)
    pytest.fail("the Secret Service did not start")


@contextmanager
def silent_bus(folder: Path, *, authenticates: bool = True) -> Iterator[str]:
    """The address of a bus that accepts (and authenticates), and then never says another word."""
    path = folder / "bus"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    open_connections: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                open_connections.append(connection)
                if authenticates:
                    threading.Thread(target=_authenticate, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"unix:path={path}"
    finally:
        for each in (listener, *open_connections):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)  # closing alone would not wake who waits for it
            each.close()


def _authenticate(connection: socket.socket) -> None:
    with suppress(OSError):
        while data := connection.recv(4096):
            if b"AUTH" in data:
                connection.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
            if b"NEGOTIATE_UNIX_FD" in data:
                connection.sendall(b"AGREE_UNIX_FD\r\n")
