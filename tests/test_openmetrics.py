"""An exposition is one that a strict reader takes, whatever the labels and values are."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.openmetrics import LONGEST_LABEL, Metric, Samples
from tests.exposition import Series, parsed

FRAMES = Metric("frames", "counter", "Frames.", ("app", "drain"))
AGE = Metric("age_seconds", "gauge", "Age.", ("dyno",), "seconds")


def one(metric: Metric, value: float | None, *labels: str) -> Samples:
    samples = Samples()
    samples.add(metric, value, *labels)
    return samples


def test_each_metric_has_its_help_type_and_unit_and_a_counter_its_total() -> None:
    samples = one(FRAMES, 3, "a", "d.1")
    samples.add(AGE, 0.5, "web.1")
    samples.add(FRAMES, 4, "b", "d.2")
    assert samples.text() == (
        '# HELP frames Frames.\n# TYPE frames counter\n'
        'frames_total{app="a",drain="d.1"} 3\nframes_total{app="b",drain="d.2"} 4\n'
        '# HELP age_seconds Age.\n# TYPE age_seconds gauge\n# UNIT age_seconds seconds\nage_seconds{dyno="web.1"} 0.5\n'
        "# EOF\n"
    )  # fmt: skip
    assert len(parsed(samples.text())) == 3


def test_the_older_format_has_neither_unit_nor_end_and_names_a_counter_with_its_total() -> None:
    samples = one(FRAMES, 3, "a", "d.1")
    samples.add(AGE, 1, "web.1")
    assert samples.text(is_openmetrics=False) == (
        '# HELP frames_total Frames.\n# TYPE frames_total counter\nframes_total{app="a",drain="d.1"} 3\n'
        '# HELP age_seconds Age.\n# TYPE age_seconds gauge\nage_seconds{dyno="web.1"} 1\n'
    )


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), -float("inf"), 10**400])
def test_what_is_no_number_is_no_sample_and_a_metric_without_samples_is_not_there(value: float | None) -> None:
    assert one(AGE, value, "web.1").text() == "# EOF\n"
    assert parsed("# EOF\n") == {}


@settings(max_examples=30)
@given(st.lists(st.tuples(st.text(), st.text(), st.floats(allow_nan=True))))
def test_whatever_stands_in_labels_and_values_is_read_back_and_no_series_comes_twice(
    given_samples: list[tuple[str, str, float]],
) -> None:
    samples = Samples()
    for app, drain, value in given_samples:
        samples.add(FRAMES, value, app, drain)
        samples.add(AGE, value, drain)
    text = samples.text()
    text.encode()
    # Of the counter, negative values are nobody's; the strict reader refuses them.
    kept = "".join(line for line in text.splitlines(keepends=True) if "frames_total{" not in line)
    assert len(parsed(kept)) == sum(line.startswith("age_seconds{") for line in text.splitlines())
    series = [line.rpartition(" ")[0] for line in text.splitlines() if not line.startswith("#")]
    assert len(series) == len(set(series))


def test_a_label_is_cut_and_what_would_break_or_hide_a_line_is_replaced() -> None:
    hostile = 'x"\n\\\x00\u202e\ud800\x1b[2J' + "a" * 999
    ((series, _),) = parsed(one(AGE, 1, hostile).text()).items()
    ((_, label),) = series.labels
    assert label.startswith('x"?\\????[2J')
    assert len(label) == LONGEST_LABEL


def test_of_two_labels_that_are_shown_alike_the_first_counts() -> None:
    samples = one(AGE, 1, "\x00")
    samples.add(AGE, 2, "\x01")
    assert parsed(samples.text()) == {Series("age_seconds", (("dyno", "?"),)): 1}


def test_merged_samples_stand_under_their_metric_and_go_through_a_pipe() -> None:
    first, second = one(AGE, 1, "web.1"), one(AGE, 2, "web.2")
    second.add(AGE, 3, "web.1")
    second.add(FRAMES, 1, "a", "d.1")
    first.merge(pickle.loads(pickle.dumps(second)))
    assert first.metrics() == [AGE, FRAMES]
    assert sorted(parsed(first.text()).values()) == [1, 1, 2]


@pytest.mark.parametrize(
    ("value", "text"), [(True, "1"), (0.1, "0.1"), (1e300, "1e+300"), (-2.0, "-2"), (2**60, "1.152921504606847e+18")]
)
def test_a_number_is_whole_or_as_short_as_it_can_be(value: float, text: str) -> None:
    assert f'age_seconds{{dyno="a"}} {text}\n' in one(AGE, value, "a").text()
    assert list(parsed(one(AGE, value, "a").text()).values()) == [value]
