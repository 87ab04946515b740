"""The role of one line in a traceback: Python, Ruby, Node, Java, Go, PHP, Elixir, .NET, Rust.

Indentation is not required, because a log pasted from a web page has lost it. Only the first 400 characters
of a line count, so the time for a line is bounded.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from herodyno.logs.late_patterns import late

# head: begins a Python traceback, whose exception comes last · named: names an exception's class ·
# frame: one line of the stack · detail: makes sense only below another line ·
# place: Node's `/app/server.js:12`, above the exception · plain: anything else
LineRole: TypeAlias = Literal["head", "named", "frame", "detail", "place", "plain"]

CHAINED = ("During handling of the above exception", "The above exception was the direct cause")

_CHARACTERS_READ = 400
_LONGEST_MESSAGE = 1000

_PREFIX = late(
    r"(?:\(node:\d+\) (?:\[\w+\] )?UnhandledPromiseRejectionWarning: |Unhandled (?:rejection|exception)[.:]? "
    r"|(?:PHP )?(?:Fatal error: +)?Uncaught (?:exception )?|Exception in thread \"[^\"]{1,64}\" "
    r"|[EF], \[[^\]]{1,64}\] +(?:ERROR|FATAL) -- : ?|\[[^\]]{1,64}\] (?:(?:ERROR|FATAL) +)?){0,3}"
)
_CLASS = late(
    r"((?:[\w$]{1,64}(?:\.|::|\\)){0,12}[A-Z_$][\w$]{0,80}?(?:Error|Exception|Interrupt|Exit|Throwable)|Error|Exception)"
    r"(?: \[\w+\]| \(\w+\))?(?:: ?|$)"
)
_LABEL = late(r"[A-Z][\w ,'-]{2,60}: ")  # "MongoDB connection error: ", before the class
_RAILS = late(r"((?:[A-Z]\w{0,64}::)*[A-Z]\w{0,64}) \((.*)\):?$")
_RUBY = late(r"\S{1,200}:\d{1,7}:in [`'][^`']{0,200}': ")
_PANIC = late(
    r"(panic|fatal error|FATAL ERROR|thread '[^']{1,64}' panicked at|http: panic serving \S{1,64}(?=: ))(?:: | )"
    r"|\*\* \(([A-Z][\w.]{0,100})\) "
)
# Behind these a logger names the exception, with anything before. Sidekiq: "pid=4 tid=ox3k WARN: PG::ConnectionBad: …".
LEVELS = ("WARN: ", "ERROR: ", "FATAL: ")
_LEVEL = late(r"(?:^|(?<=[\s\]]))(?:WARN|ERROR|FATAL): ")
_CONSTANT = late(r"((?:[A-Z]\w{0,64}::){1,8}[A-Z]\w{0,64}): ")
# Ruby's exceptions that do not say that they are: those of PostgreSQL, of the system, and by their last word.
_RUBY_CLASS = late(
    r"(Errno::E[A-Z0-9]{2,20}|PG::(?!Connection:|Result:)[A-Z]\w{0,64}"
    r"|(?:[A-Z]\w{0,64}::){1,8}[A-Z]\w{0,60}?(?:Abort|Bad|BadRequest|Conflict|Deadlocked|Denied|Exceeded|Expired|Failed"
    r"|Failure|Forbidden|Invalid|Mismatch|Missing|NotFound|NotUnique|Refused|Reset|Timeout|TimedOut|TooLarge|Unauthorized"
    r"|Unavailable|Unprocessable|Unreachable|Violation)): "
)
_FINAL = late(r"((?:\w{1,64}\.){0,12}[A-Za-z_]\w{0,80})(?:: |$)")

_FRAME = late(
    r"File \"|at \S.{0,200}(?:[()]|:\d)|(?:from )?\S{1,200}:\d{1,7}:in [`']|#\d{1,4} (?:/|\{main\}|\S+\()"
    r"|\.\.\. \d{1,5} more|Caused by: |goroutine \d+ \[|created by \S+|/\S{1,200}\.go:\d"
    r"|\([\w-]{1,64} [\d.]{1,20}\) \S{1,200}:\d"
)
_DETAIL = late(r"[\^~| ]{1,200}$|\| |raise |throw |Stack trace:|Suppressed: ")
_PLACE = late(r"(?:/|node:|internal/|file:///)\S{1,300}:\d{1,7}$")


class ExceptionName(NamedTuple):
    """An exception's class (`kind`) and its message."""

    kind: str
    message: str

    def with_more(self, text: str) -> ExceptionName:
        """The same, with another line in its message."""
        return _exception(self.kind, f"{self.message} {text.strip()}")


def role_of(text: str) -> LineRole:
    """The role that the line would have in a traceback."""
    return _role_of(text[:_CHARACTERS_READ])


@lru_cache(maxsize=1024)  # the same error brings the same lines again and again
def _role_of(text: str) -> LineRole:
    start = text.strip()
    if start.startswith("Traceback (most recent call last)"):
        return "head"
    if _FRAME.match(start):
        return "named" if _RUBY.match(start) and exception_in(text) else "frame"
    if start.startswith(CHAINED) or (start and _DETAIL.match(start)):
        return "detail"
    if exception_in(text):
        return "named"
    return "place" if _PLACE.match(start) else "plain"


def exception_in(text: str) -> ExceptionName | None:
    """The exception that a line names, as languages and loggers print it, or None."""
    start = text[:_CHARACTERS_READ].lstrip()
    prefix = _PREFIX.match(start)
    at = prefix.end() if prefix else 0
    rest = text.lstrip()
    label = _LABEL.match(start, at)
    if found := _CLASS.match(start, at) or (label and _CLASS.match(start, label.end())):
        return _exception(found[1], rest[found.end() :])
    if found := _PANIC.match(start, at):
        kind = found[2] or ("panic" if found[1].startswith(("thread", "http")) else found[1])
        return _exception(kind, rest[found.end() :])
    if (found := _RAILS.match(start.rstrip(), at)) and ("::" in found[1] or found[1].endswith("Error")):
        return _exception(found[1], found[2])
    level = _LEVEL.search(start)
    if level and (found := _CLASS.match(start, level.end()) or _CONSTANT.match(start, level.end())):
        return _exception(found[1], rest[found.end() :])
    if found := _RUBY_CLASS.match(start, at):
        return _exception(found[1], rest[found.end() :])
    if found := _RUBY.match(start):
        message, opened, kind = rest[found.end() :].rstrip().rpartition(" (")
        return _exception(kind[:-1], message) if opened and kind.endswith(")") and kind[:1].isupper() else None
    return None


def exception_in_last_line(text: str) -> ExceptionName | None:
    """The exception in the last line of a Python traceback, whose class may have any name ("requests.Timeout: …")."""
    found = _FINAL.match(text[:_CHARACTERS_READ].strip())
    return _exception(found[1], text.strip()[found.end() :]) if found else None


def _exception(kind: str, message: str) -> ExceptionName:
    return ExceptionName(kind, message.strip()[:_LONGEST_MESSAGE])
