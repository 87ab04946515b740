"""The user's own shell behind a rendezvous, only where it was asked for by name (`--real-shell`)."""

from __future__ import annotations

import os
import select
import ssl
import subprocess
from collections.abc import Mapping

PACKET = 65_536


def run(command: str, env: Mapping[str, str], sock: ssl.SSLSocket) -> int:
    """Run `command` in sh on a pty of its own, joined to `sock`; its status, or 129 when the client hung up."""
    import pty  # not on Windows, where only this option is missing

    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - to run what was typed is what was asked for
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
                data = sock.recv(PACKET)
                if not data:
                    process.terminate()
                    return 129
                os.write(ours, data)
            if ours in ready:
                try:
                    output = os.read(ours, PACKET)
                except OSError:  # Linux says EIO when the other end of a pty was closed
                    output = b""
                if not output:
                    return process.wait() & 255
                sock.sendall(output)
    finally:
        os.close(ours)
