"""Thrift's compact protocol, read only. Invariant: never more values than bytes.

A structure becomes a dict from field numbers to values. Damaged input raises ValueError or
IndexError. Source: Apache Thrift, compact protocol encoding.
"""

from typing import Any

DEPTH = 16
STOP, TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 11, 12


class Reader:
    """Reads one structure after the other from `data`."""

    def __init__(self, data: bytes, place: int = 0) -> None:
        self.data = data
        self.place = place

    def unsigned(self) -> int:
        """Return a number of variable length."""
        shift = value = 0
        while True:
            byte = self.data[self.place]
            self.place += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise ValueError

    def signed(self) -> int:
        """Return a number of variable length with its sign (zigzag)."""
        value = self.unsigned()
        return value >> 1 ^ -(value & 1)

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """Return a structure."""
        if depth > DEPTH:
            raise ValueError
        fields: dict[int, Any] = {}
        number = 0
        while True:
            byte = self.data[self.place]
            self.place += 1
            kind = byte & 15
            if kind == STOP:
                return fields
            number = number + (byte >> 4) if byte >> 4 else self.signed()
            fields[number] = kind == TRUE if kind in (TRUE, FALSE) else self.value(kind, depth)

    def value(self, kind: int, depth: int) -> Any:
        """Return a value of `kind`."""
        if kind in (TRUE, FALSE, BYTE):
            self.place += 1
            return self.data[self.place - 1]
        if kind < DOUBLE:
            return self.signed()
        if kind == DOUBLE:
            self.place += 8
            return None
        if kind == BINARY:
            length = self.unsigned()
            start, self.place = self.place, self.place + length
            if self.place > len(self.data):
                raise ValueError
            return self.data[start : self.place]
        if kind in (LIST, SET):
            return self.values(depth)
        if kind == STRUCT:
            return self.struct(depth + 1)
        if kind == MAP:
            count = self.unsigned()
            if count:
                # No structure of Parquet has one; its entries are passed over.
                kinds = self.data[self.place]
                self.place += 1
                self.bounded(count)
                for _ in range(count):
                    self.value(kinds >> 4, depth + 1)
                    self.value(kinds & 15, depth + 1)
            return None
        raise ValueError

    def values(self, depth: int) -> list[Any]:
        """Return a list."""
        if depth > DEPTH:
            raise ValueError
        byte = self.data[self.place]
        self.place += 1
        count = byte >> 4 if byte >> 4 < 15 else self.unsigned()
        self.bounded(count)
        return [self.value(byte & 15, depth + 1) for _ in range(count)]

    def bounded(self, count: int) -> None:
        """Refuse a count of values that the rest of the data cannot hold."""
        if count > len(self.data) - self.place:
            raise ValueError
