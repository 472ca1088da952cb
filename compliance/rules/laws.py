"""The texts of cited articles, as the venue holds them. Invariant: each is of the version cited.

An article of another version is not shown for the one cited: laws are renumbered.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

_HELD = Path(__file__).resolve().parents[1] / "checklists" / "articles.json"


@dataclass(frozen=True, slots=True)
class HeldArticle:
    """One article word for word, in Chinese as it was promulgated."""

    number: str
    text: str


@cache
def _laws() -> dict[str, dict[str, dict[str, str]]]:
    laws: dict[str, dict[str, dict[str, str]]] = json.loads(_HELD.read_text(encoding="utf-8"))
    return laws


def held_law(instrument: str, version: str) -> tuple[HeldArticle, ...]:
    """Return the articles of a law that are held, in order; none of what is not held."""
    articles = _laws().get(instrument, {}).get(version, {})
    return tuple(HeldArticle(number, text) for number, text in articles.items())


def numbers_of(article: str) -> list[str]:
    """Return the articles that a citation such as "20(3), 21(4)" names."""
    return re.findall(r"\d+", re.sub(r"\([^)]*\)", "", article))


def text_url(instrument: str, version: str, article: str) -> str:
    """Return where the text of a citation is read, or "" where it is not held.

    A citation that names no version is of the one that is held, if it is the only one.
    """
    versions = _laws().get(instrument, {})
    if not version and len(versions) == 1:
        version = next(iter(versions))
    held = [one for one in numbers_of(article) if one in versions.get(version, {})]
    return f"/laws/{quote(instrument)}/{version}#article-{held[0]}" if held else ""
