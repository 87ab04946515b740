"""The words of `scale`, read strictly: one bad word refuses the whole command line.

::

    web=3                 quantity
    web=3:standard-2x     quantity and size          web=2:dyno-1c-0.5gb on Fir
    web=standard-2x       size only                  web=:NAME for a size with an unusual name
    web+1  worker-2       more, fewer                web+1:standard-2x too
    my-app=2              a type may hold hyphens    my-app-2 is two fewer of my-app
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from herodyno.errors import UsageError
from herodyno.heroku_facts import PROCESS_TYPE_PATTERN
from herodyno.units import count

# Ours: a larger number is a typing mistake. Heroku allows far fewer dynos, and more on request only.
MAX_QUANTITY = 10_000
EXAMPLES = "Write it as web=3, web=3:standard-2x, web=standard-2x, web+1 or worker-2."

_TYPE = re.compile(PROCESS_TYPE_PATTERN, re.ASCII)
_RELATIVE = re.compile(r"(?P<type>[-\w]+)(?P<sign>[+-])(?P<count>\d+)(?P<rest>:.*)?", re.ASCII | re.DOTALL)
_SIZE = re.compile(r"(?=[\w.-]*[A-Za-z])[A-Za-z0-9][\w.-]{0,63}", re.ASCII)
# A word without a digit or hyphen is a size only when it is one of these, or stands after a colon.
_PLAIN_SIZES = frozenset({"eco", "basic", "free", "hobby", "px"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleWord:
    """One argument. `quantity` is absolute, `change` relative; with both None the count stays. `size` is as typed."""

    type: str
    quantity: int | None = None
    change: int | None = None
    size: str = ""

    def __str__(self) -> str:
        """The argument as text; `parse_scale_word` reads it back as an equal value."""
        size = f":{self.size}" if self.size else ""
        if self.change is not None:
            return f"{self.type}{self.change:+d}{size}" if self.change else f"{self.type}+0{size}"
        if self.quantity is not None:
            return f"{self.type}={self.quantity}{size}"
        return f"{self.type}={self.size if _is_size_alone(self.size) else size}"


def parse_scale_words(arguments: Iterable[str]) -> tuple[ScaleWord, ...]:
    """All arguments. Raises UsageError naming the first bad one, and for a type given twice."""
    words: dict[str, ScaleWord] = {}
    for argument in arguments:
        word = parse_scale_word(argument)
        if word.type in words:
            raise UsageError(
                f"{argument}: {word.type} is already given by {words[word.type]}; nothing was sent.",
                next_step=f"Say once what {word.type} should be.",
            )
        words[word.type] = word
    return tuple(words.values())


def parse_scale_word(argument: str) -> ScaleWord:
    """One argument. Raises UsageError that says what is wrong with it and what to type instead."""
    if "=" not in argument:
        return _relative(argument)
    process_type, _, value = argument.partition("=")
    if not _TYPE.fullmatch(process_type):
        raise _bad(argument, f"{process_type!r} cannot be a process type")
    if not value:
        raise _bad(argument, "a quantity or a size must follow the =")
    if value[0] in "+-" and value[1:].isdigit():
        raise _bad(argument, "= sets a count, + and - change it", instead=f"{process_type}{value}")
    count, colon, size = value.partition(":")
    if not colon and _is_size_alone(count):
        return ScaleWord(type=process_type, size=count)
    if colon and not count:
        return ScaleWord(type=process_type, size=_size(argument, size))
    if colon and _is_size_alone(count) and size.strip().isdigit():
        raise _bad(argument, "the count stands before the size", instead=f"{process_type}={size.strip()}:{count}")
    if not (count.isascii() and count.isdigit()):
        raise _bad(argument, f"{count!r} is neither a count nor a dyno size")
    return ScaleWord(type=process_type, quantity=_count(argument, count), size=_size(argument, size) if colon else "")


def _relative(argument: str) -> ScaleWord:
    found = _RELATIVE.fullmatch(argument)
    if not found:
        raise _bad(argument, "it says neither how many nor which size")
    if not _TYPE.fullmatch(found["type"]):
        raise _bad(argument, f"{found['type']!r} cannot be a process type")
    count = _count(argument, found["count"])
    rest = found["rest"]
    return ScaleWord(
        type=found["type"],
        change=-count if found["sign"] == "-" else count,
        size=_size(argument, rest[1:]) if rest is not None else "",
    )


def _is_size_alone(text: str) -> bool:
    return bool(_SIZE.fullmatch(text)) and (
        text.casefold() in _PLAIN_SIZES or "-" in text or any(letter.isdigit() for letter in text)
    )


def _size(argument: str, text: str) -> str:
    if not text:
        raise _bad(argument, "a size must follow the colon")
    if not _SIZE.fullmatch(text):
        raise _bad(argument, f"{text!r} cannot be a dyno size")
    return text


def _count(argument: str, digits: str) -> int:
    # The length is compared first: int() of a very long string is slow, and Python refuses it in the end.
    if len(digits.lstrip("0")) > len(str(MAX_QUANTITY)) or int(digits) > MAX_QUANTITY:
        raise _bad(argument, f"the count is over {count(MAX_QUANTITY)}")
    return int(digits)


def _bad(argument: str, why: str, *, instead: str = "") -> UsageError:
    shown = argument if len(argument) <= 80 else argument[:77] + "..."
    hint = f"Did you mean {instead}?" if instead else EXAMPLES
    return UsageError(f"cannot read {shown!r}: {why}; nothing was sent.", next_step=hint)
