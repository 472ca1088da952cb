"""Keys that organisations hold themselves, as the tests hold them, and what they sign."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from compliance import selectors, services
from compliance.models import OrganisationKey
from core.actors import Member
from core.canonical import canonical
from tests import make


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@dataclass
class Pen:
    """A private key and what it can do, made of `cryptography` alone and not of our code."""

    private: Any

    @classmethod
    def ed25519(cls) -> "Pen":
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def p256(cls) -> "Pen":
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @property
    def jwk(self) -> dict[str, str]:
        public = self.private.public_key()
        if isinstance(self.private, Ed25519PrivateKey):
            return {"kty": "OKP", "crv": "Ed25519", "x": b64(public.public_bytes_raw())}
        numbers = public.public_numbers()
        return {
            "kty": "EC",
            "crv": "P-256",
            "x": b64(numbers.x.to_bytes(32)),
            "y": b64(numbers.y.to_bytes(32)),
        }

    @property
    def alg(self) -> str:
        return "EdDSA" if isinstance(self.private, Ed25519PrivateKey) else "ES256"

    @property
    def thumbprint(self) -> str:
        text = json.dumps(self.jwk, sort_keys=True, separators=(",", ":"))
        return b64(hashlib.sha256(text.encode()).digest())

    def raw(self, message: bytes) -> bytes:
        if self.alg == "EdDSA":
            signed: bytes = self.private.sign(message)
            return signed
        r, s = decode_dss_signature(self.der(message))
        return r.to_bytes(32) + s.to_bytes(32)

    def der(self, message: bytes) -> bytes:
        signed: bytes = self.private.sign(message, ec.ECDSA(hashes.SHA256()))
        return signed

    def over(self, document: Any) -> str:
        return b64(self.raw(canonical(document)))

    def jws(self, document: Any, **header: Any) -> str:
        head = b64(json.dumps({"alg": self.alg, **header}).encode())
        signed = self.raw(f"{head}.{b64(canonical(document))}".encode())
        return f"{head}..{b64(signed)}"

    def certificate(self, at: datetime, *, days: int = 365, signs: bool = True) -> str:
        name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "长江水文 Delta")])
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.private.public_key())
            .serial_number(77)
            .not_valid_before(at - timedelta(days=400))
            .not_valid_after(at + timedelta(days=days))
            .add_extension(
                x509.KeyUsage(
                    digital_signature=signs,
                    content_commitment=False,
                    key_encipherment=not signs,
                    data_encipherment=False,
                    key_agreement=False,
                    key_cert_sign=False,
                    crl_sign=False,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
        )
        digest = None if self.alg == "EdDSA" else hashes.SHA256()
        return builder.sign(self.private, digest).public_bytes(Encoding.PEM).decode()


def proposed(member: Member, pen: Pen, at: datetime, **changes: Any) -> OrganisationKey:
    assert member.organisation_id is not None
    given = {"jwk": pen.jwk, "certificate": "", **changes}
    given.setdefault("proof", pen.over(selectors.possession_text(member.organisation_id)))
    made: OrganisationKey = services.propose_key(**given, actor=member, at=at)
    return made


def registered(member: Member, pen: Pen, at: datetime, **changes: Any) -> OrganisationKey:
    key = proposed(member, pen, at, **changes)
    services.check_key(
        key_id=key.pk, note="called their office", actor=make.staff(at, "admin"), at=at
    )
    services.confirm_key(key_id=key.pk, actor=make.staff(at, "admin"), at=at)
    return OrganisationKey.objects.get(pk=key.pk)
