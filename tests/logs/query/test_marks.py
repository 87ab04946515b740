"""Marks: a new incarnation once, lost lines counted, silences, repeated lines; no mark where nothing happened."""

import pytest

from herodyno.logs.query.marks import IncarnationMarks, Mark, RepeatedLines, SilenceMarks, loss_in, loss_mark
from tests.logs.log_lines import line

OLD, NEW = "ea2fc07d-d807-4864-a2c3-5cac3531c914", "0b1c2d3e-0000-4864-a2c3-5cac3531c914"


def metrics(dyno_id: str, seconds: float) -> tuple[str, float]:
    return f"heroku[web.1]: source=web.1 dyno=heroku.1.{dyno_id} sample#load_avg_1m=0.1", seconds


def marks_of(*lines: tuple[str, float]) -> list[Mark]:
    incarnations, marks = IncarnationMarks(), []
    for text, seconds in lines:
        read = line(text, seconds)
        incarnations.learn(read)
        if mark := incarnations.before(read):
            marks.append(mark)
    return marks


def test_a_start_makes_a_new_dyno_and_says_what_was_before() -> None:
    (mark,) = marks_of(
        metrics(OLD, 0),
        ("heroku[web.1]: Process exited with status 137", 5),
        ("heroku[web.1]: Starting process with command `bin/web`", 9),
        ("app[web.1]: up", 10),
        metrics(NEW, 30),
    )
    assert (mark.kind, mark.dyno) == ("incarnation", "web.1")
    assert mark.text == "web.1 is a new dyno from here (before: ea2fc07d, exited with status 137)"


def test_another_id_under_the_same_name_is_another_dyno() -> None:
    marks = marks_of(metrics(OLD, 0), metrics(OLD, 20), metrics(NEW, 40), metrics(NEW, 60))
    assert [mark.text for mark in marks] == ["web.1 is another dyno now: 0b1c2d3e (before: ea2fc07d)"]


def test_the_old_dyno_on_its_way_out_gets_no_mark() -> None:
    start = ("heroku[web.1]: Starting process with command `bin/web`", 5.0)
    assert len(marks_of(metrics(OLD, 0), start, metrics(OLD, 6), metrics(NEW, 30), metrics(NEW, 50))) == 1


def test_an_app_cannot_print_a_new_incarnation() -> None:
    assert marks_of(("app[web.1]: Starting process with command `x`", 0)) == []


def test_a_mark_stands_before_the_first_line_of_that_name_that_is_shown() -> None:
    incarnations = IncarnationMarks()
    incarnations.learn(line("heroku[web.1]: Starting process with command `bin/web`"))
    assert incarnations.before(line("app[web.2]: other")) is None
    assert incarnations.before(line("app[web.1]: first"))
    assert incarnations.before(line("app[web.1]: second")) is None


def test_dropped_lines_are_marked_and_counted() -> None:
    l11 = "heroku[logplex]: Error L11 (Tail buffer overflow) -> This tail session dropped 500 messages since 2026"
    loss = loss_in(line(l11))
    assert loss
    mark = loss_mark(loss)
    assert (mark.kind, mark.text, mark.lines) == ("lost", "Heroku dropped 500 lines of this log (L11)", 500)
    drain = loss_in(line("heroku[logplex]: Error L10 (output buffer overflow): drain 'd.x' dropped 12 messages since"))
    assert drain
    assert loss_mark(drain).text == "Heroku dropped 12 lines of a drain (L10)"


@pytest.mark.parametrize(
    ("logged", "text"),
    [
        ("app[log-shuttle]: Error L12: 40 messages dropped since", "40 lines that dynos printed were dropped (L12)"),
        ("app[log-shuttle]: Error L13: 3 messages lost since", "3 lines that dynos printed were not delivered (L13)"),
        (
            'heroku[logplex]: Error L14 (certificate validation): error="bad certificate" uri="syslog+tls://x/"',
            "a drain's certificate is not valid: it gets no lines (L14)",
        ),
        ("heroku[logplex]: Error L15 (x) -> y", "Heroku cannot give the recent lines at the moment (L15)"),
    ],
)
def test_each_l_code_says_whose_lines_are_lost(logged: str, text: str) -> None:
    loss = loss_in(line(logged))
    assert loss is not None
    assert loss_mark(loss).text == text


def test_two_dynos_that_are_sampled_in_turn_get_one_mark() -> None:
    assert len(marks_of(*(metrics(dyno_id, at) for at, dyno_id in enumerate((OLD, NEW, OLD, NEW, OLD))))) == 1
    assert loss_in(line("app[web.1]: Error L11 (I lie)")) is None


def test_a_silence_is_marked_with_its_length_and_late_lines_make_none() -> None:
    silence = SilenceMarks(30)
    marks = [silence.before(line("app[web.1]: x", at)) for at in (0, 10, 5, 39, 41, 71, 130)]
    assert [mark.text if mark else None for mark in marks[:-2]] == [None] * 5
    assert [mark.text for mark in marks[-2:] if mark] == ["no line for 30 s", "no line for 59 s"]


def fused(*lines: tuple[str, float]) -> list[str]:
    bursts, shown = RepeatedLines(5), []
    for text, at in lines:
        read = line(text, at)
        marks, is_shown = bursts.take(read)
        shown += [mark.text for mark in marks] + ([read.text] if is_shown else [])
    return shown + [mark.text for mark in bursts.rest()]


def test_lines_that_differ_in_numbers_only_are_fused() -> None:
    assert fused(*((f"app[web.1]: job {at} of 4f0c{at} done", at) for at in range(4)), ("app[web.1]: end", 4)) == [
        "job 0 of 4f0c0 done",
        "web.1: 3 more like it within 3.0 s",
        "end",
    ]


def test_other_processes_do_not_end_a_run_and_a_pause_does() -> None:
    lines = [("app[web.1]: a 1", 0.0), ("app[web.2]: b", 1.0), ("app[web.1]: a 2", 2.0), ("app[web.1]: a 3", 60.0)]
    assert fused(*lines) == ["a 1", "b", "web.1: 1 more like it within 2.0 s", "a 3"]
