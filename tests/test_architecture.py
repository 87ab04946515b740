"""The two tables of the layout hold: who may import whom, and one door per outside package."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "herodyno"

# Layer -> the layers of ours it may import. A layer is a folder, or a file at the top.
MAY_IMPORT = {
    "__init__": set(),
    "__main__": {"cli", "completion", "errors", "__init__"},
    "errors": set(),
    "folders": set(),
    "dynos": {"errors"},
    "logs": {"dynos", "errors"},
    "diagnosis": {"logs", "dynos", "errors", "__init__"},
    "heroku": {"logs", "dynos", "errors", "__init__"},
    "operations": {"heroku", "diagnosis", "logs", "dynos", "errors"},
    "completion": {"folders"},
    "sandbox": set(),
    "render": {"operations", "diagnosis", "logs", "dynos", "errors", "__init__"},
    "logfiles": {"diagnosis", "logs", "dynos", "errors"},
    "cli": {
        "logfiles",
        "completion",
        "operations",
        "heroku",
        "sandbox",
        "render",
        "diagnosis",
        "logs",
        "dynos",
        "folders",
        "errors",
        "__init__",
    },
}

# Outside package -> the only places that may import it.
DOORS = {
    "typer": ("cli/",),
    "httpx": ("heroku/", "cli/demo.py", "cli/session.py"),  # in session.py for a type's name only
    "httpcore": ("heroku/",),
    "ssl": ("heroku/", "sandbox/"),
    "keyring": ("heroku/login/keychain.py",),
    "rich": ("render/terminal.py",),
    "platformdirs": ("folders.py",),
    "werkzeug": ("sandbox/",),
    "cryptography": ("sandbox/",),
    "asyncio": (),
    "requests": (),
}

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "service", "misc"}

MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    """The code of a module."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> list[str]:
    """Dotted names of everything a module imports, at any depth of the code."""
    names = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write the whole name"
            module = node.module or ""
            names += [f"{module}.{alias.name}" for alias in node.names] if module == "herodyno" else [module]
    return names


def layer_of(dotted: str) -> str:
    parts = dotted.split(".")
    if len(parts) == 1:
        return "__init__"
    known = (ROOT / parts[1]).is_dir() or (ROOT / f"{parts[1]}.py").is_file()
    return parts[1] if known else "__init__"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_go_only_downwards(path: Path) -> None:
    own = path.parts[0].removesuffix(".py")
    assert own in MAY_IMPORT, f"{path}: a new layer needs its row in MAY_IMPORT"
    ours = {layer_of(name) for name in imports_of(path) if name.split(".")[0] == "herodyno"}
    assert ours - {own} <= MAY_IMPORT[own]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_each_outside_package_has_one_door(path: Path) -> None:
    for name in imports_of(path):
        top = name.split(".")[0]
        if top in DOORS:
            assert path.as_posix().startswith(DOORS[top]), f"{path} imports {top}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_begins_with_its_one_idea_and_is_named_for_it(path: Path) -> None:
    assert ast.get_docstring(tree_of(path)), f"{path} has no docstring"
    assert path.stem not in FORBIDDEN_NAMES


def test_the_tables_name_layers_that_exist() -> None:
    for layer in MAY_IMPORT:
        assert (ROOT / layer).is_dir() or (ROOT / f"{layer}.py").is_file()
