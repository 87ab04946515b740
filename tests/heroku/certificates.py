"""A test certificate authority, and server certificates that a client must take or refuse."""

import datetime
import functools
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@functools.cache
def certificates() -> dict[str, Path]:
    """PEM files: "authority" to trust, and the servers' certificates with their keys; made once for all tests."""
    folder = Path(tempfile.mkdtemp(prefix="rendezvous-"))
    ours, other = _Authority("herodyno test authority"), _Authority("somebody else")
    return {
        "authority": _written(folder / "authority.pem", ours.certificate.public_bytes(Encoding.PEM)),
        "good": _written(folder / "good.pem", ours.issue("localhost")),
        "other-name": _written(folder / "other-name.pem", ours.issue("rendezvous.example.com")),
        "unknown-authority": _written(folder / "unknown-authority.pem", other.issue("localhost")),
        "expired": _written(folder / "expired.pem", ours.issue("localhost", age=datetime.timedelta(days=40))),
        "self-signed": _written(folder / "self-signed.pem", _Authority("localhost").issue_itself("localhost")),
    }


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


class _Authority:
    def __init__(self, name: str) -> None:
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._sign(self._name, self._key, x509.BasicConstraints(ca=True, path_length=None))

    def issue(self, host: str, *, age: datetime.timedelta = datetime.timedelta(days=1)) -> bytes:
        """A certificate that holds for 30 days, of which `age` are over."""
        return self._issue(host, ec.generate_private_key(ec.SECP256R1()), age)

    def issue_itself(self, host: str) -> bytes:
        """A certificate that nobody but its owner has signed."""
        return self._issue(host, self._key, datetime.timedelta(days=1))

    def _issue(self, host: str, key: ec.EllipticCurvePrivateKey, age: datetime.timedelta) -> bytes:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = self._sign(subject, key, x509.SubjectAlternativeName([x509.DNSName(host)]), age)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return private + certificate.public_bytes(Encoding.PEM)

    def _sign(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        extension: x509.ExtensionType,
        age: datetime.timedelta = datetime.timedelta(days=1),
    ) -> x509.Certificate:
        start = datetime.datetime.now(datetime.UTC) - age
        builder = x509.CertificateBuilder(
            issuer_name=self._name,
            subject_name=subject,
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=start,
            not_valid_after=start + datetime.timedelta(days=30),
        )
        # Python 3.13 checks strictly: an authority says what it signs, and both name the key they mean.
        signs = isinstance(extension, x509.BasicConstraints)
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=signs, crl_sign=signs, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
            decipher_only=False,
        )  # fmt: skip
        return (
            builder.add_extension(extension, critical=signs)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
