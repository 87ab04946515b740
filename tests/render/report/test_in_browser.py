"""A real Chromium opens reports of every scenario, with attacks in every text: none runs, nothing leaves, all is drawn.

It is driven through its DevTools protocol by playwright. The browser is the system's.
"""

from __future__ import annotations

import io
import random
import shutil
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from herodyno.cli.diagnose.inputs import judged
from herodyno.diagnosis.counting.one_pass import log_of
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import App
from herodyno.logs.decoding.read import read_lines
from herodyno.render.clean import clean
from herodyno.render.output import Output
from herodyno.render.report import images
from herodyno.render.report.columns import Data, data_of
from herodyno.render.report.kept import Report
from herodyno.render.report.page import page
from herodyno.render.report.pictures import drawn
from herodyno.sandbox.incidents.scenarios import SCENARIOS, scenario
from tests.cli.diagnose.incidents import live_inputs
from tests.diagnosis.reading import failed, request, sample
from tests.diagnosis.reading import judged as judged_text
from tests.real_parts import need, need_vl_convert, needed
from tests.render.report.incident import ATTACK, ATTACKS

pytestmark = pytest.mark.real
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
MOST_BYTES = 2_000_000
# Where each report shows an attack, and behind which words: the name of a dyno, a path, a release.
ATTACKED = {"dynos": ATTACKS[0], "evidence": f'path="/{ATTACKS[0]}', "changed": f": {ATTACKS[0]}"}
# How many pixels of a PNG are neither black, white nor grey; the browser reads its own screenshots.
COLOURED = """async (png) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4) {
    const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
    if (Math.max(r, g, b) - Math.min(r, g, b) > 60) found += 1;
  }
  return found;
}"""


def _need_browser() -> None:
    need_vl_convert()
    need("playwright", present=find_spec("playwright"), install="pip install -e '.[dev]'")
    need("chromium", present=CHROMIUM, install="apt install chromium")


_parts = needed(_need_browser)


class Opened(NamedTuple):
    """A page in the browser, what it complained of, what it asked for, and how long it drew."""

    page: Any
    complaints: list[str]
    requests: list[str]
    seconds: float


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # A container has no user namespaces: the sandbox of Chromium cannot begin there.
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def vega(tmp_path_factory: pytest.TempPathFactory) -> str:
    return images.script(tmp_path_factory.mktemp("vega"))


@pytest.fixture(scope="module")
def count_coloured(browser: Any) -> Callable[[bytes], int]:
    blank = browser.new_page()

    def count(png: bytes) -> int:
        found: int = blank.evaluate(COLOURED, b64encode(png).decode())
        return found

    return count


def opened(browser: Any, text: str, folder: Path, **more: Any) -> Opened:
    """The report in a new window, once its pictures are drawn."""
    path = folder / "report.html"
    path.write_bytes(text.encode("utf-8", "backslashreplace"))
    window = browser.new_page(viewport={"width": 1000, "height": 800}, **more)
    complaints: list[str] = []
    requests: list[str] = []
    window.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    window.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    window.on("request", lambda asked: requests.append(asked.url))
    began = time.monotonic()
    window.goto(path.as_uri())
    window.wait_for_function("document.documentElement.dataset.drawn !== undefined", timeout=60_000)
    return Opened(window, complaints, requests, time.monotonic() - began)


def attacked(name: str) -> Diagnosis:
    """A scenario's diagnosis with an attack in path, host, dyno name, exception, release and app name."""
    world = scenario(name)
    session, inputs = live_inputs(world, Output(io.StringIO(), io.StringIO(), {}))
    word = "".join(ATTACKS).replace(" ", "").replace('"', "").replace("\u2028", "")
    text = world.log_text("example-app").replace('path="/', f'path="/{ATTACK}').replace("host=example", f"host={word}")
    text = text.replace("KeyError: '", f"KeyError: '{ATTACK}")
    first, *_ = text.splitlines(keepends=True) or [""]
    stamp = first[:32] if first[:2] == "20" else "2026-11-23T02:10:00.000001+00:00"
    text += (
        f'{stamp} heroku[router]: at=error code=H12 desc="x" method=GET path="/{ATTACK}" host={word} request_id=x '
        f'fwd="192.0.2.1" dyno={word}.2 connect=0ms service=30000ms status=503 bytes=0 protocol=https\n'
        f"{stamp} app[web.1]: {ATTACK}\n"
    )
    lines = list(read_lines([text.encode()], year=2026))
    releases = [release._replace(description=ATTACK, user=ATTACK) for release in inputs.releases]
    hostile = replace(inputs, log=log_of(lines, year=2026), app=App(name=ATTACK), releases=releases)
    return judged(session, hostile)


def made(found: Diagnosis, vega: str) -> tuple[str, Data]:
    data = data_of(found, UTC)
    return page(Report.of(found, UTC), data, vega), data


@pytest.fixture
def shown(browser: Any, vega: str, tmp_path: Path) -> Iterator[tuple[Opened, Data]]:
    """The report of the one bad dyno."""
    text, data = made(attacked("one-bad-dyno"), vega)
    window = opened(browser, text, tmp_path)
    yield window, data
    window.page.close()


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_attack_runs_nothing_leaves_and_every_picture_is_drawn(
    browser: Any, vega: str, tmp_path: Path, count_coloured: Callable[[bytes], int], name: str
) -> None:
    text, data = made(attacked(name), vega)
    assert ATTACKS[0] not in text
    window = opened(browser, text, tmp_path)
    for section, words in ATTACKED.items():
        assert words in window.page.locator(f"#{section}").inner_text(), section
    assert window.page.title() == " ".join(f"herodyno: {clean(ATTACK)}".split())
    assert window.complaints == []
    assert window.requests == [(tmp_path / "report.html").as_uri()]
    pictures = drawn(data)
    assert window.page.evaluate("document.documentElement.dataset.drawn") == str(len(pictures))
    for picture in pictures:
        assert count_coloured(window.page.locator(f"#picture-{picture.name} svg").screenshot()) > 20, picture.name
    window.page.close()


def test_the_slider_moves_table_and_pictures_together_by_keyboard(shown: tuple[Opened, Data]) -> None:
    window, data = shown[0].page, shown[1]
    cells, labels = data.tables["cells"], data.tables["dynos"]["label"]
    over_time = [picture.name for picture in drawn(data) if "params" in picture.spec(data)]
    assert len(over_time) >= 5

    def look() -> tuple[str, list[bytes]]:
        window.wait_for_timeout(200)
        pictures = [window.locator(f"#picture-{name} svg").inner_html().encode() for name in over_time]
        return window.locator("#told").inner_text(), pictures

    window.locator("#at").focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "End"):
        before = look()
        window.keyboard.press(key)
        told, pictures = look()
        cell = int(window.locator("#at").input_value())
        assert told.startswith(window.locator("#at").get_attribute("aria-valuetext") or "-")
        rows = [row.split("\t") for row in window.locator("#moment tbody").inner_text().splitlines()]
        wanted = [
            (labels[r], n, errors)
            for r, i, n, errors in zip(*(cells[name] for name in ("r", "i", "requests", "errors")), strict=True)
            if i == cell < data.tables["dynos"]["end"][r]
        ]
        assert [(row[0], int(row[1]), int(row[2])) for row in rows] == wanted
        if key != "Home":  # the slider may stand there already
            assert told != before[0]
            assert all(new != old for new, old in zip(pictures, before[1], strict=True)), key


def test_the_keyboard_goes_through_the_page_in_its_order(shown: tuple[Opened, Data]) -> None:
    window = shown[0].page
    visited = []
    for _ in range(60):
        window.keyboard.press("Tab")
        place = window.evaluate(
            "[...document.querySelectorAll('*')].indexOf(document.activeElement) + ' ' + document.activeElement.tagName"
        )
        if place.endswith("BODY") or place in visited:
            break
        visited.append(place)
    places = [int(place.split()[0]) for place in visited]
    assert places == sorted(places)
    tags = [place.split()[1] for place in visited]
    assert tags.count("INPUT") == 1
    assert tags.count("SUMMARY") == len(drawn(shown[1]))


def test_a_screen_reader_hears_headings_pictures_with_names_and_tables(shown: tuple[Opened, Data]) -> None:
    window, data = shown[0].page, shown[1]
    tree = window.context.new_cdp_session(window).send("Accessibility.getFullAXTree")["nodes"]
    nodes = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree if not node.get("ignored")]
    headings = [name for role, name in nodes if role == "heading"]
    order = ["ONE DYNO", "Do this", "Dynos", "At one moment", "Memory", "Evidence", "Seen"]
    assert [heading for heading in headings if heading in order] == order
    pictured = [name for role, name in nodes if role in ("image", "img")]
    assert pictured == [f"{picture.shows}. The table below has the numbers." for picture in drawn(data)]
    assert not [role for role, _ in nodes if role.startswith("graphics-")]
    assert [name for role, name in nodes if role == "slider"] == [
        "The slider moves through the window, in the table and in the pictures."
    ]
    heads = [name for role, name in nodes if role == "columnheader"]
    assert {"DYNO", "REQ", "requests", "memory"} <= set(heads)


def test_it_prints_and_follows_the_colours_of_the_system(browser: Any, vega: str, tmp_path: Path) -> None:
    text, _ = made(attacked("one-bad-dyno"), vega)
    paper = {}
    for scheme in ("light", "dark"):
        window = opened(browser, text, tmp_path, color_scheme=scheme)
        paper[scheme] = window.page.evaluate("getComputedStyle(document.body).backgroundColor")
        ink = window.page.evaluate("getComputedStyle(document.querySelector('.picture svg text')).fill")
        assert ink == window.page.evaluate("getComputedStyle(document.body).color")
        printed = window.page.pdf(format="A4")
        assert printed.startswith(b"%PDF")
        assert len(printed) > 50_000  # text and pictures
        window.page.close()
    assert paper["light"] != paper["dark"]


def test_twenty_dynos_for_three_hours_stay_below_two_megabytes(browser: Any, vega: str, tmp_path: Path) -> None:
    chance = random.Random(7)
    lines = []
    for n in range(1, 21):
        own = f"{n:08d}-1111-4111-8111-111111111111"
        for at in range(0, 10_800, 20):
            lines.append((at, sample(at, f"web.{n}", own, chance.uniform(200, 900), swap=chance.uniform(0, 200))))
            lines.append((at, request(at, f"web.{n}", service=chance.randint(5, 9000), path=f"/{chance.random()}")))
            if chance.random() < 0.2:
                lines.append((at, failed(at + 1, f"web.{n}")))
    found = judged_text("".join(line for _, line in sorted(lines)))
    text, data = made(found, vega)
    assert data.clock is not None
    assert (data.clock.cells, data.clock.cell_ms) == (360, 30_000)
    assert len(text.encode()) < MOST_BYTES
    window = opened(browser, text, tmp_path)
    assert window.complaints == []
    assert window.seconds < 20
    window.page.close()
