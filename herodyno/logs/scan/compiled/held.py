"""Good requests that stay inside the compiled part until many are counted at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from herodyno.logs.scan.columns import Requests, RequestsByDyno
from herodyno.logs.scan.compiled.library import Columns


class RequestsOfBlock:
    """The good requests of the block that was read last: HeldRequests (columns.py)."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self.n = columns.length("requests_stamps")
        names = ("spans_dynos", "spans_firsts", "spans_lasts")
        self.spans = list(zip(*map(columns.texts, names), strict=True))

    def read(self) -> Requests:
        """The requests as lists."""
        return Requests(*(self._columns.texts(f"requests_{field}") for field in Requests._fields))

    def wait(self) -> RequestsOfBlocks | None:
        """Put the requests behind those that wait inside. None where there is no memory for that."""
        return None if self._columns.keep() < 0 else RequestsOfBlocks(self._columns)


class RequestsOfBlocks:
    """The requests of several blocks: WaitingRequests (columns.py)."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def __len__(self) -> int:
        return self._columns.length("waiting_stamps")

    def take_lists(self) -> Requests:
        """All, as lists and in the order of the log. None waits any more."""
        taken = Requests(*(self._columns.texts(f"waiting_{field}") for field in Requests._fields))
        self._columns.forget()
        return taken

    def take_by_dyno(self, span_seconds: int) -> RequestsByDyno | None:
        """All, dyno by dyno. None waits any more. None, and all wait, where the part fails."""
        columns = self._columns
        if columns.group(span_seconds * 1_000_000) < 0:
            return None
        columns.forget()
        texts, numbers = columns.texts, columns.numbers
        runs = zip(numbers("own_cells"), numbers("own_cell_requests"), strict=True)
        return RequestsByDyno(
            texts("own_dynos"),
            numbers("own_requests"),
            list(_portions(runs, numbers("own_runs"))),
            columns.joined("own_paths"),
            columns.joined("own_fwds"),
            numbers("own_services"),
            dict(zip(texts("own_methods"), numbers("own_method_counts"), strict=True)),
            dict(zip(texts("own_hosts"), numbers("own_host_counts"), strict=True)),
            dict(zip(texts("own_statuses"), numbers("own_status_counts"), strict=True)),
        )


def _portions(runs: Iterator[tuple[int, int]], sizes: list[int]) -> Iterator[list[tuple[int, int]]]:
    return (list(islice(runs, size)) for size in sizes)
