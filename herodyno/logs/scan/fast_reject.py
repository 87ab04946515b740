"""Which lines of an app are surely no part of a traceback, told by bytes and without reading them to their end.

Both answers lean to one side: a line that exceptions.py would call anything but plain or detail is
never called ordinary; a plain one may be called suspect and is then looked at in full.
"""

from __future__ import annotations

import re

_LOOKED_AT = 1700  # bytes, at least the 400 characters that exceptions.py looks at

# A first word in lower case without a colon ("level=info"), or one capitalised word ("[4f0c] Started ") after
# which no label ends in ": ". The words left out are those with which a frame, a panic or a prefix begins.
ORDINARY = (
    rb"(?:(?!panic|fatal|thread|at |from |created|goroutine)[a-z0-9][a-z0-9_=./-]*+(?=[ \n])"
    rb"|(?:\[[\w-]{1,64}+\] )?(?!Error|Exception|Uncaught|Unhandled|Fatal|Traceback|File|Caused)[A-Z][a-z]++ "
    rb"(?![\w ,'\x80-\xff-]{0,300}+: ))"
)

_START = re.compile(rb"[\s\x1c-\x1f\x80-\xff]*+(?:at |#|\.\.\.|\(|/|node:|internal/|file:)")
_WORDS = (
    b"Error", b"Exception", b"Interrupt", b"Exit", b"Throwable", b"::", b":in ", b'File "', b"Traceback", b"panic",
    b"fatal", b"FATAL", b"thread", b"** (", b"goroutine", b"created by", b"Caused by",
)  # fmt: skip


def is_suspect(text: bytes) -> bool:
    """Whether a line may be part of a traceback."""
    start = text[:_LOOKED_AT]
    for word in _WORDS:  # a loop, since any() of a generator takes twice as long
        if word in start:
            return True
    return _START.match(start) is not None
