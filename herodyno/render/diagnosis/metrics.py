"""How each metric of a plot is told: its name, the values of its scale, the numbers of a dyno beside its picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from herodyno.diagnosis.report.row import IncarnationRow
from herodyno.diagnosis.report.series import Metric
from herodyno.render.diagnosis.blame import rate_cell
from herodyno.units import count, megabytes, milliseconds, share


class Told(NamedTuple):
    """How a metric is told: its name, a value of its scale, the numbers of a dyno."""

    title: str
    label: Callable[[float], str]
    numbers: Callable[[IncarnationRow], str]


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _load(value: float) -> str:
    return f"{value:.2f}"


def _memory(it: IncarnationRow) -> str:
    memory = it.memory
    of_quota = f" ({share(memory.max_pct, 100)} of {megabytes(memory.quota_mb)})" if memory.quota_mb else ""
    codes = "".join(f", {code} x{n}" for code, n in (("R14", memory.r14), ("R15", memory.r15)) if n)
    return f"{megabytes(memory.last_mb)} at last, {megabytes(memory.max_mb)} at most{of_quota}{codes}"


def _swap(it: IncarnationRow) -> str:
    return _last_and_most(it.series.swap_mb, megabytes)


def _last_and_most(levels: Iterable[float | None], label: Callable[[float], str]) -> str:
    known = [value for value in levels if value is not None]
    return f"{label(known[-1])} at last, {label(max(known))} at most"


def _requests(it: IncarnationRow) -> str:
    return f"{count(it.requests.n, 'request')}, {share(it.requests.share)} of its type"


def _errors(it: IncarnationRow) -> str:
    rate = rate_cell(it.errors.rate, it.errors.rate_ci95)
    return f"{count(it.errors.n)} of {count(it.requests.n, 'request')}, {rate}"


def _latency(it: IncarnationRow) -> str:
    return f"all requests: median {milliseconds(it.requests.p50_ms)}, p95 {milliseconds(it.requests.p95_ms)}"


TOLD: dict[Metric, Told] = {
    "memory": Told("memory in MB", _whole, _memory),
    "swap": Told("swap in MB", _whole, _swap),
    "load": Told("load average of 1 minute", _load, lambda it: _last_and_most(it.series.load, _load)),
    "requests": Told("requests", _whole, _requests),
    "errors": Told("server errors", _whole, _errors),
    "latency": Told("median ms of requests without error (within 5 %)", _whole, _latency),
}
