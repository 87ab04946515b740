"""`archive receive`: the endpoint for log drains, and its state while it runs."""

from __future__ import annotations

import json
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from herodyno.archive.drains.known import read_drains
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.receive.counters import Counters, DrainCounters
from herodyno.archive.receive.listening import is_loopback, url
from herodyno.cli.archive.prune import keep_of
from herodyno.cli.options import Archive, option, switch
from herodyno.cli.session import Session
from herodyno.errors import ExtraMissing, NotFound, UsageError
from herodyno.openmetrics import Samples
from herodyno.render.archive.receiver import Look, came_lines, state_document, state_lines, state_note

if TYPE_CHECKING:
    from herodyno.cli.archive.beside import ProcessBeside
    from herodyno.cli.archive.flight_recorder import Recording

PORT = 8601
TOLD_SECONDS = 60  # in a pipe; ours
RATE_LOOKS = 10  # on a terminal, rates are of the last so many seconds; ours


class ReceiveOptions(NamedTuple):
    """The flags of `archive receive`."""

    archive: Archive
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="address to listen at")] = "127.0.0.1"
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes a free one")] = PORT
    allow_remote: Annotated[bool, switch("--allow-remote", help="listen at an address that others can reach")] = False
    cert: Annotated[str, option("--cert", metavar="FILE", help="certificate, where TLS does not end in front")] = ""
    key: Annotated[str, option("--key", metavar="FILE", help="key of the certificate")] = ""
    keep: Annotated[str, option("--keep", metavar="TIME", help="drop days older than this (24h)")] = ""
    no_compact: Annotated[bool, switch("--no-compact", help="do not compact each hour")] = False
    poll: Annotated[bool, switch("--poll", help="ask Heroku each minute which dynos run")] = False
    bundle_on: Annotated[
        str, option("--bundle-on", metavar="LEVEL", help="keep a bundle when the verdict turns critical, or warning")
    ] = ""
    bundle_dir: Annotated[str, option("--bundle-dir", metavar="DIR", help="where bundles go (ARCHIVE/bundles)")] = ""


def receive(ctx: typer.Context, options: ReceiveOptions) -> None:
    """Receive log drains into an archive until Ctrl-C.

    Examples:
      herodyno archive receive --archive logs
      herodyno archive receive --archive logs --port 8443 --cert c.pem --key k.pem
      herodyno archive receive --archive logs --keep 24h --bundle-on critical

    A frame is on the disk before Heroku hears so, and is stored once. Only drains
    with a password of `archive password` may send. Each hour a process beside it
    puts what came into the days. With --poll the dynos that Heroku lists are kept,
    too, so that lines without runtime metrics get dyno ids. /health and /metrics
    tell.
    """
    session = Session.of(ctx)
    _check(options)
    recording = _recording(options)
    ArchiveFolder(Path(options.archive)).require_ours()
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
    receiver = Receiver(Path(options.archive), address, show, show.samples)
    show.address = url(options.host, receiver.port, is_tls=bool(options.cert))
    try:
        if recording:
            from herodyno.cli.archive.flight_recorder import RecorderProcess

            show.beside.append(RecorderProcess(recording))
        if options.poll:
            from herodyno.cli.archive.dyno_poll import poll_beside

            show.beside.append(poll_beside(Path(options.archive)))
        session.output.note(f"receiving at {show.address}; Ctrl-C ends it")
        receiver.run()
    finally:
        for process in show.beside:
            process.close()
        receiver.close()


class _Show:
    """Shows the state: redrawn each second on a terminal; in a pipe lines each minute, and one for each new trouble."""

    def __init__(self, session: Session) -> None:
        self._output = session.output
        self._began = self._told = time.monotonic()
        self._totals = deque([(self._began, DrainCounters(""))])
        self._trouble = ""
        self.address = ""
        self.beside: list[ProcessBeside] = []

    def samples(self) -> Samples:
        """What the processes beside the receiver found last."""
        samples = Samples()
        for process in self.beside:
            samples.merge(process.samples())
        return samples

    def __call__(self, counters: Counters) -> None:
        output, now = self._output, time.monotonic()
        trouble = counters.trouble or counters.trouble_with_drains
        if trouble != self._trouble:
            self._trouble = trouble
            output.note(state_note(counters))
        for sentence in (each for process in self.beside for each in process.told()):
            output.note(sentence)
        in_place = output.draws_frames and not output.wants_json
        if not in_place and now - self._told < TOLD_SECONDS:
            return
        since, before = self._totals[0]
        look = Look(self.address, time.time_ns() // 1000, now - self._began, before, now - since)
        if in_place:
            output.frame(state_lines(counters, look, width=output.width))
        elif output.wants_json:
            output.write(json.dumps(state_document(counters, look), separators=(",", ":")) + "\n")
        else:
            output.lines(came_lines(counters, look))
        self._told = now
        self._totals.append((now, counters.total()))
        while len(self._totals) > (RATE_LOOKS if in_place else 1):
            self._totals.popleft()


def _recording(options: ReceiveOptions) -> Recording | None:
    """What the process beside the receiver is to do; None for nothing."""
    if options.bundle_dir and not options.bundle_on:
        raise UsageError("--bundle-dir is for --bundle-on", next_step="add --bundle-on critical")
    if options.no_compact and options.keep:
        raise UsageError("--keep drops days after they were compacted", next_step="leave --no-compact out")
    if options.no_compact and not options.bundle_on:
        return None
    from herodyno.cli.archive.flight_recorder import LEVELS, Recording

    if options.bundle_on not in ("", *LEVELS):
        raise UsageError(f"--bundle-on {options.bundle_on!r} is no level", next_step="critical or warning")
    archive = Path(options.archive)
    keep = keep_of(options.keep) if options.keep else None
    bundles = Path(options.bundle_dir or archive / "bundles")
    return Recording(archive, options.bundle_on, bundles, keep, compacts=not options.no_compact)


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
