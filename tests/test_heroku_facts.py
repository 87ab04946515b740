"""Heroku's numbers stand on one page with their sources, and nowhere else."""

import ast
import io
import math
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from herodyno import heroku_facts
from herodyno.completion import seen
from herodyno.diagnosis.statistics.memory import r15_limit_mb
from herodyno.sandbox import heroku_facts as sandbox_facts
from herodyno.sandbox.world.resources import Size
from herodyno.sandbox.world.sizes import SIZES

ROOT = Path(heroku_facts.__file__).parent
PAGE = Path(heroku_facts.__file__)
FACTS = {name: value for name, value in vars(heroku_facts).items() if name.isupper()}
# The sandbox has a page of its own.
OTHERS = [path for path in sorted(ROOT.rglob("*.py")) if path != PAGE and "sandbox" not in path.relative_to(ROOT).parts]

SOURCE = re.compile(
    r"Dev Center|API schema|[Oo]fficial CLI|[Pp]ublic logs|[Rr]ecorded drain bodies|[Oo]pen Logplex|Visual Studio Code"
)
UNITS = {"SECONDS", "MB", "LINES", "BYTES", "CALLS", "ITEMS", "DYNOS", "HOURS", "MINUTE", "NUMBER", "TIMES", "PATTERN"}
# Numbers of Heroku's that mean other things too: spans of time, powers of two and of ten.
COMMON = {180, 240, 255, 360, 512, 900, 1000, 1024, 3600, 10_000, 86_400, 1_048_576}


def numbers_in(value: object) -> set[float]:
    """Every number of a constant, those inside pairs and tables too."""
    if isinstance(value, dict):
        return numbers_in(tuple(value.values()))
    if isinstance(value, tuple):
        return {number for each in value for number in numbers_in(each)}
    return {float(value)} if isinstance(value, int | float) else set()


DISTINCTIVE = {number for number in numbers_in(FACTS) if number > 100} - COMMON


@cache
def comments() -> dict[int, str]:
    """The page's comments by line."""
    tokens = tokenize.generate_tokens(io.StringIO(PAGE.read_text(encoding="utf-8")).readline)
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


@cache
def lines_of_constants() -> dict[str, int]:
    """The first line of each constant of the page."""
    body = ast.parse(PAGE.read_text(encoding="utf-8")).body
    return {ast.unparse(node.targets[0]): node.lineno for node in body if isinstance(node, ast.Assign)}


def constant_value(node: ast.expr) -> object:
    """The value of a number, or of a sum or product of numbers such as 216 * 60. None for anything else."""
    if isinstance(node, ast.BinOp):
        sides = [constant_value(side) for side in (node.left, node.right)]
        numbers = [side for side in sides if isinstance(side, int | float)]
        if len(numbers) == 2 and isinstance(node.op, ast.Mult | ast.Add):
            return math.prod(numbers) if isinstance(node.op, ast.Mult) else sum(numbers)
    return node.value if isinstance(node, ast.Constant) and not isinstance(node.value, bool) else None


def heroku_numbers_in(code: str) -> list[str]:
    """ "line 7: 1500" for each distinctive number in a module, inside its texts too. Docstrings are prose: left out."""
    tree = ast.parse(code)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or id(node) in prose:
            continue
        value = constant_value(node)
        if isinstance(value, int | float) and value in DISTINCTIVE:
            found.append(f"line {node.lineno}: {value}")
        elif isinstance(value, str):
            words = re.findall(r"(?<![\w.,-])\d+(?:,\d{3})*(?![\w-]|[.,]\d)", value)
            found += [f"line {node.lineno}: {word}" for word in words if int(word.replace(",", "")) in DISTINCTIVE]
    return found


def source_of(name: str) -> str:
    """What stands beside and above a constant."""
    line = lines_of_constants()[name]
    said = [comments().get(line, "")]
    while (line := line - 1) in comments():
        said.append(comments()[line])
    return " ".join(said)


def test_each_number_has_its_source_beside_it() -> None:
    assert [name for name in FACTS if not SOURCE.search(source_of(name))] == [], "say where the number is from"


def test_the_unit_stands_in_the_name() -> None:
    assert [name for name, value in FACTS.items() if numbers_in(value) and not UNITS & set(name.split("_"))] == []


def test_each_number_is_relied_upon() -> None:
    used = {word for path in OTHERS for word in re.findall(r"\b[A-Z][A-Z0-9_]+\b", path.read_text(encoding="utf-8"))}
    assert [name for name in FACTS if name not in used] == [], "nothing uses it: delete it"


def test_the_page_loads_nothing() -> None:
    tree = ast.parse(PAGE.read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def test_no_other_module_repeats_a_number_of_herokus() -> None:
    found = {str(path.relative_to(ROOT)): heroku_numbers_in(path.read_text(encoding="utf-8")) for path in OTHERS}
    assert {path: numbers for path, numbers in found.items() if numbers} == {}


def test_the_watch_for_repeated_numbers_sees_them_in_code_and_in_texts() -> None:
    assert {1500, 4500, 9999, 720, 216 * 60, 30 * 86_400} <= DISTINCTIVE
    for code in ("CAP = 1_500", 'run("logs", "-n", "1500")', 'f"the last 1,500 lines of {app}"', "x = 216 * 60"):
        assert heroku_numbers_in(code), code
    for code in ('"""The last 1,500 lines."""', "x = 15000", '"v1500"', '"1500.5"', '"H1500"', "x = 3600"):
        assert not heroku_numbers_in(code), code


def shared_facts() -> list[tuple[str, str]]:
    """(name here, name in the sandbox). The sandbox leaves the unit out of a name where it is seconds or plain."""
    pairs = []
    for name in FACTS:
        short = name.rpartition("_")[0]
        pairs += [(name, theirs) for theirs in (name, short) if hasattr(sandbox_facts, theirs)]
    return pairs


@pytest.mark.parametrize(("ours", "theirs"), shared_facts())
def test_the_sandbox_states_the_same_fact_alike(ours: str, theirs: str) -> None:
    assert FACTS[ours] == getattr(sandbox_facts, theirs)


def test_the_comparison_with_the_sandbox_finds_the_facts_that_both_state() -> None:
    assert {
        "CYCLE_INTERVAL", "CYCLE_SPREAD", "EXIT_TIMEOUT", "FIRST_SAMPLE", "LARGEST_PAGE", "LOG_BUFFER_LINES",
        "MESSAGE_BYTES", "PREBOOT_OVERLAP", "PREBOOT_SWITCH", "RATE_LIMIT", "REQUEST_TIMEOUT", "SESSION_LIFETIME",
    } <= {theirs for _, theirs in shared_facts()}  # fmt: skip


def test_the_sandbox_has_the_same_limit_of_dynos_on_cedar() -> None:
    most = max(number for tier, number in sandbox_facts.DYNOS_OF_A_TYPE.items() if tier != "fir")
    assert most == heroku_facts.MOST_DYNOS_OF_A_TYPE


@pytest.mark.parametrize("size", SIZES.values(), ids=lambda size: size.name)
def test_the_sandbox_kills_a_dyno_at_the_same_level_of_memory(size: Size) -> None:
    assert r15_limit_mb(size.name, size.memory_mb) == size.memory_mb * size.kill_factor
    if size.generation == "cedar":
        assert size.memory_mb in heroku_facts.CEDAR_QUOTAS_MB


def test_the_one_copy_of_a_pattern_is_the_same() -> None:
    """The package of completion loads nothing of the rest, so its pattern of an id is a copy."""
    assert seen._ID.pattern == heroku_facts.UUID_PATTERN
