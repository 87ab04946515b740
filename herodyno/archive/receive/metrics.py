"""What the receiver counts, as samples of OpenMetrics, for a Prometheus that collects `/metrics`."""

from __future__ import annotations

from herodyno.archive.receive.counters import Counters
from herodyno.openmetrics import Kind, Metric, Samples

_DRAIN = ("app", "drain")


def _metric(name: str, kind: Kind, told: str, labels: tuple[str, ...] = (), unit: str = "") -> Metric:
    return Metric(f"herodyno_receive_{name}", kind, told, labels, unit)


REQUESTS = _metric("requests", "counter", "Requests of senders by their answer: 200 and 204 acknowledge.", ("status",))
FRAMES = _metric("frames", "counter", "Frames that are on the disk and were acknowledged.", _DRAIN)
MESSAGES = _metric("messages", "counter", "Messages of these frames, as their senders counted them.", _DRAIN)
BYTES = _metric("bytes", "counter", "Bytes of these frames.", _DRAIN, "bytes")
REPEATED = _metric("repeated_frames", "counter", "Frames that came again: acknowledged, not stored twice.", _DRAIN)
MISCOUNTED = _metric("miscounted_frames", "counter", "Frames with other messages than their senders counted.", _DRAIN)
DROPPED = _metric("dropped_messages", "counter", "Messages that Heroku dropped before they came.", _DRAIN)
LAG = _metric("lag_seconds", "gauge", "Age of the last frame's first message when it came.", _DRAIN, "seconds")
LAST = _metric("last_frame_timestamp_seconds", "gauge", "When the last new frame came.", _DRAIN, "seconds")
SPANS = _metric("dropped_spans", "counter", "Spans of traces, which are not kept.")
FAILURES = _metric("disk_failures", "counter", "Writes that the disk did not take.")
WAITING = _metric("waiting_bytes", "gauge", "Bytes of frames that came and are not on the disk yet.", unit="bytes")
AT_WORK = _metric("write_seconds", "gauge", "How long the disk is at its present write; 0 without one.", unit="seconds")
FREE = _metric("disk_free_bytes", "gauge", "Bytes that the disk of the archive has left.", unit="bytes")
SIZE = _metric("disk_size_bytes", "gauge", "Bytes that the disk of the archive has in all.", unit="bytes")
UNCOMPACTED = _metric(
    "uncompacted_timestamp_seconds", "gauge", "When the oldest frame came that no day has yet; none without one.",
    unit="seconds",
)  # fmt: skip
STARTED = _metric("start_timestamp_seconds", "gauge", "When the receiver began to count.", unit="seconds")

OF_DRAINS = {
    "frames": FRAMES,
    "messages": MESSAGES,
    "bytes": BYTES,
    "repeated": REPEATED,
    "miscounted": MISCOUNTED,
    "dropped": DROPPED,
    "lag_seconds": LAG,
}
METRICS = (REQUESTS, *OF_DRAINS.values(), LAST, SPANS, FAILURES, WAITING, AT_WORK, FREE, SIZE, UNCOMPACTED, STARTED)


def receive_samples(counters: Counters) -> Samples:
    """The samples of the counters. May be called in any thread."""
    samples = Samples()
    for status, number in sorted(counters.answered.items()):
        samples.add(REQUESTS, number, str(status))
    drains = sorted(counters.drains.items())  # a list of their own: more come meanwhile
    for field, metric in OF_DRAINS.items():
        for name, drain in drains:
            samples.add(metric, getattr(drain, field), drain.app, name)
    for name, drain in drains:
        samples.add(LAST, drain.last_us / 1e6 if drain.last_us else None, drain.app, name)
    samples.add(SPANS, counters.dropped_spans)
    samples.add(FAILURES, counters.disk_failures)
    return samples
