"""Mends lines of text that other tools broke: a platform line wrapped at a column, and two lines in one.

Mail, chats and terminals wrap. A line without a head goes on the line before it only where the words of the platform's
line go on in it, so a note between two lines stays a line, and so does an app's own output of several lines. A line end
that got lost glues two lines. A whole head of Heroku begins a new line only behind the whole words of the platform: an
app can print a head into its own text, and a command's words may hold one.
"""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.logs.late_patterns import late

_STAMP = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)"
# Lines of the commonest form. The check costs a twentieth of the time that it takes to count the lines.
_COMMON = rb"[^\n]{26}\+00:00 (?:app|heroku)\["
_WITH_HEAD = late(_COMMON)
_WITHOUT_HEAD = late(rb"\n(?!" + _COMMON + rb"|\Z)")
_OFFSET = b"+00:00 "

_QUOTE = rb"(?:[ \t>|*-]{1,40})?"  # of a mail or an issue, and its twin before the rest of a wrapped line
_SPEAKER = late(
    rb"(" + _QUOTE + rb")(?:" + _STAMP + rb" (?:app\[(?=api\])|heroku\[)|(?:app\[(?=api\])|heroku\[)"
    rb"|[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d \S{1,255} (?:app/(?=api:)|heroku/))"
    rb"([\w.-]{1,128})(?:\]|(?=:)): ?"
)  # fmt: skip
_STAMP_ALONE = late(rb"(" + _QUOTE + rb")" + _STAMP + rb" ?\Z")
_HEAD_ALONE = late(rb"(?:app|heroku)\[[\w.-]{1,128}\]: ?")
_ANOTHER = late(_STAMP + rb" (?:app|heroku)\[[\w.-]{1,99}\]: ")
_HEADED = late(
    rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S{0,16} |<\d{1,3}>|[A-Z][a-z]{2} [ \d]?\d \d\d:|(?:app|heroku)[\[/]|\{\""
)

_KEYS = (
    rb"(?:sock|at|code|desc|cause|agent|method|path|host|request_id|fwd|dyno|queue|wait|connect|service|status|bytes"
    rb"|protocol|tls|tls_version)="
)
_KEY = late(_KEYS)
_KEY_THERE = late(rb"(?:^| )" + _KEYS)
_OPEN_WORDS = late(rb"(?:desc|cause|agent)=\"[^\"]*\Z")
_SIZE_AT_END = late(rb"bytes=\d+ ?\Z")
_STATES = rb"(?:crashed|complete|created|down|idle|provisioning|starting|stopping|up)"
# The whole words of the platform's lines about a dyno, and of the API's. Words that fit the first pattern are right.
_USUAL = late(
    rb"Error R\d\d \((?:Boot timeout|Exit timeout|Attach error|Memory quota (?:vastly )?exceeded|Detached"
    rb"|Checksum error|Platform error)\)"
    rb"|Process running mem=\d{1,9}MB?\([\d.]{1,9}%\)"
    rb"|Process exited with status \d{1,9}"
    rb"|State changed from " + _STATES + rb" to " + _STATES + rb""
    rb"|Stopping (?:all |remaining )?process(?:es)? with SIG(?:TERM|KILL)"
    rb"|Starting process with command `[^\n]*`(?: by user \S{1,255})?"
    rb"|source=\S{1,128} dyno=heroku\.\d{1,18}\.[\da-f]{8}-[\da-f-]{27}"
    rb"(?: sample#\w{1,32}=\d{1,18}(?:\.\d\d(?:MB)?|pages))* sample#(?:memory_quota|load_avg_15m)=\d{1,9}\.\d\d(?:MB)?"
    rb"|Cycling|Idling|Unidling|Relocating|Restarting"
    rb"|(?:Release v\d{1,9} c(?:reated|ommand failed)|Deploy \S{1,255}|Build (?:started|succeeded)|Rollback to v\d{1,9}"
    rb"|Scaled to [\w:@. -]{1,4096}|(?:Set|Remove) [\w, ]{1,4096} config vars) by user \S{1,255}"
)  # fmt: skip
_KNOWN = late(rb"Error L\d\d \([\w ',-]{1,80}\): [^\n]{1,200}\.|[^\n]{1,8192} by user \S{1,255}")
_METRIC = late(rb"(?:dyno=|sample#|measure=|val=|units=)")
_MOST_PIECES = 32
_MOST_BYTES = 16 * 1024


def is_sound(lines: bytes) -> bool:
    """Whether surely each of some lines, each ended by LF, has a head, and none has two."""
    if not _WITH_HEAD.match(lines) or _WITHOUT_HEAD.search(lines):
        return False
    return lines.count(_OFFSET) == lines.count(b"\n")


class Mender:
    """Records in, records out: wrapped lines joined, glued lines cut. A line that may go on waits for the next."""

    def __init__(self) -> None:
        self._held: list[bytes] = []  # the pieces of a line
        self._joined = b""
        self._head = 0  # bytes of quote marks and head in front of the words

    @property
    def is_holding(self) -> bool:
        """Whether a line waits."""
        return bool(self._held)

    def feed(self, records: Sequence[bytes]) -> list[bytes]:
        """The records that are whole."""
        if not self._held and is_sound(b"\n".join([*records, b""])) and not may_go_on(records[-1]):
            return list(records)
        done: list[bytes] = []
        for record in records:
            if self._held:
                if self._takes(record):
                    continue
                done += self.flush()
            *whole, last = _cut(record)
            done += whole
            if may_go_on(last):
                self._hold(last)
            else:
                done.append(last)
        return done

    def flush(self) -> list[bytes]:
        """What waited: joined where the words are whole, else as it came."""
        held, self._held = self._held, []
        if len(held) < 2:
            return held
        return _cut(self._joined) if _is_router(self._joined) or _is_whole(self._joined[self._head :]) else held

    def _hold(self, record: bytes) -> None:
        found = _SPEAKER.match(record)
        if found and found.end() == len(record):  # a head alone
            self._joined = record.rstrip() + b" "
            self._held, self._head = [record], len(self._joined)
        else:
            self._held, self._joined, self._head = [record], record, found.end() if found else 0

    def _takes(self, record: bytes) -> bool:
        """Whether a record goes on the line that waits, which it then joins."""
        if len(self._held) >= _MOST_PIECES or len(self._joined) > _MOST_BYTES or not record.strip():
            return False
        if not self._head:  # a time alone
            found = _STAMP_ALONE.match(self._joined)
            rest = record.removeprefix(found[1].rstrip()).lstrip() if found else b""
            if not _HEAD_ALONE.match(rest):
                return False
            self._joined = self._joined.rstrip() + b" " + rest
            speaker = _SPEAKER.match(self._joined)
            self._head = speaker.end() if speaker else len(self._joined)
            self._held.append(record)
            return True
        quote = _SPEAKER.match(self._joined)
        mark = quote[1].strip() if quote else b""
        if mark and not record.lstrip().startswith(mark):
            return False
        rest = record.strip().removeprefix(mark).lstrip()
        if _HEADED.match(rest):
            return False
        words = self._joined[self._head :]
        between = _between_keys(words, rest) if _is_router(self._joined) else _between_words(words, rest)
        if between is None:
            return False
        self._held.append(record)
        self._joined = self._joined.rstrip() + between + rest if between and words else self._joined + rest
        return True


def may_go_on(record: bytes) -> bool:
    """Whether a record is a platform line, or a time alone, whose words are not whole."""
    found = _SPEAKER.match(record)
    if not found:
        return bool(_STAMP_ALONE.match(record))
    if len(record) > _MOST_BYTES:
        return False
    if found[2] == b"router":
        return b" protocol=" not in record
    return not _is_whole(record[found.end() :].rstrip())


def may_be_cut_behind(line: bytes) -> bool:
    """Whether the next line is surely no rest of this line, nor of a line before."""
    return bool(_HEADED.match(line)) and not may_go_on(line)


def _is_router(record: bytes) -> bool:
    found = _SPEAKER.match(record)
    return found is not None and found[2] == b"router"


def _between_keys(words: bytes, rest: bytes) -> bytes | None:
    """What stood between two pieces of a router line: a blank, or nothing. None where the second is no such piece."""
    if words.count(b'"') % 2:
        return b" " if _OPEN_WORDS.search(words) or words.endswith(b",") else b""
    if _KEY.match(rest):
        return b" "
    last = words.rpartition(b" ")[2]
    if last and not _KEY.match(last) and _KEY.match(last + rest):
        return b""
    is_value = _KEY.match(last) and not last.endswith(b'"')
    if is_value and (_KEY_THERE.search(rest) or not (_SIZE_AT_END.search(words) or b" " in rest)):
        return b""
    return None


def _between_words(words: bytes, rest: bytes) -> bytes:
    """The same for other lines: what makes the words whole, else what may."""
    for whole in (_USUAL, _KNOWN):
        for between in (b" ", b""):
            if whole.fullmatch(words.rstrip() + between + rest):
                return between
    return b"" if words.startswith(b"source=") and not _METRIC.match(rest) else b" "


def _is_whole(words: bytes) -> bool:
    return bool(_USUAL.fullmatch(words) or _KNOWN.fullmatch(words))


def _cut(record: bytes) -> list[bytes]:
    """The lines in a record."""
    lines: list[bytes] = []
    start = 0
    while found := _SPEAKER.match(record, start):
        if found[2] == b"router":
            break
        another = _ANOTHER.search(record, found.end())
        if not another:
            break
        words = record[found.end() : another.start()].rstrip()
        if b"`" in words or not _is_whole(words):
            break
        lines.append(record[start : another.start()])
        start = another.start()
    return [*lines, record[start:]]
