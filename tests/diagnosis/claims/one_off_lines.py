"""Lines of one-off dynos, `seconds` after noon, as the platform writes them."""

from __future__ import annotations

from tests.diagnosis.reading import stamp

TRACE = ("Traceback (most recent call last):", '  File "/app/job.py", line 3, in <module>', "ConnectionError: refused")


def said(seconds: float, dyno: str, *texts: str) -> str:
    """What a dyno's app prints, in one write."""
    return "".join(f"{stamp(seconds + i / 1e5)} app[{dyno}]: {text}\n" for i, text in enumerate(texts))


def platform(seconds: float, dyno: str, *texts: str) -> str:
    """What the dyno manager says of a dyno, the lines 1 ms apart."""
    return "".join(f"{stamp(seconds + i / 1e3)} heroku[{dyno}]: {text}\n" for i, text in enumerate(texts))


def api(seconds: float, text: str) -> str:
    """A line of app[api]."""
    return f"{stamp(seconds)} app[api]: {text} by user bo@example.com\n"


def run(seconds: float, dyno: str, *printed: str, status: int | None = 0, command: str = "rake nightly") -> str:
    """A run of twelve seconds, from its start to its exit. Without a status, the line of the exit is missing."""
    exited = (f"Process exited with status {status}",) if status is not None else ()
    return (
        platform(seconds, dyno, f"Starting process with command `{command}`")
        + platform(seconds + 1, dyno, "State changed from starting to up")
        + said(seconds + 8, dyno, *printed)
        + platform(seconds + 12, dyno, *exited, "State changed from up to complete")
    )
