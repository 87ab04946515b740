"""A fast test of an app's line by the first bytes rejects lines that surely count by dyno and time only.

The test errs to one side. A line whose role in exceptions.py is neither plain nor detail is never rejected, nor is a
line in which a server tells of a timeout. A plain line may pass the test, and is then parsed.
"""

from __future__ import annotations

import re

from herodyno.logs.parsing.exceptions import CHAINED, LEVELS
from herodyno.logs.parsing.server_timeouts import SERVER_TIMEOUTS

BYTES_READ = 1700  # at least the 400 characters that exceptions.py reads

# Begins a line that is no part of a traceback: a word in lower case without a colon ("level=info"), or a capitalised
# word ("[4f0c] Started ") without a label that ends in ": ". A frame, a panic or a prefix begins with the words
# left out here.
NO_TRACEBACK = (
    rb"(?:(?!panic|fatal|thread|at |from |created|goroutine)[a-z0-9][a-z0-9_=./-]*+(?=[ \n])"
    rb"|(?:\[[\w-]{1,64}+\] )?(?!Error|Exception|Uncaught|Unhandled|Fatal|Traceback|File|Caused)[A-Z][a-z]++ "
    rb"(?![\w ,'\x80-\xff-]{0,300}+: ))"
)

START = re.compile(rb"[\s\x1c-\x1f\x80-\xff]*+(?:at |#|\.\.\.|\(|/|node:|internal/|file:)")
_WORDS = (
    b"Error", b"Exception", b"Interrupt", b"Exit", b"Throwable", b"::", b":in ", b'File "', b"Traceback", b"panic",
    b"fatal", b"FATAL", b"thread", b"** (", b"goroutine", b"created by", b"Caused by",
)  # fmt: skip
_TELLING = tuple(words.encode() for words in (*SERVER_TIMEOUTS, *LEVELS))
ANY_WORDS = (*_WORDS, *_TELLING)
# Begins a line without these words. Python's `re` takes long to look for them, so by_pattern.py does without this.
NO_TELLING_WORDS = rb"(?![^\n]*?(?:" + b"|".join(map(re.escape, _TELLING)) + rb"))"


# Of a text instead: begins what is a part of a traceback only below another line.
_TEXT_STARTS = (
    "at ", "#", "...", "(", "/", "node:", "internal/", "file:", "^", "~", "|", "raise ", "throw ", "Stack trace:",
    "Suppressed: ", *CHAINED,
)  # fmt: skip
_TEXT_WORDS = (*(words.decode() for words in ANY_WORDS), "\n", "\r")
_TEXT_START = re.compile(rf"[^!-~]*(?:{'|'.join(map(re.escape, _TEXT_STARTS))})")
# The pattern of texts that are not plain, for any engine of regular expressions.
NOT_PLAIN = rf"^{_TEXT_START.pattern}|{'|'.join(map(re.escape, _TEXT_WORDS))}"


def is_plain(text: str) -> bool:
    """Whether an app's line, without its head, surely has no role in a traceback and tells of no timeout."""
    for words in _TEXT_WORDS:
        if words in text:
            return False
    return _TEXT_START.match(text) is None


def has_telling_words(lines: bytes) -> bool:
    """Whether the words of a server's timeout, or of a logger's level, stand anywhere in some lines."""
    return any(words in lines for words in _TELLING)


def may_mean_more(text: bytes) -> bool:
    """Whether an app's line, without its head, may be part of a traceback or tell of a timeout."""
    start = text[:BYTES_READ]
    for word in ANY_WORDS:  # a loop, since any() of a generator takes twice as long
        if word in start:
            return True
    return START.match(start) is not None
