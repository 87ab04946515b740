"""Repeats a group possessively, also where Python does that wrongly.

Python 3.11.0 to 3.11.4 goes on from where the last try of the group failed, not from where it began (CPython issue
106052). Debian 12 has 3.11.2. An atomic group means the same and is right there, but keeps a state for each round.
"""

from __future__ import annotations

import sys

_IS_WRONG = sys.version_info < (3, 11, 5)


def repeated(group: str, times: str = "*") -> str:
    """A pattern of a group so many times ("*", "+", "{0,9}"), of which nothing is given back."""
    return f"(?>(?:{group}){times})" if _IS_WRONG else f"(?:{group}){times}+"
