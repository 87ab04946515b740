"""What a report may never say: no cause, no all-clear, no blame beyond the data."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
NEVER = re.compile(
    r"root[ -]cause|\b(?:memory )?leak(?:s|ed|ing|y)?\b|\b(?:un)?healthy\b|\bOK\b|\bokay\b|nois(?:y|iest) neighbou?r|"
    r"\bwill fix\b|\bcaused by the release\b|\bbecause of the release\b",
    re.IGNORECASE,
)
# A state of the plug-in format, and the flag's word for it: alone, and in no sentence.
STATES = ("OK", "ok")
FOLDERS = (ROOT / "tests/cli/golden", ROOT / "tests/render/golden")
GOLDEN = sorted(path for folder in FOLDERS for path in folder.rglob("*.*"))
# Patterns of redaction are shown to nobody.
PATTERNS = ROOT / "herodyno/diagnosis/report/secret_values.py"
SOURCES = sorted(
    [
        *(path for path in (ROOT / "herodyno/diagnosis").rglob("*.py") if path != PATTERNS),
        *(ROOT / "herodyno/render").rglob("*.py"),
        *(ROOT / "herodyno/logs").glob("*codes.py"),
        *(ROOT / "herodyno/cli").glob("diagnose*.py"),
        ROOT / "herodyno/cli/explain.py",
        ROOT / "herodyno/cli/diagnose/listening.py",
    ]
)


def sentences(path: Path) -> Iterator[str]:
    """Every text in a module that may be shown: all strings but the docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in hidden:
            yield node.value


def test_no_report_says_what_it_may_not() -> None:
    assert GOLDEN
    assert [path.name for path in GOLDEN if NEVER.search(path.read_text(encoding="utf-8"))] == []


def test_no_sentence_in_the_source_says_it() -> None:
    assert len(SOURCES) > 100
    said = [(path, text) for path in SOURCES for text in sentences(path) if NEVER.search(text) and text not in STATES]
    assert said == []


def test_the_words_are_found_where_they_stand() -> None:
    for text in ("the root cause", "a memory leak", "web.1 is healthy", "all OK", "a restart will fix it"):
        assert NEVER.search(text)
    assert not NEVER.search("bleak, token, broken, look")
