"""Files as HTTP shows them. Invariant: what is asked for is answered to the byte, or refused.

Conditions, ranges and entity tags as in RFC 9110, digests as in RFC 9530, names as in RFC 6266.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

_RANGE = re.compile(r"bytes[ \t]*=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?"[^"]*"')
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(; ?charset=[A-Za-z0-9_-]+)?")
_BEYOND_ANY_FILE = 10**18


@dataclass(frozen=True, slots=True)
class Representation:
    """The file behind a link; its bytes never change, so that its hash is its entity tag."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str

    @property
    def etag(self) -> str:
        """The strong entity tag."""
        return f'"{self.sha256}"'


@dataclass(frozen=True, slots=True)
class Asked:
    """The method and the header fields that say which bytes are wanted; "" is absent."""

    method: str
    byte_range: str = ""
    if_range: str = ""
    if_match: str = ""
    if_none_match: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The status, and which bytes it stands for; `sends` is false where no byte follows."""

    status: int
    first_byte: int = 0
    byte_count: int = 0
    sends: bool = False


def answer_to(asked: Asked, file: Representation) -> Answer:
    """Return how a request for `file` is answered: 200, 206, 304, 412 or 416.

    More than one range, or one that cannot be read, is answered with the whole file, as
    RFC 9110 §14.2 allows. HEAD knows no ranges.
    """
    if asked.if_match and not {file.etag, "*"} & _tags(asked.if_match):
        return Answer(412)
    if {file.etag, f"W/{file.etag}", "*"} & _tags(asked.if_none_match):
        return Answer(304)
    whole = Answer(200, 0, file.size_bytes, sends=asked.method == "GET")
    # Only our own strong tag says that the part held and the part asked for belong together.
    if asked.method != "GET" or asked.if_range.strip() not in {"", file.etag}:
        return whole
    found = _RANGE.fullmatch(asked.byte_range.strip())
    if found is None or found.groups() == ("", ""):
        return whole
    return _part(found[1], found[2], file.size_bytes) or whole


def _part(first: str, last: str, size: int) -> Answer | None:
    if not first:
        count = min(_number(last), size)
        return Answer(206, size - count, count, sends=True) if count else Answer(416)
    start = _number(first)
    end = _number(last) if last else size - 1
    if last and end < start:
        return None
    if start >= size:
        return Answer(416)
    return Answer(206, start, min(end, size - 1) - start + 1, sends=True)


def _number(digits: str) -> int:
    significant = digits.lstrip("0")
    return _BEYOND_ANY_FILE if len(significant) > 18 else int(significant or "0")


def _tags(field: str) -> set[str]:
    return {"*"} if field.strip() == "*" else set(_TAG.findall(field))


def headers_of(answer: Answer, file: Representation) -> dict[str, str]:
    """Return the header fields of `answer`. Content-Length is left out where there is no body."""
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": file.etag,
        "Repr-Digest": f"sha-256=:{digest}:",
        # Only what the venue sent may be what the buyer keeps: no store, no recoding on the way.
        "Cache-Control": "private, no-store, no-transform",
        # A file from strangers is never shown as a page of the venue.
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if answer.status in {200, 206}:
        good = _MEDIA_TYPE.fullmatch(file.media_type)
        headers["Content-Type"] = file.media_type if good else "application/octet-stream"
        headers["Content-Disposition"] = disposition(file.name)
        headers["Content-Length"] = str(answer.byte_count)
    if answer.status == 206:
        last = answer.first_byte + answer.byte_count - 1
        headers["Content-Range"] = f"bytes {answer.first_byte}-{last}/{file.size_bytes}"
    if answer.status == 416:
        headers["Content-Range"] = f"bytes */{file.size_bytes}"
    return headers


def disposition(name: str) -> str:
    """Return the Content-Disposition that saves a file as `name`, in any script (RFC 6266)."""
    plain = re.sub(r'[^ -~]|["\\%]', "_", name)
    if plain == name:
        return f'attachment; filename="{plain}"'
    spelled = quote(name, safe="!#$&+^`|")  # attr-char of RFC 8187 §3.2.1
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{spelled}"


def covers(parts: Iterable[tuple[int, int]], size: int) -> bool:
    """Return whether `parts`, (first byte, count) in any order, make up a file of `size` bytes."""
    reached = 0
    for first, count in sorted(parts):
        if first > reached:
            break
        reached = max(reached, first + count)
    return reached >= size
