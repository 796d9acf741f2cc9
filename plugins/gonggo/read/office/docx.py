"""DOCX: the package by python-docx, its body element by element, for what stands in content controls, text boxes and
tracked changes is in no paragraph of that library."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.parts.document import DocumentPart
from lxml import etree
from lxml.etree import _Element as Element

from gonggo.read.grid import Cell
from gonggo.read.office.common import DEEPEST, Read, RefusedError, open_zip, table_text

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_AS_TEXT = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# Wrappers whose content is the document's own: content controls, fields, links, what was inserted or moved here.
_THROUGH = frozenset(
    "sdt sdtContent ins moveTo smartTag customXml hyperlink fldSimple body footnote endnote txbxContent dir bdo ruby "
    "rubyBase".split()
)
_GONE = frozenset(["del", "moveFrom"])
_BOX = f"{_W}txbxContent"
_LETTER = re.compile(r"[^\W_]")
_OFF = ("0", "false", "off", "none")


def read(content: bytes) -> Read:
    """The text as it stands after all tracked changes, with its tables, text boxes and notes; headers and footers of
    pages are left out. What was deleted or moved away with tracking, or is struck out, is superseded.

    Raises:
        RefusedError: corrupt or too big.
    """
    open_zip(content).close()
    try:
        document = docx.Document(io.BytesIO(content))
        styles = document.part.styles.element if document.part else None
        notes = dict(_notes(document.part, "footnote")) | dict(_notes(document.part, "endnote"))
    except Exception as error:  # what the library raises on broken parts has no common base
        raise RefusedError("corrupt", f"not a whole DOCX file ({error})") from error
    body = Body(notes, _struck_styles(styles))
    text = "".join(body.blocks(document.element.body, 0))
    return Read(text, superseded=tuple(body.superseded))


def _notes(part: DocumentPart, kind: str) -> Iterator[tuple[tuple[str, str], Element]]:
    """The notes at the foot or the end, by the references to them."""
    relation = getattr(RELATIONSHIP_TYPE, f"{kind.upper()}S")
    for other in part.rels.values():
        if other.reltype == relation and not other.is_external:
            for note in parse_xml(other.target_part.blob).iter(f"{_W}{kind}"):
                # The lines that part notes from the text are notes of a type of their own.
                if note.get(f"{_W}type", "normal") == "normal":
                    yield (kind, note.get(f"{_W}id", "")), note


def _struck_styles(styles: Element | None) -> frozenset[str]:
    found = () if styles is None else styles.iter(f"{_W}style")
    return frozenset(
        style.get(f"{_W}styleId", "") for style in found if _is_struck(style.find(f"{_W}rPr"), frozenset())
    )


def _is_struck(properties: Element | None, styles: frozenset[str]) -> bool:
    if properties is None:
        return False
    for name in ("strike", "dstrike"):
        mark = properties.find(f"{_W}{name}")
        if mark is not None:
            return mark.get(f"{_W}val", "1") not in _OFF
    style = properties.find(f"{_W}rStyle")
    return style is not None and style.get(f"{_W}val") in styles


class Body:
    """The text of a document's parts, and on the way what was superseded."""

    def __init__(self, notes: dict[tuple[str, str], Element], struck: frozenset[str]) -> None:
        self.notes, self.struck = notes, struck
        self.superseded: list[str] = []
        self.gone = ""

    def blocks(self, part: Element, depth: int) -> Iterator[str]:
        """The paragraphs and tables of a part, whatever they are wrapped in."""
        if depth > DEEPEST:
            raise RefusedError("corrupt", "tables within tables without end")
        for child in _children(part):
            name = _name(child)
            if name == "p":
                yield from self._paragraph(child, depth)
            elif name == "tbl":
                yield self._table(child, depth)
            elif name in _THROUGH:
                yield from self.blocks(child, depth + 1)

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[str]:
        properties = paragraph.find(f"{_W}pPr")
        mark = properties.find(f"{_W}rPr") if properties is not None else None
        style = properties.find(f"{_W}pStyle") if properties is not None else None
        is_struck = style is not None and style.get(f"{_W}val") in self.struck
        after: list[Element] = []
        yield from self._runs(paragraph, is_struck, after, depth)
        yield self._let_go()
        # A paragraph whose end was deleted goes on in the next.
        if mark is None or mark.find(f"{_W}del") is None:
            yield "\n"
        for box in after:
            yield from self.blocks(box, depth + 1)

    def _runs(self, part: Element, is_gone: bool, after: list[Element], depth: int) -> Iterator[str]:
        if depth > DEEPEST:
            raise RefusedError("corrupt", "parts within parts without end")
        for child in _children(part):
            name = _name(child)
            if name == "r":
                yield from self._run(child, is_gone, after)
            elif name in _GONE:
                yield from self._runs(child, True, after, depth + 1)
            elif name in _THROUGH:
                yield from self._runs(child, is_gone, after, depth + 1)

    def _run(self, run: Element, is_gone: bool, after: list[Element]) -> Iterator[str]:
        properties = run.find(f"{_W}rPr")
        if properties is not None:
            hidden = properties.find(f"{_W}vanish")
            if hidden is not None and hidden.get(f"{_W}val", "1") not in _OFF:
                return
            is_gone = is_gone or _is_struck(properties, self.struck)
        said = ""
        for child in _children(run):
            name = _name(child)
            if name in ("t", "delText"):
                said += child.text or ""
            elif name in _AS_TEXT:
                said += _AS_TEXT[name]
            elif name in ("footnoteReference", "endnoteReference"):
                note = self.notes.get((name.removesuffix("Reference"), child.get(f"{_W}id", "")))
                after += [note] if note is not None and not is_gone else []
            elif not is_gone:
                after += _boxes(child)
        if is_gone:
            self.gone += said
        else:
            yield self._let_go()
            yield said

    def _let_go(self) -> str:
        """What was struck or deleted is superseded; marks alone (a struck bullet) change nothing and stay."""
        said, self.gone = self.gone, ""
        if not _LETTER.search(said):
            return said
        self.superseded.append(said)
        return ""

    def _table(self, table: Element, depth: int) -> str:
        rows, above = list[list[Cell]](), dict[int, tuple[int, int]]()
        for row in _inside(table, "tr", depth):
            properties = row.find(f"{_W}trPr")
            cells, column = list[Cell](), _count(properties, "gridBefore", 0)
            is_gone = properties is not None and properties.find(f"{_W}del") is not None
            for cell in _inside(row, "tc", depth):
                given = cell.find(f"{_W}tcPr")
                across = max(1, _count(given, "gridSpan", 1))
                text = "".join(self.blocks(cell, depth + 1))
                if is_gone or (given is not None and given.find(f"{_W}cellDel") is not None):
                    self.superseded += [text.strip()] if _LETTER.search(text) else []
                    text = ""
                if _goes_on(given) and column in above:
                    at, place = above[column]
                    rows[at][place] = rows[at][place]._replace(rowspan=len(rows) - at + 1)
                else:
                    above[column] = (len(rows), len(cells))
                    cells.append(Cell(text, 1, across, len(rows), column))
                column += across
            rows.append(cells)
        return table_text(rows, self.superseded)


def _inside(part: Element, wanted: str, depth: int) -> Iterator[Element]:
    """The rows of a table or the cells of a row, in content controls too."""
    if depth > DEEPEST:
        raise RefusedError("corrupt", "parts within parts without end")
    for child in _children(part):
        name = _name(child)
        if name == wanted:
            yield child
        elif name in _THROUGH:
            yield from _inside(child, wanted, depth + 1)


def _goes_on(given: Element | None) -> bool:
    merge = given.find(f"{_W}vMerge") if given is not None else None
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _count(given: Element | None, name: str, without: int) -> int:
    found = given.find(f"{_W}{name}") if given is not None else None
    said = found.get(f"{_W}val", "") if found is not None else ""
    return int(said) if said.isdecimal() and len(said) < 5 else without


def _boxes(part: Element) -> list[Element]:
    """The outermost text boxes in a drawing."""
    found = [part] if part.tag == _BOX else list[Element]()
    for child in _children(part) if not found else ():
        found += _boxes(child)
    return found


def _children(part: Element) -> Iterator[Element]:
    """The elements of a part; of alternatives for other programs the first, so that nothing is said twice."""
    for child in part.iterchildren(etree.Element):
        if child.tag == f"{_MC}AlternateContent":
            chosen = next((one for one in child.iterchildren(f"{_MC}Choice", f"{_MC}Fallback") if len(one)), None)
            if chosen is not None:
                yield from _children(chosen)
        else:
            yield child


def _name(node: Element) -> str:
    tag = str(node.tag)
    return tag[len(_W) :] if tag.startswith(_W) else ""
