"""The counters as OpenMetrics text: what a sender wrote breaks no line of it."""

from herodyno.archive.receive.counters import Counters
from herodyno.archive.receive.metrics import open_metrics
from herodyno.archive.records import Frame


def test_open_metrics_escape_what_a_sender_wrote() -> None:
    counters = Counters()
    counters.kept(Frame(0, "example-app", 'd."\n\\', "", b"body", messages=2), is_new=True)
    counters.refused[401] += 3
    text = open_metrics(counters)
    assert 'herodyno_messages_total{drain="d.\\"?\\\\",app="example-app"} 2\n' in text
    assert 'herodyno_refused_requests_total{status="401"} 3\n' in text
    assert text.endswith("# EOF\n")
