"""Heroku's numbers that herodyno relies on, each once, with its source.

The unit stands in the name. A pair is (shortest, longest). What we chose ourselves is not here: such a number stands
where it is used, with "ours" beside it. The sandbox keeps a page of its own, so that neither copies the other's errors.

"Dev Center" is Heroku's documentation, named by article, with the article's date where it is known. "API schema" is the
published schema of the Platform API (version 3.sdk, May 2026). "Official CLI" is heroku/cli 11.9 (August 2026).
"Public logs" are lines of 2011 to 2026 that people published: such a number is measured.
"""

# Start, restart and end of a dyno

# From the launch of a web process until it must listen on $PORT, else R10. Dev Center, "Error Codes"; public logs.
BOOT_TIMEOUT_SECONDS = 60
# From SIGTERM to SIGKILL and R12. Dev Center, "Error Codes". Public logs before about 2014 say 10 s.
EXIT_TIMEOUT_SECONDS = 30
# A dyno of Cedar is restarted after CYCLE_INTERVAL and up to CYCLE_SPREAD. Dev Center, "Dyno Restarts" (April 2025).
CYCLE_INTERVAL_SECONDS = 86_400
CYCLE_SPREAD_SECONDS = 216 * 60  # Dev Center, "Dyno Restarts" (April 2025): up to 216 minutes.
# From SIGTERM until the API's list of dynos has lost the dyno, which may still run. Public logs (heroku/barnes, 2026).
LEAVES_LIST_SECONDS = (1, 6)

# Preboot. There are two spans, for two events. Each limit elsewhere is a sum of one of them and a leeway of ours.

# From a release until the old dyno gets SIGTERM. Three minutes or more: Dev Center, "Preboot" (May 2023).
# Boot time-out and 2 minutes: Dev Center changelog (April 2017).
# The longest seen is 4 min 11 s: public logs (heroku/barnes#58, June 2026).
PREBOOT_SWITCH_SECONDS = (180, 255)
# From a restart or the daily cycle until the old dyno gets SIGTERM. Dev Center, "Preboot" (May 2023).
PREBOOT_OVERLAP_SECONDS = (240, 360)

# How many dynos there may be, for how long, at what price

# Of one process type on Cedar, unless Heroku raised the limit. Dev Center, "Limits" and "Dyno Types".
MOST_DYNOS_OF_A_TYPE = 100
# One-off dynos are named run.1 to run.9999, at random; a name is used again. Public logs.
HIGHEST_ONE_OFF_NUMBER = 9999
# A one-off dyno ends after that. API schema, dyno: time_to_live.
LONGEST_TIME_TO_LIVE_SECONDS = 86_400
# A price per hour is the price per month through this. Official CLI, `ps:type`.
HOURS_PER_MONTH = 720

# Memory

# Public logs: a dyno of 1 GB logs memory_quota=1024.00MB. The API schema has GB, the runtime metrics have MB.
MB_PER_GB = 1024
# Public logs: the runtime metrics call 1,048,576 bytes an MB.
BYTES_PER_MB = 1_048_576
# The quotas of Cedar's sizes, which are the limits of R14. Dev Center, "Dyno Types" (March 2025).
CEDAR_QUOTAS_MB = (512.0, 1024.0, 2560.0, 14336.0, 30720.0, 63488.0, 129024.0)
# R15 comes at so many times the quota, by size in lower case. Dev Center, "Dyno Types" (October 2024 to March 2025).
# Free, Hobby, 1X, 2X and PX are retired: public logs still name them. Private, Shield and Fir: at the quota itself.
R15_TIMES_QUOTA = {
    **dict.fromkeys(("eco", "basic", "standard-1x", "standard-2x", "performance-m", "performance-l"), 2.0),
    **dict.fromkeys(("free", "hobby", "1x", "2x", "px"), 2.0),
    **dict.fromkeys(("performance-l-ram", "performance-xl", "performance-2xl"), 1.2),
}

# The router

# To the first byte of a response, else H12. Dev Center, "Request Timeout" (May 2023); the H12 lines of public logs.
REQUEST_TIMEOUT_SECONDS = 30

# Runtime metrics

# About so often each dyno logs its metrics. Dev Center, "Heroku Labs: log-runtime-metrics" (September 2025).
SAMPLE_INTERVAL_SECONDS = 20
# One line with the load and one with the memory. Dev Center, "Heroku Labs: log-runtime-metrics" (September 2025).
LINES_PER_SAMPLE = 2
# In fact samples come later than Dev Center says: 335 gaps in public logs are 18.2 to 34.9 s, 23.3 s in the middle.
LONGEST_SAMPLE_GAP_SECONDS = 35
# After the start of the dyno. Public logs: 15.7, 16.0 and 29.7 s.
FIRST_SAMPLE_SECONDS = (15.0, 30.0)

# Logs

# What Logplex keeps of an app, and so the most a log session begins with. Dev Center, "Logging"; open Logplex (2022).
# Logplex takes the last lines first and filters them afterwards. Fir keeps none.
LOG_BUFFER_LINES = 1500
# Without a number asked for. Official CLI, `logs`; open Logplex (2022).
DEFAULT_LOG_LINES = 100
# Logplex cuts a longer message into pieces of exactly this size. Recorded drain bodies.
MESSAGE_BYTES = 10_000
# A drain that has not answered in so long is sent the same frame again, twice at most. Open Logplex (2022).
DRAIN_ANSWER_SECONDS = 5
# Logplex closes a quiet connection to a drain after so long. Open Logplex (2022).
DRAIN_IDLE_SECONDS = 144
# A log session gives lines for so long. Dev Center, "Platform API Reference" (2014), says about an hour. Yet the
# official CLI on Fir and Heroku's extension for Visual Studio Code take a new one after 15 minutes: the shorter counts.
SESSION_LIFETIME_SECONDS = 900

# The Platform API

# Release v1 is "Initial release", v2 "Enable Logplex": the app has no code before this one. Public logs of new apps.
FIRST_CODE_RELEASE_NUMBER = 3
# Calls in the bucket of an account. Dev Center, "Platform API Reference", rate limits (2,400 in 2014).
RATE_LIMIT_CALLS = 4500
# Calls that come back to the bucket. Dev Center, "Platform API Reference", rate limits (20 in 2014).
RATE_REFILL_PER_MINUTE = 75
# The highest `max` of a range. Dev Center, "Platform API Reference", list ranges.
LARGEST_PAGE_ITEMS = 1000
# The longest that a token may live: 30 days. Official CLI, `login --expires-in`.
LONGEST_TOKEN_SECONDS = 30 * 86_400
# What a token may do, the least first. Dev Center, "OAuth" (July 2024); official CLI, `authorizations:create`.
SCOPES = ("identity", "read", "write", "read-protected", "write-protected", "global")
# In a 403 "forbidden" for a token whose scope does not reach. Public logs (martyzz1/heroku3.py#120, January 2022).
SCOPE_REFUSAL = "The scope of this OAuth authorization does not allow access"
# An attached connection without a byte is at its end. Official CLI, `run`.
ATTACH_IDLE_SECONDS = 3600

# An app's state, and what Heroku changes by itself

# Dev Center, "Maintenance Mode" and "Error Codes" (H80).
IN_MAINTENANCE = "maintenance mode is on: the router answers 503 (H80) to every request"
# The last day with security updates and builds of each stack of Cedar. Apps run on, without either.
# Dev Center, "Heroku-22 Stack" and "Heroku-24 Stack" (December 2024), "Upgrading to the Latest Stack".
STACK_LAST_DAYS = {
    "heroku-16": "2021-04-30",
    "heroku-18": "2023-04-30",
    "heroku-20": "2025-04-30",
    "heroku-22": "2027-04-30",
    "heroku-24": "2029-04-30",
}
# The process type that Heroku autoscales. Official CLI, `ps:autoscale:enable`.
AUTOSCALED_TYPE = "web"
# The beginnings of the sizes that Heroku autoscales. Official CLI, `ps:autoscale:enable`.
AUTOSCALED_SIZES = ("performance-", "private-", "shield-")
# The end of the name by which an add-on acts on an app. Public logs: "by user heroku-postgresql@addons.heroku.com".
ADDON_ACTOR = "@addons.heroku.com"

# Patterns, for ASCII only

UUID_PATTERN = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # API schema: every id; public logs: dyno ids.
APP_NAME_PATTERN = r"[a-z][a-z0-9-]{1,28}[a-z0-9]"  # API schema, app: name.
PROCESS_TYPE_PATTERN = r"[-\w]{1,128}"  # API schema, formation: type.
