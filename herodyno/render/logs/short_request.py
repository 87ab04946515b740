"""The short form of a router line: the fields that matter most, the most important first."""

from __future__ import annotations

import re

_FIELD = re.compile(r'(\w+)=("[^"]*"|\S+)')
_FIELDS = ("code", "status", "dyno", "service", "path", "request_id")


def short_request(text: str) -> str:
    """The text of a router line cut to the fields that matter most. A text with none of them stays whole."""
    fields = dict(_FIELD.findall(text))
    names = [key for key in _FIELDS if fields.get(key) and not (key == "status" and "code" in fields)]
    return " ".join(f"{key}={fields[key].strip(chr(34))}" for key in names) or text
