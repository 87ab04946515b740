"""A process of its own asks one way for a verdict: it prints what that cost, and keeps facts and document in a file.

    python -m tests.bench.verdict OUT --since 24h --log FILE
    python -m tests.bench.verdict OUT --since 24h --archive PATH --engine URL

A log is counted in one pass. An engine counts ordinary rows of an archive. What is kept is the same for both, or one of
the two is wrong.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import pickle
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from herodyno.archive.engines.url import PASSWORD
from herodyno.cli.archive.engine import archive_of
from herodyno.cli.diagnose.archived import archive_inputs
from herodyno.cli.diagnose.fetch import file_inputs
from herodyno.cli.diagnose.inputs import FilterOptions, judged
from herodyno.cli.session import Session
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.one_pass import OnePass, Pass
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.output import Output
from tests.bench.week import APP
from tests.diagnosis.plain_values import plain

_BEGAN = time.perf_counter()
_AT = datetime(2026, 2, 1, tzinfo=UTC)


class Kept:
    """A way to the facts that keeps them."""

    def __init__(self, counted: Pass) -> None:
        self._counted, self.boundaries, self.found = counted, counted.boundaries, Facts()

    def facts(self, times: Timeline, selection: Any = None) -> Facts:
        self.found = self._counted.facts(times, selection)
        return self.found


def main() -> None:
    """Judge, print the cost as JSON, and write facts and document."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("out", type=Path)
    words.add_argument("--since", default="")
    words.add_argument("--log", default="")
    words.add_argument("--archive", default="")
    words.add_argument("--engine", default="")
    words.set_defaults(engine_timeout="")
    asked = words.parse_args()
    # No token: nobody asks Heroku.
    environ = {name: value for name, value in os.environ.items() if name in (PASSWORD, "HOME", "PATH")}
    session = Session(Output(io.StringIO(), io.StringIO(), environ), environ=environ, clock=lambda: _AT)
    log_filter = FilterOptions(since=asked.since).parse(session)
    passes: list[Kept] = []
    with ExitStack() as stack:
        if asked.log:
            inputs = file_inputs(session, [asked.log], None, APP, stack)
        else:
            archive = stack.enter_context(archive_of(session, asked))
            inputs = archive_inputs(session, archive, APP, log_filter)
        log = inputs.log

        def counted() -> Pass:
            passes.append(Kept(log.counted() if log.counted else OnePass(log)))
            return passes[-1]

        inputs = replace(inputs, log=replace(log, counted=counted), source=Source(kind="file"))
        found = judged(session, inputs, log_filter)
        document = json.loads(json.dumps(diagnosis_document(found)))
        wall, cpu, peak = time.perf_counter() - _BEGAN, sum(os.times()[:4]), _peak_mb()
    asked.out.write_bytes(pickle.dumps((plain(passes[-1].found), document)))
    print(json.dumps({"wall": wall, "cpu": cpu, "peak_mb": peak}))
    sys.stdout.flush()
    os._exit(0)  # threads of the engines have nothing more to say


def _peak_mb() -> float:
    """The peak memory of this process alone; that of the one that began it is not its own."""
    return next(
        int(line.split()[1]) / 1024 for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line
    )


if __name__ == "__main__":
    main()
