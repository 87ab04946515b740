"""Every number in the name of a test stands for a sentence in promises.md, and every sentence there is kept."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent

# Numbers lead a name, the eighty first: test_71_b57_any_other_certificate. Two digits and an underscore are no 1500,
# and no H, R or L is a letter of ours.
LEADING = re.compile(r"test_((?:\d\d_(?:to_)?)*(?:[a-gi]\d{1,2}_(?:to_)?)*)(\w*)")
CASE = re.compile(r"[A-GI]\d{1,2}(?= |$)")
PROMISE = re.compile(r"- (\d\d|[A-GI]\d{1,2}): (.+)")
NO_TEST = re.compile(r"\(no test: .+\)$")


def numbers_of(leading: str) -> Iterator[str]:
    """The numbers at the head of a name; "43_to_46_" is four of them."""
    words = leading.upper().split("_")
    for at, word in enumerate(words):
        if word == "TO":
            letter, width = ("", 2) if words[at - 1].isdigit() else (words[at - 1][0], 1)
            first, last = (int(words[side].removeprefix(letter)) for side in (at - 1, at + 1))
            yield from (f"{letter}{number:0{width}}" for number in range(first + 1, last))
        elif word:
            yield word


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """What stands in a module and in its classes, not in functions."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.ClassDef):
            yield from statements(statement.body)


@cache
def in_test_modules() -> list[tuple[Path, ast.stmt]]:
    return [
        (path, statement)
        for path in sorted(FOLDER.rglob("test_*.py"))
        for statement in statements(ast.parse(path.read_text(encoding="utf-8")).body)
    ]


@cache
def named() -> list[tuple[str, str, str]]:
    """(place, numbers that lead the name, rest of the name) of every test."""
    return [
        (f"{path.relative_to(FOLDER)}:{found.lineno}", *match.groups())
        for path, found in in_test_modules()
        if isinstance(found, ast.FunctionDef) and (match := LEADING.fullmatch(found.name))
    ]


def cases() -> Iterator[tuple[str, str]]:
    """(place, number) of every case named after one: a word of a decorator or of a module's table."""
    for path, found in in_test_modules():
        tables: list[ast.expr] = list(found.decorator_list) if isinstance(found, ast.FunctionDef) else []
        if isinstance(found, ast.Assign | ast.AnnAssign) and found.value:
            tables.append(found.value)
        for node in (node for table in tables for node in ast.walk(table)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and (match := CASE.match(node.value)):
                yield f"{path.relative_to(FOLDER)}:{node.lineno}", match[0]


@cache
def borne() -> dict[str, str]:
    """Number -> a place that bears it."""
    in_names = {number: place for place, leading, _ in named() for number in numbers_of(leading)}
    return {number: place for place, number in cases()} | in_names


@cache
def promises() -> list[tuple[str, str]]:
    """(number, sentence), as promises.md has them."""
    lines = (FOLDER / "promises.md").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line.startswith("- ")]
    found = [PROMISE.fullmatch(line) for line in listed]
    assert all(found), [line for line, match in zip(listed, found, strict=True) if not match]
    return [(match[1], match[2]) for match in found if match]


def test_every_number_that_a_test_bears_stands_in_the_list() -> None:
    listed = {number for number, _ in promises()}
    assert {number: place for number, place in borne().items() if number not in listed} == {}


def test_every_promise_is_borne_by_a_test_or_says_why_not() -> None:
    for number, sentence in promises():
        assert (number in borne()) != bool(NO_TEST.search(sentence)), f"{number}: {sentence}"


def test_the_eighty_are_listed_and_at_least_76_have_a_test() -> None:
    eighty = [f"{number:02}" for number in range(1, 81)]
    assert [number for number, _ in promises() if number.isdigit()] == eighty
    assert len(borne().keys() & set(eighty)) >= 76


def place_in_list(number: str) -> tuple[str, int]:
    letter = number.rstrip("0123456789")
    return letter, int(number.removeprefix(letter))


def test_numbers_are_unique_and_in_order() -> None:
    numbers = [number for number, _ in promises()]
    assert numbers == sorted(
        set(numbers), key=lambda number: (number.strip("0123456789"), int(number.strip("ABCDEFGI")))
    )


def test_numbers_lead_a_name_and_stand_nowhere_else_in_it() -> None:
    """test_b33_any_state, not test_any_b33_state: what reads the numbers would pass over the second."""
    assert [place for place, _, rest in named() if re.search(r"(?<![a-z0-9])[a-gi]\d{1,2}(?![a-z0-9])", rest)] == []


def test_the_spelling_of_numbers_takes_no_word_for_one() -> None:
    names = {
        "test_71_b57_any_other_certificate": ["71", "B57"],
        "test_43_to_46_colour": ["43", "44", "45", "46"],
        "test_a1_to_a3_what_means_nothing": ["A1", "A2", "A3"],
        "test_d24_20_mb_of_output": ["D24"],
        "test_1500_lines": [],
        "test_r14_lines_are_episodes": [],
        "test_h13_before_an_exit": [],
        "test_a_line_of_10_000_bytes": [],
        "test_an_l10_frame": [],
    }
    for name, numbers in names.items():
        match = LEADING.fullmatch(name)
        assert match
        assert list(numbers_of(match[1])) == numbers, name
