"""A pattern waits until it is used, and then does what any other does."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from herodyno.logs.late_patterns import late


@pytest.mark.parametrize("text", ["", "a=1", "b=2 a=3 c", "A=1"])
def test_it_finds_what_the_compiled_one_finds(text: str) -> None:
    waiting, ready = late(r"([ab])=(\d)", re.I), re.compile(r"([ab])=(\d)", re.I)

    assert waiting.findall(text) == ready.findall(text)
    assert [found.span() for found in waiting.finditer(text)] == [found.span() for found in ready.finditer(text)]
    assert waiting.sub(r"\2", text) == ready.sub(r"\2", text)
    assert (waiting.groups, waiting.pattern) == (ready.groups, ready.pattern)


def test_bytes_are_searched_in_bytes() -> None:
    assert late(rb"\d+").search(b"a 12") is not None


def test_a_wrong_pattern_is_told_when_it_is_used() -> None:
    waiting = late("(")

    assert waiting.pattern == "("
    with pytest.raises(re.error):
        waiting.search("x")


def test_what_a_diagnosis_loads_compiles_none_of_the_patterns_of_secrets() -> None:
    asked = "import re, sys; made = []; old = re._compiler.compile\n"
    asked += "re._compiler.compile = lambda p, flags=0: made.append(str(p)) or old(p, flags)\n"
    asked += "import herodyno.cli.diagnose.command, herodyno.diagnosis.report.secret_forms as forms\n"
    asked += "from herodyno.logs.secret_names import NAMES, SECRET_NAME\n"
    asked += "of_secrets = {NAMES.pattern, SECRET_NAME.pattern, *(form.pattern for form in forms.FORMS)}\n"
    asked += "print(len(made), len(of_secrets & set(made)))"

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)

    compiled, of_secrets = map(int, done.stdout.split())
    assert 10 < compiled < 150
    assert of_secrets == 0
