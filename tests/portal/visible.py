"""What a reader of a page sees: its texts, without what is set as code or in another language."""

import re
from html.parser import HTMLParser

# Elements whose content is no text of the page, and attributes whose content is.
SILENT = {"script", "style", "svg", "code", "pre", "kbd", "head"}
VOID = {"meta", "link", "input", "br", "img", "hr", "use"}
SPOKEN = ("title", "placeholder", "aria-label", "alt", "data-label")
# What is the same in both languages: names of ours, of standards, of currencies and of units.
SAME = re.compile(
    r"\b(?:Databourse|API|JSON|CSV|ODRL|SHA-256|RFC|HTTP|Ed25519|UTC|GB/T|JavaScript|IP|EN|"
    r"CNY|USD|EUR|JPY|KWD|B|kB|MB|GB|TB|"
    r"ECDSA|P-256|SM2|JWK|JWS|PEM|BEGIN CERTIFICATE)\b"
    # E-mail addresses, hashes, file names, media types, codes in capitals and versions.
    r"|[\w.+-]+@[\w.-]+|\b[0-9a-f]{8}…[0-9a-f]{6}\b|\b[0-9a-f]{64}\b|[\w.-]+\.(?:csv|jsonl?|pdf)\b"
    r"|\btext/csv\b|\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b|\b(?=[0-9A-F]*[0-9])[0-9A-F]{8}\b|\bv[0-9]+\b"
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[tuple[str, bool]] = []

    @property
    def silent(self) -> bool:
        return any(silent for _name, silent in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        other = tag != "html" and (said.get("lang") or "").startswith("en")
        other = other or said.get("translate") == "no"
        if not self.silent and not other:
            self.texts += [said[name] or "" for name in SPOKEN if said.get(name)]
        if tag not in VOID:
            self.open.append((tag, tag in SILENT or other))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.silent:
            self.texts.append(" ".join(data.split()))


def texts_of(page: str) -> list[str]:
    """Return the texts of a page in their order, those of attributes too."""
    reader = _Reader()
    reader.feed(page)
    return reader.texts


def english_in(page: str) -> list[str]:
    """Return the texts of a Chinese page that hold an English word.

    A code of two capitals may stand within a sentence that explains it, and not alone.
    """
    found = []
    for text in texts_of(page):
        rest = SAME.sub(" ", text)
        if re.search("[\u4e00-\u9fff]", rest):
            rest = re.sub(r"(?<![A-Za-z])[A-Z]{2}(?![A-Za-z])", " ", rest)
        if re.search("[A-Za-z]{2}", rest):
            found.append(text)
    return found


def half_width_in(page: str) -> list[str]:
    """Return the texts of a Chinese page that hold a half-width mark after a Chinese word."""
    return [
        text for text in texts_of(page) if re.search("[\u4e00-\u9fff][,;:?!.]|\\s[。，；：]", text)
    ]
