"""What an app says about its trouble: in a third of the seeds why, in a third a line that misleads, else nothing."""

from __future__ import annotations

from typing import Literal

Says = Literal["why", "misleading", "nothing"]

# Printed about requests that fail. Every value in them changes from line to line.
REASONS = (
    "[{request_id}] waiting for a database connection (pool of 5 exhausted)",
    "WARN redis: retry {few} of 40 to {address}:6379, connection reset by peer",
    'level=warn msg="circuit open" upstream=payments.example.com failures={few} trace={hex}',
    '{"level":"error","msg":"no space left on device","file":"/tmp/upload-{hex}","request_id":"{request_id}"}',
    "TLS handshake with https://search.example.com/v2/{n} failed after {ms} ms: certificate has expired",
    "worker {few} was blocked for {ms} ms by the lock 'catalog-{sku}'",
    "session of {name} in {town} not found in the store, started anew",
    "GC pause of {ms} ms, heap {few}% after compaction",
)

# Printed by every web dyno alike, whether or not its requests fail.
MISLEADING = (
    "DEPRECATION WARNING: catalog.find_all is deprecated, called from shop/pages/{n}",
    "WARN slow query ({ms} ms): SELECT * FROM products WHERE sku = '{sku}'",
    "ERROR webhook with a wrong signature from {address}, id {hex}",
    'level=error msg="mail bounced" to={name}@example.com attempt={few}',
    '{"level":"warn","msg":"cache miss","key":"product:{n}","town":"{town}"}',
)


def says(number: int) -> Says:
    """The third that a seed belongs to. Seed 1 says why."""
    return ("nothing", "why", "misleading")[number % 3]
