"""The layout holds: who may import whom, one door per outside package, no import circle, no crowded folder."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent / "herodyno"

# Layer -> the layers of ours it may import. A layer is a folder, or a file at the top.
MAY_IMPORT = {
    "__init__": set(),
    "__main__": {"cli", "completion", "errors", "__init__"},
    "errors": set(),
    "heroku_facts": set(),
    "dynos": {"heroku_facts", "errors"},
    "units": set(),
    "typed_values": {"units", "errors"},
    "openmetrics": set(),
    "logs": {"dynos", "units", "heroku_facts", "errors"},
    "diagnosis": {"logs", "dynos", "units", "heroku_facts", "errors", "__init__"},
    "heroku": {"logs", "dynos", "units", "heroku_facts", "errors", "__init__"},
    "operations": {"heroku", "diagnosis", "logs", "dynos", "units", "typed_values", "heroku_facts", "errors"},
    "archive": {
        "logfiles",
        "operations",
        "diagnosis",
        "logs",
        "dynos",
        "units",
        "openmetrics",
        "heroku_facts",
        "errors",
        "__init__",
    },
    "completion": {"folders"},
    "folders": set(),
    "sandbox": set(),
    "render": {
        "archive",
        "operations",
        "diagnosis",
        "logs",
        "dynos",
        "units",
        "openmetrics",
        "heroku_facts",
        "errors",
        "__init__",
    },
    "logfiles": {"diagnosis", "logs", "dynos", "units", "heroku_facts", "errors"},
    "top": {"render", "diagnosis", "dynos", "units", "errors"},
    "cli": {
        "archive",
        "top",
        "logfiles",
        "completion",
        "operations",
        "heroku",
        "sandbox",
        "render",
        "diagnosis",
        "logs",
        "dynos",
        "units",
        "typed_values",
        "openmetrics",
        "heroku_facts",
        "folders",
        "errors",
        "__init__",
    },
}

# District -> the districts of the same package that it may import. A district is the first level inside a package: a
# folder, or a module beside the folders. A row names only rows above it, so that the table shows the order. Each
# district of a package has its row as soon as one of them has.
DISTRICTS_MAY_IMPORT: dict[str, set[str]] = {
    "logs/codes": set(),
    "logs/events": set(),
    "logs/possessive": set(),
    "logs/late_patterns": set(),
    "logs/secret_names": {"logs/late_patterns"},
    "logs/decoding": {"logs/events", "logs/late_patterns", "logs/possessive"},
    "logs/parsing": {"logs/decoding", "logs/events", "logs/late_patterns"},
    "logs/scan": {"logs/codes", "logs/decoding", "logs/events", "logs/late_patterns", "logs/parsing"},
    "logs/query": {"logs/decoding", "logs/events", "logs/parsing", "logs/scan"},
    "logs/patterns": {
        "logs/events",
        "logs/late_patterns",
        "logs/parsing",
        "logs/possessive",
        "logs/scan",
        "logs/secret_names",
    },
    "logfiles/apps": set(),
    "logfiles/names": set(),
    "logfiles/packed": set(),
    "logfiles/truncated": set(),
    "logfiles/processes": set(),
    "logfiles/progress": set(),
    "logfiles/opened": {"logfiles/packed", "logfiles/truncated"},
    "logfiles/last_time": {"logfiles/opened"},
    "logfiles/repeats": {"logfiles/last_time", "logfiles/opened"},
    "logfiles/packed_parts": {"logfiles/opened", "logfiles/truncated"},
    "logfiles/parts": {
        "logfiles/last_time",
        "logfiles/opened",
        "logfiles/packed_parts",
        "logfiles/processes",
        "logfiles/progress",
        "logfiles/repeats",
    },
    "diagnosis/counted": set(),
    "diagnosis/timeline": {"diagnosis/counted"},
    "diagnosis/quantity": {"diagnosis/timeline"},
    "diagnosis/counting": {"diagnosis/counted", "diagnosis/timeline"},
    "diagnosis/used": {"diagnosis/counting"},
    "diagnosis/releases": set(),
    "diagnosis/statistics": {"diagnosis/counting", "diagnosis/timeline"},
    "diagnosis/report": {"diagnosis/counting", "diagnosis/statistics", "diagnosis/timeline"},
    "diagnosis/autoscaling": {"diagnosis/report"},
    "diagnosis/scope": {"diagnosis/counting", "diagnosis/report", "diagnosis/timeline"},
    "diagnosis/pattern_changes": {"diagnosis/statistics"},
    "diagnosis/observations": {
        "diagnosis/counting",
        "diagnosis/quantity",
        "diagnosis/releases",
        "diagnosis/scope",
        "diagnosis/statistics",
        "diagnosis/timeline",
        "diagnosis/used",
    },
    "diagnosis/analysis": {
        "diagnosis/counting",
        "diagnosis/observations",
        "diagnosis/quantity",
        "diagnosis/statistics",
        "diagnosis/timeline",
    },
    "diagnosis/analysing": {
        "diagnosis/analysis",
        "diagnosis/counting",
        "diagnosis/observations",
        "diagnosis/statistics",
        "diagnosis/timeline",
    },
    "diagnosis/claims": {
        "diagnosis/analysis",
        "diagnosis/autoscaling",
        "diagnosis/counting",
        "diagnosis/releases",
        "diagnosis/report",
        "diagnosis/statistics",
        "diagnosis/timeline",
        "diagnosis/used",
    },
    "diagnosis/sections": {
        "diagnosis/analysis",
        "diagnosis/claims",
        "diagnosis/counting",
        "diagnosis/observations",
        "diagnosis/quantity",
        "diagnosis/releases",
        "diagnosis/report",
        "diagnosis/statistics",
        "diagnosis/timeline",
    },
    "diagnosis/judge": {
        "diagnosis/analysing",
        "diagnosis/analysis",
        "diagnosis/claims",
        "diagnosis/counting",
        "diagnosis/observations",
        "diagnosis/report",
        "diagnosis/sections",
        "diagnosis/statistics",
    },
    "diagnosis/expected": {"diagnosis/counting", "diagnosis/scope"},
    "diagnosis/diagnosing": {
        "diagnosis/counting",
        "diagnosis/expected",
        "diagnosis/judge",
        "diagnosis/observations",
        "diagnosis/report",
        "diagnosis/scope",
        "diagnosis/timeline",
        "diagnosis/used",
    },
    "heroku/net": set(),
    "heroku/api": {"heroku/net"},
    "heroku/login": {"heroku/net"},
    "heroku/log": {"heroku/net"},
    "heroku/attach": {"heroku/net"},
    "heroku/git_remotes": set(),
    "heroku/which_app": {"heroku/git_remotes", "heroku/net"},
    "heroku/which_apps": {"heroku/api", "heroku/net", "heroku/which_app"},
    "heroku/status_page": {"heroku/net"},
    "heroku/probe": {"heroku/net"},
    "operations/alerts": set(),
    "operations/confirm": set(),
    "operations/state_files": set(),
    "operations/actor": set(),
    "operations/journal": {"operations/actor", "operations/state_files"},
    "operations/near_misses": set(),
    "operations/app_patterns": set(),
    "operations/prices": set(),
    "operations/size_advice": {"operations/prices"},
    "operations/size_finding": {"operations/size_advice"},
    "operations/wait": set(),
    "operations/writes": set(),
    "operations/at_once": set(),
    "operations/targets": {"operations/near_misses"},
    "operations/executor": {"operations/actor", "operations/journal", "operations/writes"},
    "operations/log_drains": {"operations/executor"},
    "operations/rollback_plan": {"operations/writes"},
    "operations/stop_plan": {"operations/at_once", "operations/targets", "operations/writes"},
    "operations/one_off": set(),
    "operations/scale": {"operations/near_misses", "operations/prices", "operations/writes"},
    "operations/restart": {
        "operations/at_once",
        "operations/executor",
        "operations/state_files",
        "operations/targets",
        "operations/wait",
        "operations/writes",
    },
    "archive/durable": set(),
    "archive/records": set(),
    "archive/journal": {"archive/durable", "archive/records"},
    "archive/gaps": set(),
    "archive/rows": set(),
    "archive/drains": set(),
    "archive/otlp": {"archive/drains", "archive/records", "archive/rows"},
    "archive/parquet": {"archive/durable", "archive/rows"},
    "archive/engines": {"archive/parquet", "archive/rows"},
    "archive/dyno_lists": {"archive/durable"},
    "archive/folder": {"archive/dyno_lists", "archive/engines", "archive/parquet"},
    "archive/frame_lines": {"archive/folder", "archive/gaps", "archive/otlp", "archive/records", "archive/rows"},
    "archive/recent": {"archive/folder", "archive/frame_lines", "archive/journal", "archive/records"},
    "archive/boundaries_of": {"archive/engines", "archive/folder", "archive/rows"},
    "archive/incarnation_ids": {
        "archive/boundaries_of",
        "archive/engines",
        "archive/folder",
        "archive/parquet",
        "archive/rows",
    },
    "archive/merging": {"archive/engines", "archive/parquet", "archive/rows"},
    "archive/staging": {
        "archive/folder",
        "archive/frame_lines",
        "archive/merging",
        "archive/otlp",
        "archive/parquet",
        "archive/records",
        "archive/rows",
    },
    "archive/compaction": {
        "archive/durable",
        "archive/merging",
        "archive/engines",
        "archive/folder",
        "archive/incarnation_ids",
        "archive/journal",
        "archive/otlp",
        "archive/parquet",
        "archive/records",
        "archive/rows",
        "archive/staging",
    },
    "archive/selected_rows": set(),
    "archive/history": {
        "archive/engines",
        "archive/folder",
        "archive/parquet",
        "archive/rows",
        "archive/selected_rows",
    },
    "archive/profile": {"archive/folder", "archive/history"},
    "archive/parquet_lines": {"archive/engines", "archive/history", "archive/parquet", "archive/rows"},
    "archive/importing": {
        "archive/compaction",
        "archive/folder",
        "archive/otlp",
        "archive/parquet",
        "archive/parquet_lines",
        "archive/rows",
        "archive/staging",
    },
    "archive/window": {
        "archive/boundaries_of",
        "archive/engines",
        "archive/folder",
        "archive/history",
        "archive/parquet",
        "archive/rows",
    },
    "archive/days": {
        "archive/engines",
        "archive/folder",
        "archive/history",
        "archive/journal",
        "archive/parquet",
        "archive/rows",
        "archive/window",
    },
    "archive/receive": {"archive/drains", "archive/gaps", "archive/journal", "archive/otlp", "archive/records"},
}

# Outside package -> the only places that may import it.
DOORS = {
    "typer": ("cli/",),
    "httpx": ("heroku/", "cli/sandbox/demo.py", "cli/session.py"),  # in session.py for a type's name only
    "httpcore": ("heroku/",),
    "ssl": ("heroku/", "sandbox/"),
    "keyring": ("heroku/login/keychain.py",),
    "rich": ("render/in_place/progress.py", "top/"),
    "textual": ("top/",),
    "platformdirs": ("folders.py",),
    "vl_convert": ("render/report/images.py",),
    "duckdb": ("archive/engines/duckdb.py", "archive/engines/extensions.py"),
    "pyspark": ("archive/engines/spark.py",),
    "clickhouse_connect": ("archive/engines/clickhouse.py",),
    "hatchling": ("logs/scan/compiled/build_hook.py",),
    "pyarrow": ("archive/merging/sorted_runs.py", "archive/parquet/", "archive/staging/"),
    "google": ("archive/otlp/requests.py",),
    "werkzeug": ("sandbox/",),
    "cryptography": ("sandbox/",),
    "uvicorn": ("archive/receive/server.py",),
    "asyncio": ("archive/receive/",),
    "requests": (),
    "sandbox/heroku_facts": set(),
    "sandbox/app_lines": set(),
    "sandbox/world": {"sandbox/app_lines", "sandbox/heroku_facts"},
    "sandbox/incidents": {"sandbox/app_lines", "sandbox/heroku_facts", "sandbox/world"},
    "sandbox/api": {"sandbox/heroku_facts", "sandbox/incidents", "sandbox/world"},
    "sandbox/doors": {"sandbox/api", "sandbox/heroku_facts", "sandbox/incidents", "sandbox/world"},
}

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "service", "misc"}

MOST_ENTRIES = 27  # of one folder: more are a list that nobody reads

MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))
TEST_MODULES = sorted(Path(__file__).parent.rglob("test_*.py"))


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


@cache
def modules_imported(path: Path) -> frozenset[Path]:
    """The modules of ours that a module imports, for types only and inside functions too."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [name for alias in node.names for name in (f"{node.module}.{alias.name}", f"{node.module}")]
        else:
            continue
        # Of `from package import name` the name may be a module or not.
        found |= {Path(*name.split(".")[1:]).with_suffix(".py") for name in names if name.startswith("herodyno.")}
    return frozenset(found & set(MODULES))


def district_of(path: Path) -> str:
    return "/".join(path.with_suffix("").parts[:2])


def circles() -> list[str]:
    """One import circle for each module that is in one: "a.py -> b.py -> a.py"."""
    found = []
    for start in MODULES:
        came_from: dict[Path, Path] = {}
        reached = [start]
        for path in reached:
            for imported in sorted(modules_imported(path) - came_from.keys()):
                came_from[imported] = path
                reached.append(imported)
        if start in came_from:
            way = [start, came_from[start]]
            while way[-1] != start:
                way.append(came_from[way[-1]])
            found.append(" -> ".join(map(str, reversed(way))))
    return found


def layer_of(dotted: str) -> str:
    parts = dotted.split(".")
    if len(parts) == 1:
        return "__init__"
    known = (ROOT / parts[1]).is_dir() or (ROOT / f"{parts[1]}.py").is_file()
    return parts[1] if known else "__init__"


def test_imports_go_only_downwards() -> None:
    upwards = {}
    for path in MODULES:
        own = path.parts[0].removesuffix(".py")
        assert own in MAY_IMPORT, f"{path}: a new layer needs its row in MAY_IMPORT"
        ours = {layer_of(name) for name in imports_of(path) if name.split(".")[0] == "herodyno"}
        upwards[str(path)] = ours - {own} - MAY_IMPORT[own]
    assert {path: layers for path, layers in upwards.items() if layers} == {}


def test_inside_a_package_imports_go_only_downwards() -> None:
    packages = {row.split("/")[0] for row in DISTRICTS_MAY_IMPORT}
    upwards = {}
    for path in MODULES:
        if path.parts[0] not in packages or path == Path(path.parts[0], "__init__.py"):
            continue
        own = district_of(path)
        assert own in DISTRICTS_MAY_IMPORT, f"{path}: a new district needs its row in DISTRICTS_MAY_IMPORT"
        beside = {district_of(each) for each in modules_imported(path) if each.parts[0] == path.parts[0]}
        upwards[str(path)] = beside - {own} - DISTRICTS_MAY_IMPORT[own]
    assert {path: districts for path, districts in upwards.items() if districts} == {}


def test_the_table_of_districts_is_in_order_and_names_districts_that_exist() -> None:
    above: set[str] = set()
    for district, may_import in DISTRICTS_MAY_IMPORT.items():
        assert (ROOT / district).is_dir() or (ROOT / f"{district}.py").is_file(), district
        assert may_import <= above, f"{district}: a row names only rows above it"
        above.add(district)


def test_no_module_imports_itself_by_a_detour() -> None:
    assert circles() == []


def test_no_folder_has_more_modules_and_folders_than_a_person_takes_in() -> None:
    entries: dict[Path, set[str]] = {}
    for path in MODULES:
        for depth, name in enumerate(path.parts):
            entries.setdefault(Path(*path.parts[:depth]), set()).add(name)
    crowded = {str(folder): len(names - {"__init__.py"}) for folder, names in entries.items()}
    assert {folder: count for folder, count in crowded.items() if count > MOST_ENTRIES} == {}


def other_tests_of(path: Path) -> list[str]:
    """The test modules that a test module imports."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    split = [name.split(".") for name in names]
    return [".".join(parts) for parts in split if parts[0] == "tests" and any(p.startswith("test_") for p in parts[1:])]


def test_a_test_module_imports_no_other_test_module() -> None:
    assert {str(path): names for path in TEST_MODULES if (names := other_tests_of(path))} == {}


def test_each_outside_package_has_one_door() -> None:
    beside_the_door = [
        f"{path} imports {top}"
        for path in MODULES
        for top in {name.split(".")[0] for name in imports_of(path)}
        if top in DOORS and not path.as_posix().startswith(DOORS[top])
    ]
    assert beside_the_door == []


def test_a_module_begins_with_its_one_idea_and_is_named_for_it() -> None:
    assert [str(path) for path in MODULES if not ast.get_docstring(tree_of(path))] == []
    assert [str(path) for path in MODULES if path.stem in FORBIDDEN_NAMES] == []


def test_the_tables_name_layers_that_exist() -> None:
    for layer in MAY_IMPORT:
        assert (ROOT / layer).is_dir() or (ROOT / f"{layer}.py").is_file()
