"""What may reach an archive broken or in bad faith, what becomes of it, and the tests that prove it."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import pytest

from tests.archive.archived import messages
from tests.conftest import Invoke
from tests.diagnosis.reading import stamp

HERE = Path(__file__).parents[1]
ENDPOINT, SERVER = "archive/receive/test_endpoint.py", "archive/receive/test_server.py"

# What goes wrong, and what becomes of it. A frame of Logplex is kept where a stricter server would refuse it: Logplex
# takes a refusal as final.
TABLE = {
    "a drain's password is wrong, missing, of another drain: 401, nothing is stored": (
        f"{ENDPOINT}::test_a_wrong_a_missing_or_a_reused_password_is_refused_unread_and_nothing_is_stored",
        "archive/drains/test_known.py::test_the_work_is_the_same_whatever_is_wrong",
        "archive/receive/test_otlp_answers.py::test_a_wrong_password_is_refused_in_the_encoding_of_the_request",
    ),
    "a frame's length is negative, huge, no number, too short or too long: kept as it came, acknowledged": (
        f"{ENDPOINT}::test_a_frame_that_nobody_can_parse_is_kept_and_acknowledged",
        "archive/otlp/test_lines.py::test_a_body_that_nobody_can_read_is_kept_as_a_line",
    ),
    "the sender counted other messages: counted, shown": (
        "archive/receive/test_counters.py::test_a_frame_with_other_messages_than_its_sender_counted_is_told",
    ),
    "a frame comes again: acknowledged, stored once, over restarts too": (
        f"{ENDPOINT}::test_a_frame_that_comes_again_is_acknowledged_and_not_stored_twice",
        f"{SERVER}::test_frames_repeated_over_a_restart_are_stored_once",
        "archive/receive/test_otlp_answers.py::test_a_request_that_comes_again_is_stored_once",
    ),
    "a body of 100 MB: 413, unread; a slow body: 503, to come again; a thousand idle connections: bounded": (
        f"{ENDPOINT}::test_a_body_that_says_it_is_too_large_is_refused_unread",
        f"{ENDPOINT}::test_a_body_that_turns_out_too_large_is_refused",
        f"{ENDPOINT}::test_a_slow_body_ends_stores_nothing_and_may_come_again",
        f"{SERVER}::test_silent_connections_are_bounded_and_end",
    ),
    "a small body that unpacks to a huge one: 413": (
        f"{ENDPOINT}::test_a_packed_body_is_unpacked_and_a_bomb_is_not",
        "archive/receive/test_otlp_answers.py::test_a_packed_request_is_unpacked_and_a_bomb_is_not",
    ),
    "frames without structured data, as Logplex writes them: read": (
        "archive/receive/test_bytes_come_back.py::test_composed_lines_come_back_byte_for_byte",
    ),
    "a web page asks, or another name leads here: 403, and /metrics wants a password": (
        f"{ENDPOINT}::test_a_page_in_a_browser_is_refused",
        f"{ENDPOINT}::test_metrics_are_for_who_has_a_password_whatever_host_a_proxy_names",
        "sandbox/doors/test_server.py::test_g8_another_host_or_another_sites_page_is_refused",
    ),
    "an address that others can reach: refused without --allow-remote": (
        "cli/archive/test_receive.py::test_what_cannot_be_meant_is_refused_and_opens_nothing",
    ),
    "the port is in use: exit 1 with the number of the process": (
        "archive/receive/test_listening.py::test_a_taken_port_names_the_process_that_has_it",
    ),
    "a log that breaks off, a wrong checksum, damage within: what is whole is read, and what is not is said": (
        "archive/test_what_may_go_wrong.py::test_of_a_packed_log_that_breaks_off_the_whole_lines_are_imported_and_it_is_said",
        "archive/test_what_may_go_wrong.py::test_a_hole_behind_the_lines_of_a_log_is_one_line_that_says_how_long_it_is",
        "logfiles/test_opened.py::test_a_packed_log_is_known_by_its_first_bytes_and_read_though_its_checksum_is_wrong",
        "test_odd_files.py::test_damaged_and_hostile_files_are_read_or_refused",
        "archive/test_journal.py::test_a_damaged_record_costs_itself_alone_and_is_told",
    ),
    "an app calls itself a path: no file has its name": (
        f"{ENDPOINT}::test_a_path_in_place_of_an_app_is_left_out_and_the_frame_is_kept_under_its_drain",
        "archive/drains/test_changes.py::test_a_path_is_no_name",
        "archive/otlp/test_lines.py::test_the_app_is_that_of_the_drain_then_that_of_the_record_and_never_a_path",
        "cli/archive/test_flight_recorder.py::test_a_drain_that_calls_itself_a_path_names_a_file_in_the_folder",
        "archive/test_what_may_go_wrong.py::test_an_app_of_a_file_that_is_a_path_makes_no_file_outside",
    ),
    "a cell of a table that a spreadsheet would compute: quoted": (
        "test_hostile_words.py::test_g13_no_cell_of_a_csv_is_a_formula",
    ),
    "markup and scripts in a line: escaped, under a policy that allows no others": (
        "test_hostile_words.py::test_b45_markup_is_shown_as_it_was_sent",
        "render/report/test_page.py::test_the_policy_allows_two_scripts_by_their_hash_and_no_request",
    ),
    "a real token for the sandbox: taken, warned about, written nowhere": (
        "sandbox/doors/test_server.py::test_g15_a_real_token_is_taken_warned_about_and_written_nowhere",
    ),
    "another machine asks the sandbox: it listens on loopback alone": (
        "sandbox/doors/test_server.py::test_g16_it_listens_on_loopback_only",
    ),
}


@pytest.mark.parametrize("fault", TABLE)
def test_each_fault_has_its_tests(fault: str) -> None:
    for each in TABLE[fault]:
        file, _, name = each.partition("::")
        assert re.search(rf"^def {name}\(", (HERE / file).read_text(encoding="utf-8"), re.MULTILINE), each


def test_of_a_packed_log_that_breaks_off_the_whole_lines_are_imported_and_it_is_said(
    invoke: Invoke, tmp_path: Path
) -> None:
    lines = "".join(f"{stamp(n)} app[web.1]: line {n} {'x' * (n % 7)}\n" for n in range(2000))
    (tmp_path / "app.log.gz").write_bytes(gzip.compress(lines.encode())[:-400])
    done = invoke(f"archive import {tmp_path / 'app.log.gz'} --archive {tmp_path / 'archive'} -a example-app")
    assert done.code == 0
    assert "app.log.gz" in done.stderr
    found = messages(tmp_path / "archive")
    assert 100 < len(found) < 2000
    assert found == [f"line {n} {'x' * (n % 7)}" for n in range(len(found))]


def test_a_hole_behind_the_lines_of_a_log_is_one_line_that_says_how_long_it_is(invoke: Invoke, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text("".join(f"{stamp(n)} app[web.1]: line {n}\n" for n in range(20)), encoding="utf-8")
    os.truncate(log, 8 << 20)  # a disk holds none of it
    assert invoke(f"archive import {log} --archive {tmp_path / 'archive'} -a example-app").code == 0
    *whole, hole = messages(tmp_path / "archive")
    assert whole == [f"line {n}" for n in range(20)]
    assert re.fullmatch(r"\0* \[\.\.\. \d+ bytes more\]", hole)
    assert len(hole) < 1 << 20


def test_an_app_of_a_file_that_is_a_path_makes_no_file_outside(invoke: Invoke, tmp_path: Path) -> None:
    root = tmp_path / "one" / "archive"
    log = tmp_path / "app.log"
    log.write_text("Mar 02 12:00:01 ../../evil app/web.1: hello\nMar 02 12:00:02 /tmp/evil app/web.1: hello\n")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert invoke(f"archive import {log} --archive {root} --year 2026").code == 0
    new = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert all(path.is_relative_to(root) for path in new)
    assert "evil" not in "".join(map(str, new))
