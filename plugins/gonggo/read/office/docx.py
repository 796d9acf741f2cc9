"""DOCX: the package is opened by python-docx, and the document is read element by element.

The paragraphs of that library do not include content controls, text boxes and tracked changes.
"""

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
from gonggo.read.office.common import DEEPEST, ReadResult, RefusedError, open_zip, table_text

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_AS_TEXT = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# Wrappers whose content belongs to the text: content controls, fields, links, insertions, text moved here.
_TRANSPARENT = frozenset(
    "sdt sdtContent ins moveTo smartTag customXml hyperlink fldSimple body footnote endnote txbxContent dir bdo ruby "
    "rubyBase".split()
)
_DELETED = frozenset(["del", "moveFrom"])
_BOX = f"{_W}txbxContent"
_LETTER = re.compile(r"[^\W_]")
_OFF = ("0", "false", "off", "none")


def read(content: bytes) -> ReadResult:
    """Return the text after all tracked changes, with tables, text boxes and notes, without page headers and footers.

    Text that was deleted or moved away with tracking, or is struck out, is superseded.

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
    document_text = DocumentText(notes, _struck_styles(styles))
    text = "".join(document_text.blocks(document.element.body, 0))
    return ReadResult(text, superseded=tuple(document_text.superseded))


def _notes(part: DocumentPart, kind: str) -> Iterator[tuple[tuple[str, str], Element]]:
    """Yield the footnotes or endnotes with the references to them."""
    relation = getattr(RELATIONSHIP_TYPE, f"{kind.upper()}S")
    for other in part.rels.values():
        if other.reltype == relation and not other.is_external:
            for note in parse_xml(other.target_part.blob).iter(f"{_W}{kind}"):
                # Separator lines between notes and text are notes of another type.
                if note.get(f"{_W}type", "normal") == "normal":
                    yield (kind, note.get(f"{_W}id", "")), note


def _struck_styles(styles: Element | None) -> frozenset[str]:
    all_styles = () if styles is None else styles.iter(f"{_W}style")
    return frozenset(
        style.get(f"{_W}styleId", "") for style in all_styles if _is_struck(style.find(f"{_W}rPr"), frozenset())
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


class DocumentText:
    """Collects the text of a document and what is superseded in it."""

    def __init__(self, notes: dict[tuple[str, str], Element], struck: frozenset[str]) -> None:
        self.notes, self.struck = notes, struck
        self.superseded: list[str] = []
        self.removed = ""

    def blocks(self, part: Element, depth: int) -> Iterator[str]:
        """Yield the text of the paragraphs and tables of a part, whatever they are wrapped in."""
        if depth > DEEPEST:
            raise RefusedError("corrupt", "tables are nested too deep")
        for child in _children(part):
            name = _name(child)
            if name == "p":
                yield from self._paragraph(child, depth)
            elif name == "tbl":
                yield self._table(child, depth)
            elif name in _TRANSPARENT:
                yield from self.blocks(child, depth + 1)

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[str]:
        properties = paragraph.find(f"{_W}pPr")
        mark = properties.find(f"{_W}rPr") if properties is not None else None
        style = properties.find(f"{_W}pStyle") if properties is not None else None
        is_struck = style is not None and style.get(f"{_W}val") in self.struck
        after: list[Element] = []
        yield from self._runs(paragraph, is_struck, after, depth)
        yield self._flush_removed()
        # A paragraph whose end was deleted continues in the next.
        if mark is None or mark.find(f"{_W}del") is None:
            yield "\n"
        for box in after:
            yield from self.blocks(box, depth + 1)

    def _runs(self, part: Element, is_removed: bool, after: list[Element], depth: int) -> Iterator[str]:
        if depth > DEEPEST:
            raise RefusedError("corrupt", "parts are nested too deep")
        for child in _children(part):
            name = _name(child)
            if name == "r":
                yield from self._run(child, is_removed, after)
            elif name in _DELETED:
                yield from self._runs(child, True, after, depth + 1)
            elif name in _TRANSPARENT:
                yield from self._runs(child, is_removed, after, depth + 1)

    def _run(self, run: Element, is_removed: bool, after: list[Element]) -> Iterator[str]:
        properties = run.find(f"{_W}rPr")
        if properties is not None:
            hidden = properties.find(f"{_W}vanish")
            if hidden is not None and hidden.get(f"{_W}val", "1") not in _OFF:
                return
            is_removed = is_removed or _is_struck(properties, self.struck)
        text = ""
        for child in _children(run):
            name = _name(child)
            if name in ("t", "delText"):
                text += child.text or ""
            elif name in _AS_TEXT:
                text += _AS_TEXT[name]
            elif name in ("footnoteReference", "endnoteReference"):
                note = self.notes.get((name.removesuffix("Reference"), child.get(f"{_W}id", "")))
                after += [note] if note is not None and not is_removed else []
            elif not is_removed:
                after += _boxes(child)
        if is_removed:
            self.removed += text
        else:
            yield self._flush_removed()
            yield text

    def _flush_removed(self) -> str:
        """Record struck or deleted text as superseded; return it if it is punctuation alone (a struck bullet)."""
        removed, self.removed = self.removed, ""
        if not _LETTER.search(removed):
            return removed
        self.superseded.append(removed)
        return ""

    def _table(self, table: Element, depth: int) -> str:
        rows, above = list[list[Cell]](), dict[int, tuple[int, int]]()
        for row in _descendants(table, "tr", depth):
            properties = row.find(f"{_W}trPr")
            cells, column = list[Cell](), _count(properties, "gridBefore", 0)
            is_removed = properties is not None and properties.find(f"{_W}del") is not None
            for cell in _descendants(row, "tc", depth):
                cell_properties = cell.find(f"{_W}tcPr")
                width = max(1, _count(cell_properties, "gridSpan", 1))
                text = "".join(self.blocks(cell, depth + 1))
                if is_removed or (cell_properties is not None and cell_properties.find(f"{_W}cellDel") is not None):
                    self.superseded += [text.strip()] if _LETTER.search(text) else []
                    text = ""
                if _continues_above(cell_properties) and column in above:
                    row_index, index = above[column]
                    rows[row_index][index] = rows[row_index][index]._replace(rowspan=len(rows) - row_index + 1)
                else:
                    above[column] = (len(rows), len(cells))
                    cells.append(Cell(text, 1, width, len(rows), column))
                column += width
            rows.append(cells)
        return table_text(rows, self.superseded)


def _descendants(part: Element, wanted: str, depth: int) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, including those in content controls."""
    if depth > DEEPEST:
        raise RefusedError("corrupt", "parts are nested too deep")
    for child in _children(part):
        name = _name(child)
        if name == wanted:
            yield child
        elif name in _TRANSPARENT:
            yield from _descendants(child, wanted, depth + 1)


def _continues_above(properties: Element | None) -> bool:
    merge = properties.find(f"{_W}vMerge") if properties is not None else None
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _count(properties: Element | None, name: str, without: int) -> int:
    element = properties.find(f"{_W}{name}") if properties is not None else None
    value = element.get(f"{_W}val", "") if element is not None else ""
    return int(value) if value.isdecimal() and len(value) < 5 else without


def _boxes(part: Element) -> list[Element]:
    """Return the outermost text boxes of a drawing."""
    boxes = [part] if part.tag == _BOX else list[Element]()
    for child in _children(part) if not boxes else ():
        boxes += _boxes(child)
    return boxes


def _children(part: Element) -> Iterator[Element]:
    """Yield the elements of a part; of alternatives for different programs only the first."""
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
