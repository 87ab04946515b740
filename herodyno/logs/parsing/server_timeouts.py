"""Timeouts that app servers print themselves, known by a few words of the line.

A server that ends a request of its own accord prints so. The router says H12 or H13 of the same request, or nothing.
"""

from __future__ import annotations

# The words -> who prints them. Sources: gunicorn arbiter.py, puma cluster.rb, unicorn http_server.rb, rack-timeout
# logging-observer.rb, uWSGI master_utils.c, nginx ngx_http_upstream.c.
SERVER_TIMEOUTS = {
    "WORKER TIMEOUT": "gunicorn",
    "Terminating timed out worker": "puma",
    "), killing": "unicorn",
    "state=timed_out": "rack-timeout",
    "*** HARAKIRI ON WORKER": "uWSGI",
    "upstream timed out (": "nginx",
}
_RACK_TIMEOUT = "Rack::Timeout::"
_CHARACTERS_READ = 400


def server_timeout(text: str) -> str:
    """The server that says in this line that it ended a request or a worker for its time, or ""."""
    start = text[:_CHARACTERS_READ]
    for words, server in SERVER_TIMEOUTS.items():
        if words in start and (server != "unicorn" or " timeout (" in start):
            return server
    return ""


def is_rack_timeout(kind: str) -> bool:
    """Whether an exception's class is one by which rack-timeout ends a request."""
    return kind.startswith(_RACK_TIMEOUT)
