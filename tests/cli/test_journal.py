"""`journal`: what was changed, how it ended, what takes it back; no secret in it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.schemas import valid
from tests.conftest import TOKEN, Invoke


def test_every_change_is_there_with_its_outcome_and_undo(invoke: Invoke, tmp_path: Path) -> None:
    invoke("scale web=5 -a example-app")
    invoke("restart web.1 -a example-app")
    invoke("stop web.2 -a example-app")
    invoke("scale web=0 -a example-app --dry-run")
    document = valid(invoke("journal --json").stdout)
    assert [(entry["verb"], entry["outcome"]) for entry in document["entries"]] == [
        ("scale", "done"),
        ("restart", "done"),
        ("stop", "done"),
    ]
    scale, restart, _ = document["entries"]
    assert (scale["before"], scale["after"]) == (["web=4:Standard-1X"], ["web=5:Standard-1X"])
    assert scale["undo"] == ["herodyno", "scale", "web=4:Standard-1X", "--app", "example-app"]
    assert scale["request_id"]
    assert restart["before"][0].startswith("web.1 (")
    assert TOKEN not in (tmp_path / "xdg_state_home" / "herodyno" / "journal.jsonl").read_text()


def test_the_undo_it_offers_brings_back_what_was_there(invoke: Invoke) -> None:
    before = invoke("scale -a example-app").stdout
    invoke("scale web=7:standard-2x -a example-app --confirm example-app")
    undo = valid(invoke("journal --json --last 1").stdout)["entries"][0]["undo"]
    assert invoke(undo[1:]).code == 0
    assert invoke("scale -a example-app").stdout == before


def test_a_refused_scale_has_no_undo(invoke: Invoke) -> None:
    refused = invoke("scale web=2:eco -a example-app --confirm example-app")
    assert (refused.code, "422" in refused.stderr) == (1, True)
    assert "to undo" not in invoke("journal").stdout
    assert [entry["outcome"] for entry in valid(invoke("journal --json").stdout)["entries"]] == ["refused"]


def test_it_is_a_table_for_people(invoke: Invoke) -> None:
    invoke("scale web=5 -a example-app")
    stdout, stderr, code = invoke("journal --utc")
    assert (stderr, code) == ("", 0)
    assert stdout.splitlines()[0].split()[:2] == ["WHEN", "(UTC)"]
    assert "herodyno scale web=4:Standard-1X --app example-app" in stdout


def test_nothing_yet_is_said_and_no_token_is_needed(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("journal", environ={})
    assert (stdout, code) == ("", 0)
    assert "nothing yet" in stderr
