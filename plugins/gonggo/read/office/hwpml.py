"""HWPML: Hancom's older format of a single XML file, used by the Ministry of Government Legislation."""

from __future__ import annotations

from gonggo.read.office.common import ReadResult
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


def read(content: bytes) -> ReadResult:
    """Return the text with its tables. Tracked deletions are superseded; struck-out text is not recognised.

    Raises:
        RefusedError: corrupt or too big.
    """
    section = Section(NAMES)
    text = section.text(content)
    return ReadResult(text, superseded=tuple(section.superseded))
