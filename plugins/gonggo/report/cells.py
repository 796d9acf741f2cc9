"""Texts on their way out: without what no format can hold, and never a formula where a spreadsheet would run one.

One place for all outputs: exports, downloads of the site and of the console, ``gonggo sql``. Imports nothing of ours,
since the console's process has it too.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# What XML 1.0 cannot hold, nor a calendar or a workbook: control characters, halves of surrogate pairs, non-characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|\x85|\u2028|\u2029")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]*)?(?:e[+-]?[0-9]{1,4})?%?", re.IGNORECASE)
# Signs by which a spreadsheet takes a cell for a formula or a command (DDE), in their plain form; and the minus sign
# that no form of Unicode makes plain.
_SIGNS = "=+-@|%\u2212"
# Formats, controls and marks that sit on nothing; the fillers of Hangul are letters to Unicode, and as unseen.
_UNSEEN = ("Cf", "Cc", "Mn", "Me")
_FILLERS = "\u115f\u1160\u3164\uffa0"
# Spreadsheets that are set up so begin a cell anew at these, whatever stands before them.
_STARTS = "\t\r\n"


def clean(text: str) -> str:
    """Return the text without characters that no XML can hold; half of a surrogate pair becomes U+FFFD."""
    return _FORBIDDEN.sub(_without, text)


def one_line(text: str) -> str:
    """Return the clean text on one line, for titles and fields that cannot be broken."""
    return " ".join(clean(text).split())


def lines(text: str) -> str:
    """Return the clean text with ``\n`` as its only line break."""
    return _BREAKS.sub("\n", clean(text))


def cleaned(value: Any) -> Any:
    """Return a value with every text in it clean, for JSON, XML and pages."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {cleaned(name): cleaned(item) for name, item in value.items()}
    return value


def cell(value: Any) -> Any:
    """Return a value as a cell of a table. A text that a spreadsheet would run gets an apostrophe; numbers stay.

    A lone carriage return becomes a line break: not every writer of CSV puts a text with one in quotation marks.
    """
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    elif isinstance(value, dict):
        value = str(value)
    if not isinstance(value, str):
        return value
    text = lines(value)
    return f"'{text}" if runs(text) else text


def runs(text: str) -> bool:
    """Return whether a spreadsheet might take a text for a formula.

    What stands before the sign unseen does not count: white space, characters without width, direction marks. A sign
    counts in each of its forms, full-width and small. A number with its sign is no formula.
    """
    if text[:1] in _STARTS and text:
        return True
    for place, letter in enumerate(text):
        if letter.isspace() or letter in _FILLERS or unicodedata.category(letter) in _UNSEEN:
            continue
        sign = unicodedata.normalize("NFKC", letter)[:1]
        return sign in _SIGNS and not _NUMBER.fullmatch(text[place:].strip())
    return False


def _without(found: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= found[0] <= "\udfff" else ""
