"""How a test fills in the sections of a draft: as a browser posts what the page shows."""

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client


class Boxes(HTMLParser):
    """The forms of a page: the address of each with what its boxes would post untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, Any]] = {}
        self._form: dict[str, Any] | None = None
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name = given.get("name") or ""
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action") or "", {})
        elif self._form is None:
            return
        elif tag == "input" and name:
            kind = given.get("type")
            if kind in {"checkbox", "radio"}:
                if "checked" in given:
                    self._form.setdefault(name, []).append(given.get("value") or "on")
            elif kind != "file":
                self._form[name] = [given.get("value") or ""]
        elif tag == "select":
            self._select = name
            self._form[name] = []
        elif tag == "option" and self._select:
            value = given.get("value") or ""
            if "selected" in given or not self._form[self._select]:
                self._form[self._select] = [value]
        elif tag == "textarea":
            self._textarea = name
            self._form[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, text: str) -> None:
        if self._textarea and self._form is not None:
            # A browser drops the line end right after the tag.
            self._form[self._textarea][0] += re.sub(r"^\r?\n", "", text)


def boxes_of(page: str, action: str) -> dict[str, Any]:
    """Return what the form of a page that is posted to `action` would post untouched."""
    parser = Boxes()
    parser.feed(page)
    return parser.forms[action]


def fill(client: Client, address: str, action: str, **typed: Any) -> Any:
    """Open a page, type into one of its forms, and post it; `__` stands for nothing."""
    page = client.get(address).content.decode()
    return post(client, page, action, typed)


def post(client: Client, page: str, action: str, typed: dict[str, Any]) -> Any:
    """Type into a form of a page that is open, and post it."""
    return client.post(action, boxes_of(page, action) | typed)
