"""HWPML: Hancom's older format of one XML file, in which the ministry of legislation keeps its rules."""

from __future__ import annotations

from gonggo.read.office.common import Read
from gonggo.read.office.hwpx import Section

# The elements of this dialect by the names of HWPX.
NAMES = {
    "P": "p",
    "CHAR": "t",
    "TABLE": "tbl",
    "ROW": "tr",
    "CELL": "tc",
    "LINEBREAK": "lineBreak",
    "TAB": "tab",
    "NBSPACE": "nbSpace",
    "FWSPACE": "fwSpace",
    "HYPHEN": "hyphen",
    "HEADER": "header",
    "FOOTER": "footer",
    "HIDDENCOMMENT": "hiddenComment",
}


def read(content: bytes) -> Read:
    """The text with its tables. What was deleted with tracking is superseded; struck-out letters are not told apart.

    Raises:
        RefusedError: corrupt or too big.
    """
    section = Section(NAMES)
    text = section.text(content)
    return Read(text, superseded=tuple(section.superseded))
