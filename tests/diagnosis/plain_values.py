"""Facts as dicts, lists and scalars: what two ways of counting found can be compared."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any

from herodyno.diagnosis.counting.errors.path_bursts import PathBursts
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.counting.pages import PathTally
from herodyno.diagnosis.counting.samples import MemorySamples
from herodyno.diagnosis.counting.tallies import Tally
from herodyno.diagnosis.timeline.kept_events import KeptEvents


def plain(value: Any) -> Any:
    """Anything as dicts, lists and scalars that can be compared."""
    if isinstance(value, MemorySamples):
        return list(value)
    if isinstance(value, array):
        return list(value)
    if isinstance(value, KeptEvents):
        return plain(list(value))
    if isinstance(value, PathBursts):
        return value.by_path()
    if isinstance(value, PathTally):
        return {"total": value.total, "pages": value.by_page()}
    if isinstance(value, Tally) and (value.other or len(value.counts) > value.most):
        return value.total  # which of the rarest names are kept depends on the order in which they come
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Grid):
        return {at: (cell.requests, cell.errors, dict(cell.service)) for at, cell in value.in_order()}
    if hasattr(type(value), "__slots__") and not isinstance(value, tuple):
        return {name: plain(getattr(value, name)) for name in type(value).__slots__}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
