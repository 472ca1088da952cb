"""Colours, styles and theme of the pages."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from exchange.portal.gallery import gallery
from exchange.portal.theme import set_theme
from tests.portal.cast import part

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "exchange" / "static"


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block))


def _blocks() -> list[dict[str, str]]:
    css = (STATIC / "css" / "variables.css").read_text()
    return [tokens for tokens in map(_tokens, re.findall(r"\{([^{}]*)\}", css)) if tokens]


def _contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_dark_by_choice_is_dark_by_system() -> None:
    _light, system, choice = _blocks()

    assert system == choice


@pytest.mark.parametrize("number", [0, 1])
def test_colours_meet_wcag_aa(number: int) -> None:
    tokens = _blocks()[number]
    tones = ("cleared", "caution", "restricted", "prohibited", "unknown", "info", "plain")
    pairs = [("ink", ground, 7.0) for ground in ("bg", "card", "plain-bg")]
    pairs += [("muted", ground, 5.0) for ground in ("bg", "card", "plain-bg")]
    pairs += [(tone, f"{tone}-bg", 4.5) for tone in tones]
    pairs += [(tone, ground, 4.5) for tone in tones for ground in ("bg", "card")]
    pairs += [("accent", "bg", 4.5), ("accent", "card", 4.5), ("accent-ink", "accent", 4.5)]
    pairs += [("accent-ink", "accent-deep", 4.5), ("edge", "bg", 3.0), ("edge", "card", 3.0)]
    pairs += [(f"part-{n}", "bg", 3.0) for n in range(6)]

    low = [
        (one, other, round(_contrast(tokens[one], tokens[other]), 2))
        for one, other, least in pairs
        if _contrast(tokens[one], tokens[other]) < least
    ]
    assert low == []


def test_vendored_files_are_the_published_ones() -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$",
        (STATIC / "vendor" / "README.md").read_text(),
        re.MULTILINE,
    )

    digests = {name: hashlib.sha256((STATIC / "vendor" / name).read_bytes()) for name, _ in rows}
    assert rows == [(name, digest.hexdigest()) for name, digest in digests.items()]
    assert [name for name, _ in rows] == ["pico-2.1.1.min.css"]


def test_every_stylesheet_is_linked_and_loads_nothing_from_elsewhere() -> None:
    linked = set(re.findall(r"/static/css/(\w+\.css)", part("_styles.html")))
    sheets = {path.name: path.read_text() for path in (STATIC / "css").glob("*.css")}

    assert linked == sheets.keys()
    assert [name for name, css in sheets.items() if re.search(r"url\(\"?(https?:)?//", css)] == []


def test_theme_is_kept_in_a_cookie_and_the_reader_goes_back() -> None:
    response = set_theme(RequestFactory().post("/theme", {"theme": "dark", "next": "/catalogue"}))

    assert (response.status_code, response.headers["Location"]) == (302, "/catalogue")
    assert response.cookies["theme"].value == "dark"


def test_theme_leads_to_no_other_host() -> None:
    request = RequestFactory().post("/theme", {"theme": "dark", "next": "//example.org/"})

    assert set_theme(request).headers["Location"] == "/"


def test_unknown_theme_is_refused() -> None:
    response = set_theme(RequestFactory().post("/theme", {"theme": "sepia", "next": "/"}))

    assert response.status_code == 400
    assert "theme" not in response.cookies


def test_chosen_theme_is_on_the_page() -> None:
    request = RequestFactory().get("/gallery/")
    request.COOKIES["theme"] = "dark"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DEBUG", True)
        page = gallery(request, "home").content.decode()

    assert 'data-theme="dark"' in page
