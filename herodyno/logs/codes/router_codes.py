"""The H codes, which the router logs for one request."""

from __future__ import annotations

from herodyno.logs.codes.code import Code

ROUTER_CODES: tuple[Code, ...] = (
    Code(
        "H10", "App crashed", "server", "critical", False,
        "The router found no web dyno that runs: all are crashed, or are starting after a crash.",
        "The web dynos exit: see the `Process exited` line before it. Status 1: an error of the app or no start "
        "script; 127: command not found; 3 or 4: gunicorn could not load the app; R10 or R15 before it.",
        (
            "herodyno diagnose: it shows the exit and the lines above it; the H10 lines say nothing more",
            "after a fix: herodyno restart web --confirm APP (skips the wait between crash restarts)",
            "if it came with a release: herodyno rollback --dry-run",
        ),
    ),
    Code(
        "H11", "Backlog too deep", "server", "critical", False,
        "More requests or connections are waiting than the web dynos take.",
        "Too few web dynos or workers for the load, requests that take too long, or many open websockets.",
        (
            "herodyno diagnose: look at service times first",
            "herodyno scale web+1",
            "shorten or move long requests to a worker dyno",
        ),
    ),
    Code(
        "H12", "Request timeout", "server", "critical", True,
        "The dyno sent no first byte within 30 seconds; the router answered 503. The dyno works on the request still.",
        "On all dynos: something shared is slow (database, another service). On one dyno: its workers are stuck, or "
        "it swaps (R14).",
        (
            "herodyno diagnose: one dyno or all, one path or all",
            "one dyno: herodyno restart web.N",
            "give the app a time limit below 30 s and move long work to a worker dyno",
        ),
    ),
    Code(
        "H13", "Connection closed without response", "server", "warning", True,
        "The dyno took the connection and closed it without an answer.",
        "The process crashed in the request (an exit follows within a second), a dyno that was told to stop dropped "
        "its open requests, or the server closes idle connections earlier than the router (Router 2.0 keeps them "
        "for 90 s).",
        (
            "look for `Process exited` right after it: then it is a symptom of that exit",
            "look for SIGTERM just before it: then let the server finish what is open before it exits",
            "no exit: set the server's keep-alive time to 90 s or more, or "
            "heroku labs:enable http-disable-keepalive-to-dyno",
        ),
        cut_by_stop=True,
        foretells_exit=0.5,  # 27-153 ms lay between the line and the exit in 15 of 21 real ones
    ),
    Code(
        "H14", "No web dynos running", "server", "critical", False,
        "The formation has no web dyno.",
        "web was scaled to 0, the Procfile has no web type, or Eco hours are used up.",
        ("herodyno ps", "herodyno scale web=1", "check that the Procfile has a line `web: …`"),
    ),
    Code(
        "H15", "Idle connection", "client", "warning", True,
        "No byte went either way for 55 seconds; the router closed the connection.",
        "Long polling, or a websocket without a heartbeat.",
        ("send a heartbeat at least every 50 s", "nothing, if only websockets of absent clients are cut"),
    ),
    Code(
        "H16", "Redirect to herokuapp.com", "state", "info", False,
        "The old stack sent the caller on to herokuapp.com. No longer in use.", "A very old address.", ("nothing",),
    ),
    Code(
        "H17", "Poorly formatted HTTP response", "server", "warning", True,
        "The dyno's answer is not valid HTTP.",
        "A server or library that writes a broken status line or header (Router 2.0 reads more strictly).",
        ("run the app locally and look with curl -v", "update or replace the HTTP server of the app"),
    ),
    Code(
        "H18", "Server Request Interrupted", "server", "warning", True,
        "The dyno closed the connection in the middle of an answer; the status may be 200.",
        "An exception while streaming, or a worker killed (time limit, memory).",
        ("look for a traceback just before it and an exit just after it on the same dyno", "herodyno diagnose"),
        cut_by_stop=True,
        foretells_exit=1.0,
    ),
    Code(
        "H19", "Backend connection timeout", "server", "critical", True,
        "The dyno did not accept the connection within 5 seconds.",
        "Its accept queue is full, its event loop is blocked, or it swaps (R14).",
        ("herodyno diagnose", "one dyno: herodyno restart web.N", "all dynos: herodyno scale web+1, or more workers"),
        cut_by_stop=True,
    ),
    Code(
        "H20", "App boot timeout", "server", "critical", False,
        "A request waited 75 seconds for a web dyno that was starting.",
        "The app boots too slowly or not at all (R10), or wakes from idling.",
        ("look for R10 near it and treat that", "make the boot shorter", "heroku features:enable preboot"),
    ),
    Code(
        "H21", "Backend connection refused", "server", "critical", True,
        "Nothing listens on $PORT on a dyno that counts as up.",
        "The server died under a shell or supervisor, or listens on another address.",
        ("herodyno restart web.N", "bind to 0.0.0.0:$PORT", "start the server with exec, one process for a dyno"),
        cut_by_stop=True,
    ),
    Code(
        "H22", "Connection limit reached", "server", "critical", False,
        "The app has more open connections than the router allows.",
        "A flood of clients, or too few dynos for many open connections.",
        ("herodyno diagnose: look whether it is one client", "herodyno scale web+1"),
    ),
    Code(
        "H23", "Endpoint misconfigured", "server", "info", False,
        "A websocket came through the wrong routing endpoint. No longer emitted since March 2025.",
        "DNS points at an old target.", ("heroku domains shows the right DNS target",),
    ),
    Code(
        "H24", "Forced close", "server", "warning", True,
        "A routing node went away during the request.", "Work on the router; not the app.",
        ("nothing; clients should try again",),
    ),
    Code(
        "H25", "HTTP Restriction", "server", "warning", True,
        "The router refused the dyno's answer: invalid or oversized header, cookie, status line or length.",
        "A cookie or header grown too large, or two different content lengths.",
        ("the desc of the line names which; make it smaller or valid",),
    ),
    Code(
        "H26", "Request Error", "client", "info", False,
        "The client's request is malformed (`cause=` says how).", "Usually a scanner.",
        ("nothing, unless it is frequent",),
    ),
    Code(
        "H27", "Client Request Interrupted", "client", "info", True,
        "The client closed the connection before the answer was complete.",
        "The caller gave up. Long service times mean that pages are slow.",
        ("herodyno diagnose: look at the service times of these requests",),
    ),
    Code(
        "H28", "Client Connection Idle", "client", "info", True,
        "The client did not send its whole request within 55 seconds.", "A slow or broken upload.",
        ("nothing, unless it is frequent",),
    ),
    Code(
        "H31", "Misdirected Request", "client", "info", False,
        "The request came to an endpoint that does not serve this host.", "Old DNS, or a CDN with an old target.",
        ("heroku domains shows the right DNS target",),
    ),
    Code(
        "H32", "TLS Certificate Mismatch", "client", "warning", False,
        "The name asked for in TLS and the Host header differ.", "A certificate or domain set up for another name.",
        ("heroku certs", "heroku domains"),
    ),
    Code(
        "H33", "HTTP/2 Stream Broken", "client", "info", False,
        "The client broke the HTTP/2 protocol.", "A fault of the client.", ("nothing",),
    ),
    Code(
        "H34", "All up dynos are quarantined", "server", "critical", False,
        "Every web dyno refused or timed out connections; the router pauses for up to 75 seconds.",
        "As H19 and H21, on all dynos at once.", ("herodyno diagnose", "herodyno restart web --confirm APP"),
    ),
    Code(
        "H70", "Access to Bamboo HTTP endpoint denied", "state", "info", False,
        "A retired stack. No longer in use.", "A very old address.", ("nothing",),
    ),
    Code(
        "H80", "Maintenance mode", "state", "warning", False,
        "Maintenance mode is on; visitors see its page.", "Somebody switched it on.", ("heroku maintenance:off",),
    ),
    Code(
        "H81", "Blank app", "state", "critical", False,
        "Nothing has been deployed yet, so nobody is served.", "A new app.", ("deploy: git push heroku main",),
    ),
    Code(
        "H82", "Dyno hour pool used up", "state", "critical", False,
        "The account's Eco dyno hours of this month are gone, so nobody is served.",
        "Eco dynos awake longer than the pool lasts.",
        ("wait for the next month", "or pay for the dyno itself: herodyno scale web=basic --confirm APP"),
    ),
    Code(
        "H83", "Planned Service Degradation", "state", "warning", False,
        "Heroku degrades a retired feature on purpose, as announced.", "The app uses that feature still.",
        ("read the notice at status.heroku.com",),
    ),
    Code(
        "H99", "Platform error", "server", "critical", False,
        "A fault inside Heroku, not of the app.",
        "Heroku. In older logs also: every web dyno refused connections for a while (today H34).",
        ("look at status.heroku.com", "if only this app has it, ask Heroku's support"),
    ),
)  # fmt: skip
