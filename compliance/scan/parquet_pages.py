"""Pages of Parquet → values. Invariant: never more values than a page says, and that is bounded.

Damaged input raises ValueError, IndexError or struct.error. Source: Apache Parquet, encodings.
"""

import struct
from array import array
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from compliance.scan.thrift import Reader

BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTES, FIXED = range(8)
PLAIN, PLAIN_DICTIONARY, RLE, BIT_PACKED = 0, 2, 3, 4
DELTA, DELTA_LENGTH, DELTA_BYTES, RLE_DICTIONARY, SPLIT = 5, 6, 7, 8, 9
DICTIONARIES = (PLAIN_DICTIONARY, RLE_DICTIONARY)
MOST_VALUES = 1 << 22
ARRAYS = {INT32: ("i", 4), INT64: ("q", 8), FLOAT: ("f", 4), DOUBLE: ("d", 8)}
ONE_BIT = [tuple(byte >> bit & 1 for bit in range(8)) for byte in range(256)]


class Cut(Exception):
    """The page was decompressed in part only, and its end is reached; `values` are those read."""

    def __init__(self, values: Sequence[Any]) -> None:
        super().__init__()
        self.values = values


def hybrid(data: bytes, place: int, width: int, count: int) -> list[int]:
    """Return `count` numbers of `width` bits, in runs and bit-packed; fewer if `data` ends."""
    found: list[int] = []
    wide = (width + 7) // 8
    mask = (1 << width) - 1
    reader = Reader(data, place)
    try:
        while len(found) < count:
            header = reader.unsigned()
            start = reader.place
            if header & 1:
                groups = min(header >> 1, (count - len(found) + 7) // 8)
                end = start + groups * width
                found += unpacked(data[start:end], width, mask) if width else [0] * groups * 8
                if end > len(data) or not groups:
                    break
                reader.place = start + (header >> 1) * width
            else:
                value = int.from_bytes(data[start : start + wide], "little") & mask
                if start + wide > len(data):
                    break
                found += [value] * min(header >> 1, count - len(found))
                reader.place = start + wide
                if not header >> 1:
                    break
    except IndexError:
        pass
    del found[count:]
    return found


def unpacked(data: bytes, width: int, mask: int) -> list[int]:
    """Return the numbers of `width` bits in whole groups of eight."""
    if width == 1:
        return [bit for byte in data for bit in ONE_BIT[byte]]
    if width == 8:
        return list(data)
    if width == 16:
        return list(array("H", data[: len(data) // 2 * 2]))
    found: list[int] = []
    shifts = range(0, 8 * width, width)
    for start in range(0, len(data) - width + 1, width):
        group = int.from_bytes(data[start : start + width], "little")
        found += [group >> shift & mask for shift in shifts]
    return found


def plain(data: bytes, kind: int, length: int, count: int) -> Sequence[Any]:
    """Return `count` values that are written one after the other; fewer if `data` ends."""
    if kind in ARRAYS:
        code, size = ARRAYS[kind]
        return array(code, data[: min(count, len(data) // size) * size])
    if kind == BYTES:
        return texts(data, count)
    if kind in (FIXED, INT96):
        size = length if kind == FIXED else 12
        if size <= 0:
            raise ValueError
        most = min(count, len(data) // size)
        return [data[place : place + size] for place in range(0, most * size, size)]
    return [data[place >> 3] >> (place & 7) & 1 for place in range(min(count, len(data) * 8))]


def texts(data: bytes, count: int) -> list[bytes]:
    """Return `count` byte strings, each after its length."""
    found: list[bytes] = []
    place, end = 0, len(data)
    length_at = struct.Struct("<I").unpack_from
    for _ in range(count):
        if place + 4 > end:
            break
        (length,) = length_at(data, place)
        place += 4
        if place + length > end:
            break
        found.append(data[place : place + length])
        place += length
    return found


def delta(data: bytes, place: int, count: int) -> tuple[list[int], int]:
    """Return numbers that are written as differences, and where they end."""
    reader = Reader(data, place)
    block, parts = reader.unsigned(), reader.unsigned()
    total, value = reader.unsigned(), reader.signed()
    if not parts or block % parts or not 0 < block <= 1 << 20 or total > MOST_VALUES:
        raise ValueError
    size = block // parts
    if size % 8:
        raise ValueError
    found = [value] if total else []
    total = min(total, count) if count else total
    while len(found) < total:
        least = reader.signed()
        widths = data[reader.place : reader.place + parts]
        if len(widths) < parts:
            raise Cut(found)
        reader.place += parts
        for width in widths:
            if len(found) >= total:
                break
            if width > 64:
                raise ValueError
            end = reader.place + size // 8 * width
            if end > len(data):
                raise Cut(found)
            part = data[reader.place : end]
            steps = unpacked(part, width, (1 << width) - 1) if width else [0] * size
            reader.place = end
            values = list(accumulate((least + step for step in steps), initial=found[-1]))
            found += values[1:]
    del found[total:]
    # What wraps around 64 bits in the writer wraps here.
    return [wrapped(one) for one in found], reader.place


def wrapped(number: int) -> int:
    """Return `number` as a signed one of 64 bits."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


def delta_texts(data: bytes, count: int) -> list[bytes]:
    """Return byte strings whose lengths stand before all of them."""
    lengths, place = delta(data, 0, count)
    found: list[bytes] = []
    for length in lengths:
        if length < 0:
            raise ValueError
        if place + length > len(data):
            break
        found.append(data[place : place + length])
        place += length
    return found


def front_coded(data: bytes, count: int, most: int) -> list[bytes]:
    """Return byte strings that begin like the one before; together they have `most` bytes."""
    prefixes, place = delta(data, 0, count)
    ends = delta_texts(data[place:], count)
    found: list[bytes] = []
    before = b""
    for prefix, end in zip(prefixes, ends, strict=False):
        if not 0 <= prefix <= len(before):
            raise ValueError
        before = before[:prefix] + end
        most -= len(before)
        if most < 0:
            raise ValueError
        found.append(before)
    return found


def split(data: bytes, size: int) -> bytes:
    """Return values of `size` bytes, all first bytes of which come first, then all second ones."""
    count = len(data) // size
    whole = bytearray(count * size)
    for place in range(size):
        whole[place::size] = data[place * count : (place + 1) * count]
    return bytes(whole)


def values_of(
    data: bytes, encoding: int, kind: int, length: int, count: int, most: int
) -> Sequence[Any]:
    """Return `count` values of a data page that names none of a dictionary."""
    if encoding == PLAIN:
        return plain(data, kind, length, count)
    if encoding == RLE and kind == BOOLEAN:
        return hybrid(data, 4, 1, count)
    if encoding == SPLIT:
        size = length if kind == FIXED else ARRAYS[kind][1]
        if size <= 0:
            raise ValueError
        return plain(split(data, size), kind, length, count)
    readers: dict[int, Callable[[], Sequence[Any]]] = {
        DELTA: lambda: delta(data, 0, count)[0],
        DELTA_LENGTH: lambda: delta_texts(data, count),
        DELTA_BYTES: lambda: front_coded(data, count, most),
    }
    if encoding not in readers:
        raise ValueError
    return readers[encoding]()
