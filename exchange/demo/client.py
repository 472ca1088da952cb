"""A person at the API of the venue. Invariant: it knows addresses and documents, no service."""

import http.client
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlencode

TIMEOUT_SECONDS = 120
# Well within the five minutes for which a proof is fresh.
FRESH_SECONDS = 120


class Unexpected(Exception):
    """The venue answered something that the story does not tell of."""

    def __init__(self, method: str, path: str, status: int, document: Any) -> None:
        super().__init__(f"{method} {path}: {status} {json.dumps(document, ensure_ascii=False)}")
        self.status, self.document = status, document


@dataclass
class Client:
    """One keep-alive connection, and the token of who speaks."""

    host: str
    port: int
    token: str = ""
    password: str = field(default="", repr=False)
    wire: http.client.HTTPConnection | None = field(default=None, repr=False)
    confirmation: str = field(default="", repr=False)
    confirmed_at: float = 0.0

    def get(self, path: str, **query: Any) -> Any:
        """Return the document of an address; anything but 200 is unexpected."""
        status, document = self.call("GET", path + (f"?{urlencode(query)}" if query else ""))
        if status != 200:
            raise Unexpected("GET", path, status, document)
        return document

    def every(self, path: str, **query: Any) -> list[Any]:
        """Return all rows of a list, page by page."""
        page = self.get(path, size=200, **query)
        rows = list(page["results"])
        while page["next"]:
            page = self.get(page["next"].removeprefix("/api/v1/"))
            rows += page["results"]
        return rows

    def post(self, path: str, body: Any = None, *, key: str = "", refusal: bool = False) -> Any:
        """Return what a request led to; with `refusal`, a problem document is an answer too."""
        status, document = self.call("POST", path, body, key=key)
        if status >= 500 or (status >= 400 and not refusal):
            raise Unexpected("POST", path, status, document)
        return document

    def put(self, path: str, body: Any) -> Any:
        """Return what a replacement led to."""
        status, document = self.call("PUT", path, body)
        if status >= 400:
            raise Unexpected("PUT", path, status, document)
        return document

    def confirm(self) -> None:
        """Prove to be there, as signing asks, unless that was proved a moment ago."""
        if time.monotonic() - self.confirmed_at < FRESH_SECONDS:
            return
        self.confirmation = self.post("step-ups", {"password": self.password})["secret"]
        self.confirmed_at = time.monotonic()

    def upload(self, name: str, data: bytes, media_type: str = "text/csv") -> Any:
        """Hand in a file and return what the venue knows of it."""
        edge = uuid.uuid4().hex
        disposition = f"form-data; name=\"file\"; filename*=UTF-8''{quote(name)}"
        head = f'--{edge}\r\nContent-Disposition: {disposition}; filename="{name}"\r\n'
        head += f"Content-Type: {media_type}\r\n\r\n"
        raw = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        status, document = self._send("POST", "files", raw, kind, uuid.uuid4().hex)
        if status >= 400:
            raise Unexpected("POST", "files", status, document)
        return document

    def call(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        """Return status and document of one request."""
        raw = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        key = "" if method == "GET" else key or uuid.uuid4().hex
        return self._send(method, path, raw, "application/json" if raw else "", key)

    def fetch(self, url: str) -> bytes:
        """Return the bytes behind a download link."""
        path = "/" + url.split("/", 3)[3]
        response = self._request("GET", path, None, {})
        data = response.read()
        if response.status != 200:
            raise Unexpected("GET", path, response.status, data[:200].decode(errors="replace"))
        return data

    def sign_in(self, email: str, password: str, scopes: list[str]) -> None:
        """Sign in at the portal's own page and make a token for the day."""
        self.password = password
        address = "/accounts/login/"
        page = self._request("GET", address, None, {})
        text, cookies = page.read().decode(), SimpleCookie()
        _take(cookies, page)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        if found is None:
            raise Unexpected("GET", address, page.status, text[:200])
        form = {"csrfmiddlewaretoken": found[1], "login": email, "password": password}
        answer = self._request(
            "POST",
            address,
            urlencode(form).encode(),
            {"Content-Type": "application/x-www-form-urlencoded", "Cookie": _sent(cookies)},
        )
        answer.read()
        _take(cookies, answer)
        if answer.status != 302 or "sessionid" not in cookies:
            raise Unexpected("POST", address, answer.status, email)
        made = self._request(
            "POST",
            "/api/v1/tokens",
            json.dumps({"label": "trading day", "scopes": scopes, "days": 2}).encode(),
            {
                "Content-Type": "application/json",
                "Cookie": _sent(cookies),
                "X-CSRFToken": cookies["csrftoken"].value,
                "Idempotency-Key": uuid.uuid4().hex,
            },
        )
        document = json.loads(made.read())
        if made.status != 201:
            raise Unexpected("POST", "tokens", made.status, document)
        self.token = document["secret"]

    def _send(
        self, method: str, path: str, raw: bytes | None, kind: str, key: str
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"Step-Up": self.confirmation} if self.confirmation else {}
        headers |= {"Content-Type": kind} if kind else {}
        headers |= {"Idempotency-Key": key} if key else {}
        response = self._request(method, f"/api/v1/{path}", raw, headers)
        text = response.read()
        return response.status, json.loads(text) if text else None

    def _request(
        self, method: str, path: str, raw: bytes | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        for last in (False, True):
            if self.wire is None:
                self.wire = http.client.HTTPConnection(
                    self.host, self.port, timeout=TIMEOUT_SECONDS
                )
            try:
                self.wire.request(method, path, raw, headers)
                return self.wire.getresponse()
            except (http.client.HTTPException, ConnectionError):
                # A kept connection may have been closed meanwhile; the key makes it safe to ask
                # again on a new one.
                self.wire.close()
                self.wire = None
                if last:
                    raise
        raise AssertionError("unreachable")


def _take(cookies: SimpleCookie, response: http.client.HTTPResponse) -> None:
    for header in response.headers.get_all("Set-Cookie") or []:
        cookies.load(header)


def _sent(cookies: SimpleCookie) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
