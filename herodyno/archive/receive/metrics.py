"""The counters as OpenMetrics text, for a Prometheus that collects `/metrics`."""

from __future__ import annotations

from herodyno.archive.receive.counters import Counters

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"

# Name, help, field of a drain's counters.
_OF_DRAINS = (
    ("frames", "Frames stored.", "frames"),
    ("messages", "Messages stored, as their senders counted them.", "messages"),
    ("bytes", "Bytes of frames stored.", "bytes"),
    ("repeated_frames", "Frames that came again and were not stored twice.", "repeated"),
    ("miscounted_frames", "Frames with other messages than their senders counted.", "miscounted"),
    ("dropped_messages", "Messages that Heroku dropped before they came.", "dropped"),
)


def open_metrics(counters: Counters) -> str:
    """The text, ended as the format wants it."""
    lines = []
    for name, told, attribute in _OF_DRAINS:
        lines += [f"# TYPE herodyno_{name} counter", f"# HELP herodyno_{name} {told}"]
        for drain, each in sorted(counters.drains.items()):
            labels = f'drain="{_escaped(drain)}",app="{_escaped(each.app)}"'
            lines.append(f"herodyno_{name}_total{{{labels}}} {getattr(each, attribute)}")
    lines += ["# TYPE herodyno_refused_requests counter", "# HELP herodyno_refused_requests Requests refused."]
    lines += [f'herodyno_refused_requests_total{{status="{it}"}} {n}' for it, n in sorted(counters.refused.items())]
    lines += ["# TYPE herodyno_dropped_spans counter", "# HELP herodyno_dropped_spans Spans of traces not kept."]
    lines.append(f"herodyno_dropped_spans_total {counters.dropped_spans}")
    lines += ["# TYPE herodyno_disk_failures counter", "# HELP herodyno_disk_failures Failed writes of the journal."]
    return "\n".join([*lines, f"herodyno_disk_failures_total {counters.disk_failures}", "# EOF", ""])


def _escaped(text: str) -> str:
    """A label's value: control characters have no place in it."""
    shown = "".join(each if each.isprintable() else "?" for each in text)
    return shown.replace("\\", "\\\\").replace('"', '\\"')
