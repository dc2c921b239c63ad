# SPDX-License-Identifier: MIT
"""JSON with the spelling of its numbers: an index keeps a number of a text field, and a log store one of a string column, as it
was written (1.50, 1e3), and Python's json forgets that."""
import json


class Float(float):
    def __new__(cls, spelling):
        self = float.__new__(cls, spelling)
        self.spelling = spelling
        return self

    def __str__(self):
        return self.spelling

    def __reduce__(self):
        return Float, (self.spelling,)


class Int(int):
    def __new__(cls, spelling):
        self = int.__new__(cls, spelling)
        self.spelling = spelling
        return self

    def __str__(self):
        return self.spelling

    def __reduce__(self):
        return Int, (self.spelling,)


def parse_int(s):
    n = int(s)
    return n if str(n) == s else Int(s)


def loads(text):
    return json.loads(text, parse_float=Float, parse_int=parse_int)
