"""The metrics of `diagnose`, each declared once."""

from __future__ import annotations

from herodyno.openmetrics import Metric
from herodyno.render.fleet.metrics.bounds import MOST_DYNOS

_APP, _DYNO = ("app",), ("app", "type", "dyno")


def _gauge(name: str, told: str, labels: tuple[str, ...] = _APP, unit: str = "") -> Metric:
    return Metric(f"herodyno_diagnose_{name}", "gauge", told, labels, unit)


ANSWERED = _gauge("answered", "1 where the app could be judged, 0 where API or log gave no answer.")
AT = _gauge("timestamp_seconds", "When the app was judged.", unit="seconds")
VERDICT_INFO = _gauge("verdict_info", "1; the labels say the verdict.", (*_APP, "class", "severity", "confidence"))
SEVERITY = _gauge("severity", "Of the verdict: 0 info, 1 warning, 2 critical; none without enough data.")
ONGOING = _gauge("ongoing", "1 for trouble that goes on, 0 for trouble that is over; none where nobody can tell.")
WINDOW = _gauge("window_seconds", "From the first line that was read to the last.", unit="seconds")
WINDOW_END = _gauge("window_end_timestamp_seconds", "Time of the last line that was read.", unit="seconds")
LINES = _gauge("window_lines", "Lines that were read.")
LOST_LINES = _gauge("window_lost_lines", "Lines that Heroku says it dropped in the window.")
UNREAD_LINES = _gauge("window_unread_lines", "Lines that herodyno could not read.")
REQUESTS = _gauge("requests", "Requests in the window.")
ERRORS = _gauge("errors", "Server errors in the window, of whichever dyno.")
ERRORS_WITHOUT_DYNO = _gauge("errors_without_dyno", "Those of herodyno_diagnose_errors whose lines name no dyno.")
FORMER_ERRORS = _gauge(
    "former_dynos_errors", "Those of herodyno_diagnose_errors that dynos had of which another has the name now."
)
AMBIGUOUS = _gauge(
    "ambiguous_requests", "Requests while two dynos had one name: in the numbers of the app, and of no dyno."
)
ROUTER_ANSWERS = _gauge(
    "router_answers", "Requests that the router answered in place of the app, by code.", (*_APP, "code")
)
LEFT_OUT = _gauge("left_out_dynos", f"Dynos beyond the first {MOST_DYNOS} of an app: without series.")

DYNO_INFO = _gauge("dyno_info", "1; the labels say which dyno has the name.", (*_DYNO, "dyno_id", "size", "release"))
DYNO_INCARNATIONS = _gauge("dyno_incarnations", "Dyno ids that had the name in the window.", _DYNO)
DYNO_REQUESTS = _gauge("dyno_requests", "Requests of the dyno in the window.", _DYNO)
DYNO_ERRORS = _gauge("dyno_errors", "Server errors of the dyno in the window.", _DYNO)
DYNO_CODES = _gauge("dyno_codes", "Lines with an error code or a status from 500 on, by code.", (*_DYNO, "code"))
DYNO_MEDIAN = _gauge(
    "dyno_service_median_seconds", "Median service time of the dyno's requests in the window.", _DYNO, "seconds"
)
DYNO_P95 = _gauge("dyno_service_p95_seconds", "Service time that 95 % of these requests kept within.", _DYNO, "seconds")
DYNO_OUTLIER = _gauge(
    "dyno_outlier", "1 where the dyno's errors stand out from its peers', 0 where not; none where not tested.", _DYNO
)
DYNO_SLOWER = _gauge(
    "dyno_slower", "1 where the dyno takes longer than its peers, 0 where not; none where not tested.", _DYNO
)
DYNO_MEMORY = _gauge("dyno_memory_bytes", "Memory in use at the end of the window.", _DYNO, "bytes")
DYNO_MEMORY_MAX = _gauge("dyno_memory_max_bytes", "Highest memory in use in the window.", _DYNO, "bytes")
DYNO_MEMORY_QUOTA = _gauge("dyno_memory_quota_bytes", "Memory quota.", _DYNO, "bytes")
DYNO_MEMORY_SLOPE = _gauge(
    "dyno_memory_slope_bytes_per_second", "Growth of memory, where the window is long enough to tell.", _DYNO,
    "bytes_per_second",
)  # fmt: skip
DYNO_SWAP = _gauge("dyno_swap_bytes", "Swap in use at the end of the window.", _DYNO, "bytes")
DYNO_LOAD = _gauge("dyno_load", "Load average of 1 minute at the end of the window.", _DYNO)

METRICS = (ANSWERED, AT, VERDICT_INFO, SEVERITY, ONGOING, WINDOW, WINDOW_END, LINES, LOST_LINES, UNREAD_LINES,
           REQUESTS, ERRORS, ERRORS_WITHOUT_DYNO, FORMER_ERRORS, AMBIGUOUS, ROUTER_ANSWERS, LEFT_OUT, DYNO_INFO,
           DYNO_INCARNATIONS, DYNO_REQUESTS, DYNO_ERRORS, DYNO_CODES, DYNO_MEDIAN, DYNO_P95, DYNO_OUTLIER, DYNO_SLOWER,
           DYNO_MEMORY, DYNO_MEMORY_MAX, DYNO_MEMORY_QUOTA, DYNO_MEMORY_SLOPE, DYNO_SWAP, DYNO_LOAD)  # fmt: skip
