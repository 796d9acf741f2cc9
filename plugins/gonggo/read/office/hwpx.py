"""HWPX: Hancom's open format (KS X 6101), XML sections in a ZIP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from gonggo.read.office.parts import DEEPEST, LONGEST_TEXT, RefusedError, member, open_zip, table_text

_SECTION = re.compile(r"contents/section(\d+)\.xml$", re.I)
_BREAKS = {"lineBreak": "\n", "tab": "\t", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}
# Parts that are no text of the document: headers, footers, comments of the authors.
_ASIDE = {"header", "footer", "hiddenComment", "memo", "memogroup"}


def read(content: bytes) -> tuple[str, str]:
    """The text as it stands after all tracked changes, with its tables, and the outcome ok.

    Errors:
        RefusedError: encrypted, corrupt or too big.
    """
    archive = open_zip(content)
    entries = {entry.filename.replace("\\", "/"): entry for entry in archive.infolist()}
    manifest = entries.get("META-INF/manifest.xml")
    if manifest and b"encryption-data" in member(archive, manifest):
        raise RefusedError("encrypted", "the file needs a password")
    sections = {int(found.group(1)): name for name in entries if (found := _SECTION.search(name))}
    if not sections:
        raise RefusedError("corrupt", "the file has no text")
    texts = [Section().text(member(archive, entries[name])) for _, name in sorted(sections.items())]
    return "\n".join(texts), "ok"


class Section:
    """One section, read element by element: what is open is a stack of texts, the innermost cell last.

    ``names`` gives the elements of another dialect by the names used here.
    """

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.names = names or {}
        self.open: list[list[str]] = [[]]
        self.rows: list[list[list[str]]] = []
        self.in_text = self.deleted = self.aside = 0
        self.size = 0

    def text(self, xml: bytes) -> str:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        try:
            parser.Parse(xml, True)
        except expat.ExpatError as error:
            raise RefusedError("corrupt", f"a section is no XML ({error})") from error
        return "".join(self.open[0])

    def _entity(self, name: str, _is_parameter: bool, value: str | None, *_: Any) -> None:
        # HWPML declares &nbsp;. Entities that grow, or that name files, no writer of these formats declares.
        if value is None or len(value) > 1:
            raise RefusedError("corrupt", f"the file declares the entity {name[:20]!r}")

    def _name(self, tag: str) -> str:
        name = tag.rpartition(":")[2]
        return self.names.get(name, name)

    def _start(self, tag: str, _: dict[str, str]) -> None:
        name = self._name(tag)
        if name in _ASIDE:
            self.aside += 1
        elif name == "t":
            self.in_text += 1
        elif name == "deleteBegin":
            self.deleted += 1
        elif name == "deleteEnd":
            self.deleted = max(0, self.deleted - 1)
        elif name == "tbl":
            self.rows.append([])
            if len(self.rows) > DEEPEST:
                raise RefusedError("corrupt", "tables within tables without end")
        elif name == "tr" and self.rows:
            self.rows[-1].append([])
        elif name == "tc":
            self.open.append([])
        elif name in _BREAKS and self.in_text:
            self._characters(_BREAKS[name])

    def _end(self, tag: str) -> None:
        name = self._name(tag)
        if name in _ASIDE:
            self.aside -= 1
        elif name == "t":
            self.in_text -= 1
        elif name == "p":
            self.open[-1].append("\n")
        elif name == "tc" and len(self.open) > 1:
            text = "".join(self.open.pop())
            if self.rows and self.rows[-1]:
                self.rows[-1][-1].append(text)
        elif name == "tbl" and self.rows:
            self.open[-1].append(table_text(self.rows.pop()))

    def _characters(self, text: str) -> None:
        if self.in_text and not self.deleted and not self.aside:
            self.size += len(text)
            if self.size > LONGEST_TEXT:
                raise RefusedError("too_big", "the text is longer than any document")
            self.open[-1].append(text)
