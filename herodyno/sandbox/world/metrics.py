"""log-runtime-metrics: load and memory of each dyno about every 20 seconds, R14 above the quota, R15 far above it.

Public logs show the gaps, and that the load of a young dyno lacks the longer averages. Dev Center: R15 comes at a
multiple of the quota that depends on the size. Private Spaces have no swap and no R14. Fir has no samples and no
R codes, and restarts a dyno at 100 % of its quota.
"""

from __future__ import annotations

from dataclasses import dataclass

from herodyno.sandbox.heroku_facts import FIRST_SAMPLE, SAMPLE_GAP
from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.dyno_actions import DynoActions
from herodyno.sandbox.world.resources import App, Dyno
from herodyno.sandbox.world.sizes import SIZES

CACHE_SHARE = 0.04  # of memory_total


@dataclass(slots=True)
class _Gauge:
    noise: float = 0.0
    pages_in: int = 20_000
    pages_out: int = 9_000
    load: float = 0.2


class Metrics:
    """Samples every dyno that is up, and enforces its memory quota."""

    def __init__(self, actions: DynoActions) -> None:
        self.simulator, self.lifecycle, self.actions = actions.simulator, actions.lifecycle, actions
        actions.lifecycle.on_up.append(self._begin)

    def _begin(self, app: App, dyno: Dyno) -> None:
        random, is_young = self.simulator.random, self._age(dyno) < FIRST_SAMPLE[0]
        first = random.uniform(*FIRST_SAMPLE) if is_young else 20 * random.random()
        self.lifecycle.schedule(dyno, first, lambda: self._sample(app, dyno, _Gauge()))

    def _age(self, dyno: Dyno) -> float:
        return (self.simulator.now - (dyno.started_at or dyno.created_at)).total_seconds()

    def _sample(self, app: App, dyno: Dyno, gauge: _Gauge) -> None:
        random, size, age, curve = self.simulator.random, SIZES[dyno.size], self._age(dyno), dyno.profile.memory
        gauge.noise = curve.next_noise(gauge.noise, random)
        total = max(30.0, curve.mean(age) + gauge.noise)
        cache = total * CACHE_SHARE
        rss = min(total, float(size.memory_mb)) - cache
        swap = max(0.0, total - size.memory_mb)
        gauge.pages_in += int(swap * random.uniform(1.5, 4.5)) + random.randint(0, 40)
        gauge.pages_out += int(swap * random.uniform(0.5, 2.0)) + random.randint(0, 20)
        gauge.load = max(0.0, gauge.load + random.gauss(0, 0.06) - (gauge.load - 0.25) * 0.2)
        if app.runtime_metrics and app.generation == "cedar":
            head = log_lines.sample_head(dyno.name, app.legacy_id, dyno.id)
            loads = [gauge.load, gauge.load * 0.9, gauge.load * 0.8][: (age > 60) + (age > 300) + (age > 900)]
            memory = log_lines.memory_sample(
                total=total, rss=rss, cache=cache, swap=swap,
                pages=(gauge.pages_in, gauge.pages_out), quota=size.memory_mb,
            )  # fmt: skip
            self.lifecycle.write(app, dyno, *([head + log_lines.load_sample(loads)] if loads else []), head + memory)
        self._enforce_quota(app, dyno, total, rss + swap)
        if dyno.state == "up":
            self.lifecycle.schedule(dyno, random.triangular(*SAMPLE_GAP), lambda: self._sample(app, dyno, gauge))

    def _enforce_quota(self, app: App, dyno: Dyno, total: float, counted: float) -> None:
        size = SIZES[dyno.size]
        if counted > size.memory_mb * size.kill_factor:
            if app.generation == "fir":
                self.actions.restart(app, dyno, "killed")
                return
            self.lifecycle.write(app, dyno, log_lines.memory_mark(total, size.memory_mb), log_lines.R15)
            self.lifecycle.kill(app, dyno)
        elif total > size.memory_mb and size.kill_factor > 1:
            marks = (log_lines.memory_mark(total, size.memory_mb), log_lines.R14)
            delay = self.simulator.random.uniform(0.008, 0.05)
            self.lifecycle.schedule(dyno, delay, lambda: self.lifecycle.write(app, dyno, *marks))
