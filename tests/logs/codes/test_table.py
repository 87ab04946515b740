"""The table is whole: every code of Heroku's list, the classes that bind the verdict, something to try."""

import re

import pytest

from herodyno.diagnosis.counting.events import server_code
from herodyno.logs.codes.code import KIND_MEANINGS, Code
from herodyno.logs.codes.exits import exit_gloss, exit_meaning, is_own_status, told_end
from herodyno.logs.codes.table import CODES, END_LIFE, FORETELL_EXIT, row_of
from herodyno.logs.events import RouterRequest
from herodyno.logs.parsing.event import event_of
from tests.conftest import Invoke
from tests.logs.log_lines import line, request

ALL = [
    *(f"H{number}" for number in (*range(10, 29), *range(31, 35), 70, *range(80, 84), 99)),
    *(f"R{number}" for number in (*range(10, 18), 99)),
    *(f"L{number}" for number in range(10, 16)),
]


def of_kind(kind: str) -> set[str]:
    return {code.code for code in CODES.values() if code.kind == kind}


def test_every_code_of_the_list_is_there_in_its_order() -> None:
    assert list(CODES) == ALL


def test_the_classes_are_those_the_verdict_counts_by() -> None:
    assert of_kind("server") == {f"H{number}" for number in (*range(10, 15), 17, *range(18, 26), 34, 99)}
    assert of_kind("client") == {f"H{number}" for number in (15, 26, 27, 28, 31, 32, 33)}
    assert of_kind("state") == {f"H{number}" for number in (16, 70, 80, 81, 82, 83)}
    assert of_kind("runtime") == {code for code in ALL if code.startswith("R")}
    assert of_kind("loss") == {code for code in ALL if code.startswith("L")}


def test_runtime_codes_name_a_dyno_and_loss_codes_none() -> None:
    assert all(code.names_dyno for code in CODES.values() if code.kind == "runtime")
    assert not any(code.names_dyno for code in CODES.values() if code.kind == "loss")


def test_the_properties_that_the_counting_asks_for() -> None:
    assert FORETELL_EXIT == {"H13": 0.5, "H18": 1.0}
    assert {"R10", "R12", "R13", "R15", "R17", "R99"} == END_LIFE  # R14 is only pressure
    assert {code.code: code.speaks_of for code in CODES.values() if code.speaks_of} == {
        "R10": "new", "R11": "new", "R12": "old",
    }  # fmt: skip
    assert {code.code for code in CODES.values() if code.loses_here} == {"L10", "L11", "L12"}
    assert {code.code for code in CODES.values() if code.loses_for_all} == {"L12", "L13"}


def test_a_code_that_is_not_on_the_table_has_a_row_that_claims_nothing() -> None:
    assert (row_of("H77").kind, row_of("H77").foretells_exit, row_of("").ends_life) == ("state", 0.0, False)


def test_every_kind_has_a_meaning_and_a_code() -> None:
    assert {code.kind for code in CODES.values()} == set(KIND_MEANINGS)


def test_a_row_is_all_that_a_new_router_code_takes(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = event_of(line(request(code="H77", status=200)))
    assert isinstance(failed, RouterRequest)
    assert server_code(failed) == ("", "")

    monkeypatch.setitem(
        CODES, "H77", Code("H77", "New", "server", "critical", True, "It is new.", "Heroku.", ("wait",))
    )

    assert server_code(failed) == ("H77", "H77")
    assert "It is new." in invoke("explain H77").stdout
    assert re.search(r"^H77 +server +New$", invoke("explain").stdout, re.MULTILINE)


def test_every_row_says_what_and_what_to_try_in_plain_sentences() -> None:
    for code in CODES.values():
        assert code.meaning.endswith(".")
        assert code.cause.endswith(".")
        assert code.to_try
        assert not re.search(
            r"root cause|leak|healthy", " ".join((code.meaning, code.cause, *code.to_try)), re.IGNORECASE
        )


def test_the_link_leads_to_the_section_of_dev_center() -> None:
    assert CODES["H12"].url == "https://devcenter.heroku.com/articles/error-codes#h12-request-timeout"
    assert CODES["R14"].url.endswith("#r14-memory-quota-exceeded")


def test_exit_statuses_have_a_meaning_or_none() -> None:
    assert exit_meaning(127) == "command not found, or a library of it"
    assert exit_meaning(143) == "stopped by SIGTERM: a normal stop"
    assert exit_meaning(135) == "ended by signal 7"
    assert exit_meaning(77) == ""


@pytest.mark.parametrize("status", [3, 4])
def test_a_number_alone_does_not_say_that_gunicorn_runs(status: int) -> None:
    assert exit_meaning(status).startswith("an error of the app; from gunicorn: ")


def test_the_gloss_of_an_exit_says_why_it_ended_where_the_log_says_so() -> None:
    assert exit_gloss(137, codes=["R10"]) == "R10: did not bind to $PORT in 60 s"
    assert exit_gloss(22, codes=["R14", "R10"]) == "R10: did not bind to $PORT in 60 s"
    assert exit_gloss(137, codes=["R15"], killed_at_mb=1214) == "R15: killed for memory at 1,214 MB"
    assert exit_gloss(137, codes=["R15"]) == "R15: killed for memory far over its quota"
    assert exit_gloss(137, codes=["R12"], asked=True) == "R12: did not exit within 30 s of SIGTERM"
    assert exit_gloss(None, codes=["R17"]) == "R17: the slug is damaged"


def test_no_gloss_guesses_at_memory_or_at_an_end_by_itself_where_a_stop_or_a_code_is_known() -> None:
    for status in range(256):
        for codes in ([], *([code.code] for code in CODES.values() if code.ends_life and code.code != "R15")):
            for asked in (True, False):
                gloss = exit_gloss(status, codes=codes, asked=asked)
                if codes or asked:
                    assert "memory" not in gloss
                    assert "came to its end" not in gloss
                    assert gloss


def test_a_status_after_a_stop_is_an_answer_to_it() -> None:
    assert exit_gloss(0, asked=True) == "it ended in order when it was told to stop"
    assert exit_gloss(1, asked=True) == "how it answered the order to stop"
    assert exit_gloss(143, asked=True) == exit_gloss(143) == "stopped by SIGTERM: a normal stop"
    assert exit_gloss(None, asked=True) == exit_gloss(None) == ""


def test_a_status_is_the_programs_own_unless_it_is_0_or_a_signals() -> None:
    own = {status for status in range(256) if is_own_status(status)}

    assert own == {*range(1, 129), *range(193, 256)}
    assert not is_own_status(None)


def test_every_code_that_ends_a_life_has_its_gloss() -> None:
    assert all(told_end([code.code]) for code in CODES.values() if code.ends_life)
    assert told_end(["R14", "H12"]) == ""
