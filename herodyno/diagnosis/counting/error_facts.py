"""Server errors of one incarnation, or of none: counts by code, and how many errors were independent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from herodyno.diagnosis.counted import Counted, counts, part, parts
from herodyno.diagnosis.counting.bursts import Spans
from herodyno.diagnosis.counting.tallies import Tally

MOST_PATHS_IN_BURSTS = 1000


@dataclass(slots=True, eq=False)
class ErrorFacts(Counted):
    """Server errors: raw lines by code, and spans of close errors by family (a code, or "5xx" without a code).

    A burst is of one path, an episode of all paths. A dyno that hangs for five seconds fails ten requests of ten
    paths: ten bursts, one episode.
    """

    by_code: Counter[str] = counts()
    bursts: dict[tuple[str, str], Spans] = parts()  # (code or "5xx", path) -> spans
    episodes: dict[str, Spans] = parts()  # code or "5xx" -> spans
    paths: Tally = part(Tally)
    clients: Tally = part(Tally)

    @property
    def n(self) -> int:
        """Raw lines."""
        return sum(self.by_code.values())

    def add(self, code: str, family: str, path: str, client: str, seconds: float) -> None:
        """Count one failed request."""
        self.by_code[code] += 1
        self._burst(family, path).add(seconds)
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
        of_path: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        for family, path, at in zip(families, paths, seconds, strict=True):
            of_family[family].append(at)
            of_path[family, path].append(at)
        for key, times in of_path.items():
            (self.bursts.get(key) or self._burst(*key)).add_all(times)
        for family, times in of_family.items():
            self._episodes(family).add_all(times)
        self.paths.add_each(paths)
        self.clients.add_each(list(filter(None, clients)))

    def _burst(self, family: str, path: str) -> Spans:
        burst = self.bursts.get((family, path))
        if burst is None:
            path_kept = path if len(self.bursts) < MOST_PATHS_IN_BURSTS else ""
            burst = self.bursts.setdefault((family, path_kept), Spans())
        return burst

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
        return sum(spans.events() for spans in self.bursts.values())

    @property
    def first(self) -> float | None:
        """When the first error came."""
        return min((first for spans in self.episodes.values() for first, _ in spans), default=None)

    def touches(self, start: float, end: float) -> bool:
        """Whether an error came between two times."""
        return any(first <= end and last >= start for spans in self.episodes.values() for first, last in spans)
