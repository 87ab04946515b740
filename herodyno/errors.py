"""Every error that a user can meet, with its exit code and the next thing to type.

::

    HerodynoError                       never raised itself
      UsageError                   2    the command line makes no sense; nothing was sent
      Refused                      1    herodyno or Heroku refused, or only a part was done
        RefusedByHeroku            1    the API refused: keeps Heroku's id, message, Request-Id
        ExtraMissing               1    an optional package is not installed
      NotAuthenticated             4    no token, a bad token, a credential store that fails
        TwoFactorNeeded            4    Heroku wants a second factor
      NotFound                     5    no such app, dyno, process type, file
      Unreachable                  6    DNS, TLS, time-out, dropped connection
        BadReply                   6    a reply that cannot be read
        WriteUnclear               6    a write was sent and no answer came: it may have happened
      RateLimited                  7    the account's API calls are used up
      WaitTimedOut                 8    the goal of a wait was not reached in time
      PlatformFailed               9    Heroku answered 5xx
      NotEnoughData               30    the log has too little to compare, as `diagnose` ends where it cannot judge
      RemoteStatusUnknown        125    a one-off dyno's exit status could not be learned
      Interrupted                130    Ctrl-C ended it; 129 or 143 where it was another signal

Source of the exit codes: the project's own table (README, "Exit codes"). 129, 130 and 143 are signals.
"""

import re

# Ours. Foreign text has no bound: a proxy's page or an API's message of one word of 120 KB would bury the rest.
LONGEST_WORD = 400
LONGEST_TEXT = 4000
# What is cut is shorter, the mark included.
_LONG_WORD = re.compile(rf"(?<!\S)(\S{{{LONGEST_WORD}}})(\S{{40,}})")
_BEGINNING = re.compile(rf".{{0,{LONGEST_TEXT}}}(?=\s)", re.DOTALL)
_END = re.compile(r"\s.*", re.DOTALL)
CUT = "...["  # follows what is left of a word


def shortened(text: str) -> str:
    """The text, with what is left out of a long word, or out of the middle of a long text, counted in its place.

    A text that was shortened before stays as it is.
    """
    text = _LONG_WORD.sub(lambda found: f"{found[1]}{CUT}{len(found[2]):,} characters more]", text)
    if len(text) <= LONGEST_TEXT + 3 * LONGEST_WORD:
        return text
    # The end of a message says what was sent.
    beginning, end = _BEGINNING.match(text), _END.search(text, len(text) - 2 * LONGEST_WORD)
    if beginning is None or end is None:
        return text
    return f"{beginning[0]} {CUT}{end.start() - beginning.end():,} characters more]{end[0]}"


class HerodynoError(Exception):
    """What went wrong, in one line, and what to type next.

    `message` says what was tried and what happened. `next_step` is a line that a person can act on, or "". Both may
    contain foreign text, so the code that prints them must clean them first. Both are `shortened` here, for every kind
    of error and every way to print it.
    """

    exit_code = 1

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(shortened(message))
        self.message = shortened(message)
        self.next_step = shortened(next_step)


class UsageError(HerodynoError):
    """The command line makes no sense; nothing was sent."""

    exit_code = 2


class Refused(HerodynoError):
    """herodyno or Heroku refused, or only a part was done."""

    exit_code = 1


class RefusedByHeroku(Refused):
    """The Platform API refused. Keeps what Heroku's support asks for.

    `error_id` is Heroku's name of the error ("invalid_params"), `status` the HTTP status, `request_id` the Request-Id
    header ("" when absent), `url` the API's help link or "".
    """

    def __init__(
        self,
        message: str,
        *,
        error_id: str = "",
        status: int = 0,
        request_id: str = "",
        url: str = "",
        next_step: str = "",
    ) -> None:
        super().__init__(message, next_step=next_step)
        self.error_id = shortened(error_id)
        self.status = status
        self.request_id = shortened(request_id)
        self.url = shortened(url)


class ExtraMissing(Refused):
    """An optional package is not installed. `next_step` is the command that installs it."""


class NotAuthenticated(HerodynoError):
    """No token, a token that Heroku refuses, or a credential store that fails."""

    exit_code = 4


class TwoFactorNeeded(NotAuthenticated):
    """Heroku wants a second factor for this call. `app` is the app to pre-authorize, or ""."""

    def __init__(self, message: str, *, app: str = "", next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.app = shortened(app)


class NotFound(HerodynoError):
    """No such app, dyno, process type or file."""

    exit_code = 5


class Unreachable(HerodynoError):
    """The network, TLS or the clock ended the call before an answer came."""

    exit_code = 6


class BadReply(Unreachable):
    """A reply arrived and cannot be read. The message has the path inside the reply and the Request-Id."""


class WriteUnclear(Unreachable):
    """A write left this machine and no answer came: it may have happened. Check before repeating it."""


class RateLimited(HerodynoError):
    """The account's API calls are used up. `seconds` until another try makes sense, or None."""

    exit_code = 7

    def __init__(self, message: str, *, seconds: float | None = None, next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.seconds = seconds


class WaitTimedOut(HerodynoError):
    """The goal of a wait was not reached in time."""

    exit_code = 8


class PlatformFailed(HerodynoError):
    """Heroku answered with a 5xx status."""

    exit_code = 9


class NotEnoughData(HerodynoError):
    """The log holds too little for what was asked of it."""

    exit_code = 30


class RemoteStatusUnknown(HerodynoError):
    """A one-off dyno's exit status could not be learned."""

    exit_code = 125


class Interrupted(HerodynoError):
    """A signal ended it: 128 and the signal's number is the exit code. The message says what was left, if anything."""

    exit_code = 130

    def __init__(self, message: str, *, exit_code: int = 130, next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.exit_code = exit_code
