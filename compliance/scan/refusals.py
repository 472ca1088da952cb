"""What the scan refuses to read. Invariant: a refusal says where it is and what to do about it."""

from typing import Any

from compliance.scan.kinds import gettext_noop

# code → what is wrong, what to do: English templates over the values, translated at the edge.
MESSAGES: dict[str, tuple[str, str]] = {
    "empty": (
        gettext_noop("The file is empty."),
        gettext_noop("Upload a table with at least one row."),
    ),
    "compression": (
        gettext_noop("The file is compressed as %(format)s, which is not read here."),
        gettext_noop("Unpack it and upload the table itself, or as ZIP, gzip, bzip2 or xz."),
    ),
    "broken-archive": (
        gettext_noop("The archive (%(format)s) is cut off or damaged."),
        gettext_noop("Pack it again, try whether it unpacks, and upload it whole."),
    ),
    "encrypted": (
        gettext_noop("The archive or workbook is locked with a password."),
        gettext_noop("Save it without a password; the venue keeps samples closed by itself."),
    ),
    "nested-archive": (
        gettext_noop("The archive holds another archive (%(format)s)."),
        gettext_noop("Unpack the inner one and put its tables straight into one archive."),
    ),
    "explodes": (
        gettext_noop("The archive becomes more than %(ratio)s times its size."),
        gettext_noop("Upload the table itself, or a part of it."),
    ),
    "too-many-parts": (
        gettext_noop("The file holds more than %(most)s tables."),
        gettext_noop("Upload a sample with fewer of them."),
    ),
    "other-format": (
        gettext_noop("The file is %(format)s, not a table that is read here."),
        gettext_noop("Export it as CSV, JSON, Excel (.xlsx) or Parquet and upload that."),
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
    "broken-json": (
        gettext_noop("The JSON is malformed or cut off."),
        gettext_noop("Export it again; JSON Lines need one whole value in each line."),
    ),
    "too-deep": (
        gettext_noop("Values lie more than %(most)s deep in each other."),
        gettext_noop("Export one flat record for each observation."),
    ),
    "broken-workbook": (
        gettext_noop("The workbook is damaged, or was not written as Excel writes it."),
        gettext_noop("Open it, save it again as Excel (.xlsx), or as CSV in UTF-8."),
    ),
    "document-type": (
        gettext_noop("The workbook declares a document type or entities, which no Excel does."),
        gettext_noop("Save it again with Excel, or as CSV in UTF-8."),
    ),
    "too-much-text": (
        gettext_noop("The texts of the workbook take more than %(most)s bytes."),
        gettext_noop("Save the sheet as CSV in UTF-8 and upload that: it can be of any size."),
    ),
    "broken-parquet": (
        gettext_noop("The Parquet file is cut off or damaged."),
        gettext_noop("Write it again, or upload a sample of it as CSV in UTF-8."),
    ),
    "parquet-unread": (
        gettext_noop("The Parquet file uses %(format)s, which is not read here."),
        gettext_noop(
            "Write it with Snappy, gzip, Zstandard or no compression, or upload a CSV sample."
        ),
    ),
    "page-too-large": (
        gettext_noop("One page of the Parquet file takes more than %(most)s bytes."),
        gettext_noop("Write it with pages of about 1 MiB, as is the default."),
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
