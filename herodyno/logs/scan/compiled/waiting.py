"""Rows of several blocks that wait inside the compiled part until many are counted at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Self

from herodyno.logs.scan.columns import Failures, LastLine, Samples
from herodyno.logs.scan.compiled.library import TABLES, Columns
from herodyno.logs.scan.compiled.lists import failed_requests_of, samples_of
from herodyno.logs.scan.held import (
    FailuresByDyno,
    Frequent,
    NamesOfRequests,
    NewestLine,
    Places,
    RequestRows,
    RequestsOfDyno,
    SamplesOfDyno,
)

_LOW = (1 << 32) - 1  # the lower of two numbers of a row (kept_requests.rs)


class _RowsOfBlocks:
    """The waiting rows of a table."""

    table: str

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    @classmethod
    def of_block(cls, columns: Columns) -> Self | None:
        """Put the rows of the block behind those that wait. None where there is no memory for that."""
        return None if columns.do("keep", TABLES.index(cls.table)) < 0 else cls(columns)

    def __len__(self) -> int:
        return self._columns.length(f"waiting_{self.table}_stamps")

    def _forget(self) -> None:
        self._columns.do("forget", TABLES.index(self.table))


class RequestsOfBlocks:
    """Good requests, each name once: WaitingRequests (scan/held.py)."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    @classmethod
    def of_block(cls, columns: Columns, span_seconds: int) -> Self | None:
        """Put the requests of the block behind those that wait. None where the part fails."""
        return None if columns.do("keep_requests", span_seconds * 1_000_000) < 0 else cls(columns)

    def names(self) -> NamesOfRequests:
        """The names in them."""
        columns = self._columns
        counted = (
            dict(zip(columns.texts(f"kept_{name}"), columns.numbers(f"kept_of_{name}"), strict=True))
            for name in ("methods", "hosts", "statuses")
        )
        return NamesOfRequests(
            columns.joined("kept_paths"),
            columns.numbers("kept_of_paths"),
            columns.joined("kept_fwds"),
            columns.numbers("kept_of_fwds"),
            columns.texts("kept_services"),
            *counted,
        )

    def take_rows(self) -> RequestRows:
        """All, in the order of the log. None waits any more."""
        columns = self._columns
        rows = columns.numbers("kept_rows")
        dynos, paths, fwds, services = (
            list(map(columns.texts(f"kept_{name}").__getitem__, [row >> bits & _LOW for row in rows[at::2]]))
            for name, at, bits in (("dynos", 0, 32), ("paths", 0, 0), ("fwds", 1, 32), ("services", 1, 0))
        )
        names = self.names()
        runs = columns.numbers("kept_cells")
        cells = [cell for cell, n in zip(runs[::2], runs[1::2], strict=True) for _ in range(n)]
        columns.do("forget_requests")
        return RequestRows(dynos, cells, paths, fwds, services, names.methods, names.hosts, names.statuses)

    def take_by_dyno(self, places: Places, most: int) -> Iterator[RequestsOfDyno] | None:
        """All, dyno by dyno. None waits any more. None, and all wait, where the part fails."""
        columns = self._columns
        if columns.count_requests([*places.paths, *places.clients, *places.services, *places.steps], most) < 0:
            return None
        columns.do("forget_requests")
        texts, numbers = columns.texts, columns.numbers
        runs = numbers("own_runs")
        return map(
            RequestsOfDyno,
            texts("own_dynos"),
            _slices(numbers("own_cells"), runs),
            _slices(numbers("own_cell_requests"), runs),
            _slices(columns.joined("own_steps"), numbers("own_requests")),
            *(self._frequent(each) for each in ("services", "paths", "clients")),
        )

    def _frequent(self, of: str) -> Iterator[Frequent]:
        numbers = self._columns.numbers
        told = numbers(f"own_told_{of}")
        each = (_slices(numbers(f"own_{of}"), told), _slices(numbers(f"own_of_{of}"), told))
        return map(Frequent, *each, numbers(f"own_other_{of}"))


class FailuresOfBlocks(_RowsOfBlocks):
    """Failed requests: WaitingFailures (scan/held.py)."""

    table = "failures"

    def take_lists(self) -> Failures:
        """All, as lists and in the order of the log. None waits any more."""
        taken = failed_requests_of(self._columns, "waiting_failures")
        self._forget()
        return taken

    def take_by_dyno(self, newest: int) -> FailuresByDyno | None:
        """All, dyno by dyno. None waits any more. None, and all wait, where the part fails."""
        columns = self._columns
        if columns.do("group_failures", newest) < 0:
            return None
        self._forget()
        texts, numbers = columns.texts, columns.numbers
        lines = map(
            NewestLine, columns.reals("failed_line_times"), numbers("failed_line_numbers"), texts("failed_lines")
        )
        coded = zip(texts("failed_line_codes"), lines, strict=True)
        return FailuresByDyno(
            texts("failed_dynos"),
            numbers("failed_requests").tolist(),
            columns.joined("failed_paths"),
            columns.joined("failed_fwds"),
            columns.joined("failed_codes"),
            columns.joined("failed_statuses"),
            columns.reals("failed_times").tolist(),
            numbers("failed_services").tolist(),
            dict(zip(texts("failed_methods"), numbers("failed_method_counts"), strict=True)),
            dict(zip(texts("failed_hosts"), numbers("failed_host_counts"), strict=True)),
            list(_portions(coded, numbers("failed_kept"))),
        )


class SamplesOfBlocks(_RowsOfBlocks):
    """Runtime metrics and R14 lines: WaitingSamples (scan/held.py)."""

    table = "samples"

    def take_lists(self) -> Samples:
        """All, as lists and in the order of the log. None waits any more."""
        taken = samples_of(self._columns, "waiting_samples")
        self._forget()
        return taken

    def take_by_dyno(self, newest: int) -> list[SamplesOfDyno] | None:
        """All, by name and dyno id. None waits any more. None, and all wait, where the part fails."""
        columns = self._columns
        if columns.do("group_samples", newest) < 0:
            return None
        self._forget()
        ids = columns.texts("measured_ids")
        ends = columns.reals("measured_spans")
        told, loaded = columns.numbers("measured_told"), columns.numbers("measured_loaded")
        of_memory = [n if dyno_id else 0 for n, dyno_id in zip(told, ids, strict=True)]
        lines = map(
            NewestLine,
            columns.reals("measured_line_times"),
            columns.numbers("measured_line_numbers"),
            columns.texts("measured_lines"),
        )
        return list(
            map(
                SamplesOfDyno,
                columns.texts("measured_names"),
                ids,
                ends[::2],
                ends[1::2],
                _slices(columns.reals("measured_times"), told),
                *(_slices(columns.reals(f"measured_{each}"), of_memory) for each in ("totals", "swaps", "quotas")),
                _slices(columns.numbers("measured_pages"), of_memory),
                _slices(columns.reals("measured_load_times"), loaded),
                _slices(columns.reals("measured_loads"), loaded),
                _portions(lines, [min(n, newest) for n in told]),
            )
        )


class LastLinesOfBlocks:
    """The newest lines of each name: WaitingLines (scan/held.py)."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    @classmethod
    def of_block(cls, columns: Columns) -> Self | None:
        """Put the newest lines of the block behind those that wait. None where the part cannot tell them."""
        return None if columns.do("keep_last") < 0 else cls(columns)

    def take_lists(self) -> list[tuple[bytes, LastLine]]:
        """The newest lines of each name, and perhaps older ones. None waits any more."""
        columns = self._columns
        lines = map(
            LastLine, columns.texts("last_stamps"), columns.numbers("last_numbers"), columns.texts("last_texts")
        )
        taken = list(zip(columns.texts("last_names"), lines, strict=True))
        columns.do("forget_last")
        return taken


def _portions(values: Iterator[Any], sizes: Iterable[int]) -> Iterator[list[Any]]:
    return (list(islice(values, size)) for size in sizes)


def _slices(values: Any, sizes: Iterable[int]) -> Iterator[Any]:
    begin = 0
    for size in sizes:
        yield values[begin : begin + size]
        begin += size
