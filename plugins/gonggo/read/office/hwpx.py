"""HWPX: Hancom's open format (KS X 6101), XML sections in a ZIP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from gonggo.read.grid import Cell
from gonggo.read.office.common import DEEPEST, LONGEST_TEXT, ReadResult, RefusedError, open_zip, read_member, table_text

_SECTION = re.compile(r"contents/section(\d+)\.xml$", re.I)
_AS_TEXT = {"lineBreak": "\n", "tab": "\t", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}
# Elements that are not part of the text: headers, footers, comments.
_NOT_TEXT = {"header", "footer", "hiddenComment", "memo", "memogroup"}
_HEADER = "Contents/header.xml"
# Hancom writes the shape 3D for a line that is not drawn.
_NOT_STRUCK = {"NONE", "3D"}
_STRUCK = re.compile(rb"strikeout\s[^<>]{0,200}shape=[\"'](?!NONE|3D)")
_SECTIONS = re.compile(rb"\ssecCnt=[\"'](\d{1,4})[\"']")
_LETTER = re.compile(r"[^\W_]")


def read(content: bytes) -> ReadResult:
    """Return the text after all tracked changes, with its tables; partial if a section is missing.

    Text that is struck out or was deleted with tracking is superseded.

    Raises:
        RefusedError: encrypted, corrupt or too big.
    """
    archive = open_zip(content)
    entries = {entry.filename.replace("\\", "/"): entry for entry in archive.infolist()}
    manifest = entries.get("META-INF/manifest.xml")
    if manifest and b"encryption-data" in read_member(archive, manifest):
        raise RefusedError("encrypted", "the file needs a password")
    sections = {int(match.group(1)): name for name in entries if (match := _SECTION.search(name))}
    if not sections:
        raise RefusedError("corrupt", "the file has no text")
    header = Header(read_member(archive, entries[_HEADER]) if _HEADER in entries else b"")
    superseded, texts = list[str](), list[str]()
    for _, name in sorted(sections.items()):
        texts.append(Section(struck=header.struck, superseded=superseded).text(read_member(archive, entries[name])))
    missing = max(header.sections, max(sections) + 1) - len(sections)
    text = "\n".join(texts)
    if missing > 0:
        return ReadResult(text, "partial", f"damaged: {missing} sections of the text are missing", tuple(superseded))
    return ReadResult(text, superseded=tuple(superseded))


class Header:
    """The header: the ids of struck-out character shapes, and the number of sections."""

    def __init__(self, xml: bytes) -> None:
        self.struck: set[str] = set()
        self.sections = 0
        self._shape = ""
        count = _SECTIONS.search(xml)
        self.sections = int(count[1]) if count else 0
        if _STRUCK.search(xml):
            parser = _parser()
            parser.StartElementHandler = self._start
            _parse(parser, xml, "the header")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "charPr":
            self._shape = attributes.get("id", "")
        elif name == "strikeout" and attributes.get("shape", "NONE") not in _NOT_STRUCK:
            self.struck.add(self._shape)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.EntityDeclHandler = _entity
    return parser


def _entity(name: str, _is_parameter: bool, value: str | None, *_: Any) -> None:
    # HWPML declares &nbsp;. Entities that expand or refer to files are not used by any writer of these formats.
    if value is None or len(value) > 1:
        raise RefusedError("corrupt", f"the file declares the entity {name[:20]!r}")


def _parse(parser: expat.XMLParserType, xml: bytes, what: str) -> None:
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise RefusedError("corrupt", f"{what} is no XML ({error})") from error


class Section:
    """One section, read element by element; ``open`` is a stack of the texts of open cells, the innermost last.

    ``names`` maps the element names of another dialect to those used here. ``struck`` are the ids of struck-out
    character shapes; their text, and tracked deletions, are added to ``superseded``.
    """

    def __init__(
        self,
        names: Mapping[str, str] | None = None,
        struck: set[str] | None = None,
        superseded: list[str] | None = None,
    ) -> None:
        self.names = names or {}
        self.struck = struck or set()
        self.superseded = superseded if superseded is not None else []
        self.open: list[list[str]] = [[]]
        self.rows: list[list[list[Cell]]] = []
        self.spans: list[dict[str, str]] = []
        self.in_text = self.deleted = self.not_text_depth = 0
        self.is_struck = False
        self.removed: list[str] = []
        self.size = 0

    def text(self, xml: bytes) -> str:
        parser = _parser()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        _parse(parser, xml, "a section")
        self._flush_removed()
        return "".join(self.open[0])

    def _name(self, tag: str) -> str:
        name = tag.rpartition(":")[2]
        return self.names.get(name, name)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._name(tag)
        if name in _NOT_TEXT:
            self.not_text_depth += 1
        elif name == "run":
            self._end_of_struck(attributes.get("charPrIDRef", "") in self.struck)
        elif name == "t":
            self.in_text += 1
        elif name == "deleteBegin":
            self.deleted += 1
        elif name == "deleteEnd":
            self.deleted = max(0, self.deleted - 1)
            self._flush_removed()
        elif name == "tbl":
            self.rows.append([])
            if len(self.rows) > DEEPEST:
                raise RefusedError("corrupt", "tables are nested too deep")
        elif name == "tr" and self.rows:
            self.rows[-1].append([])
        elif name == "tc":
            self.open.append([])
            self.spans.append({key[0].lower() + key[1:]: value for key, value in attributes.items()})
        elif name in ("cellAddr", "cellSpan") and self.spans:
            self.spans[-1] |= attributes
        elif name in _AS_TEXT and self.in_text:
            self._characters(_AS_TEXT[name])

    def _end(self, tag: str) -> None:
        name = self._name(tag)
        if name in _NOT_TEXT:
            self.not_text_depth -= 1
        elif name == "t":
            self.in_text -= 1
        elif name == "p":
            self._end_of_struck(False)
            self.open[-1].append("\n")
        elif name == "tc" and len(self.open) > 1:
            text, spans = "".join(self.open.pop()), self.spans.pop()
            if self.rows and self.rows[-1]:
                self.rows[-1][-1].append(_cell(text, spans))
        elif name == "tbl" and self.rows:
            self.open[-1].append(table_text(self.rows.pop(), self.superseded))

    def _end_of_struck(self, is_struck_next: bool) -> None:
        if self.is_struck and not is_struck_next:
            self._flush_removed()
        self.is_struck = is_struck_next

    def _flush_removed(self) -> None:
        """Record struck or deleted text as superseded; keep it if it is punctuation alone (a struck bullet)."""
        removed, self.removed = "".join(self.removed), []
        if _LETTER.search(removed):
            self.superseded.append(removed)
        else:
            self.open[-1].append(removed)

    def _characters(self, text: str) -> None:
        if self.in_text and not self.not_text_depth:
            self.size += len(text)
            if self.size > LONGEST_TEXT:
                raise RefusedError("too_big", "the text is longer than any document")
            (self.removed if self.deleted or self.is_struck else self.open[-1]).append(text)


def _cell(text: str, attributes: Mapping[str, str]) -> Cell:
    """Return a cell with its position and spans, if the file states them."""
    row, column, rows, columns = (
        _number(attributes.get(name)) for name in ("rowAddr", "colAddr", "rowSpan", "colSpan")
    )
    return Cell(text, rows or 1, columns or 1, row, column)


def _number(digits: str | None) -> int | None:
    return int(digits) if digits and digits.isdecimal() and len(digits) < 6 else None
