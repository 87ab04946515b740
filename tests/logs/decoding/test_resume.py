"""Resuming as a value: no connection, no clock; only which line of which session is new."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logs.decoding.resume import Resume, Shown, Verdict
from herodyno.logs.events import LogLine
from tests.logs.log_lines import line


def log(*texts: str) -> list[LogLine]:
    """Lines of one microsecond, so that equal texts are equal lines."""
    return [line(f"app[web.1]: {text}") for text in texts]


def judged(resume: Resume, lines: list[LogLine]) -> list[Verdict]:
    return [resume.judge(it) for it in lines]


def test_a_first_session_is_all_new_equal_lines_too() -> None:
    assert judged(Shown().resume(), log("a", "a", "b")) == ["new", "new", "new"]


def test_c20_the_nth_equal_line_is_new_only_if_fewer_were_shown() -> None:
    shown = Shown()
    judged(shown.resume(), log("a", "a", "b"))
    assert judged(shown.resume(), log("a", "a", "a", "b", "b")) == ["repeat", "repeat", "new", "repeat", "new"]


def test_the_key_is_time_source_process_and_text() -> None:
    shown = Shown()
    judged(shown.resume(), [line("app[web.1]: a", 1)])
    others = [("app[web.1]: a", 2), ("heroku[web.1]: a", 1), ("app[web.2]: a", 1), ("app[web.1]:  a", 1)]
    assert judged(shown.resume(), [line(*other) for other in others]) == ["after a gap", "new", "new", "new"]


def test_a_session_that_repeats_nothing_begins_after_a_gap() -> None:
    shown = Shown()
    judged(shown.resume(), log("a"))
    assert judged(shown.resume(), log("b", "c")) == ["after a gap", "new"]


def test_one_repeated_line_proves_that_nothing_is_missing() -> None:
    shown = Shown()
    judged(shown.resume(), log("a", "b"))
    assert judged(shown.resume(), log("b", "c")) == ["repeat", "new"]


def test_a_session_that_began_in_time_has_no_gap_before_it() -> None:
    shown = Shown()
    judged(shown.resume(), log("a"))
    following = shown.resume()
    following.touches(True)
    assert judged(following, log("b")) == ["new"]


def test_a_settled_session_is_believed() -> None:
    resume = Shown().resume()
    lines = [line(f"app[web.1]: {number}", number) for number in range(LOG_BUFFER_LINES + 1)]
    judged(resume, lines)
    resume.settle()
    assert judged(resume, log("0", "0")) == ["new", "new"]


def test_an_unsettled_session_goes_on_being_judged() -> None:
    shown = Shown()
    judged(shown.resume(), log("a", "a"))
    resume = shown.resume()
    resume.settle()  # too early: it has given nothing yet
    assert judged(resume, log("a")) == ["repeat"]


TEXTS = st.lists(st.sampled_from("abc"), max_size=40)


@given(TEXTS, st.data())
def test_sessions_cut_anywhere_with_an_overlap_give_every_line_once(texts: list[str], data: st.DataObject) -> None:
    lines = [line(f"app[web.1]: {text}", number // 3) for number, text in enumerate(texts)]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(lines)), max_size=5)))
    shown, got = Shown(), []
    for start, end in pairwise([0, *cuts, len(lines)]):
        resume = shown.resume()
        back = lines[:end]  # all that was ever written, as long as the log keeps it
        assert start <= end
        got += [it for it in back if resume.judge(it) != "repeat"]
    assert sorted(got) == sorted(lines)


@given(TEXTS, st.data())
def test_two_sessions_side_by_side_in_any_order_give_every_line_once(texts: list[str], data: st.DataObject) -> None:
    lines = [line(f"app[web.1]: {text}", number // 3) for number, text in enumerate(texts)]
    begins = data.draw(st.integers(0, len(lines)))
    joins = data.draw(st.integers(0, begins))
    shown = Shown()
    old = shown.resume()
    got = [it for it in lines[:begins] if old.judge(it) != "repeat"]
    old.beside_another()
    young = shown.resume()
    young.touches(True)
    queues = {old: lines[begins:], young: lines[joins:]}
    while any(queues.values()):
        turn = data.draw(st.sampled_from([each for each, left in queues.items() if left]))
        it = queues[turn].pop(0)
        if turn.judge(it) != "repeat":
            got.append(it)
    assert sorted(got) == sorted(lines)


def shown_after(count: int) -> Shown:
    shown = Shown()
    judged(shown.resume(), log(*["x"] * count))
    return shown


def test_lines_after_those_that_are_kept_are_new_however_many_equal_ones_were_shown() -> None:
    resume = shown_after(2 * LOG_BUFFER_LINES).resume()
    verdicts = judged(resume, log(*["x"] * (LOG_BUFFER_LINES + 3)))
    assert verdicts == ["repeat"] * LOG_BUFFER_LINES + ["new"] * 3


def test_a_flood_with_the_stamps_and_texts_of_older_lines_is_new() -> None:
    shown = Shown()
    older = [line(f"app[web.1]: {number}", number) for number in range(LOG_BUFFER_LINES)]
    newer = [line(f"app[web.1]: {number}", number) for number in range(5_000, 5_000 + LOG_BUFFER_LINES)]
    judged(shown.resume(), older + newer)
    assert judged(shown.resume(), older) == ["after a gap"] + ["new"] * (LOG_BUFFER_LINES - 1)


def test_messages_of_several_lines_and_logplexs_own_lines_are_no_reason_to_repeat() -> None:
    shown = Shown()
    kept = [
        it for number in range(LOG_BUFFER_LINES) for it in (line(f"app[web.1]: {number}", number), line(f"  {number}"))
    ]
    own = line("heroku[logplex]: Error L11 (Tail buffer overflow) -> This tail session dropped 5 messages", 9_999)
    judged(shown.resume(), [*kept, own])
    assert set(judged(shown.resume(), kept)) == {"repeat"}
