"""Server errors of one incarnation, or of none: counts by code, and how many errors were independent."""

from __future__ import annotations

from collections import Counter
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
    episodes: dict[str, Spans] = parts()  # code or "5xx", "" for all -> spans
    paths: Tally = part(Tally)
    clients: Tally = part(Tally)

    @property
    def n(self) -> int:
        """Raw lines."""
        return sum(self.by_code.values())

    def add(self, code: str, family: str, path: str, client: str, seconds: float) -> None:
        """Count one failed request."""
        self.by_code[code] += 1
        burst = self.bursts.get((family, path))
        if burst is None:
            path_kept = path if len(self.bursts) < MOST_PATHS_IN_BURSTS else ""
            burst = self.bursts.setdefault((family, path_kept), Spans())
        burst.add(seconds)
        for what in (family, ""):
            episodes = self.episodes.get(what)
            if episodes is None:
                episodes = self.episodes[what] = Spans()
            episodes.add(seconds)
        self.paths.add(path)
        if client:
            self.clients.add(client)

    def lines_of(self, family: str) -> int:
        """Raw lines of a family (all when "")."""
        if not family:
            return self.n
        return sum(n for code, n in self.by_code.items() if code == family or (family == "5xx" and code.isdigit()))

    def families(self) -> set[str]:
        """The families that have errors."""
        return {family for family, _ in self.bursts}

    def events(self, family: str = "", start: float = float("-inf"), end: float = float("inf")) -> int:
        """Events of a family (all families when ""), bursts collapsed, between two times."""
        return sum(spans.events(start, end) for (own, _), spans in self.bursts.items() if not family or own == family)

    @property
    def all_episodes(self) -> Spans:
        """The spans of close errors of all families together."""
        return self.episodes.get("") or Spans()

    def count_episodes(self, family: str, start: float, end: float, *, every: float) -> int:
        """Episodes between two times; a long episode counts once more per full `every` seconds."""
        spans = self.episodes.get(family)
        return spans.events(start, end, every=every) if spans else 0

    def touches(self, start: float, end: float, family: str = "") -> bool:
        """Whether any error of the family falls into [start, end)."""
        return any(spans.touches(start, end) for (own, _), spans in self.bursts.items() if not family or own == family)
