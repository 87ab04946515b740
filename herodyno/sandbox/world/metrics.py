"""log-runtime-metrics: load and memory of each dyno every 20 seconds or so, R14 above the quota, R15 far above it.

Source: public logs (first sample 15 to 30 s after the start, gaps of 18 to 35 s; a young dyno's load lacks the
longer averages) and the Dev Center (R15 at a multiple of the quota; no swap and no R14 in Private Spaces; Fir has
neither samples nor R codes and restarts a dyno at 100 %).
"""

from __future__ import annotations

from dataclasses import dataclass

from herodyno.sandbox.world import log_lines
from herodyno.sandbox.world.dyno_orders import DynoOrders
from herodyno.sandbox.world.nouns import App, Dyno
from herodyno.sandbox.world.sizes import SIZES

CACHE = 0.04  # share of memory_total that is disk cache
FIRST_SAMPLE = (15.0, 30.0)
GAP = (18.5, 27.0, 20.6)  # triangular: lowest, highest, most common


@dataclass(slots=True)
class _Gauge:
    noise: float = 0.0
    pages_in: int = 20_000
    pages_out: int = 9_000
    load: float = 0.2


class Metrics:
    """Samples every dyno that is up, and lets the platform act on what it sees."""

    def __init__(self, orders: DynoOrders) -> None:
        self.stage, self.life, self.orders = orders.stage, orders.life, orders
        orders.life.on_up.append(self._begin)

    def _begin(self, app: App, dyno: Dyno) -> None:
        age = self._age(dyno)
        first = self.stage.random.uniform(*FIRST_SAMPLE) if age < FIRST_SAMPLE[0] else 20 * self.stage.random.random()
        self.life.plan(dyno, first, lambda: self._sample(app, dyno, _Gauge()))

    def _age(self, dyno: Dyno) -> float:
        return (self.stage.now - (dyno.started_at or dyno.created_at)).total_seconds()

    def _sample(self, app: App, dyno: Dyno, gauge: _Gauge) -> None:
        random, size, age, curve = self.stage.random, SIZES[dyno.size], self._age(dyno), dyno.behaviour.memory
        gauge.noise = curve.next_noise(gauge.noise, random)
        total = max(30.0, curve.mean(age) + gauge.noise)
        cache = total * CACHE
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
            self.life.write(app, dyno, *([head + log_lines.load_sample(loads)] if loads else []), head + memory)
        self._judge(app, dyno, total, rss + swap)
        if dyno.state == "up":
            self.life.plan(dyno, random.triangular(*GAP), lambda: self._sample(app, dyno, gauge))

    def _judge(self, app: App, dyno: Dyno, total: float, counted: float) -> None:
        size = SIZES[dyno.size]
        if counted > size.memory_mb * size.kill_factor:
            if app.generation == "fir":
                self.orders.restart(app, dyno, "killed")
                return
            self.life.write(app, dyno, log_lines.memory_mark(total, size.memory_mb), log_lines.R15)
            self.life.kill(app, dyno)
        elif total > size.memory_mb and size.kill_factor > 1:
            marks = (log_lines.memory_mark(total, size.memory_mb), log_lines.R14)
            self.life.plan(dyno, self.stage.random.uniform(0.008, 0.05), lambda: self.life.write(app, dyno, *marks))
