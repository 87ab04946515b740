"""The user's own shell behind a rendezvous, only with the option `--real-shell`."""

from __future__ import annotations

import os
import select
import ssl
import subprocess
from collections.abc import Mapping

PACKET_BYTES = 65_536


def run(command: str, env: Mapping[str, str], sock: ssl.SSLSocket) -> int:
    """Run `command` in sh on a pty, connected to `sock`. Return its status, 129 when the client hung up."""
    import pty  # Windows has no pty; only this option is missing there

    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - this option is there to run what was typed
        ["/bin/sh", "-c", command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **env},
        start_new_session=True,
    )
    os.close(theirs)
    try:
        while True:
            client = sock.fileno()
            ready = [client] if sock.pending() else select.select([client, ours], [], [], 0.5)[0]
            if client in ready:
                data = sock.recv(PACKET_BYTES)
                if not data:
                    process.terminate()
                    return 129
                os.write(ours, data)
            if ours in ready:
                try:
                    output = os.read(ours, PACKET_BYTES)
                except OSError:  # Linux says EIO when the other end of a pty was closed
                    output = b""
                if not output:
                    return process.wait() & 255
                sock.sendall(output)
    finally:
        os.close(ours)
