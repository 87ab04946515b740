"""ClickHouse's engine behind HTTP, as its server answers: a way to run the client's side of the wire.

python http_front.py PORT PASSWORD: each query goes to chdb. One that has the word `slow_table` in it lasts until a KILL
QUERY names its id. A password is checked and refused as ClickHouse does.
"""

from __future__ import annotations

import base64
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import chdb

CONNECTION = chdb.connect(":memory:")
LOCK = threading.Lock()
SETTINGS = ("join_use_nulls", "cast_keep_nullable", "use_hive_partitioning", "max_execution_time")
KILLED: dict[str, threading.Event] = {}
REFUSED = b"Code: 516. DB::Exception: reader: Authentication failed: password is incorrect, or there is no such user. "


class Front(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        params = dict(parse_qsl(urlsplit(self.path).query))
        text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        given = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        if given != f"reader:{sys.argv[2]}":
            return self._answer(403, REFUSED)
        if text.startswith("KILL QUERY"):
            print(text, flush=True)
            for query, killed in KILLED.items():
                if query in text:
                    killed.set()
            return self._answer(200, b"")
        if "slow_table" in text:
            print(f"{params['max_execution_time']} {params['query_id']}", flush=True)
            KILLED.setdefault(params["query_id"], threading.Event()).wait(30)
            return self._answer(500, b"Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)")
        settings = ", ".join(f"{name} = {params[name]}" for name in SETTINGS if name in params)
        text += f" SETTINGS {settings}" if settings else ""
        try:
            with LOCK:
                return self._answer(200, CONNECTION.query(text, "TabSeparated").bytes())
        except Exception as error:
            return self._answer(500, str(error).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Front).serve_forever()
