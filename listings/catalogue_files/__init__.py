"""Catalogue files of others, read into drafts.

Invariant: every row ends as a draft, or with the field and the reason why it did not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from listings.catalogue_files.dcat import dcat_draft
from listings.catalogue_files.drafts import Draft, RowRefused
from listings.catalogue_files.exchange import exchange_draft
from listings.catalogue_files.rows import FileRefused, raw_rows


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its draft, or the field and the reason of its refusal.

    `number` counts the rows of the file. `reason` is an English template over `values`; the edge
    translates it.
    """

    number: int
    line: int
    end_bytes: int
    draft: Draft | None = None
    field: str = ""
    reason: str = ""
    values: tuple[tuple[str, str], ...] = ()


def read_rows(stream: BinaryIO) -> Iterator[Row]:
    """Yield every row of a catalogue file in order: JSON Lines, or a DCAT-US `data.json`.

    Raises:
        FileRefused: the file as a whole cannot be read.

    """
    for raw in raw_rows(stream):
        place = (raw.number, raw.line, raw.end_bytes)
        if raw.value is None:
            yield Row(*place, reason=raw.reason)
            continue
        read = dcat_draft if raw.dataset else exchange_draft
        try:
            draft = read(raw.value)
        except RowRefused as refusal:
            yield Row(*place, None, refusal.field, refusal.reason, refusal.values)
        else:
            yield Row(*place, draft)


__all__ = ["Draft", "FileRefused", "Row", "read_rows"]
