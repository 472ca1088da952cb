"""The venue's key. Invariant: a signature of the venue can be checked with its public key alone.

Ed25519 (RFC 8032). The key lives in a file that only the venue can read; it is made once.
"""

import hashlib
import os
import threading
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


def venue_key(path: Path) -> Ed25519PrivateKey:
    """Return the venue's private key, making the file on first use (mode 0600).

    A file that was replaced is read anew: no process goes on with the key of before.

    Raises:
        ValueError: the file holds no Ed25519 private key.

    """
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        _make(path)
        changed = path.stat().st_mtime_ns
    return _read(path, changed)


def replace_key(path: Path) -> bytes:
    """Put a new key in the place of the old one, which is kept nowhere; return its public bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _draft(path).replace(path)
    return public_bytes(path)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path)
    try:
        # A link fails where the name exists: of two that start at once, one key wins.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _draft(path: Path) -> Path:
    """Return a new key in a file of its own beside `path`."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return draft


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 private key")
    return key


def public_bytes(path: Path) -> bytes:
    """Return the 32 bytes of the venue's public key."""
    return venue_key(path).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(public: bytes) -> str:
    """Return the name of a public key: the first 32 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:32]


def sign(path: Path, message: bytes) -> bytes:
    """Return the venue's signature over `message`, 64 bytes."""
    return venue_key(path).sign(message)


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether `signature` over `message` was made with the key of `public`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
