"""Sanitizing of texts for output: no characters that a format cannot hold, no formulas for spreadsheets.

Used by all outputs: exports, downloads of the site and the console, ``gonggo sql``. It imports nothing of the package,
because the console's worker process uses it too.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# Characters that XML 1.0, calendars and workbooks cannot hold: control characters, lone surrogates, noncharacters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|\x85|\u2028|\u2029")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]*)?(?:e[+-]?[0-9]{1,4})?%?", re.IGNORECASE)
# Characters that make a spreadsheet treat a cell as a formula or a DDE command, in their normalized form; and the minus
# sign U+2212, which normalization does not change.
_SIGNS = "=+-@|%\u2212"
# Invisible characters: formats, controls, combining marks; and the Hangul fillers, which Unicode counts as letters.
_UNSEEN = ("Cf", "Cc", "Mn", "Me")
_FILLERS = "\u115f\u1160\u3164\uffa0"
# Some spreadsheets treat the text after these as the beginning of a cell.
_STARTS = "\t\r\n"


def clean(text: str) -> str:
    """Return the text without characters that XML cannot hold; a lone surrogate becomes U+FFFD."""
    return _FORBIDDEN.sub(_replacement, text)


def one_line(text: str) -> str:
    """Return the clean text on one line, for titles and other single-line fields."""
    return " ".join(clean(text).split())


def lines(text: str) -> str:
    r"""Return the clean text with ``\n`` as its only line break."""
    return _BREAKS.sub("\n", clean(text))


def clean_values(value: Any) -> Any:
    """Return a value with all texts in it clean, for JSON, XML and pages."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [clean_values(item) for item in value]
    if isinstance(value, dict):
        return {clean_values(name): clean_values(item) for name, item in value.items()}
    return value


def safe_cell(value: Any) -> Any:
    """Return a value as a table cell. A text that a spreadsheet would execute gets an apostrophe before it.

    A lone carriage return becomes a line break, because not every CSV writer quotes a text with one.
    """
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    elif isinstance(value, dict):
        value = str(value)
    if not isinstance(value, str):
        return value
    text = lines(value)
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet might take a text for a formula.

    Invisible characters before the first visible one are skipped: white space, zero-width characters, direction marks.
    Full-width and small forms of formula characters count too. A signed number is not a formula.
    """
    if text[:1] in _STARTS and text:
        return True
    for index, character in enumerate(text):
        if character.isspace() or character in _FILLERS or unicodedata.category(character) in _UNSEEN:
            continue
        sign = unicodedata.normalize("NFKC", character)[:1]
        return sign in _SIGNS and not _NUMBER.fullmatch(text[index:].strip())
    return False


def _replacement(match: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= match[0] <= "\udfff" else ""
