"""A pattern that is compiled when it is first used: a program has hundreds, and most logs need few of them."""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast


def late(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern, which is not compiled yet. It is asked like any other."""
    return cast("re.Pattern[AnyStr]", _Late(pattern, flags))


class _Late(Generic[AnyStr]):
    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Asked once for each name: then the attribute is there.
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found
