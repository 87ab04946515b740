"""Which lines of an app's own often say why a code comes. The code itself never does."""

from __future__ import annotations

LOOK_FOR: dict[str, str] = {
    "H10": "the last lines before `Process exited`: an exception, a module or a setting that is missing",
    "H11": "how long requests wait in the server's own queue, and what the workers wait for",
    "H12": "waits for a connection or a lock, slow queries, retries of another service, long garbage collections",
    "H13": "an exception or a killed worker in the seconds before it",
    "H18": "an exception that was raised while the answer was being sent",
    "H19": "a boot that does not end, a server that accepts no more connections",
    "H20": "what the boot waits for: a migration, a download, a connection",
    "H21": "a server that refuses connections, a process that exits and starts again",
    "R10": "what the boot waits for, and the port that the server says it listens on",
    "R12": "what goes on after SIGTERM: a job, an open request, a hook of the shutdown",
    "R14": "heap sizes and garbage collections; the job or the request before the rise",
    "R15": "the job or the request that was begun last before it",
}  # fmt: skip
