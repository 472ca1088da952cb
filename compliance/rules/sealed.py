"""A list as a signed document, from one venue to another. Invariant: what is read is what was sealed.

The seal is Ed25519 (RFC 8032) over the canonical JSON (RFC 8785) of format and contents, so that
the file may be indented as people read it. Whose key it is, no file can say: who takes a list over
compares it with the one that the other venue makes known.
"""  # noqa: E501

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from compliance.rules.problems import Problem, gettext_noop, problem
from core.canonical import canonical, digest
from core.signing import key_id, verifies

FORMAT = "databourse-checklist/1"
MOST_DEPTH = 32
MOST_BYTES = 2 * 1024 * 1024
_PARTS = {"format": str, "signed": dict, "seal": dict}
_SIGNED = {
    "checklist": dict,
    "sha256": str,
    "venue": dict,
    "state": str,
    "effective_at": str,
    "exported_at": str,
}
_SEAL = {"algorithm": str, "key_id": str, "public_key": str, "signature": str}


class SealBroken(ValueError):
    """A document cannot be taken over: `problem` says what is wrong, `line` where (from 1)."""

    def __init__(self, found: Problem, line: int | None = None) -> None:
        super().__init__(str(found))
        self.problem, self.line = found, line


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a signed document holds, its seal verified. `origin` is where it comes from."""

    checklist: Mapping[str, Any]
    origin: dict[str, str]


def sealed_bytes(signed: Mapping[str, Any]) -> bytes:
    """Return what the seal is made over."""
    return canonical({"format": FORMAT, "signed": signed})


def open_sealed(text: str, *, key: str = "") -> Sealed:
    """Return what the signed document `text` holds; `key` is the id of the only key accepted.

    Raises:
        SealBroken: it is no such document, or it was changed after it was signed.

    """
    document = _read(text)
    _shape(text, document, _PARTS, "")
    if document["format"] != FORMAT:
        _broken(text, "format", "sealed-format", wanted=FORMAT)
    signed, seal = document["signed"], document["seal"]
    _shape(text, signed, _SIGNED, "signed.")
    _shape(text, seal, _SEAL, "seal.")
    public = _bytes(text, seal, "public_key", 32)
    signature = _bytes(text, seal, "signature", 64)
    if seal["algorithm"] != "Ed25519":
        _broken(text, "seal.algorithm", "choice", allowed="Ed25519")
    if seal["key_id"] != key_id(public):
        _broken(text, "seal.key_id", "sealed-key", found=key_id(public))
    if key and key != seal["key_id"]:
        _broken(text, "seal.key_id", "sealed-other-key", found=seal["key_id"], wanted=key)
    if digest(signed["checklist"]) != signed["sha256"]:
        _broken(text, "signed.checklist", "sealed-hash")
    if not verifies(public, signature, sealed_bytes(signed)):
        _broken(text, "seal.signature", "sealed-signature")
    origin = {
        "venue": str(signed["venue"].get("name", ""))[:200],
        "url": str(signed["venue"].get("url", ""))[:300],
        "key_id": seal["key_id"],
        "code": str(signed["checklist"].get("code", ""))[:40],
        "sha256": signed["sha256"],
        "state": signed["state"][:20],
        "exported_at": signed["exported_at"][:40],
    }
    return Sealed(signed["checklist"], origin)


def line_of(text: str, path: str) -> int:
    """Return the line (from 1) on which the value at `path` begins, or the last part found."""
    decoder, at = json.JSONDecoder(), _past(text, 0)
    for part in path.split(".") if path else ():
        found = _member(decoder, text, at, part)
        if found is None:
            break
        at = found
    return text.count("\n", 0, at) + 1


def _member(decoder: json.JSONDecoder, text: str, at: int, part: str) -> int | None:
    """Return where the member `part` of the object or list at `at` begins."""
    opened = text[at]
    if opened not in "{[":
        return None
    at, number = _past(text, at + 1), 0
    while text[at] not in "}]":
        name = str(number)
        if opened == "{":
            name, at = decoder.raw_decode(text, at)
            at = _past(text, _past(text, at) + 1)
        if name == part:
            return at
        _, at = decoder.raw_decode(text, at)
        at = _past(text, at)
        if text[at] == ",":
            at = _past(text, at + 1)
        number += 1
    return None


def _past(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _read(text: str) -> dict[str, Any]:
    if len(text) > MOST_BYTES:
        raise SealBroken(problem("", "", "sealed-large", most=MOST_BYTES))
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        found = problem("", "", "sealed-json", column=error.colno, what=error.msg)
        raise SealBroken(found, error.lineno) from None
    except (RecursionError, ValueError) as error:
        what = (
            gettext_noop("it is nested too deeply")
            if isinstance(error, RecursionError)
            else str(error)
        )
        raise SealBroken(problem("", "", "shape", what=what)) from None
    if not isinstance(document, dict):
        raise SealBroken(problem("", "", "shape", what=gettext_noop("this has to be an object")), 1)
    if _depth(document) > MOST_DEPTH:
        raise SealBroken(problem("", "", "shape", what=gettext_noop("it is nested too deeply")))
    if "\\u0000" in text or "\0" in text:
        raise SealBroken(problem("", "", "shape", what=gettext_noop("it holds a NUL character")))
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        what = gettext_noop("it holds characters that UTF-8 cannot carry")
        raise SealBroken(problem("", "", "shape", what=what)) from None
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the name {name} stands twice in one object")
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _shape(text: str, document: Mapping[str, Any], parts: Mapping[str, type], path: str) -> None:
    for name in document:
        if name not in parts:
            _broken(text, f"{path}{name}", "shape", what=gettext_noop("there is no such field"))
    for name, kind in parts.items():
        if name not in document:
            _broken(text, f"{path}{name}", "needed")
        if not isinstance(document[name], kind):
            what = (
                gettext_noop("this has to be text")
                if kind is str
                else gettext_noop("this has to be an object")
            )
            _broken(text, f"{path}{name}", "shape", what=what)


def _bytes(text: str, seal: Mapping[str, Any], name: str, size: int) -> bytes:
    try:
        found = bytes.fromhex(seal[name])
    except ValueError:
        found = b""
    if len(found) != size:
        _broken(text, f"seal.{name}", "sealed-hex", count=2 * size)
    return found


def _broken(text: str, path: str, code: str, **values: Any) -> NoReturn:
    raise SealBroken(problem("", path, code, **values), line_of(text, path))
