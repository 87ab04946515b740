"""The R codes, which are about one dyno, and the L codes, which are about lost log lines."""

from __future__ import annotations

from herodyno.logs.codes.code import Code

DYNO_CODES: tuple[Code, ...] = (
    Code(
        "R10", "Boot timeout", "runtime", "critical", True,
        "The web process did not listen on $PORT within 60 seconds and was killed.",
        "A port written into the code, a server bound to localhost, a slow start, or no memory at boot (R14 before).",
        ("check for R14 just before it", "listen on 0.0.0.0:$PORT", "move slow work out of the boot"),
        ends_life=True, speaks_of="new",
    ),
    Code(
        "R11", "Bad bind", "runtime", "critical", True,
        "The web process listened on a port other than $PORT. No longer in use.", "A port written into the code.",
        ("listen on $PORT",),
        speaks_of="new",
    ),
    Code(
        "R12", "Exit timeout", "runtime", "warning", True,
        "The process did not exit within 30 seconds of SIGTERM and was killed. It speaks of the old dyno of that "
        "name, not of the one that took its place.",
        "A shell between Heroku and the server that does not pass the signal on (npm start, sh -c), or a long job.",
        ("start the server with exec", "on SIGTERM stop taking work and finish within 30 s"),
        ends_life=True, speaks_of="old",
    ),
    Code(
        "R13", "Attach error", "runtime", "warning", True,
        "A one-off dyno could not reach the terminal it should attach to.",
        "The client's network closes port 5000, or the client was gone.",
        ("run it detached: herodyno run --detach -- COMMAND", "try from another network"),
        ends_life=True,
    ),
    Code(
        "R14", "Memory quota exceeded", "runtime", "warning", True,
        "The dyno uses more memory than its size has; the rest is on disk and everything on it is slow.",
        "Too many workers or threads for the size, memory that grows with time, or one large request.",
        (
            "herodyno diagnose: level, growth, and whether one dyno or all",
            "fewer workers, or a larger size: herodyno scale web=N:SIZE --confirm APP",
            "Ruby: MALLOC_ARENA_MAX=2; Node: --max-old-space-size",
            "herodyno restart web.N (buys time, no more)",
        ),
    ),
    Code(
        "R15", "Memory quota vastly exceeded", "runtime", "critical", True,
        "The dyno used so much memory that it was killed.", "As R14, further; often one job or request.",
        ("herodyno diagnose: look at the seconds before it", "a larger size: herodyno scale web=N:SIZE --confirm APP"),
        ends_life=True,
    ),
    Code(
        "R16", "Detached", "runtime", "info", True,
        "A one-off dyno ignores SIGHUP after its terminal closed; it runs on and costs on.",
        "The command does not end with its terminal.", ("herodyno run list", "herodyno stop run.N"),
    ),
    Code(
        "R17", "Checksum error", "runtime", "critical", True,
        "The slug does not match its checksum; the dyno cannot start.", "A damaged slug.",
        ("deploy again, or go back: herodyno rollback --dry-run",),
        ends_life=True,
    ),
    Code(
        "R99", "Platform error", "runtime", "critical", True,
        "Heroku could not start the dyno. Not the app's fault.", "Heroku.",
        ("wait a minute", "look at status.heroku.com", "herodyno restart DYNO"),
        ends_life=True,
    ),
    Code(
        "L10", "Drain buffer overflow", "loss", "warning", False,
        "A log drain was too slow and lost lines. The log you read here may be complete.",
        "The drain's receiver is slow or down.", ("make the receiver faster, or remove the drain",),
        loses_here=True,
    ),
    Code(
        "L11", "Tail buffer overflow", "loss", "warning", False,
        "This very log session lost lines: what it shows are lower bounds.",
        "The reader was slower than the app logs.", ("ask for less: one dyno or one source",),
        loses_here=True,
    ),
    Code(
        "L12", "Local buffer overflow", "loss", "warning", False,
        "A dyno printed faster than its lines could be shipped; lines were lost.", "Too much logging.",
        ("log less",),
        loses_here=True, loses_for_all=True,
    ),
    Code(
        "L13", "Local delivery error", "loss", "warning", False,
        "A dyno's lines could not be delivered and were lost.", "Heroku's log network.",
        ("look at status.heroku.com", "ask Heroku's support if it goes on"),
        loses_for_all=True,
    ),
    Code(
        "L14", "Certificate validation error", "loss", "warning", False,
        "A TLS drain has a certificate that is not valid and gets no lines.", "An expired or wrong certificate.",
        ("mend the certificate of the drain's receiver",),
    ),
    Code(
        "L15", "Tail buffer temporarily unavailable", "loss", "warning", False,
        "The recent lines cannot be had at the moment.", "Work on Heroku's log network.",
        ("try again in a minute", "follow live: herodyno logs --tail"),
    ),
)  # fmt: skip
