"""Keys and signatures. Invariant: what is signed can be checked with a public key alone.

The venue's own key is Ed25519 (RFC 8032), in a file that only the venue can read; organisations
sign outside with keys of their own, of which the venue knows the public half.
"""

from core.signing.detached import SignatureUnreadable, read_signature
from core.signing.public import (
    CertificateFacts,
    KeyUnreadable,
    PublicKey,
    certificate_facts,
    key_of_certificate,
    key_of_jwk,
    venue_jwk,
)
from core.signing.venue import key_id, public_bytes, replace_key, sign, venue_key, verifies

__all__ = [
    "CertificateFacts",
    "KeyUnreadable",
    "PublicKey",
    "SignatureUnreadable",
    "certificate_facts",
    "key_id",
    "key_of_certificate",
    "key_of_jwk",
    "public_bytes",
    "read_signature",
    "replace_key",
    "sign",
    "venue_jwk",
    "venue_key",
    "verifies",
]
