"""The docs are true: made pages are fresh, every path they name exists, every measure is there."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from exchange.management.commands.make_docs import pages
from exchange.settings import VARIABLES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
WRITTEN = ["architecture.md", "measures.md", "operations.md", "glossary.md"]
APPS = "core|listings|compliance|settlement|delivery|exchange|tests|bench"
PLACE = re.compile(rf"`((?:{APPS})/[^`\s…<>]+)`")


@pytest.mark.parametrize(
    "name", ["states.md", "errors.md", "checklist.md", "facts.md", "settings.md"]
)
def test_made_page_is_fresh(name: str) -> None:
    with translation.override("en"):
        made = pages()[name]

    assert (DOCS / name).read_text(encoding="utf-8") == made, "run manage.py make_docs"


@pytest.mark.parametrize("name", WRITTEN)
def test_every_place_that_is_named_exists(name: str) -> None:
    named = PLACE.findall((DOCS / name).read_text(encoding="utf-8"))

    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_every_variable_is_documented() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")

    assert [name for name in VARIABLES if f"| `{name}` |" not in text] == []


def test_all_twenty_measures_are_answered() -> None:
    rows = re.findall(r"^\| ([ivx, ]+) ", (DOCS / "measures.md").read_text(), flags=re.MULTILINE)
    told = {number for row in rows for number in row.replace(" ", "").split(",") if number}

    numerals = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
    numerals += ["x" + numeral for numeral in numerals]
    assert told == set(numerals)


def test_every_page_of_the_readme_exists() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
