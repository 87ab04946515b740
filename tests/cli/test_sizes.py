"""`sizes`: what this app may use, cheapest first, with what uses it now."""

from __future__ import annotations

from tests.cli.schemas import valid
from tests.conftest import Invoke


def test_sizes_stand_by_price_with_memory_and_use(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("sizes -a example-app")
    lines = stdout.splitlines()
    assert code == 0
    assert lines[0].split()[:2] == ["SIZE", "MEMORY"]
    assert [line.split()[0] for line in lines[1:4]] == ["Eco", "Basic", "Standard-1X"]
    assert lines[3].split() == ["Standard-1X", "512", "MB", "1", "no", "$25.00", "~$0.035", "web=4"]
    assert "one price for all Eco dynos" in stderr


def test_the_json_fits_its_schema(invoke: Invoke) -> None:
    document = valid(invoke("sizes -a example-app --json").stdout)
    standard = next(size for size in document["sizes"] if size["name"] == "Standard-1X")
    assert standard["used_by"] == [{"type": "web", "quantity": 4}]
    assert standard["cents_per_month"] == 2500
