"""The rows of a window that an engine counts: good requests, runtime metrics, and what apps printed outside tracebacks.

What they add to the facts is what a counting line by line would add. Lines whose incarnation time does not tell are
counted one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from herodyno.archive.engines.engine import Engine, Relation
from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.history import History
from herodyno.archive.rows import log_line, time_of
from herodyno.archive.window.line_numbers import NumberedLine, numbered, second_of
from herodyno.archive.window.printed_lines import PrintedLines, traced_seconds
from herodyno.archive.window.safe_spans import safe_spans
from herodyno.archive.window.statements import Row, rows_in, rows_of, statement
from herodyno.diagnosis.counting.events import LONGEST_PATH, attribute, count_for_app
from herodyno.diagnosis.counting.facts import EVIDENCE_LINES, Facts, IncarnationFacts, IncarnationKey, SharedFacts
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.counting.tallies import MOST_NAMES, Tally
from herodyno.diagnosis.timeline.attribution import place_event
from herodyno.diagnosis.timeline.boundaries import Boundaries
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.timeline import Timeline
from herodyno.logs.events import Event, LogLine, MemorySample, RouterRequest
from herodyno.logs.parsing.event import event_of
from herodyno.logs.scan.scanner import LONGEST_SERVICE

# Ours: where more seconds than these must be read line by line, all are.
_MOST_SECONDS = 200_000
# Ours: names kept of each incarnation, at least as many as a counting line by line keeps (tallies.py).
_MOST_NAMES = MOST_NAMES * 4
# Relations may not be empty. No line is of these.
_NO_ID, _NO_SPAN = ("", ""), (-1, "", 0, 0)
_REQUEST = RouterRequest(
    LogLine(None, "heroku", "router", "", "", 0), "", "", "", "", "", "", "", "", "", "", None, None, None, None, "", ""
)


class Shown(NamedTuple):
    """A line that may be shown as evidence: one of an incarnation's newest samples of memory."""

    ts_us: int
    dyno: str
    dyno_id: str


class OrdinaryRows:
    """The ordinary rows of a window. `boundaries` are what they tell of the beginnings and ends of dynos."""

    def __init__(self, engine: Engine, window: History) -> None:
        of_window = {"app": window.app, "first_us": window.first_us, "last_us": window.last_us}
        loose = engine.rows(statement("loose"), **of_window)
        most = min(_MOST_SECONDS, engine.most_values)
        traced = traced_seconds(rows_of(engine, "traced", of_window), most)
        kinds = ("router",) if traced is None else ("router", "metrics", "app")
        self.values: dict[str, Any] = {
            **of_window,
            "kinds": kinds if len(loose) <= most else ("",),
            "loose": Relation([(-1,), *loose[:most]]),
            "traced": Relation([("", 0), *sorted(traced or ())]),
        }
        self.boundaries = Boundaries()
        self.printed = PrintedLines(engine, self.values)
        self.shown: dict[IncarnationKey, list[Shown]] = {}
        for dyno, dyno_id, sent_us, first_us, last_us in engine.rows(statement("names"), **self.values):
            first, last = first_us / US_PER_SECOND, last_us / US_PER_SECOND
            self.boundaries.span.widen(first, last)
            self.boundaries.add_name(dyno, sent_us / US_PER_SECOND, last)
            if dyno_id is not None:
                self.boundaries.add_id(dyno, dyno_id, first, last)

    def facts(
        self, engine: Engine, times: Timeline, is_wanted: Callable[[str], bool], ranks: Mapping[int, int]
    ) -> Facts:
        """What these rows add to the facts, for names that are wanted. Evidence is left to `shown`.

        `ranks` are those of lines that other lines of apps have (printed.py). Of lines of apps, the facts have the
        place in `printed.lines` from 1 on instead of the number.
        """
        facts = Facts()
        first, last = (self.values[bound] / US_PER_SECOND for bound in ("first_us", "last_us"))
        own = [
            each
            for each in times.all_incarnations()
            if is_wanted(each.dyno)
            and (each.start or 0.0) <= last
            and (each.end is None or each.end >= first - LONGEST_SERVICE)
        ]
        ids = [(place, each.dyno, each.id) for place, each in enumerate(own) if each.id]
        known = {row[1:] for row in ids}
        values = {
            **self.values,
            "spans": Relation([_NO_SPAN, *safe_spans(times, own)]),
            "ids": Relation([(-1, *_NO_ID), *ids]),
            "unknown": (_NO_ID, *(each for each in self.boundaries.ids if each not in known and is_wanted(each[0]))),
            "names": ("", *filter(is_wanted, self.boundaries.names)),
            "most": _MOST_NAMES,
        }

        def rows(name: str) -> Iterator[Row]:
            return rows_of(engine, name, values)

        def by_incarnation(name: str) -> Iterator[tuple[Incarnation, list[Row]]]:
            for place, of_place in groupby(rows(name), itemgetter(0)):
                yield own[place], [row[1:] for row in of_place]

        for each, some in by_incarnation("service"):
            _add_service(facts, facts.of(each.key), some)
        for each, some in by_incarnation("cells"):
            grid = facts.of(each.key).grid = _grid(some)
            facts.types.setdefault(each.type, Grid()).update(grid, times=False)
        for key in ("path", "client"):
            rare = 0
            for each, some in by_incarnation(f"{key}s"):
                own_facts = facts.of(each.key)
                rare += _add_names(own_facts.paths if key == "path" else own_facts.clients, facts.shared, key, some)
            for batch in engine.batches(statement(f"rare_{key}s"), **values) if rare else ():
                names = Counter[str]()
                for name, n in rows_in(batch):
                    names[name[:LONGEST_PATH]] += n
                facts.shared.fold_good(key, names)
        for *words, n in rows("shared"):
            for key, word in zip(("method", "host", "status"), words, strict=True):
                facts.shared.add_good(key, {str(word): n} if word else {})
        for each, some in by_incarnation("metrics"):
            self._add_metrics(facts, each, some)
        for row in rows("uncertain"):
            _count(facts, _request(*row), times)
        for ts_us, dyno, dyno_id, message in rows("uncertain_metrics"):
            event = event_of(log_line(ts_us, "heroku", dyno, message))
            self._count_metric(facts, event, times, Shown(ts_us, dyno, dyno_id))
        self.printed = PrintedLines(engine, values)
        self.printed.count(facts, times, own, ranks)
        return facts

    def numbered(self, engine: Engine, times_us: Collection[int]) -> Iterator[NumberedLine]:
        """The lines of some times, with their numbers among all lines of the window."""
        if not times_us:
            return
        values = {
            **self.values,
            "times": Relation((ts_us,) for ts_us in sorted(times_us)),
            "seconds": Relation((second,) for second in sorted({second_of(ts_us) for ts_us in times_us})),
        }
        before: dict[int, int] = dict(rows_of(engine, "before", values))
        yield from numbered(rows_of(engine, "lines_of_times", values), before)

    def _add_metrics(self, facts: Facts, own: Incarnation, rows: list[Row]) -> None:
        counted = facts.of(own.key)
        seconds = [ts_us / US_PER_SECOND for ts_us, *_ in rows]
        facts.saw(seconds[0], seconds[-1], lines=len(rows))
        counted.saw(seconds[0], seconds[-1], lines=len(rows))
        loads = [(at, row[-1]) for at, row in zip(seconds, rows, strict=True) if row[-1] is not None]
        counted.load.add(*zip(*loads, strict=True)) if loads else None
        if of_memory := [row for row in rows if row[1] is not None]:
            stamps, totals, swaps, quotas, pages, _ = zip(*of_memory, strict=True)
            counted.memory.add_samples(
                [ts_us / US_PER_SECOND for ts_us in stamps], totals, [swap or 0.0 for swap in swaps], quotas, pages
            )
            assert own.id is not None
            self._show(own.key, [Shown(ts_us, own.dyno, own.id) for ts_us in stamps[-EVIDENCE_LINES:]])

    def _count_metric(self, facts: Facts, event: Event, times: Timeline, line: Shown) -> None:
        _count(facts, event, times)
        own = place_event(event, times).incarnation
        if own is not None and isinstance(event, MemorySample):
            del facts.of(own.key).evidence.lines["memory"]
            self._show(own.key, [line])

    def _show(self, key: IncarnationKey, lines: list[Shown]) -> None:
        self.shown[key] = sorted([*self.shown.get(key, []), *lines])[-EVIDENCE_LINES:]


def _count(facts: Facts, event: Event, times: Timeline) -> None:
    count_for_app(facts, event)
    attribute(facts, event, times)


def _request(
    ts_us: int, dyno: str, service_ms: int, path: str | None, client: str | None, method: str | None, host: str | None,
    status: int,
) -> RouterRequest:  # fmt: skip
    """A good request with the fields that are counted."""
    line = _REQUEST.line._replace(at=time_of(ts_us))
    return _REQUEST._replace(
        line=line, dyno=dyno, service_ms=service_ms, path=path or "", fwd=client or "", method=method or "",
        host=host or "", status=status,
    )  # fmt: skip


def _add_service(facts: Facts, own: IncarnationFacts, rows: list[Row]) -> None:
    milliseconds, counts, firsts, lasts = zip(*rows, strict=True)
    first, last, n = min(firsts) / US_PER_SECOND, max(lasts) / US_PER_SECOND, sum(counts)
    own.good_service = Counter(dict(zip(milliseconds, counts, strict=True)))
    own.requests += n
    facts.router_lines += n
    for counted in (own, facts):
        counted.saw(first, last, lines=n)


def _grid(rows: list[Row]) -> Grid:
    grid = Grid(rows[0][0] // US_PER_SECOND)
    for _, cell_us, step, n in rows:
        grid.add_run(cell_us / US_PER_SECOND, n, 0, bytes((step,)) * n)
    return grid


def _add_names(tally: Tally, shared: SharedFacts, key: str, rows: list[Row]) -> int:
    """Count the names of one incarnation. Gives how many more have a name that was not asked for."""
    names = Counter[str]()
    for name, n in rows:
        if name is not None:
            names[name[:LONGEST_PATH]] += n
    rest: int = sum(n for name, n in rows if name is None)
    tally.counts.update(names)
    tally.other += rest
    shared.add_good(key, {name: n for name, n in names.items() if name})
    return rest
