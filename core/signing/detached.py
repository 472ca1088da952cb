"""Signatures made elsewhere. Invariant: what is read is one signature over the bytes expected.

A detached JWS (RFC 7515, appendix F) over the document, or the signature itself: 64 bytes in
base64 or hexadecimal, for P-256 also as DER, which is what OpenSSL writes.
"""

import base64
import binascii
import json
from typing import Any

import re2
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from core.signing.public import PublicKey, encoded

BYTES = 64
MOST_HEADER = 4096
_TOKEN = re2.compile(r"[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+")


class SignatureUnreadable(ValueError):
    """What was given is no signature of this key's kind; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_signature(text: str, key: PublicKey, message: bytes) -> tuple[bytes, bytes]:
    """Return the signature that `text` holds, and the bytes that it has to be over.

    Raises:
        SignatureUnreadable: it holds none that this key could have made.

    """
    text = "".join(text.split())
    if "." in text:
        return _of_jws(text, key, message)
    return _raw(text, key), message


def _of_jws(text: str, key: PublicKey, message: bytes) -> tuple[bytes, bytes]:
    if not _TOKEN.fullmatch(text):
        # With its payload inside, the payload would be what is signed, not our document.
        raise SignatureUnreadable("not-detached")
    head, _payload, tail = text.split(".")
    header = _header(head)
    if header.get("alg") != key.algorithm:
        raise SignatureUnreadable("other-algorithm")
    # An extension that must be understood could change what the signature means.
    if "crit" in header or header.get("b64", True) is not True:
        raise SignatureUnreadable("critical")
    if header.get("kid", key.thumbprint) != key.thumbprint:
        raise SignatureUnreadable("other-key")
    signature = _decoded(tail)
    if len(signature) != BYTES:
        raise SignatureUnreadable("not-a-signature")
    return signature, f"{head}.{encoded(message)}".encode()


def _header(head: str) -> dict[str, Any]:
    if len(head) > MOST_HEADER:
        raise SignatureUnreadable("not-a-signature")
    try:
        header = json.loads(_decoded(head), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise SignatureUnreadable("not-a-signature") from None
    if not isinstance(header, dict):
        raise SignatureUnreadable("not-a-signature")
    return header


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of an object, none of which may stand twice (RFC 7515, section 4)."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found


def _raw(text: str, key: PublicKey) -> bytes:
    if len(text) == 2 * BYTES:
        try:
            return bytes.fromhex(text)
        except ValueError:
            pass
    signature = _decoded(text)
    if len(signature) == BYTES:
        return signature
    if key.algorithm == "ES256":
        try:
            halves = decode_dss_signature(signature)
            return b"".join(half.to_bytes(BYTES // 2) for half in halves)
        except (ValueError, OverflowError):
            pass
    raise SignatureUnreadable("not-a-signature")


def _decoded(text: str) -> bytes:
    plain = text.rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise SignatureUnreadable("not-a-signature") from None
