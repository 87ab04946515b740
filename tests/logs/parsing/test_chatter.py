"""What npm and gunicorn print after a failure is known, what says why is not taken for it."""

from __future__ import annotations

import pytest

from herodyno.logs.parsing.chatter import is_chatter


@pytest.mark.parametrize(
    "text",
    [
        "npm ERR!", "npm ERR! code ELIFECYCLE", "npm ERR! Exit status 1", "npm ERR! app@1.0.0 start: `node index.js`",
        "npm ERR! A complete log of this run can be found in:", "npm ERR!     /app/.npm/_logs/2021-01-05-debug.log",
        "> app@1.0.0 start /app", "> node index.js",
        "npm error Lifecycle script `start` failed with error:",
        "[2024-11-30 07:41:52 +0000] [9] [INFO] Worker exiting (pid: 9)",
        "[2024-11-30 07:41:52 +0000] [2] [INFO] Shutting down: Master",
    ],
)  # fmt: skip
def test_chatter(text: str) -> None:
    assert is_chatter(text)


@pytest.mark.parametrize(
    "text",
    ["npm ERR! missing script: start", "npm error Missing script: \"start\"", "sh: 1: node: not found",
     "[2024-11-30 07:41:52 +0000] [2] [ERROR] Exception in worker process", "Shutting down", ""],
)  # fmt: skip
def test_a_reason_is_no_chatter(text: str) -> None:
    assert not is_chatter(text)
