"""Public keys of organisations. Invariant: Ed25519 or P-256, and one that could not be forged for.

They come as JWK (RFC 7517, RFC 8037) or in an X.509 certificate (RFC 5280), and are known by the
thumbprint of RFC 7638. Whether an authority stands behind a certificate is not judged here.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.canonical import canonical
from core.signing.venue import key_id

Algorithm = Literal["EdDSA", "ES256"]
KEY_BYTES = 32
# Points of small order: one signature would hold for many texts, so nobody is bound by it.
SMALL_ORDER = {
    bytes(32),
    bytes([1, *bytes(31)]),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("ec" + "ff" * 30 + "7f"),
    bytes.fromhex("ed" + "ff" * 30 + "7f"),
    bytes.fromhex("ee" + "ff" * 30 + "7f"),
}


class KeyUnreadable(ValueError):
    """What was given is no public key that signatures can be checked with; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: `jwk` has the members of RFC 7638 and no others."""

    algorithm: Algorithm
    jwk: dict[str, str]

    @property
    def thumbprint(self) -> str:
        """The name of the key: the SHA-256 of its JWK (RFC 7638), base64url."""
        return encoded(hashlib.sha256(canonical(self.jwk)).digest())

    @property
    def public(self) -> bytes:
        """The bytes of an Ed25519 key, or of both coordinates of a P-256 one."""
        return b"".join(decoded(self.jwk[name]) for name in ("x", "y") if name in self.jwk)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Return whether `signature`, 64 bytes (RFC 7518 3.4, RFC 8032), is over `message`."""
        if len(signature) != 2 * KEY_BYTES:
            return False
        try:
            if self.algorithm == "EdDSA":
                Ed25519PublicKey.from_public_bytes(decoded(self.jwk["x"])).verify(
                    signature, message
                )
                return True
            halves = (signature[:KEY_BYTES], signature[KEY_BYTES:])
            der = encode_dss_signature(*(int.from_bytes(half) for half in halves))
            _point(self.jwk).verify(der, message, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says of itself; nobody but its reader vouches for it here."""

    subject: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    sha256: str
    self_signed: bool


def key_of_jwk(document: Any) -> PublicKey:
    """Return the key of a JSON Web Key.

    Raises:
        KeyUnreadable: it is none, of another algorithm, private, or a weak one.

    """
    if not isinstance(document, Mapping):
        raise KeyUnreadable("not-a-jwk")
    if "d" in document:
        raise KeyUnreadable("private")
    kind, curve = document.get("kty"), document.get("crv")
    if (kind, curve) == ("OKP", "Ed25519"):
        return _ed25519(decoded(document.get("x")))
    if (kind, curve) == ("EC", "P-256"):
        x, y = decoded(document.get("x")), decoded(document.get("y"))
        jwk = {"crv": "P-256", "kty": "EC", "x": encoded(x), "y": encoded(y)}
        _point(jwk)
        return PublicKey("ES256", jwk)
    raise KeyUnreadable("algorithm")


def key_of_certificate(pem: str) -> PublicKey:
    """Return the key of an X.509 certificate in PEM.

    Raises:
        KeyUnreadable: it is none, its key is of another algorithm, or may not sign.

    """
    certificate = _certificate(pem)
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnreadable("algorithm") from None
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            raise KeyUnreadable("usage")
    except x509.ExtensionNotFound:
        pass
    except (ValueError, x509.DuplicateExtension):
        raise KeyUnreadable("not-a-certificate") from None
    if isinstance(key, Ed25519PublicKey):
        return _ed25519(key.public_bytes(Encoding.Raw, PublicFormat.Raw))
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        numbers = key.public_numbers()
        x, y = (encoded(one.to_bytes(KEY_BYTES)) for one in (numbers.x, numbers.y))
        return PublicKey("ES256", {"crv": "P-256", "kty": "EC", "x": x, "y": y})
    raise KeyUnreadable("algorithm")


def certificate_facts(pem: str) -> CertificateFacts:
    """Return what a certificate says of itself.

    Raises:
        KeyUnreadable: it is none.

    """
    certificate = _certificate(pem)
    try:
        return CertificateFacts(
            subject=certificate.subject.rfc4514_string(),
            issuer=certificate.issuer.rfc4514_string(),
            serial=f"{certificate.serial_number:x}",
            valid_from=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
            sha256=certificate.fingerprint(hashes.SHA256()).hex(),
            self_signed=certificate.subject == certificate.issuer,
        )
    except ValueError:
        raise KeyUnreadable("not-a-certificate") from None


def venue_jwk(public: bytes) -> dict[str, str]:
    """Return the venue's own key as it is published; its `kid` is the name that seals give."""
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": encoded(public),
        "kid": key_id(public),
        "use": "sig",
        "alg": "EdDSA",
    }


def encoded(value: bytes) -> str:
    """Return bytes in base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(text: Any) -> bytes:
    """Return the 32 bytes of one coordinate.

    Raises:
        KeyUnreadable: it is not one.

    """
    if not isinstance(text, str) or len(text) != 43:
        raise KeyUnreadable("not-a-jwk")
    try:
        value = base64.b64decode(text + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise KeyUnreadable("not-a-jwk") from None
    if encoded(value) != text:
        raise KeyUnreadable("not-a-jwk")
    return value


def _ed25519(public: bytes) -> PublicKey:
    if public[:-1] + bytes([public[-1] & 0x7F]) in SMALL_ORDER:
        raise KeyUnreadable("weak")
    return PublicKey("EdDSA", {"crv": "Ed25519", "kty": "OKP", "x": encoded(public)})


def _point(jwk: Mapping[str, str]) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(decoded(jwk[name])) for name in ("x", "y"))
    try:
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError:
        raise KeyUnreadable("weak") from None


def _certificate(pem: str) -> x509.Certificate:
    if pem.count("-----BEGIN") != 1 or "PRIVATE" in pem:
        raise KeyUnreadable("private" if "PRIVATE" in pem else "not-a-certificate")
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnreadable("not-a-certificate") from None
