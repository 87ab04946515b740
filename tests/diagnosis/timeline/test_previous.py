"""Of each name the dyno that ended last, by name, by type, by id; what is said at its end."""

from herodyno.diagnosis.timeline.previous import ended_incarnations, epitaph, incarnations_with_id, times_of
from herodyno.diagnosis.timeline.timeline import Timeline, timeline
from herodyno.logs.parsing.event import event_of
from tests.diagnosis.oracle import seen_in
from tests.logs.log_lines import line

FIRST, SECOND = "ea2fc07d-d807-4864-a2c3-5cac3531c914", "0b1c2d3e-0000-4864-a2c3-5cac3531c914"


def metrics(dyno_id: str) -> str:
    return f"heroku[web.1]: source=web.1 dyno=heroku.1.{dyno_id} sample#load_avg_1m=0.1"


def times() -> Timeline:
    lines = [
        (metrics(FIRST), 0),
        ("heroku[web.1]: Process exited with status 137", 10),
        ("heroku[web.1]: State changed from up to crashed", 10.2),
        ("heroku[web.1]: State changed from crashed to starting", 20),
        ("heroku[web.1]: Starting process with command `bin/web`", 21),
        ("heroku[web.1]: State changed from starting to up", 23),
        (metrics(SECOND), 60),
        ("app[worker.1]: goes on", 61),
    ]
    return timeline(seen_in(event_of(line(text, at)) for text, at in lines), None, ())


def test_the_life_that_ended_last_is_found_by_name_and_by_type() -> None:
    for words in ((), ("web.1",), ("web",)):
        (incarnation,) = ended_incarnations(times(), words)
        assert incarnation.id == FIRST
    assert ended_incarnations(times(), ("worker",)) == []


def test_its_end_is_told_in_a_line() -> None:
    (incarnation,) = ended_incarnations(times(), ())
    assert epitaph(incarnation) == (
        "web.1 (ea2fc07d) killed, exit status 137 (SIGKILL, often for memory: the log does not say why)"
    )


def test_lives_are_found_by_the_beginning_of_their_id() -> None:
    (dead,) = incarnations_with_id(times(), "EA2F")
    (alive,) = incarnations_with_id(times(), "0b1c")
    assert times_of(dead)[1] is not None
    assert times_of(alive)[1] is None
    assert incarnations_with_id(times(), "ffff") == []
