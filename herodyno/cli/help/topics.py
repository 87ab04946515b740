"""Help topics: the exit codes, the environment variables, and our log format for lnav."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from herodyno.render.text import Line, line

EXIT_CODES = (
    (0, "done; nothing to complain about"),
    (1, "refused, or done in part"),
    (2, "wrong words, or a confirmation is missing; nothing was sent"),
    (4, "no login, second factor wanted, or the credential store fails"),
    (5, "no such app, dyno, process type or file"),
    (6, "network, TLS, time-out, or a reply that cannot be read"),
    (7, "the account's budget of API calls is used up"),
    (8, "what was waited for did not happen in time"),
    (9, "Heroku answered 5xx"),
    (10, "diagnose: a warning"),
    (20, "diagnose: critical"),
    (30, "diagnose, logs --patterns: not enough data to say"),
    (125, "run: the remote exit status could not be learned"),
    (129, "ended by SIGHUP"),
    (130, "ended by Ctrl-C"),
    (143, "ended by SIGTERM"),
)

ENVIRONMENT = (
    ("HEROKU_API_KEY", "API token; used before any stored login"),
    ("HERODYNO_ACCOUNT", "account whose token is used, as --account"),
    ("HEROKU_APP", "app when neither --app nor --remote is given"),
    ("HEROKU_HOST", "API host: a domain or a URL (http: this machine)"),
    ("HEROKU_GIT_HOST", "host of the git remotes that name apps"),
    ("HEROKU_LOGIN_HOST", "where auth login opens the browser"),
    ("HEROKU_STATUS_HOST", "status page to ask, as with the Heroku CLI"),
    ("HEROKU_HEADERS", "more headers for every API call, as JSON"),
    ("HERODYNO_TIMEOUT", "seconds for one API call, its repeats included (30)"),
    ("HERODYNO_READ_ONLY", "1 refuses everything that changes an app"),
    ("HERODYNO_DEBUG", "1 is --debug: a file for a bug report"),
    ("NETRC", "another file than ~/.netrc"),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "your own certificate authorities"),
    ("REQUESTS_CA_BUNDLE", "the same, if neither is set; a note says so"),
    ("NODE_EXTRA_CA_CERTS", "more authorities, if neither is set; a note says so"),
    ("HTTPS_PROXY, NO_PROXY", "the proxy; hosts and networks it is not for"),
    ("HERODYNO_PURE", "1 reads log files without the compiled part"),
    ("HERODYNO_RAW", "1 lets logs -o raw write to a terminal"),
    ("HERODYNO_ENGINE_PASSWORD", "password or token of the server of --engine"),
    ("AWS_ACCESS_KEY_ID", "who reads --archive s3://...; the others: README"),
    ("NO_COLOR, FORCE_COLOR", "no colour; colour even in a pipe"),
    ("XDG_CONFIG_HOME", "where the config file lies: see herodyno config"),
    ("XDG_STATE_HOME", "where the journal lies: see herodyno journal"),
    ("TZ", "time zone of what is shown; --utc wins"),
)


def _exit_codes() -> list[Line]:
    return [line(f"{code:>4}  {meaning}") for code, meaning in EXIT_CODES]


def _environment() -> list[Line]:
    return [line(f"{name:<27}  {meaning}") for name, meaning in ENVIRONMENT]


def _lnav() -> list[Line]:
    text = Path(__file__).parents[2].joinpath("render", "logs", "lnav.json").read_text(encoding="utf-8")
    return [line(row) for row in text.splitlines()]


TOPICS: dict[str, Callable[[], list[Line]]] = {"exit-codes": _exit_codes, "environment": _environment, "lnav": _lnav}

# The topics that are tables, as programs read them.
TABLES = {"exit-codes": tuple((str(code), meaning) for code, meaning in EXIT_CODES), "environment": ENVIRONMENT}
