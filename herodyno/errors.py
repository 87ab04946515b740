"""Every error a user can meet; each knows its exit code and the next thing to type.

::

    HerodynoError                       never raised itself
      UsageError                   2    what was typed cannot mean anything; nothing was sent
      Refused                      1    herodyno or Heroku said no, or the work was done in part
        RefusedByHeroku            1    the API said no: keeps Heroku's id, message, Request-Id
        ExtraMissing               1    an optional package is not installed
      NotAuthenticated             4    no token, a bad token, a credential store that fails
        TwoFactorNeeded            4    Heroku wants a second factor
      NotFound                     5    no such app, dyno, process type, file
      Unreachable                  6    DNS, TLS, time-out, dropped connection
        BadReply                   6    a reply that cannot be read
        WriteUnclear               6    a write was sent and no answer came: it may have happened
      RateLimited                  7    the account's budget of calls is used up
      WaitTimedOut                 8    what was waited for did not happen in time
      PlatformFailed               9    Heroku answered 5xx
      RemoteStatusUnknown        125    a one-off dyno's exit status could not be learned

Source of the numbers: the project's own table (README, "Exit codes"); 129, 130 and 143 are signals.
"""


class HerodynoError(Exception):
    """What went wrong, in one line, and what to type next.

    `message` says what was tried and what happened; `next_step` is a line a person can act on, or
    empty. Both may hold foreign text: whoever prints them cleans them first.
    """

    exit_code = 1

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step


class UsageError(HerodynoError):
    """What was typed cannot mean anything; nothing was sent."""

    exit_code = 2


class Refused(HerodynoError):
    """herodyno or Heroku said no, or only a part was done."""

    exit_code = 1


class RefusedByHeroku(Refused):
    """The Platform API said no. Keeps what Heroku's support asks for.

    `error_id` is Heroku's machine word ("invalid_params"), `status` the HTTP status, `request_id`
    the Request-Id header ("" when absent), `url` the API's help link or "".
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
        self.error_id = error_id
        self.status = status
        self.request_id = request_id
        self.url = url


class ExtraMissing(Refused):
    """An optional package is not installed; `next_step` is the one line that installs it."""


class NotAuthenticated(HerodynoError):
    """No token, a token Heroku does not take, or a credential store that fails."""

    exit_code = 4


class TwoFactorNeeded(NotAuthenticated):
    """Heroku wants a second factor for this call. `app` is the app to pre-authorize, or ""."""

    def __init__(self, message: str, *, app: str = "", next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.app = app


class NotFound(HerodynoError):
    """No such app, dyno, process type or file."""

    exit_code = 5


class Unreachable(HerodynoError):
    """The network, TLS or the clock ended the call before an answer came."""

    exit_code = 6


class BadReply(Unreachable):
    """A reply came and cannot be read; the message holds the path inside it and the Request-Id."""


class WriteUnclear(Unreachable):
    """A write left this machine and no answer came: it may have happened. Look before repeating."""


class RateLimited(HerodynoError):
    """The account's budget of API calls is used up. `seconds` until it is worth trying again, or None."""

    exit_code = 7

    def __init__(self, message: str, *, seconds: float | None = None, next_step: str = "") -> None:
        super().__init__(message, next_step=next_step)
        self.seconds = seconds


class WaitTimedOut(HerodynoError):
    """What was waited for did not happen in time."""

    exit_code = 8


class PlatformFailed(HerodynoError):
    """Heroku answered with a 5xx status."""

    exit_code = 9


class RemoteStatusUnknown(HerodynoError):
    """A one-off dyno's exit status could not be learned."""

    exit_code = 125
