"""Compile the words of the pages, without gettext's own tools.

Invariant: the compiled catalogue says exactly what django.po says, and is committed beside it.
"""

import ast
import re
import struct
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

APPS = ("core", "listings", "compliance", "settlement", "delivery", "exchange")
CONTEXT, PLURAL = "\x04", "\x00"
LITERAL = r"""u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*\""""
CALL = re.compile(rf"(?<!\w)(n?p?gettext|_)\(\s*({LITERAL})(?:\s*,\s*({LITERAL}))?", re.DOTALL)
PYTHON_CALLS = {
    name
    for base in ("gettext", "ngettext", "pgettext", "npgettext")
    for name in (base, f"{base}_lazy", f"{base}_noop")
} | {"_"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: its key as gettext keeps it, what it says, and whether it is marked fuzzy."""

    key: str
    text: str
    fuzzy: bool


def read_catalogue(source: str) -> list[Entry]:
    """Return the messages of a .po file, its header first.

    Raises:
        ValueError: a line is neither a comment nor part of a message, or a message comes twice.

    """
    entries: list[Entry] = []
    for block in re.split(r"\n\s*\n", source.strip()):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            match = re.fullmatch(r'(?:(msgctxt|msgid|msgid_plural|msgstr(?:\[0\])?) )?(".*")', line)
            if match is None:
                raise ValueError(f"not a line of a catalogue: {line}")
            name = match[1] or name
            fields[name] = fields.get(name, "") + ast.literal_eval(match[2])
        if "msgid" in fields:
            fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines())
            text = fields.get("msgstr", fields.get("msgstr[0]", ""))
            entries.append(Entry(_key(fields), text, fuzzy))
    keys = [entry.key for entry in entries]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise ValueError(f"said twice: {sorted(twice)}")
    return entries


def _key(fields: dict[str, str]) -> str:
    context = fields["msgctxt"] + CONTEXT if "msgctxt" in fields else ""
    plural = PLURAL + fields["msgid_plural"] if "msgid_plural" in fields else ""
    return context + fields["msgid"] + plural


def compiled(entries: list[Entry]) -> bytes:
    """Return the .mo file of `entries`: what is fuzzy or empty is left out."""
    said = sorted(
        (entry.key.encode(), entry.text.encode())
        for entry in entries
        if entry.text and not entry.fuzzy
    )
    table, keys, texts = 28, b"", b""
    after = table + 16 * len(said)
    offsets: list[tuple[int, int, int, int]] = []
    for key, text in said:
        offsets.append((len(key), len(keys), len(text), len(texts)))
        keys += key + b"\0"
        texts += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(said), table, table + 8 * len(said), 0, after)
    first = b"".join(struct.pack("<2I", size, after + at) for size, at, _, _ in offsets)
    second = b"".join(struct.pack("<2I", size, after + len(keys) + at) for *_, size, at in offsets)
    return head + first + second + keys + texts


def spoken(root: Path) -> dict[str, str]:
    """Return every message that the code and templates under `root` use, and one place of each."""
    found: dict[str, str] = {}
    for app in APPS:
        for path in sorted((root / app).glob("templates/**/*.*")):
            for key in _in_template(path.read_text()):
                found.setdefault(key, str(path.relative_to(root)))
        for path in sorted((root / app).rglob("*.py")):
            for key in _in_python(path.read_text()):
                found.setdefault(key, str(path.relative_to(root)))
    return found


def _in_template(source: str) -> Iterator[str]:
    for name, first, second in CALL.findall(templatize(source)):
        yield _message(name, [ast.literal_eval(first), ast.literal_eval(second or "''")])


def _in_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        words = [arg.value for arg in node.args[:3] if isinstance(arg, ast.Constant)]
        texts = [value for value in words if isinstance(value, str)]
        if name in PYTHON_CALLS and texts and texts[0]:
            yield _message(name.removesuffix("_lazy").removesuffix("_noop"), [*texts, ""])


def _message(name: str, texts: list[str]) -> str:
    if name == "pgettext":
        return texts[0] + CONTEXT + texts[1]
    if name == "ngettext":
        return texts[0] + PLURAL + texts[1]
    return texts[0]


def catalogues(root: Path) -> list[Path]:
    """Return the .po files under `root`."""
    return sorted(root.glob("locale/*/LC_MESSAGES/django.po"))


class Command(BaseCommand):
    """Write each django.mo from its django.po; `--missing` prints what is not translated."""

    help = "Compile the words of the pages; needs no gettext tools."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare `--missing`."""
        parser.add_argument("--missing", action="store_true", help="print what is not said yet")

    def handle(self, *args: object, **options: object) -> None:
        """Compile, or list what is missing as entries ready to be filled in."""
        root = Path(settings.BASE_DIR)
        for path in catalogues(root):
            try:
                entries = read_catalogue(path.read_text())
            except ValueError as fault:
                raise CommandError(f"{path.relative_to(root)}: {fault}") from fault
            if options["missing"]:
                said = {entry.key for entry in entries if entry.text and not entry.fuzzy}
                for key, place in spoken(root).items():
                    if key not in said:
                        self.stdout.write(_entry(key, place))
            else:
                path.with_suffix(".mo").write_bytes(compiled(entries))
                self.stdout.write(f"{path.relative_to(root)}: {len(entries) - 1} messages")


def _entry(key: str, place: str) -> str:
    context, _, rest = key.rpartition(CONTEXT)
    first, _, plural = rest.partition(PLURAL)
    lines = [f"#: {place}"]
    lines += [f"msgctxt {_quoted(context)}"] if context else []
    lines += [f"msgid {_quoted(first)}"]
    lines += [f"msgid_plural {_quoted(plural)}", 'msgstr[0] ""'] if plural else ['msgstr ""']
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
