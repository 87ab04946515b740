"""Which certificates are trusted, and a plain sentence for each way of naming the wrong ones."""

import ssl
from pathlib import Path

import pytest

from herodyno.errors import Unreachable
from herodyno.heroku.net import tls
from tests.heroku.certificates import certificates


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_b58_a_path_that_leads_nowhere_is_named(variable: str, tmp_path: Path) -> None:
    with pytest.raises(Unreachable) as caught:
        tls.make_context({variable: str(tmp_path / "absent")})
    assert variable in caught.value.message
    assert str(tmp_path / "absent") in caught.value.message


def test_b58_a_path_that_may_not_be_looked_at_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(path: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.stat", closed)
    with pytest.raises(Unreachable, match=r"SSL_CERT_FILE names no file: /closed/trusted\.pem"):
        tls.make_context({"SSL_CERT_FILE": "/closed/trusted.pem"})


def test_b58_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    with pytest.raises(Unreachable, match=r"holds no certificates: .*empty\.pem"):
        tls.make_context({"SSL_CERT_FILE": str(empty)})


def test_the_environments_certificates_replace_all_others() -> None:
    context = tls.make_context({"SSL_CERT_FILE": str(certificates()["authority"])})
    assert [dict(part[0] for part in entry["subject"])["commonName"] for entry in context.get_ca_certs()] == [
        "herodyno test authority"
    ]


@pytest.mark.parametrize("names", [[], ["5ed36f99.0"]])
def test_every_context_verifies_names_and_certificates(
    names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in names:
        (tmp_path / name).touch()
    monkeypatch.setattr(tls, "_system_folders", lambda: (str(tmp_path), str(tmp_path / "absent")))
    context = tls.make_context({})
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    # A hashed folder is read name by name when needed; without one, certifi's bundle is loaded.
    assert bool(context.get_ca_certs()) is not bool(names)


def test_the_shared_context_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tls.shared_context.cache_clear()
    assert tls.shared_context() is tls.shared_context()
    tls.shared_context.cache_clear()
