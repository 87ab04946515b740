"""As many values as a server gets, in a process that has ClickHouse: python -m tests.archive.engines.many_values."""

from __future__ import annotations

import os
import sys

from herodyno.archive.engines.clickhouse import ClickHouse
from herodyno.archive.engines.engine import Relation
from herodyno.archive.engines.server import Limits, Server
from herodyno.archive.engines.url import parse_engine

ROWS = Relation((-(1 << 62) + at, f'it\'s \\ \n\t\0 é😀 $n "{at}"', at) for at in range(Server.most_values))
TEXT = "SELECT v.a, v.b, v.c FROM (VALUES $rows) AS v (a, b, c) WHERE v.a < $n ORDER BY v.c"

if __name__ == "__main__":
    client = ClickHouse(parse_engine("chdb:?events=default.none"), "", "", Limits())
    client.table = "(SELECT 1 AS ts_us)"
    print("as they were" if tuple(Server(client, Limits(), "").rows(TEXT, rows=ROWS, n=0)) == ROWS else "otherwise")
    sys.stdout.flush()
    os._exit(0)  # threads of the engine have nothing more to say
