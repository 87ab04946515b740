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


def subjects(context: ssl.SSLContext) -> list[object]:
    return [dict(part[0] for part in entry["subject"]).get("commonName") for entry in context.get_ca_certs()]


def test_the_bundle_of_pythons_requests_replaces_the_usual_authorities_with_a_note() -> None:
    bundle = str(certificates()["authority"])
    trust = tls.make_trust({"REQUESTS_CA_BUNDLE": bundle})
    assert subjects(trust.context) == ["herodyno test authority"]
    assert trust.notes == (f"trusting the certificate authorities of REQUESTS_CA_BUNDLE ({bundle})",)


def test_the_bundle_may_be_a_folder(tmp_path: Path) -> None:
    [note] = tls.make_trust({"REQUESTS_CA_BUNDLE": str(tmp_path)}).notes
    assert str(tmp_path) in note


def test_a_bundle_that_leads_nowhere_or_holds_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="REQUESTS_CA_BUNDLE names no file: /absent"):
        tls.make_context({"REQUESTS_CA_BUNDLE": "/absent"})
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(Unreachable, match="REQUESTS_CA_BUNDLE holds no certificates"):
        tls.make_context({"REQUESTS_CA_BUNDLE": str(tmp_path / "empty.pem")})


def test_the_heroku_clis_extra_certificates_are_added_to_the_usual_ones_with_a_note(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tls, "_system_folders", tuple)
    extra = str(certificates()["authority"])
    trust, usual = tls.make_trust({"NODE_EXTRA_CA_CERTS": extra}), tls.make_trust({})
    assert (usual.notes, trust.notes) == (
        (),
        (f"trusting the certificate authorities of NODE_EXTRA_CA_CERTS too ({extra})",),
    )
    assert len(subjects(trust.context)) == len(subjects(usual.context)) + 1
    assert "herodyno test authority" in subjects(trust.context)


@pytest.mark.parametrize("content", [None, "nothing"])
def test_extra_certificates_that_cannot_be_read_are_left_out_with_a_note(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "extra.pem"
    if content is not None:
        path.write_text(content)
    trust = tls.make_trust({"NODE_EXTRA_CA_CERTS": str(path)})
    assert trust.notes == (f"NODE_EXTRA_CA_CERTS is left out: no certificates can be read from {path}",)


def test_our_own_variable_wins_over_other_tools() -> None:
    own = str(certificates()["authority"])
    trust = tls.make_trust({"SSL_CERT_FILE": own, "REQUESTS_CA_BUNDLE": "/absent", "NODE_EXTRA_CA_CERTS": "/absent"})
    assert (subjects(trust.context), trust.notes) == (["herodyno test authority"], ())


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
    tls.shared_trust.cache_clear()
    assert tls.shared_context() is tls.shared_context()
    tls.shared_trust.cache_clear()
