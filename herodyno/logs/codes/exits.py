"""Exit statuses of processes on Heroku and their meanings."""

from __future__ import annotations

# Sources: POSIX shells (126, 127, 128 + signal), gunicorn (3, 4), and the lines before each in public logs.
EXIT_MEANINGS: dict[int, str] = {
    0: "ended by itself without an error",
    1: "an error of the app",
    2: "wrong usage of a shell command, or an error of the app",
    3: "gunicorn: a worker failed to boot",
    4: "gunicorn: the app could not be loaded",
    22: "killed by a wrapper around the process after a boot timeout (R10)",
    126: "the command cannot be executed: no permission, or not a program",
    127: "command not found",
    128: "could not attach to a terminal (R13)",
    129: "the terminal closed (SIGHUP)",
    130: "interrupted (SIGINT)",
    134: "aborted (SIGABRT): a failed assertion, or out of memory in the runtime",
    137: "killed (SIGKILL): after R10, R12 or R15 by Heroku; with none of these, often for memory",
    139: "segmentation fault (SIGSEGV): native code",
    143: "stopped by SIGTERM: a normal stop",
}


def exit_meaning(status: int) -> str:
    """The meaning of a status in a few words, "" when it is not known. 128 + N is signal N."""
    if status in EXIT_MEANINGS:
        return EXIT_MEANINGS[status]
    return f"ended by signal {status - 128}" if 128 < status < 193 else ""
