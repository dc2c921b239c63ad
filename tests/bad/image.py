#!/usr/bin/env python3
"""Damages program images on purpose: image IN OUT CHANGE...

A change is one of
  SECTION.RECORD.WORD=N    32-bit word WORD of record RECORD in a section (CODE.0.0=5); section.def names them
  byte.OFFSET=N            one byte of the file
  header.WORD=N            32-bit word of the header behind the magic: 0 version, 1 sections, 2-3 size, 4-5 checksum
  table.SECTION.WORD=N     32-bit word of a row of the section table: 0 kind, 1 record, 2-3 offset, 4 count
  keep=N                   only the first N bytes
  keep=SECTION             only what stands in front of a section
  size                     the size in the header becomes the true one
  sum                      the checksum becomes right again
N may be hexadecimal, or `+N`: added to what is there.
"""
import os, re, struct, sys

HEADER, ROW = 32, 24
SECTIONS = os.environ.get("IMAGE_SECTIONS", "").split()


MIX, MASK = 0x9FB21C651E98DF25, 0xFFFFFFFFFFFFFFFF


def mix(h, word):
    product = (h ^ word) * MIX
    return (product ^ product >> 64) + h & MASK


def checksum(data):
    """hash_block of base/hash.c."""
    whole = len(data) - len(data) % 32
    lanes, h = [1, 2, 3, 4], len(data)
    for i, (word,) in enumerate(struct.iter_unpack("<Q", data[:whole])):
        lanes[i % 4] = mix(lanes[i % 4], word)
    for lane in lanes:
        h = mix(h, lane)
    rest = data[whole:]
    words = len(rest) // 8
    h = mix(h, len(rest))
    for word in struct.unpack_from("<%dQ" % words, rest):
        h = mix(h, word)
    return mix(mix(h, int.from_bytes(rest[8 * words :], "little")), MIX)


def word(data, at, text):
    new = int(text, 0) + (struct.unpack_from("<I", data, at)[0] if text.startswith("+") else 0)
    struct.pack_into("<I", data, at, new & 0xFFFFFFFF)


def row(name):
    return HEADER + ROW * SECTIONS.index(name)


def change(data, what):
    place, _, value = what.partition("=")
    parts = place.split(".")
    if place == "sum":
        struct.pack_into("<Q", data, 24, checksum(data[HEADER:]))
    elif place == "size":
        struct.pack_into("<Q", data, 16, len(data))
    elif place == "keep":
        del data[struct.unpack_from("<I", data, row(value) + 8)[0] if value in SECTIONS else int(value, 0) :]
    elif parts[0] == "byte":
        data[int(parts[1], 0)] = int(value, 0)
    elif parts[0] == "header":
        word(data, 8 + 4 * int(parts[1]), value)
    elif parts[0] == "table":
        word(data, row(parts[1]) + 4 * int(parts[2]), value)
    else:
        size, off = struct.unpack_from("<II", data, row(parts[0]) + 4)
        word(data, off + size * int(parts[1]) + 4 * int(parts[2]), value)


def main():
    data = bytearray(open(sys.argv[1], "rb").read())
    for what in sys.argv[3:]:
        change(data, what)
    open(sys.argv[2], "wb").write(data)


if __name__ == "__main__":
    main()
