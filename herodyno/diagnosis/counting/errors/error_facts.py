"""Server errors of one incarnation, or of none: counts by code, and how many errors were independent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from herodyno.diagnosis.counted import Counted, counts, part, parts
from herodyno.diagnosis.counting.errors.bursts import Spans
from herodyno.diagnosis.counting.errors.path_bursts import PathBursts
from herodyno.diagnosis.counting.pages import PathTally
from herodyno.diagnosis.counting.tallies import Tally

MOST_PAGES = 2000  # of one dyno's failed requests


@dataclass(slots=True, eq=False)
class ErrorFacts(Counted):
    """Server errors: raw lines by code, and spans of close errors by family (a code, or "5xx" without a code).

    A burst is of one path, an episode of all paths. A dyno that hangs for five seconds fails ten requests of ten
    paths: ten bursts, one episode.
    """

    by_code: Counter[str] = counts()
    bursts: PathBursts = part(PathBursts)
    episodes: dict[str, Spans] = parts()  # code or "5xx" -> spans
    paths: PathTally = part(partial(PathTally, most_pages=MOST_PAGES))
    clients: Tally = part(Tally)

    @property
    def n(self) -> int:
        """Raw lines."""
        return sum(self.by_code.values())

    def add(self, code: str, family: str, path: str, client: str, seconds: float) -> None:
        """Count one failed request."""
        self.by_code[code] += 1
        self.bursts.add_all((family,), (path,), (seconds,))
        self._episodes(family).add(seconds)
        self.paths.add(path)
        if client:
            self.clients.add(client)

    def add_all(
        self, codes: Sequence[str], families: Sequence[str], paths: Sequence[str], clients: Sequence[str],
        seconds: Sequence[float],
    ) -> None:  # fmt: skip
        """Count many failed requests, in order of time."""
        self.by_code.update(codes)
        of_family: defaultdict[str, list[float]] = defaultdict(list)
        for family, at in zip(families, seconds, strict=True):
            of_family[family].append(at)
        for family, times in of_family.items():
            self._episodes(family).add_all(times)
        self.bursts.add_all(families, paths, seconds)
        self.paths.add_each(paths)
        self.clients.add_each(list(filter(None, clients)))

    def _episodes(self, family: str) -> Spans:
        episodes = self.episodes.get(family)
        if episodes is None:
            episodes = self.episodes[family] = Spans()
        return episodes

    def families(self) -> set[str]:
        """The families that have errors."""
        return set(self.episodes)

    def events(self) -> int:
        """Events, each burst counted once."""
        return self.bursts.events()

    @property
    def first(self) -> float | None:
        """When the first error came."""
        return min((first for spans in self.episodes.values() for first, _ in islice(spans, 1)), default=None)

    def touches(self, start: float, end: float) -> bool:
        """Whether an error came between two times."""
        return any(spans.touch(start, end) for spans in self.episodes.values())
