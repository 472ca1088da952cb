"""Secrets handed out once. Invariant: only their hash is kept."""

import hashlib
import secrets

TOKEN_PREFIX = "dbt_"  # noqa: S105 - how a token is recognised, not a token
STEP_UP_PREFIX = "dbs_"


def new_secret(prefix: str = "") -> str:
    """Return a new secret of 256 random bits, URL-safe."""
    return prefix + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Return what is kept of a secret: its SHA-256 in hexadecimal.

    A plain hash is enough: a secret of 256 random bits cannot be guessed.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
