"""Field filters, one word each: `status>=500`, `code=H12`, `service>2s`, `path~^/api`. A line must pass all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import translate
from operator import ge, gt, le, lt

from herodyno.errors import UsageError
from herodyno.logs.events import Event, LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.query.fields import IMPLICIT_FIELDS, MILLISECOND_FIELDS, Reader, name_in_text, reader_of
from herodyno.logs.query.quantities import Quantity, quantity

_CONDITION = re.compile(r"([A-Za-z_][\w.#-]{0,63})(>=|<=|!=|!~|=|~|>|<)(.*)", re.ASCII | re.DOTALL)
_LITERAL = re.compile(r"[^\\.*+?^$|()\[\]{}]*")
# Characters that JSON does not escape.
_RUN = re.compile(r"[\w .:@-]+", re.ASCII)
_ORDERS: dict[str, Callable[[float, float], bool]] = {">=": ge, "<=": le, ">": gt, "<": lt}


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: a field, an operator and a value.

    `=` takes several values (H12,H13), wildcards (H*), and compares numbers as numbers. `~` searches with a
    regular expression. A line without the field passes only `!=` and `!~`.

    `word` is the filter as typed, `name` its field. `read` gives the field's text, `test` judges the text, and
    `negative` reverses the answer. A line without the text `needle` cannot have the value. `number` finds the
    field's numbers in the bytes of a line; only `<`, `<=`, `>` and `>=` have one. `operator` is without the "!", and
    `wanted` the value as typed.
    """

    word: str
    name: str
    read: Reader
    test: Callable[[str], bool]
    negative: bool
    needle: str
    number: re.Pattern[bytes] | None
    operator: str = ""
    wanted: str = ""

    def matches(self, event: Event) -> bool:
        """Whether the event passes the filter."""
        text = self.read(event)
        return self.negative if text is None else self.test(text) is not self.negative

    def is_decided(self, raw: str) -> bool | None:
        """The answer, if the text decides without parsing: no field is `web.1` in a line without "web.1"."""
        return self.negative if self.needle and self.needle not in raw else None

    def rules_out(self, line: bytes) -> bool:
        """Whether the bytes decide, without parsing, that the line fails a filter such as `status>=500`.

        They do when a number follows wherever the field is named, and no such number passes.
        """
        if self.number is None:
            return False
        numbers = self.number.findall(line)
        return len(numbers) == line.count(self.needle.encode()) and not any(self.test(it.decode()) for it in numbers)


def condition(word: str) -> Condition | None:
    """The filter that a word stands for, None when the word has no operator. Raises UsageError for a bad value."""
    found = _CONDITION.fullmatch(word)
    if not found:
        return None
    name, operator, wanted = found.groups()
    negative, plain = operator.startswith("!"), operator.removeprefix("!")
    needle = _needle(name, plain, wanted)
    number = re.compile(
        rb"%b=(\d{1,18}%b)(?=\s)" % (re.escape(name).encode(), b"ms" if name in MILLISECOND_FIELDS else b"")
    )
    is_order = plain in _ORDERS and needle == name
    test = _test(word, name, plain, wanted)
    return Condition(word, name, reader_of(name), test, negative, needle, number if is_order else None, plain, wanted)


def any_of(names: Sequence[str], word: str) -> Condition:
    """The filter that a line passes if it has one of the fields. `word` is what asks for it."""
    readers = [reader_of(name) for name in names]

    def read(event: Event) -> str | None:
        return next((text for each in readers if (text := each(event))), None)

    return Condition(word, " or ".join(names), read, lambda text: True, negative=False, needle="", number=None)


def fulfils(conditions: Sequence[Condition], line: LogLine) -> bool:
    """Whether the line passes all filters. The line is parsed only if its text does not decide."""
    undecided = []
    for each in conditions:
        answer = each.is_decided(line.raw)
        if answer is False:
            return False
        if answer is None:
            undecided.append(each)
    if not undecided:
        return True
    event = event_of(line)
    return all(each.matches(event) for each in undecided)


def pattern(text: str, *, flag: str) -> re.Pattern[str]:
    """The compiled regular expression. Raises UsageError, which says what is wrong and at which character."""
    try:
        return re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        place = getattr(error, "pos", None)
        where = "" if place is None else f" at character {place + 1}"
        raise UsageError(
            f"{flag} {text!r} is no regular expression: {getattr(error, 'msg', 'too deep')}{where}",
            next_step="put a backslash before ( ) [ ] { } . * + ? ^ $ | that are meant as they are",
        ) from None


def literal(regex: str) -> str:
    """The text that a regular expression without operators matches, "" for all other expressions."""
    text = regex.removeprefix("^").removesuffix("$")
    return text if _LITERAL.fullmatch(text) else ""


def _needle(name: str, operator: str, wanted: str) -> str:
    """A text that every matching line holds, "" when none is known: lists and numbers can be written in many ways."""
    if operator in _ORDERS:
        return name_in_text(name) if name not in IMPLICIT_FIELDS else ""
    if name == "time" or quantity(wanted):
        return ""
    plain = literal(wanted) if operator == "~" else "" if set(wanted) & set("*?[,") else wanted
    return max(_RUN.findall(plain), key=len, default="")


def _test(word: str, name: str, operator: str, wanted: str) -> Callable[[str], bool]:
    if operator == "~":
        search = pattern(wanted, flag=f"{word}:").search
        return lambda text: search(text) is not None
    if operator == "=":
        return (name == "time" and _at_instants(wanted)) or _equals(wanted)
    bound, compare = quantity(wanted), _ORDERS[operator]
    if bound is None:
        raise UsageError(f"{word}: {wanted!r} is no number", next_step="such as status>=500, service>2s, bytes<1MB")

    def ordered(text: str) -> bool:
        own = quantity(text)
        both = own.against(bound) if own else None
        return both is not None and compare(*both)

    return ordered


def _at_instants(wanted: str) -> Callable[[str], bool] | None:
    """A test for the same instant, however the offset is written; None unless each value is a time with an offset."""
    instants = {_instant(value) for value in wanted.split(",")}
    return None if None in instants else lambda text: _instant(text) in instants


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _equals(wanted: str) -> Callable[[str], bool]:
    values = wanted.split(",")
    match = re.compile("|".join(translate(value) for value in values)).match
    numbers = [number for value in values if (number := quantity(value))]

    def equal(text: str) -> bool:
        if match(text):
            return True
        own = quantity(text) if numbers else None
        return own is not None and any(_same(own, number) for number in numbers)

    return equal


def _same(a: Quantity, b: Quantity) -> bool:
    both = a.against(b)
    return both is not None and both[0] == both[1]
