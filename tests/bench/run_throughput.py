"""100 MB through `run` into a pipe, against `cat` from the same socket."""

import os
import subprocess
import sys
import time

from tests.heroku.certificates import certificates
from tests.heroku.rendezvous_server import BANNER, Client, serving

MEGABYTES = 100
BLOCK = os.urandom(1 << 20)

# What stands for cat: the least a program can do that reads a TLS socket and writes what it got.
CAT = """
import socket, ssl, sys, os
context = ssl.create_default_context(cafile=sys.argv[2])
sock = context.wrap_socket(socket.create_connection(("localhost", int(sys.argv[1]))), server_hostname="localhost")
sock.sendall(b"secret\\r\\n")
while chunk := sock.recv(65536):
    os.write(1, chunk)
"""
RUN = """
import os, sys
from herodyno.heroku.attach.rendezvous import Address, attach
from herodyno.heroku.net.tls import make_context
from herodyno.operations.one_off.attached import carry
pipe = attach(Address("localhost", int(sys.argv[1]), "secret"), make_context({"SSL_CERT_FILE": sys.argv[2]}))
carry(pipe, word="0" * 32, stdin=None, write=lambda data: os.write(1, data))
"""


def flood(client: Client) -> None:
    client.send(BANNER)
    for _ in range(MEGABYTES):
        client.send(BLOCK)


def seconds(program: str) -> float:
    """Seconds that a program takes to bring 100 MB from the rendezvous to /dev/null."""
    with serving(flood) as server:
        argv = [sys.executable, "-c", program, str(server.port), str(certificates()["authority"])]
        begun = time.monotonic()
        subprocess.run(argv, stdout=subprocess.DEVNULL, check=True, timeout=120)
        return time.monotonic() - begun


def main() -> None:
    """Print the ratio. The target is at most twice as long as `cat`."""
    cat = min(seconds(CAT) for _ in range(3))
    run = min(seconds(RUN) for _ in range(3))
    print(f"{MEGABYTES} MB: cat {cat:.2f} s, run {run:.2f} s ({MEGABYTES / run:.0f} MB/s), ratio {run / cat:.2f}")


if __name__ == "__main__":
    main()
