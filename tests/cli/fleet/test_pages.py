"""`diagnose --html` of several apps: a page of all leads to the report of each, in a real browser too."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from herodyno.errors import Refused
from herodyno.render.fleet.diagnose import AppVerdict
from herodyno.render.fleet.page import page_of_apps
from herodyno.sandbox.incidents.scenarios import SCENARIOS, add
from herodyno.sandbox.incidents.settings import Settings
from herodyno.sandbox.world.world import World
from tests.conftest import START, Invoke
from tests.real_parts import need, need_vl_convert
from tests.render.report.incident import ATTACK, ATTACKS

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), "")
APPS = ["shop-web", "shop-quiet", "shop-api"]  # the worst first


@pytest.fixture
def world() -> World:
    """One app with a bad dyno, one that is fine, one too quiet."""
    made = World(seed=1, start=START)
    for app, name in (("shop-api", "healthy"), ("shop-web", "one-bad-dyno"), ("shop-quiet", "too-little-data")):
        add(made, name, replace(Settings(**dict(SCENARIOS[name].defaults)), app=app, seconds=390.0))
    made.tick(390.0)
    return made


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report without the script that draws, which takes seconds to make."""
    monkeypatch.setattr("herodyno.render.report.images.require", lambda: None)
    monkeypatch.setattr("herodyno.render.report.images.script", lambda cache: "")


@pytest.mark.usefixtures("script")
def test_the_page_leads_to_the_report_of_each_app_and_a_failure_is_a_line(invoke: Invoke, tmp_path: Path) -> None:
    html = tmp_path / "shop.html"
    for _ in range(2):  # our own pages are replaced
        stdout, stderr, code = invoke(f"diagnose -a shop-api -a shop-web -a shop-nope --html {html}")
        assert (code, stdout.splitlines()[1].split()[0]) == (20, "shop-web")
    assert f"page: {html}, with 2 reports in {tmp_path / 'shop-apps'} (redacted)" in stderr
    text = html.read_text()
    places = [text.index(f'<a href="shop-apps/{app}.html">{app}</a>') for app in ("shop-web", "shop-api")]
    assert places == sorted(places)
    assert "NO ANSWER" in text
    assert 'href="shop-apps/shop-nope' not in text
    assert sorted(path.name for path in (tmp_path / "shop-apps").iterdir()) == ["shop-api.html", "shop-web.html"]
    assert "ONE DYNO" in (tmp_path / "shop-apps" / "shop-web.html").read_text()


@pytest.mark.usefixtures("script")
def test_a_name_that_is_taken_is_refused_before_any_app_is_judged(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "shop-apps").mkdir()
    (tmp_path / "shop-apps" / "shop-web.html").write_text("somebody's own")
    stdout, stderr, code = invoke(f"diagnose --apps 'shop-*' --html {tmp_path / 'shop.html'}")
    assert (stdout, code) == ("", 1)
    assert "shop-web.html already; nothing was written" in stderr
    (tmp_path / "other-apps").write_text("a file")
    assert invoke(f"diagnose --apps 'shop-*' --html {tmp_path / 'other.html'}").code == 1
    assert not (tmp_path / "shop.html").exists()


def test_no_word_of_an_app_is_markup() -> None:
    text = page_of_apps([AppVerdict(ATTACK, None, Refused(ATTACK))], {}, now=START, zone=UTC)
    assert ATTACKS[0] not in text
    assert [word for word in ("<script", "<img", "<svg", "<iframe") if word in text] == []


@pytest.mark.real
def test_a_browser_opens_each_report_from_the_page_and_nothing_leaves(invoke: Invoke, tmp_path: Path) -> None:
    need_vl_convert()
    need("playwright", present=find_spec("playwright"), install="pip install -e '.[dev]'")
    need("chromium", present=CHROMIUM, install="apt install chromium")
    from playwright.sync_api import sync_playwright

    html = tmp_path / "shop.html"
    assert invoke(f"diagnose --apps 'shop-*' --html {html}").code == 20
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        window: Any = chromium.new_page()
        complaints: list[str] = []
        requests: list[str] = []
        window.on("console", lambda message: complaints.append(message.text))
        window.on("pageerror", lambda error: complaints.append(str(error)))
        window.on("request", lambda asked: requests.append(asked.url))
        window.goto(html.as_uri())
        assert window.locator("tbody th").all_inner_texts() == APPS
        for app in APPS:
            window.get_by_role("link", name=app, exact=True).click()
            window.wait_for_function("document.documentElement.dataset.drawn !== undefined", timeout=60_000)
            assert window.locator("h1").inner_text() == f"herodyno diagnose: {app}"
            window.go_back()
        assert complaints == []
        assert all(url.startswith(tmp_path.as_uri()) for url in requests)
        chromium.close()
