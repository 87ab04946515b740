"""The port: stdout is the answer, stderr the talk; colour by one order; nothing is lost in silence."""

import io
import json
import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.errors import NotFound, Refused, RefusedByHeroku
from herodyno.render.output import Output, OutputLost, ReaderGone, error_document, indented
from herodyno.render.text import Span, line
from tests.conftest import Terminal


class Stream(io.StringIO):
    """A text stream that may be a terminal, and may fail when written to."""

    def __init__(self, *, terminal: bool = False, encoding: str = "utf-8", fails: OSError | None = None) -> None:
        super().__init__()
        self._terminal, self._encoding, self._fails = terminal, encoding, fails

    def isatty(self) -> bool:
        return self._terminal

    @property
    def encoding(self) -> str:  # type: ignore[override] # read-only in the test is enough
        return self._encoding

    def write(self, text: str) -> int:
        if self._fails:
            raise self._fails
        return super().write(text)


def output(environ: Mapping[str, str] | None = None, **stream: bool) -> Output:
    return Output(Stream(**stream), Stream(), environ or {})  # type: ignore[arg-type] # the test names Stream's words


# In the order of the decision: each row wins over those below it.
COLOUR_ORDER = [
    ("--color always wins over NO_COLOR", "always", {"NO_COLOR": "1"}, False, True),
    ("--color never wins over FORCE_COLOR", "never", {"FORCE_COLOR": "1"}, True, False),
    ("NO_COLOR wins over FORCE_COLOR", "auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
    ("an empty NO_COLOR is none", "auto", {"NO_COLOR": ""}, True, True),
    ("FORCE_COLOR colours a pipe", "auto", {"FORCE_COLOR": "1"}, False, True),
    ("FORCE_COLOR=0 forces nothing", "auto", {"FORCE_COLOR": "0"}, False, False),
    ("CLICOLOR_FORCE wins over CLICOLOR=0", "auto", {"CLICOLOR_FORCE": "1", "CLICOLOR": "0"}, False, True),
    ("CLICOLOR=0 switches off", "auto", {"CLICOLOR": "0"}, True, False),
    ("TERM=dumb switches off", "auto", {"TERM": "dumb"}, True, False),
    ("a terminal has colour", "auto", {"TERM": "xterm"}, True, True),
    ("a pipe has none", "auto", {"TERM": "xterm"}, False, False),
]


@pytest.mark.parametrize(
    ("_why", "wish", "environ", "terminal", "colour"), COLOUR_ORDER, ids=[r[0] for r in COLOUR_ORDER]
)
def test_colour_follows_one_order(_why: str, wish: str, environ: dict[str, str], terminal: bool, colour: bool) -> None:
    port = output(environ, terminal=terminal)
    port.color = wish  # type: ignore[assignment] # a word of the closed set
    assert port.uses_color is colour


def test_colour_only_repeats_the_words() -> None:
    told = []
    for terminal in (True, False):
        stream = Stream(terminal=terminal)
        Output(stream, Stream(), {}).lines([(Span("web.2 "), Span("crashed", "critical"))])
        told.append(stream.getvalue())
    assert told[0] == "web.2 \x1b[1;31mcrashed\x1b[0m\n"
    assert told[1] == "web.2 crashed\n"


def test_foreign_text_is_harmless_on_a_terminal_and_in_a_pipe() -> None:
    for terminal in (True, False):
        stream = Stream(terminal=terminal)
        Output(stream, Stream(), {}).lines([line("app[web.1]: [red]x[/x] \x1b[2J \u202e")])
        assert stream.getvalue() == "app[web.1]: [red]x[/x] ^[[2J \\u{202e}\n"


def test_a_stdout_without_unicode_gets_our_signs_in_ascii() -> None:
    stream = Stream(encoding="ascii")
    Output(stream, Stream(), {}).lines([line("· 4 × web … 17–28")])
    assert stream.getvalue() == "- 4 x web ~ 17-28\n"


def test_a_closed_pipe_a_full_disk_and_no_stdout_are_told_apart() -> None:
    with pytest.raises(ReaderGone):
        Output(Stream(fails=BrokenPipeError()), Stream(), {}).lines([line("x")])
    with pytest.raises(OutputLost, match="No space left"):
        Output(Stream(fails=OSError(28, "No space left on device")), Stream(), {}).lines([line("x")])
    with pytest.raises(OutputLost, match="stdout is closed"):
        Output(None, Stream(), {}).lines([line("x")])


def test_without_a_stderr_the_answer_still_comes() -> None:
    stream = Stream()
    port = Output(stream, None, {})
    port.note("talk")
    port.lines([line("answer")])
    assert stream.getvalue() == "answer\n"


def test_quiet_silences_notes_and_never_errors() -> None:
    stderr = Stream()
    port = Output(Stream(), stderr, {})
    port.quiet = True
    port.note("a note")
    port.error(NotFound("there is no app x", next_step="herodyno ps -a y"))
    assert stderr.getvalue() == "herodyno: there is no app x\n  herodyno ps -a y\n"


def test_an_error_cannot_move_the_terminal() -> None:
    stderr = Stream()
    Output(Stream(), stderr, {}).error(NotFound("no app \x1b[2J"))
    assert stderr.getvalue() == "herodyno: no app ^[[2J\n"


def test_with_json_an_error_is_one_document_on_stderr() -> None:
    stdout, stderr = Stream(), Stream()
    port = Output(stdout, stderr, {})
    port.wants_json = True
    port.error(RefusedByHeroku("no", error_id="invalid_params", status=422, request_id="r-1"))
    assert stdout.getvalue() == ""
    assert json.loads(stderr.getvalue()) == {
        "schema": "herodyno.error/1", "error": "RefusedByHeroku", "exit_code": 1, "message": "no", "next_step": "",
        "error_id": "invalid_params", "status": 422, "request_id": "r-1",
    }  # fmt: skip


def test_an_error_document_leaves_out_what_is_not_known() -> None:
    assert set(error_document(NotFound("x"))) == {"schema", "error", "exit_code", "message", "next_step"}


def test_json_escapes_everything_beyond_ascii() -> None:
    stream = Stream()
    Output(stream, Stream(), {}).json({"name": "\u202ex\x1b"})
    assert stream.getvalue().isascii()
    assert json.loads(stream.getvalue()) == {"name": "\u202ex\x1b"}


def test_progress_is_one_line_in_a_pipe_however_often_it_is_said() -> None:
    err = io.StringIO()
    output = Output(io.StringIO(), err, {})
    for left in ("9 s", "8 s"):
        output.progress(f"web.1 starting - {left} left")
    output.progress("web.1 up")
    assert err.getvalue() == "web.1 starting\nweb.1 up\n"


def test_progress_on_a_terminal_stands_in_place_and_gives_way_to_the_next_note() -> None:
    class Tty(io.StringIO):
        def isatty(self) -> bool:
            return True

    err = Tty()
    output = Output(io.StringIO(), err, {})
    output.progress("web.1 starting - 9 s left")
    output.progress("web.1 \x1b[31mup")
    output.note("done")
    erase = "\r\x1b[2K"
    assert err.getvalue() == f"{erase}web.1 starting - 9 s left{erase}web.1 ^[[31mup{erase}done\n"


@pytest.mark.parametrize("before", range(355, 420, 5))
@pytest.mark.parametrize("wants_json", [True, False])
def test_a_long_word_that_is_cut_within_a_token_shows_no_part_of_it(before: int, wants_json: bool) -> None:
    token, told = "HRKU-0123456789-of-forty-characters-or-so", io.StringIO()
    output = Output(None, told, {})
    output.wants_json = wants_json
    output.hide(token)
    output.error(Refused(f"it said {'x' * before}{token}{'x' * 120_000} so nothing was sent."))
    assert "HRKU" not in told.getvalue()
    assert "so nothing was sent." in told.getvalue()
    assert len(told.getvalue()) < 1_000


def test_a_long_text_loses_its_middle() -> None:
    told = io.StringIO()
    Output(None, told, {}).error(Refused(" ".join(["begun", *["word"] * 50_000, "nothing was sent."])))
    middle = r"\.\.\.\[24\d,\d{3} characters more\]"
    assert re.fullmatch(rf"herodyno: begun .{{3900,}} {middle} .*nothing was sent\.\n", told.getvalue())
    assert len(told.getvalue()) < 6_000


def test_on_a_terminal_notes_are_folded_at_words_and_a_command_stays_in_one_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    def told(kind: type[io.TextIOWrapper], text: str) -> str:
        stderr = kind(io.BytesIO(), encoding="utf-8", newline="\n")
        Output(None, stderr, {}).note(text)
        return stderr.buffer.getvalue().decode()  # type: ignore[attr-defined] # a BytesIO, made above

    text = f"what was asked for is {'not ' * 10}there; see: herodyno ps --app example-app --json --utc"
    folded = told(Terminal, text).splitlines()
    assert folded[-1] == "  herodyno ps --app example-app --json --utc"
    assert " ".join(line.strip() for line in folded) == text
    assert max(map(len, folded[:-1])) <= 40
    assert told(Terminal, "x" * 100) == "x" * 100 + "\n"
    assert told(io.TextIOWrapper, text) == f"{text}\n"
    assert told(Terminal, f"    {'hint ' * 10}").splitlines()[1].startswith("    hint")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers() | st.none() | st.booleans(), inner)
    ),
    max_leaves=30,
)


@given(JSON_VALUES)
def test_it_differs_from_json_only_in_lists_of_numbers(value: object) -> None:
    numbers = re.compile(r"\[\n\s+(?:(?:-?\d[\d.e+-]*|null),?\s+)+\]")
    usual = json.dumps(value, indent=2)
    assert indented(value) == numbers.sub(lambda found: f"[{' '.join(found[0][1:-1].split())}]", usual)


def test_numbers_stand_on_one_line_and_pairs_of_them_below_one_another() -> None:
    assert indented({"a": [1, 2.5, None], "b": [[1, 2], [3, 4]], "c": [True], "d": []}).splitlines() == [
        "{", '  "a": [1, 2.5, null],', '  "b": [', "    [1, 2],", "    [3, 4]", "  ],", '  "c": [', "    true", "  ],",
        '  "d": []', "}",
    ]  # fmt: skip
