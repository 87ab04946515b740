"""netrc: only our own private file, read whole, the host named exactly (E11, E12)."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.errors import NotAuthenticated
from herodyno.heroku.login.netrc import entry_in, netrc_entry, netrc_logins, netrc_path

SECRET = "HRKU-netrc-secret"
HOST = "api.heroku.com"


def written(path: Path, text: str | bytes, mode: int = 0o600) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return path


def refusal(path: Path) -> NotAuthenticated:
    with pytest.raises(NotAuthenticated) as refused:
        netrc_entry(path, HOST)[1]
    assert SECRET not in f"{refused.value.message} {refused.value.next_step}"
    return refused.value


def test_netrc_names_the_file_and_otherwise_it_is_in_the_home_folder() -> None:
    assert netrc_path({"NETRC": "/a/b", "HOME": "/h"}) == Path("/a/b")
    assert netrc_path({"NETRC": "", "HOME": "/h"}) == Path("/h/.netrc")


@pytest.mark.parametrize(
    "text",
    [
        f"machine {HOST} login me@example.com password {SECRET}",
        f"machine {HOST}\n  login me@example.com\n  password {SECRET}\n",
        f"machine {HOST}\n  login me@example.com\n  method interactive\n  password {SECRET}\n",
        f'machine {HOST} login "me \\"x\\"" password "{SECRET}"',
        f"# machine {HOST} password no\nmachine other login a password b # it isn't\nmachine {HOST} password {SECRET}",
        f"machine {HOST} password {SECRET}\nmachine {HOST} password second",
        f"default login a password no\nmachine {HOST} password {SECRET}",
        f"macdef init\nmachine {HOST} password no\n\nmachine {HOST} password {SECRET}",
        f"machine API.heroku.com password {SECRET}",
        f"machine\n{HOST}\npassword\n{SECRET}",
        f"machine {HOST}\r\n  password {SECRET}\r\n",
    ],
    ids=["one line", "lines", "unknown pair", "quotes", "comments", "first wins", "default", "macro", "case", "wrapped",
         "crlf"],
)  # fmt: skip
def test_the_entry_is_read_in_every_shape_it_is_written_in(text: str) -> None:
    assert entry_in(text, HOST)[1] == SECRET


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("", HOST),
        ("default login a password b", HOST),
        ("machine git.heroku.com login a password b", HOST),
        ("machine 127.0.0.1 login a password b", "127.0.0.1:8971"),
        ("machine 127.0.0.1:8971 login a password b", "127.0.0.1"),
        ("machine api.heroku.com.evil.example login a password b", HOST),
    ],
)
def test_no_entry_but_the_exact_host_and_port_counts(text: str, host: str) -> None:
    assert entry_in(text, host)[1] == ""


def test_the_port_is_part_of_the_host() -> None:
    assert entry_in("machine 127.0.0.1:8971 login a password b", "127.0.0.1:8971")[1] == "b"


@pytest.mark.parametrize(
    "text",
    [
        f"machine {HOST} login me password",
        f"machine {HOST} login me password machine other",
        f"machine {HOST} login me",
        f"machine {HOST} login me password {SECRET}\nmachine",
        f"login me password {SECRET}",
        f'machine {HOST} password "{SECRET}',
        f"machine {HOST} method\n password {SECRET}\n surplus",
    ],
)
def test_e12_a_malformed_file_gives_no_part_of_a_token(tmp_path: Path, text: str) -> None:
    refused = refusal(written(tmp_path / ".netrc", text))
    assert refused.exit_code == 4
    assert "malformed at line" in refused.message


def test_e12_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    assert "not text" in refusal(written(tmp_path / ".netrc", b"\x85\x01\x0c\x03" + SECRET.encode())).message


def test_e12_a_gpg_file_is_refused_by_name_and_gpg_is_not_called(tmp_path: Path) -> None:
    written(tmp_path / ".netrc.gpg", b"\x85")
    refused = refusal(tmp_path / ".netrc")
    assert ".netrc.gpg is encrypted" in refused.message
    assert "--token-stdin" in refused.next_step


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_e11_a_file_others_may_read_is_refused_with_the_chmod_line(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path / ".netrc", f"machine {HOST} password {SECRET}", mode)
    refused = refusal(path)
    assert f"{mode:04o}" in refused.message
    assert refused.next_step == f"chmod 600 {path}"


def test_e11_a_symbolic_link_is_refused_and_the_file_behind_it_named(tmp_path: Path) -> None:
    real = written(tmp_path / "real", f"machine {HOST} password {SECRET}")
    (tmp_path / ".netrc").symlink_to(real)
    refused = refusal(tmp_path / ".netrc")
    assert "symbolic link" in refused.message
    assert f"NETRC={real}" in refused.next_step


def test_e11_somebody_elses_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / ".netrc", f"machine {HOST} password {SECRET}")
    ours = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: ours + 1)
    assert "somebody else's" in refusal(path).message


def test_a_pipe_does_not_hang_and_a_folder_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".netrc", 0o600)
    assert "not a regular file" in refusal(tmp_path / ".netrc").message
    (tmp_path / "folder").mkdir(mode=0o700)
    assert "not a regular file" in refusal(tmp_path / "folder").message


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    assert "larger" in refusal(written(tmp_path / ".netrc", b"#" * 1_000_001)).message


def test_no_file_is_no_entry(tmp_path: Path) -> None:
    assert netrc_entry(tmp_path / "none" / ".netrc", HOST)[1] == ""


WORDS = st.sampled_from(
    ["machine", "default", "login", "password", "account", "macdef", "#", '"', "\\", HOST, SECRET, "x"]
)


@given(st.lists(st.tuples(WORDS, st.sampled_from([" ", "\n", "\n\n", "\t", ""]))))
def test_any_words_in_any_order_give_a_whole_word_or_a_refusal(pieces: list[tuple[str, str]]) -> None:
    text = "".join(word + gap for word, gap in pieces)
    password, complaint = "", ""
    try:
        password = entry_in(text, HOST)[1]
    except ValueError as error:
        complaint = str(error)
    assert SECRET not in complaint
    assert password in text or password in text.replace("\\", "")


@given(st.text(max_size=300))
def test_no_text_brings_anything_but_an_answer_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        entry_in(text, HOST)[1]


def test_the_entry_of_a_login_is_found_among_those_of_its_host(tmp_path: Path) -> None:
    text = (
        f"machine {HOST} login a@example.com password of-a\nmachine other.example login b@example.com password no\n"
        f"machine {HOST.upper()} login b@example.com password of-b\ndefault login b@example.com password no\n"
    )
    assert entry_in(text, HOST) == ("a@example.com", "of-a")
    assert entry_in(text, HOST, "b@example.com") == ("b@example.com", "of-b")
    assert entry_in(text, HOST, "B@example.com") == ("", "")
    path = tmp_path / ".netrc"
    path.write_text(text)
    path.chmod(0o600)
    assert netrc_logins(path, HOST) == ["a@example.com", "b@example.com"]
    for mode, content in ((0o644, text), (0o600, "machine")):
        path.write_text(content)
        path.chmod(mode)
        assert netrc_logins(path, HOST) == []
    assert netrc_logins(tmp_path / "none", HOST) == []
