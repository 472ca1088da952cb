"""Snappy, LZ4 and Zstandard in Python alone. Invariant: no more comes out than was asked for.

They read pages of Parquet, which are small; each stops once `most` bytes are there. Damaged input
raises ValueError or IndexError. Sources: Snappy format description, LZ4 block format, RFC 8878.
"""

from functools import lru_cache
from typing import NamedTuple

Table = list[tuple[int, int, int]]


def snappy(data: bytes, most: int) -> bytes:
    """Return what a Snappy block holds."""
    place = shift = size = 0
    while True:
        byte = data[place]
        place += 1
        size |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
        if shift > 35:
            raise ValueError
    most = min(most, size)
    out = bytearray()
    end = len(data)
    while place < end and len(out) < most:
        tag = data[place]
        place += 1
        kind = tag & 3
        if not kind:
            length = (tag >> 2) + 1
            if length > 60:
                wide = length - 60
                length = int.from_bytes(data[place : place + wide], "little") + 1
                place += wide
            out += data[place : place + length]
            place += length
            continue
        if kind == 1:
            length = (tag >> 2 & 7) + 4
            offset = (tag >> 5) << 8 | data[place]
            place += 1
        else:
            length = (tag >> 2) + 1
            wide = 2 if kind == 2 else 4
            offset = int.from_bytes(data[place : place + wide], "little")
            place += wide
        copy(out, offset, length)
    return bytes(out)


def lz4(data: bytes, most: int) -> bytes:
    """Return what a raw LZ4 block holds."""
    out = bytearray()
    place, end = 0, len(data)
    while place < end and len(out) < most:
        token = data[place]
        place += 1
        length = token >> 4
        if length == 15:
            more, place = longer(data, place)
            length += more
        out += data[place : place + length]
        place += length
        if place >= end:
            break
        offset = data[place] | data[place + 1] << 8
        place += 2
        length = token & 15
        if length == 15:
            more, place = longer(data, place)
            length += more
        copy(out, offset, min(length + 4, max(0, most - len(out))))
    return bytes(out)


def longer(data: bytes, place: int) -> tuple[int, int]:
    """Return the rest of a length that LZ4 writes in bytes of 255, and where it ends."""
    total = 0
    while True:
        byte = data[place]
        place += 1
        total += byte
        if byte != 255:
            return total, place


def copy(out: bytearray, offset: int, length: int) -> None:
    """Append `length` bytes that stand `offset` before the end of `out`; they may overlap."""
    start = len(out) - offset
    if start < 0 or not offset:
        raise ValueError
    if offset >= length:
        out += out[start : start + length]
        return
    piece = bytes(out[start:])
    out += (piece * (length // offset + 1))[:length]


# RFC 8878, 3.1.1.3.2.1.1 and 3.1.1.3.2.2: what a code stands for, and its further bits.
LITERAL_CODES = [(code, 0) for code in range(16)] + [
    (16, 1), (18, 1), (20, 1), (22, 1), (24, 2), (28, 2), (32, 3), (40, 3), (48, 4), (64, 6),
    (128, 7), (256, 8), (512, 9), (1024, 10), (2048, 11), (4096, 12), (8192, 13), (16384, 14),
    (32768, 15), (65536, 16),
]  # fmt: skip
MATCH_CODES = [(code + 3, 0) for code in range(32)] + [
    (35, 1), (37, 1), (39, 1), (41, 1), (43, 2), (47, 2), (51, 3), (59, 3), (67, 4), (83, 4),
    (99, 5), (131, 7), (259, 8), (515, 9), (1027, 10), (2051, 11), (4099, 12), (8195, 13),
    (16387, 14), (32771, 15), (65539, 16),
]  # fmt: skip
DEFAULTS = {
    "literals": (6, (4, 3, *[2] * 11, *[1] * 3, *[2] * 9, 3, 2, *[1] * 5, *[-1] * 4)),
    "offsets": (5, (*[1] * 6, *[2] * 3, *[1] * 15, *[-1] * 5)),
    "matches": (6, (1, 4, 3, *[2] * 6, *[1] * 37, *[-1] * 7)),
}
MOST_ACCURACY = {"literals": 9, "offsets": 8, "matches": 9}
BLOCK_BYTES = 1 << 17


class Huffman(NamedTuple):
    """A table over `bits` bits: symbol and length of the code that they begin with."""

    bits: int
    table: list[tuple[int, int]]


class Bits:
    """A stream of bits that is read from its end, as those of Zstandard are."""

    __slots__ = ("count", "data", "held", "left")

    def __init__(self, data: bytes) -> None:
        last = data[-1]
        if not last:
            raise ValueError
        # The highest bit that is set marks where the stream ends.
        self.count = last.bit_length() - 1
        self.held = last - (1 << self.count)
        self.data = data
        self.left = len(data) - 1

    def read(self, count: int) -> int:
        """Return the next `count` bits; beyond the beginning there are zeros, and it shows."""
        while self.count < count:
            start = max(0, self.left - 6)
            wide = 8 * (self.left - start)
            if not wide:
                wide = count - self.count
                self.held <<= wide
                self.left = -1 if wide else self.left
            else:
                self.held = self.held << wide | int.from_bytes(
                    self.data[start : self.left], "little"
                )
                self.left = start
            self.count += wide
            if self.left < 0:
                # Nothing may be read twice beyond the beginning.
                self.data, self.left = b"", 0
        self.count -= count
        found = self.held >> self.count
        self.held -= found << self.count
        return found


class Zstandard:
    """One frame being decompressed: what later blocks take over from earlier ones."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.out = bytearray()
        self.huffman: Huffman | None = None
        self.tables: dict[str, Table] = {}
        self.offsets = [1, 4, 8]

    def block(self, data: bytes) -> None:
        """Decompress one block."""
        literals, place = self.literals(data)
        count = data[place]
        place += 1
        if not count:
            self.out += literals
            return
        if count == 255:
            count = int.from_bytes(data[place : place + 2], "little") + 0x7F00
            place += 2
        elif count >= 128:
            count = (count - 128 << 8) + data[place]
            place += 1
        modes = data[place]
        place += 1
        tables = []
        for name, shift in (("literals", 6), ("offsets", 4), ("matches", 2)):
            table, place = self.table(name, modes >> shift & 3, data, place)
            tables.append(table)
        self.sequences(count, tables, literals, Bits(data[place:]))

    def table(self, name: str, mode: int, data: bytes, place: int) -> tuple[Table, int]:
        """Return the table of one kind of code for this block, and where its description ends."""
        if mode == 0:
            table = default_table(name)
        elif mode == 1:
            table = [(data[place], 0, 0)]
            place += 1
        elif mode == 2:
            accuracy, counts, place = probabilities(data, place)
            if accuracy > MOST_ACCURACY[name]:
                raise ValueError
            table = state_table(accuracy, counts)
        else:
            table = self.tables[name]
        self.tables[name] = table
        return table, place

    def literals(self, data: bytes) -> tuple[bytes, int]:
        """Return the literals of a block, and where they end."""
        first = data[0]
        kind, form = first & 3, first >> 2 & 3
        if kind < 2:
            wide = (1, 2, 1, 3)[form]
            size = int.from_bytes(data[:wide], "little") >> (4 if form & 1 else 3)
            if size > BLOCK_BYTES:
                raise ValueError
            if kind == 0:
                return data[wide : wide + size], wide + size
            return data[wide : wide + 1] * size, wide + 1
        wide, bits = ((3, 10), (3, 10), (4, 14), (5, 18))[form]
        packed = int.from_bytes(data[:wide], "little") >> 4
        size, length = packed & (1 << bits) - 1, packed >> bits
        end = wide + length
        if size > BLOCK_BYTES or end > len(data):
            raise ValueError
        place = wide
        if kind == 2:
            self.huffman, place = huffman(data, place)
        if self.huffman is None:
            raise ValueError
        if not form:
            return decoded(self.huffman, data[place:end], size), end
        sizes = [int.from_bytes(data[place + at : place + at + 2], "little") for at in (0, 2, 4)]
        place += 6
        quarter = (size + 3) // 4
        found = b""
        for one in sizes:
            found += decoded(self.huffman, data[place : place + one], quarter)
            place += one
        return found + decoded(self.huffman, data[place:end], size - len(found)), end

    def sequences(self, count: int, tables: list[Table], literals: bytes, bits: Bits) -> None:
        """Carry out the sequences of a block: literals, then a copy of what was before."""
        out, offsets, read = self.out, self.offsets, bits.read
        of_literals, of_offsets, of_matches = tables
        literal, offset, match = (
            read((len(table) - 1).bit_length()) for table in (of_literals, of_offsets, of_matches)
        )
        place = 0
        for number in range(count):
            literal_code, literal_bits, literal_next = of_literals[literal]
            offset_code, offset_bits, offset_next = of_offsets[offset]
            match_code, match_bits, match_next = of_matches[match]
            if offset_code > 31:
                raise ValueError
            far = (1 << offset_code) + read(offset_code)
            base, more = MATCH_CODES[match_code]
            length = base + read(more)
            base, more = LITERAL_CODES[literal_code]
            before = base + read(more)
            if number < count - 1:
                literal = literal_next + read(literal_bits)
                match = match_next + read(match_bits)
                offset = offset_next + read(offset_bits)
            if far > 3:
                far -= 3
                offsets[:] = far, offsets[0], offsets[1]
            else:
                far = repeated(offsets, far - 1 + (not before))
            out += literals[place : place + before]
            place += before
            copy(out, far, length)
            if len(out) > self.most + BLOCK_BYTES:
                raise ValueError
        out += literals[place:]


def repeated(offsets: list[int], which: int) -> int:
    """Return the offset that is used again, and move it to the front."""
    if which == 3:
        far = offsets[0] - 1
        offsets[:] = far, offsets[0], offsets[1]
    else:
        far = offsets.pop(which)
        offsets.insert(0, far)
    return far


def zstandard(data: bytes, most: int) -> bytes:
    """Return what a Zstandard frame holds, without looking at its checksum."""
    place = 0
    while data[place : place + 4][1:] == b"\x2a\x4d\x18" and data[place] >> 4 == 5:
        place += 8 + int.from_bytes(data[place + 4 : place + 8], "little")
    if data[place : place + 4] != b"\x28\xb5\x2f\xfd":
        raise ValueError
    described = data[place + 4]
    alone = described >> 5 & 1
    if described & 3:
        # Somebody else's dictionary is needed.
        raise ValueError
    place += 5 + (not alone) + (alone, 2, 4, 8)[described >> 6]
    frame = Zstandard(most)
    last = 0
    while not last and len(frame.out) < most:
        if place + 3 > len(data):
            raise ValueError
        header = int.from_bytes(data[place : place + 3], "little")
        last, kind, size = header & 1, header >> 1 & 3, header >> 3
        place += 3
        if kind == 1:
            frame.out += data[place : place + 1] * min(size, BLOCK_BYTES)
            place += 1
            continue
        block = data[place : place + size]
        if len(block) < size or size > BLOCK_BYTES or kind == 3:
            raise ValueError
        if kind == 0:
            frame.out += block
        else:
            frame.block(block)
        place += size
    return bytes(frame.out[:most])


def probabilities(data: bytes, place: int) -> tuple[int, list[int], int]:
    """Return accuracy and counts of a table's description, and where it ends (RFC 8878, 4.1.1)."""
    stream = int.from_bytes(data[place : place + 512], "little")
    accuracy = (stream & 15) + 5
    if accuracy > 12:
        raise ValueError
    at, left = 4, 1 << accuracy
    counts: list[int] = []
    while left > 0 and len(counts) < 256:
        wide = (left + 1).bit_length()
        value = stream >> at & (1 << wide) - 1
        low = (1 << wide - 1) - 1
        spare = (1 << wide) - 2 - left
        if value & low < spare:
            value &= low
            at += wide - 1
        else:
            value -= spare if value > low else 0
            at += wide
        counts.append(value - 1)
        left -= abs(value - 1)
        if value == 1:
            more = 3
            while more == 3:
                more = stream >> at & 3
                at += 2
                counts += [0] * more
                if len(counts) > 256:
                    raise ValueError
    if left or place + (at + 7) // 8 > len(data):
        raise ValueError
    return accuracy, counts, place + (at + 7) // 8


def state_table(accuracy: int, counts: list[int] | tuple[int, ...]) -> Table:
    """Return symbol, bits and base of the next state for each state (RFC 8878, 4.1.1)."""
    size = 1 << accuracy
    symbols = [0] * size
    high = size - 1
    for symbol, count in enumerate(counts):
        if count == -1:
            symbols[high] = symbol
            high -= 1
    place, step = 0, (size >> 1) + (size >> 3) + 3
    for symbol, count in enumerate(counts):
        for _ in range(count):
            symbols[place] = symbol
            place = place + step & size - 1
            while place > high:
                place = place + step & size - 1
    after = [1 if count == -1 else count for count in counts]
    table = []
    for symbol in symbols:
        state = after[symbol]
        after[symbol] += 1
        bits = accuracy - state.bit_length() + 1
        table.append((symbol, bits, (state << bits) - size))
    return table


@lru_cache(maxsize=3)
def default_table(name: str) -> Table:
    """Return the table that a block uses if it describes none."""
    return state_table(*DEFAULTS[name])


def huffman(data: bytes, place: int) -> tuple[Huffman, int]:
    """Return the tree that stands at `place`, and where it ends (RFC 8878, 4.2.1)."""
    header = data[place]
    place += 1
    if header >= 128:
        count = header - 127
        packed = data[place : place + (count + 1) // 2]
        weights = [half for byte in packed for half in (byte >> 4, byte & 15)][:count]
        place += (count + 1) // 2
    else:
        weights = weights_of(data[place : place + header])
        place += header
    total = sum(1 << weight - 1 for weight in weights if weight)
    bits = total.bit_length()
    left = (1 << bits) - total
    if not total or bits > 11 or left & left - 1:
        raise ValueError
    weights.append(left.bit_length())
    table: list[tuple[int, int]] = []
    for weight in range(1, bits + 1):
        for symbol, one in enumerate(weights):
            if one == weight:
                table += [(symbol, bits + 1 - weight)] * (1 << weight - 1)
    if len(table) != 1 << bits:
        raise ValueError
    return Huffman(bits, table), place


def weights_of(data: bytes) -> list[int]:
    """Return the weights of a tree that are compressed with two states by turns."""
    accuracy, counts, place = probabilities(data, 0)
    if accuracy > 6:
        raise ValueError
    table = state_table(accuracy, counts)
    bits = Bits(data[place:])
    total = 8 * (len(data) - place - 1) + bits.count - 2 * accuracy
    states = [bits.read(accuracy), bits.read(accuracy)]
    weights: list[int] = []
    turn = 0
    while len(weights) < 255:
        symbol, wide, base = table[states[turn]]
        weights.append(symbol)
        total -= wide
        if total < 0:
            weights.append(table[states[1 - turn]][0])
            return weights
        states[turn] = base + bits.read(wide)
        turn = 1 - turn
    raise ValueError


def decoded(tree: Huffman, data: bytes, size: int) -> bytes:
    """Return `size` literals that `data` holds."""
    wide, table = tree
    last = data[-1]
    if not last:
        raise ValueError
    count = last.bit_length() - 1
    held = last - (1 << count)
    left = len(data) - 1
    out = bytearray()
    add = out.append
    while len(out) < size:
        if count < wide:
            start = max(0, left - 24)
            more = 8 * (left - start)
            held = held << more | int.from_bytes(data[start:left], "little")
            count += more
            left = start
            if count < wide:
                # The last codes may be shorter than the table is wide.
                held <<= wide - count
                count = wide
        while count >= wide and len(out) < size:
            symbol, used = table[held >> count - wide]
            add(symbol)
            count -= used
            held &= (1 << count) - 1
    return bytes(out)
