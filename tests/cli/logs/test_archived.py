"""`logs --archive` over the days of an archive: the same output as `logs --from-file` over the text that was kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.history import history
from tests.archive.archived import put
from tests.conftest import Invoke, Result
from tests.diagnosis.reading import failed, request, sample, stamp
from tests.diagnosis.traffic import NEW, OLD, errors, restart, traffic

HOURS = 3600.0


def _log() -> str:
    """Two days: requests, errors of other codes, a restart, what apps print in the router's words, lost lines."""
    app_lines = [
        f"{stamp(30)} app[web.1]: code=H12 status=503 printed by an app",
        f"{stamp(40)} app[worker.1]: job 17 done service=9000ms",
        f"{stamp(50)} app[heroku-postgres]: source=HEROKU code=H12 sample#status=503 sample#load-avg-1m=0.3",
        f"{stamp(55)} heroku[heroku-redis]: status=504 connect=7ms addon='redis' code=H13",
        f"{stamp(60)} app[api]: Release v42 created by user someone@example.com",
        f"{stamp(70)} heroku[web.2]: Error R14 (Memory quota exceeded)",
        f"{stamp(80)} heroku[web-848cd4f64d-pvpr2]: State changed from starting to up",
        f"{stamp(90)} heroku[logplex]: Error L10 (output buffer overflow): 71 messages dropped since 2026-03-02.",
        f"{stamp(31 * HOURS)} app[web.1]: the next evening",
    ]
    text = traffic(3, 20) + errors("web.2", 9) + request(29 * HOURS, "web.1") + failed(30 * HOURS, "web.3", code="H27")
    text += sample(100, "web.2", OLD, 400) + restart(3 * HOURS, "web.2") + sample(29 * HOURS, "web.2", NEW, 200)
    text += request(30.5 * HOURS, "web.3", service=2000) + "\n".join(app_lines) + "\n"
    return "".join(sorted(text.splitlines(keepends=True), key=lambda line: line[:32]))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive, and the text of its lines beside it."""
    root = tmp_path_factory.mktemp("days") / "kept"
    put(root, _log())
    text = "".join(f"{line.raw}\n" for lines in history(ArchiveFolder(root), "").log_lines() for line in lines)
    root.with_suffix(".log").write_text(text, encoding="utf-8")
    return root


SLOW = [
    "",
    "web.2",
    "'app[web.1]'",
    "web-848cd4f64d-pvpr2",
    f"{NEW[:8]} --json",
    "code!=H12 web.2",
    "'service>=2s' --table dyno,service,path",
    "--request-id 4f0c1d2e-0000-4000-8000-000108000000",
    "--grep 'next evening' --long",
    "--exclude request_id --fuse 60s",
    "--stats 'count,p95(service) by dyno,code'",
    "--patterns --by bytes router",
    "--patterns --against 2026-03-02T15:00Z",
    "web.77 code=H12",
    "--redact -n 3",
]


@pytest.mark.parametrize(
    "words",
    [
        "web --not web.1",
        f"{OLD[:8]}",
        "--previous web.2 -n 5",
        "'code=H*,R14' -o csv",
        "'status>=500' 'path~^/p3'",
        "connect=7ms",
        "--request-id 2026-03-03",
        "--since 2026-03-03T00:00Z --until 2026-03-03T18:00Z",
        "--stats 'count by 1h,code' 'status>=500' --utc",
        "--patterns --since-release",
        "code=H99",
        "--since 2026-03-05T00:00Z",
        "--until 2026-03-01T00:00Z --stats 'count by 1h'",
        *(pytest.param(words, marks=pytest.mark.slow) for words in SLOW),
    ],
)
def test_an_archive_gives_what_the_file_of_its_lines_gives(words: str, root: Path, invoke: Invoke) -> None:
    of_archive, of_file = _both(words, root, invoke)
    assert of_archive == of_file


@pytest.mark.parametrize("words", ["code=H12", "--gaps 1h router"])
def test_on_a_terminal_marks_are_those_of_the_file(words: str, root: Path, invoke: Invoke) -> None:
    of_archive, of_file = _both(words, root, invoke, terminal=True)
    assert of_archive == of_file
    assert "reading" not in of_archive.stdout


def _both(words: str, root: Path, invoke: Invoke, *, terminal: bool = False) -> tuple[Result, Result]:
    ways = (f"--archive {root}", f"--from-file {root.with_suffix('.log')}")
    of_archive, of_file = (invoke(f"logs {words} {way}", terminal=terminal) for way in ways)
    return of_archive, of_file
