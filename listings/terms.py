"""Search terms of a text. Invariant: texts and questions are cut in the same way.

Runs of Chinese, Japanese and Korean characters become their bigrams and single characters, so
that a question of two characters is one index look-up; other words are lower-cased and their
plural ending is cut. No dictionary and no extension is needed.
"""

import re
import unicodedata
from collections.abc import Iterable

MAX_QUESTION = 200
MAX_TERMS = 20_000

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af\U00020000-\U0003ffff"
_RUNS = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<word>[^\W_{_HAN}]+)")


def text_terms(texts: Iterable[str | None]) -> list[str]:
    """Return the terms under which a thing described by `texts` is found, each once."""
    found: dict[str, None] = {}
    for text in texts:
        for kind, run in _runs(text or ""):
            if kind == "word":
                found[_stem(run)] = None
            else:
                found.update(dict.fromkeys(run))
                found.update(dict.fromkeys(_bigrams(run)))
            if len(found) > MAX_TERMS:
                return list(found)[:MAX_TERMS]
    return list(found)


def question_terms(question: str) -> list[str]:
    """Return the terms that a thing must all have to answer `question`; none if it asks nothing.

    A single Chinese character is looked up as itself, longer runs as their bigrams.
    """
    found: dict[str, None] = {}
    for kind, run in _runs(question[:MAX_QUESTION]):
        if kind == "word":
            found[_stem(run)] = None
        else:
            found.update(dict.fromkeys(_bigrams(run) or [run]))
    return list(found)


def _runs(text: str) -> Iterable[tuple[str, str]]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    for match in _RUNS.finditer(folded):
        yield match.lastgroup or "", match.group()


def _bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _stem(word: str) -> str:
    """Return an English word without its plural ending."""
    word = word[:60]
    if len(word) < 4 or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word.removesuffix("s")
