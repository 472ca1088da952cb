"""What the scan refuses to read. Invariant: a refusal says where it is and what to do about it."""

from typing import Any

from compliance.scan.kinds import gettext_noop

# code → what is wrong, what to do: English templates over the values, translated at the edge.
MESSAGES: dict[str, tuple[str, str]] = {
    "empty": (
        gettext_noop("The file is empty."),
        gettext_noop("Upload a table with at least one row."),
    ),
    "compressed": (
        gettext_noop("The file is a compressed archive (%(format)s), whatever its name says."),
        gettext_noop("Unpack it and upload the CSV or TSV file itself."),
    ),
    "other-format": (
        gettext_noop("The file is %(format)s, not a table of delimited text."),
        gettext_noop("Export it as CSV in UTF-8 and upload that."),
    ),
    "binary": (
        gettext_noop("The file holds bytes that no text has."),
        gettext_noop("Export it as CSV in UTF-8, UTF-16 or GB18030 and upload that."),
    ),
    "too-large": (
        gettext_noop("The file is larger than %(most)s bytes."),
        gettext_noop("Split it and upload the parts as separate files."),
    ),
    "row-too-long": (
        gettext_noop("One row is longer than %(most)s bytes."),
        gettext_noop(
            "End every row with a line break; keep long texts and pictures in other files."
        ),
    ),
    "too-many-columns": (
        gettext_noop("One row has %(columns)s columns; at most %(most)s can be read."),
        gettext_noop("Put one observation in each row, or split the table by columns."),
    ),
    "broken-quotes": (
        gettext_noop("A quotation mark is opened and never closed, or encloses too long a text."),
        gettext_noop("Close it; write a quotation mark inside a quoted text twice."),
    ),
}


class ScanRefused(ValueError):
    """The file cannot be scanned. `where` is a place in the file, such as "row 17".

    `what` and `remedy` are English templates over `values`; the edge translates them.
    """

    def __init__(self, code: str, where: str, **values: Any) -> None:
        self.code = code
        self.where = where
        self.what, self.remedy = MESSAGES[code]
        self.values = {name: str(value) for name, value in values.items()}
        super().__init__(f"{where}: {self.what % self.values} {self.remedy % self.values}")
