"""Exit statuses of processes on Heroku: why a process ended where the log says so, else what its status can mean."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.heroku_facts import BOOT_TIMEOUT_SECONDS, EXIT_TIMEOUT_SECONDS
from herodyno.units import megabytes

# 128 + 15: the process obeyed a SIGTERM, whether or not the line of that SIGTERM was seen.
BY_SIGTERM = 143
# 128 + 9: the process was killed.
BY_SIGKILL = 137
# A shell reports a process that a signal ended as 128 + its number, 1 to 64.
_SIGNALS = range(129, 193)

# Sources: POSIX shells (126, 127, 128 + signal), gunicorn (3, 4), and the lines before each in public logs.
EXIT_MEANINGS: dict[int, str] = {
    0: "the program came to its end without an error",
    1: "an error of the app",
    2: "wrong usage of a shell command, or an error of the app",
    3: "an error of the app; from gunicorn: a worker failed to boot",
    4: "an error of the app; from gunicorn: the app could not be loaded",
    22: "an error of the app, or of a wrapper around it that was stopped",
    126: "the command cannot be executed: no permission, or not a program",
    127: "command not found, or a library of it",
    128: "could not attach to a terminal",
    129: "the terminal closed (SIGHUP)",
    130: "interrupted (SIGINT)",
    134: "aborted (SIGABRT): a failed assertion, or out of memory in the runtime",
    BY_SIGKILL: "SIGKILL, often for memory: the log does not say why",
    139: "segmentation fault (SIGSEGV): native code",
    BY_SIGTERM: "stopped by SIGTERM: a normal stop",
}
# What a process does when Heroku asks it to stop.
_WHEN_ASKED = {
    0: "it ended in order when it was told to stop",
    BY_SIGKILL: "SIGKILL while it was stopping",
    BY_SIGTERM: EXIT_MEANINGS[BY_SIGTERM],
}
# R code -> why the process ended.
_TOLD = {
    "R10": f"R10: did not bind to $PORT in {BOOT_TIMEOUT_SECONDS} s",
    "R12": f"R12: did not exit within {EXIT_TIMEOUT_SECONDS} s of SIGTERM",
    "R13": "R13: could not attach to its terminal",
    "R15": "R15: killed for memory far over its quota",
    "R17": "R17: the slug is damaged",
    "R99": "R99: Heroku could not run it",
}


def is_own_status(status: int | None) -> bool:
    """Whether a program chose the status to say that something is wrong: neither 0 nor a signal's."""
    return status is not None and status != 0 and status not in _SIGNALS


def exit_meaning(status: int) -> str:
    """What a status can mean in a few words, "" when it is not known. 128 + N is signal N."""
    if status in EXIT_MEANINGS:
        return EXIT_MEANINGS[status]
    return f"ended by signal {status - 128}" if status in _SIGNALS else ""


def told_end(codes: Sequence[str], killed_at_mb: float | None = None) -> str:
    """Why a process ended, as the last of its R codes says; "" when none does.

    `killed_at_mb` is the memory that Heroku named before R15.
    """
    telling = [code for code in codes if code in _TOLD]
    if not telling:
        return ""
    if telling[-1] == "R15" and killed_at_mb is not None:
        return f"R15: killed for memory at {megabytes(killed_at_mb)}"
    return _TOLD[telling[-1]]


def exit_gloss(
    status: int | None, *, codes: Sequence[str] = (), asked: bool = False, killed_at_mb: float | None = None
) -> str:
    """Why a process ended where the log says so, else what its status can mean; "" when nothing is known.

    `asked`: Heroku had told it to stop, so the status is its answer.
    """
    if told := told_end(codes, killed_at_mb):
        return told
    if status is None:
        return ""
    if asked:
        return _WHEN_ASKED.get(status, "how it answered the order to stop")
    return exit_meaning(status)
