"""The README names every metric that there is, its example is what the tool prints, and its rules are rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from herodyno.archive.receive import metrics as receive
from herodyno.openmetrics import Metric
from herodyno.render.fleet.metrics import diagnosis_metrics as diagnose
from herodyno.render.fleet.metrics import ps
from tests.conftest import Invoke

README = Path(__file__).parent.parent / "README.md"
BY_PREFIX = {"ps": ps, "diagnose": diagnose, "receive": receive}
METRICS = [metric for module in BY_PREFIX.values() for metric in module.METRICS]


def name_of(metric: Metric) -> str:
    """The name of its samples."""
    return f"{metric.name}_total" if metric.kind == "counter" else metric.name


def test_the_readme_lists_every_metric(readme_block: Callable[[str, str], None]) -> None:
    shown = [f"{name_of(each)}{{{', '.join(each.labels)}}}\n    {each.help}\n" for each in METRICS]
    readme_block("metrics", "".join(shown).replace("{}", ""))


def test_the_example_of_the_readme_is_what_the_tool_prints(
    invoke: Invoke, readme_block: Callable[[str, str], None]
) -> None:
    lines = invoke("diagnose --app example-app -o openmetrics").stdout.splitlines(keepends=True)
    name = "herodyno_diagnose_dyno_memory_bytes"
    shown = "".join(line for line in lines if name in line or "dyno_info{" in line)
    readme_block(
        "openmetrics", f"$ herodyno diagnose --app example-app -o openmetrics | grep -E '{name}|dyno_info{{'\n{shown}"
    )


@pytest.mark.parametrize(("prefix", "module"), BY_PREFIX.items())
def test_what_a_module_declares_is_in_its_list_once_under_its_prefix(prefix: str, module: object) -> None:
    declared = [each for each in vars(module).values() if isinstance(each, Metric)]
    listed: tuple[Metric, ...] = module.METRICS  # type: ignore[attr-defined] # each of the three has it
    assert sorted(declared) == sorted(listed)
    assert all(each.name.startswith(f"herodyno_{prefix}_") for each in listed)


def test_no_two_metrics_have_one_name() -> None:
    assert len({name_of(each) for each in METRICS}) == len({each.name for each in METRICS}) == len(METRICS)


@pytest.mark.parametrize("metric", METRICS, ids=name_of)
def test_a_metric_is_named_as_openmetrics_wants_it(metric: Metric) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", metric.name)
    assert not re.search(r"_(total|count|sum|bucket|created|gauge|counter|mb|ms|cents|minutes|percent)$", metric.name)
    assert metric.name.endswith(metric.unit)
    assert bool(metric.unit) == bool(re.search(r"_(seconds|bytes|ratio|dollars_per_month|per_second)$", metric.name))
    assert re.fullmatch(r"[^\\\n\"]+\.", metric.help)
    assert all(re.fullmatch(r"[a-z_]+", label) for label in metric.labels)
    assert "dyno_id" not in metric.labels or metric.name.endswith("_dyno_info")
    assert not metric.name.endswith("_info") or metric.kind == "gauge"


def rules() -> str:
    """The block of rules in the README."""
    (found,) = re.findall(r"^```yaml\n(groups:.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_rules_of_the_readme_speak_of_metrics_that_there_are() -> None:
    (group,) = yaml.safe_load(rules())["groups"]
    spoken_of = {name for rule in group["rules"] for name in re.findall(r"herodyno_\w+", rule["expr"])}
    assert spoken_of
    assert spoken_of <= {name_of(each) for each in METRICS}
