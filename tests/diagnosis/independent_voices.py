"""What the apps of the independent world print: their usual lines, and what they say about their trouble.

By seed a third says why, a third says what misleads (every dyno prints it as often), a third says nothing. A line is
known again by its `mark`, words that are the same in all lines of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import NamedTuple
from uuid import UUID

PEOPLE = ("Ada", "Bela", "Carmen", "Dmitri", "Edda", "Fatou", "Giorgos", "Halima", "Ivo", "Jun", "Kofi", "Leila")
WORDS = ("amber", "basalt", "cedar", "dune", "ember", "fjord", "garnet", "heath", "iris", "juniper", "kelp", "loam")


class Saying(NamedTuple):
    """A kind of line. `text` may have several lines; each is a log line of its own."""

    mark: str
    text: str


REASONS = (
    Saying("QueuePool limit", "QueuePool limit of size %(few)s overflow %(few)s reached, connection timed out"),
    Saying("billing answered", '{"ts":"%(time)s","lvl":"error","msg":"billing answered 502","order":"%(hex)s"}'),
    Saying("lease lost", 'ts=%(time)s level=error msg="lease lost" shard=%(few)s owner=%(hex)s'),
    Saying("quota hit while", "disk quota hit while writing /var/spool/%(hex)s/%(n)s.part"),
    Saying("could not resolve", "%(time)s resolver: could not resolve cache-%(few)s.internal.example.net"),
    Saying("seat refused", "licence server: seat refused for %(person)s in team %(word)s"),
    Saying("live set", "heap: live set %(n)s kB after %(few)s collections, wanted %(n)s kB"),
    Saying("starved", "[%(uuid)s] thread-%(few)s starved, queue '%(word)s-%(n)s' has %(n)s waiting"),
    Saying(
        "not enough replicas",
        'Traceback (most recent call last):\n  File "/app/bin/serve.py", line 31, in handle\n    ring.read(key)\n'
        '  File "/app/ring/quorum.py", line 77, in read\n    raise QuorumError(key)\n'
        "ring.quorum.QuorumError: not enough replicas for key %(n)s",
    ),
)
MISLEADING = (
    Saying("has no default", "warn: feature flag '%(word)s' has no default"),
    Saying("slow mail gateway", "slow mail gateway: %(n)s ms for message %(hex)s"),
    Saying("csrf check", 'ts=%(time)s level=error msg="csrf check failed" ip=192.0.2.%(few)s'),
    Saying("bot blocked", '{"lvl":"error","msg":"bot blocked","agent":"%(person)s","id":"%(uuid)s"}'),
    Saying("dropped packets", "E! statsd dropped packets: %(n)s of %(n)s"),
)
STYLES = (
    (  # plain text
        "[%(uuid)s] Completed 200 OK in %(n)sms",
        "Served /items/%(n)s to 192.0.2.%(few)s (%(few)s kB)",
        "saved draft %(hex)s, revision %(few)s",
    ),
    (  # JSON
        '{"ts":"%(time)s","lvl":"info","msg":"request","path":"/items/%(n)s","took":%(n)s,"id":"%(uuid)s"}',
        '{"ts":"%(time)s","lvl":"info","msg":"login","user":"%(person)s"}',
        '{"ts":"%(time)s","lvl":"debug","msg":"cache","key":"item:%(n)s","hit":true}',
    ),
    (  # logfmt
        "ts=%(time)s level=info path=/items/%(n)s status=200 took=%(n)sms request_id=%(uuid)s",
        'ts=%(time)s level=info msg="user signed in" user=%(person)s',
        "ts=%(time)s level=debug rows=%(n)s table=%(word)s",
    ),
    (  # words vary, without a digit
        "%(person)s opened the page of %(person)s",
        "%(person)s put %(word)s and %(word)s on the list of team %(word)s",
        "mail to %(person)s about %(word)s sent",
    ),
    (  # several lines at a time
        "+------+------+\n| %(word)s | %(n)s |\n+------+------+",
        "Parameters:\n  id: %(n)s\n  title: %(word)s %(word)s",
        "200 GET /items/%(n)s",
    ),
)


class _Drawn(dict[str, str]):
    """Values of fields, drawn when asked for."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self.random = random

    def __getitem__(self, field: str) -> str:
        random = self.random
        if field in ("person", "word"):
            return random.choice(PEOPLE if field == "person" else WORDS)
        if field == "uuid":
            return str(UUID(int=random.getrandbits(128)))
        if field == "time":
            return f"2026-03-02T{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.uniform(0, 59):06.3f}Z"
        return {
            "n": str(random.randint(1, 90000)),
            "few": str(random.randint(1, 60)),
            "hex": random.randbytes(8).hex(),
        }[field]


@dataclass
class Voice:
    """How one app speaks. `why` is printed about the share `told` of the requests that fail, and before a crash."""

    random: Random
    usual: tuple[str, ...]
    why: Saying | None = None
    misleading: Saying | None = None
    told: float = 0.5

    def lines(self, text: str) -> list[str]:
        """The lines of a saying, its fields drawn."""
        return (text % _Drawn(self.random)).split("\n")


def voice(seed: object) -> Voice:
    """The voice of a seed."""
    random = Random(f"voice/{seed}")
    third, usual = random.randrange(3), random.choice(STYLES)
    why, misleading = random.choice(REASONS), random.choice(MISLEADING)
    return Voice(random, usual, why if third == 0 else None, misleading if third == 1 else None)
