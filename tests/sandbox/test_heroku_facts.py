"""Every number of Heroku's in the sandbox has a source, and the sandbox uses it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from herodyno.sandbox import heroku_facts

PAGE = Path(heroku_facts.__file__)
SOURCES = ("Dev Center", "ublic logs", "pen Logplex", "API schema", "Recorded drain bodies", "Heroku's extension")
STATEMENTS = ast.parse(PAGE.read_text(encoding="utf-8")).body
FACTS = {
    node.targets[0].id: (STATEMENTS[at + 1], ast.unparse(node.value))
    for at, node in enumerate(STATEMENTS)
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id != "DAY"
}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_names_its_source(name: str) -> None:
    text = FACTS[name][0]
    assert isinstance(text, ast.Expr), "a text stands below each value"
    assert any(source in ast.unparse(text) for source in SOURCES)


@pytest.mark.parametrize("name", FACTS)
def test_the_sandbox_uses_the_fact(name: str) -> None:
    modules = [path for path in PAGE.parent.rglob("*.py") if path != PAGE]
    assert any(re.search(rf"\b{name}\b", path.read_text(encoding="utf-8")) for path in modules)
