"""`archive receive`: the endpoint for log drains, and its state while it runs."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from herodyno.archive.drains import read_drains
from herodyno.archive.receive.counters import Counters, DrainCounters
from herodyno.archive.receive.listening import is_loopback, url
from herodyno.cli.options import Archive, option, switch
from herodyno.cli.session import Session
from herodyno.errors import ExtraMissing, NotFound, UsageError
from herodyno.render.archive.receiver import state_document, state_lines, state_note

PORT = 8601
TOLD_SECONDS = 60  # in a pipe; ours


class ReceiveOptions(NamedTuple):
    """The flags of `archive receive`."""

    archive: Archive
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="address to listen at")] = "127.0.0.1"
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes a free one")] = PORT
    allow_remote: Annotated[bool, switch("--allow-remote", help="listen at an address that others can reach")] = False
    cert: Annotated[str, option("--cert", metavar="FILE", help="certificate, where TLS does not end in front")] = ""
    key: Annotated[str, option("--key", metavar="FILE", help="key of the certificate")] = ""


def receive(ctx: typer.Context, options: ReceiveOptions) -> None:
    """Receive log drains into an archive until Ctrl-C.

    Examples:
      herodyno archive receive --archive logs
      herodyno archive receive --archive logs --port 8443 --cert c.pem --key k.pem

    A frame is on the disk before Heroku hears so, and is stored once. Only drains
    with a password of `archive password` may send. /health and /metrics tell.
    """
    session = Session.of(ctx)
    _check(options)
    if not len(read_drains(Path(options.archive))):
        raise NotFound(
            f"no drain may send to {options.archive} yet",
            next_step=f"herodyno archive password --archive {options.archive} --app example-app",
        )
    try:
        from herodyno.archive.receive.server import Address, Receiver
    except ModuleNotFoundError as missing:
        if missing.name != "uvicorn":
            raise
        raise ExtraMissing(
            "the receiver needs uvicorn, which is not installed", next_step="pip install 'herodyno[archive]'"
        ) from None
    address = Address(options.host, options.port, options.cert, options.key)
    show = _Show(session)
    receiver = Receiver(Path(options.archive), address, show)
    show.address = url(options.host, receiver.port, is_tls=bool(options.cert))
    try:
        session.output.note(f"receiving at {show.address}; Ctrl-C ends it")
        receiver.run()
    finally:
        receiver.close()


class _Show:
    """Shows the state: redrawn each second on a terminal; in a pipe a line a minute, and one for each new trouble."""

    def __init__(self, session: Session) -> None:
        self._output = session.output
        self._began = self._told = time.monotonic()
        self._before = DrainCounters("")
        self._trouble = ""
        self.address = ""

    def __call__(self, counters: Counters) -> None:
        total, now = counters.total(), time.monotonic()
        trouble = counters.trouble or counters.trouble_with_drains
        if trouble != self._trouble:
            self._trouble = trouble
            self._output.note(state_note(counters))
        if self._output.draws_frames and not self._output.wants_json:
            seconds, width = now - self._began, self._output.width
            self._output.frame(state_lines(counters, self._before, self.address, seconds, width=width))
            self._before = total
        elif now - self._told >= TOLD_SECONDS:
            document = state_document(counters, self._before, self.address, now - self._began)
            if self._output.wants_json:
                self._output.write(json.dumps(document, separators=(",", ":")) + "\n")
            else:
                self._output.lines(state_lines(counters, self._before, self.address, now - self._began)[1:2])
            self._before, self._told = total, now


def _check(options: ReceiveOptions) -> None:
    if not is_loopback(options.host) and not options.allow_remote:
        raise UsageError(
            f"others can reach {options.host}; nothing was opened",
            next_step="add --allow-remote; with --cert and --key, or with TLS in front of it",
        )
    if bool(options.cert) != bool(options.key):
        raise UsageError("--cert and --key go together", next_step="name both files, or none")
    for file in filter(None, (options.cert, options.key)):
        if not Path(file).is_file():
            raise NotFound(f"there is no file {file}")
