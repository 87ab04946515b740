"""Heroku's own numbers, each once, with its source. The sandbox takes them from here and nowhere else.

"Dev Center" is Heroku's documentation, named by article. The date is the article's own where it is known.
"Public logs" are log lines of 2011 to 2026 that people published; such a number is measured.
Times are in seconds unless the name says otherwise. Sizes and their quotas are a table: world/sizes.py.
"""

DAY = 86_400

# Start, restart and end of a dyno

BOOT_TIMEOUT = 60
"""To listen on $PORT, else R10. Dev Center, "Error Codes"; the text of R10 in public logs."""
LAUNCH_TIMEOUT = 10
"""For the platform to launch a dyno, else R99. The text of R99 in public logs."""
EXIT_TIMEOUT = 30
"""From SIGTERM to the exit, else R12 and SIGKILL. Dev Center, "Error Codes". It was 10 before about 2014."""
CYCLE_INTERVAL = DAY
"""After which a dyno is restarted. Dev Center, "Dyno Restarts" (April 2025)."""
CYCLE_SPREAD = 216 * 60
"""A dyno cycles up to so much later than CYCLE_INTERVAL. Dev Center, "Dyno Restarts" (April 2025)."""
FIRST_CRASH_DELAY = 10 * 60
"""Before the second restart in a row; the first restart is at once. Dev Center, dyno crash restart policy."""
LONGEST_CRASH_DELAY = DAY
"""The delay doubles up to this one. Dev Center, dyno crash restart policy."""
ECO_SLEEP_AFTER = 30 * 60
"""Without a web request. Dev Center, "Eco Dyno Hours"."""
ECO_HOURS = 1000
"""Of an account in a month. Dev Center, "Eco Dyno Hours"."""

LIST_LAG = (0.0, 6.0)
"""After the end of a dyno the API still lists it for so long, instead of its successor. Public logs: 1 to 6."""

# Preboot: (shortest, longest)

PREBOOT_SWITCH = (180, 255)
"""From a release until the new dynos take its requests and the old ones are stopped.

3 minutes or more: Dev Center, "Preboot" (May 2023). Boot time-out and 2 minutes: Dev Center changelog, April 2017.
4 min 11 s: a public log of June 2026 (heroku/barnes#58).
"""
PREBOOT_OVERLAP = (240, 360)
"""After a restart or cycle old and new dyno both serve for so long. Dev Center, "Preboot" (May 2023)."""

# One-off dynos, and how many dynos there may be

ATTACH_TIMEOUT = 30
"""For the client of an attached dyno to connect, else R13. Public logs."""
SIGHUPS = 3
"""Before R16. Dev Center, "Error Codes", the example of R16."""
SIGHUP_INTERVAL = 5
"""Between two SIGHUPs. Dev Center, "Error Codes", the example of R16."""
HIGHEST_ONE_OFF_NUMBER = 9999
"""run.1 to run.9999. Public logs."""
LONGEST_TIME_TO_LIVE = DAY
"""Platform API schema, dyno: time_to_live."""
ONE_OFFS_AT_ONCE = {"eco": 1, "basic": 50, "production": 50, "private": 5, "shield": 5, "fir": 255}
"""Tier to one-off dynos of one size at once. Dev Center, "One-Off Dynos"."""
DYNOS_OF_A_TYPE = {"eco": 1, "basic": 1, "production": 100, "private": 10, "shield": 10, "fir": 255}
"""Tier to dynos of one process type. Dev Center, "Dyno Types"."""

# The router

REQUEST_TIMEOUT = 30
"""From the request to the first byte of its response, else H12. Dev Center, "Request Timeout" (May 2023)."""
CONNECT_TIMEOUT = 5
"""For a dyno to accept the connection, else H19. Dev Center, "Error Codes"; the H19 lines of public logs."""
ROUTER_BOOT_TIMEOUT = 75
"""That a request waits for a starting dyno, else H20. Dev Center, "Error Codes"."""

# Runtime metrics

FIRST_SAMPLE = (15.0, 30.0)
"""After the start of a dyno: (shortest, longest). Public logs."""
SAMPLE_GAP = (18.5, 27.0, 20.6)
"""Between two samples: (shortest, longest, most common). Public logs."""

# Logs

LOG_BUFFER_LINES = 1500
"""That Logplex keeps of an app. Dev Center, "Logging"."""
DEFAULT_LOG_LINES = 100
"""Of a log session that asks for no number. Open Logplex (2022)."""
MESSAGE_BYTES = 10_000
"""Of one message in a frame; the rest follows in the next frame. Recorded drain bodies."""
SESSION_OPEN_TIMEOUT = 360
"""To open the URL of a log session. Open Logplex (2022)."""
SESSION_LIFETIME = 900
"""Of a log session. Heroku's extension for Visual Studio Code renews its session after 15 minutes."""
DRAIN_TRIES = 3
"""Deliveries of one body before its lines are dropped (L10): open Logplex (2022) tries twice again."""
LATE_SHARE = 0.05
"""Of lines arrive after a younger line. Public logs: 371 of 5,982."""
LATE_MEAN = 0.13
"""Mean delay of a late line, exponential. Its median is that of public logs, 0.09."""

# The Platform API

RATE_LIMIT = 4500
"""Calls in the bucket of an account. Dev Center, "Platform API Reference", rate limits."""
RATE_REFILL_PER_MINUTE = 75
"""Calls that come back to the bucket. Dev Center, "Platform API Reference", rate limits."""
DEFAULT_PAGE = 200
"""Items of a page without `max`. Dev Center, "Platform API Reference", list ranges."""
LARGEST_PAGE = 1000
"""The highest `max`. Dev Center, "Platform API Reference", list ranges."""
