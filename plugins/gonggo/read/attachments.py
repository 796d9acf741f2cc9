"""The files of an announcement to text: which is the notice and which a form, and where the notice's text stands."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.read.office.sniff import sniff
from gonggo.read.reading import Place
from gonggo.read.subprocess_reader import Office, read_office

# Of one notice in several formats the first of these is read for facts.
_BEST = ("hwpx", "hwp", "hwpml", "docx", "pdf", "zip", "xlsx")
_HEAD = 400
_TITLE_LINES = 2
_SHORTEST_BODY = 200
# Of equal ends the first decides.
_ROLES = ("form", "other", "notice")
_BRACKETS = re.compile(r"[(\[（【][^)\]）】]{0,200}[)\]）】]")
_MOST_TEXT = 200_000


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")
    form: re.Pattern[str]
    other: re.Pattern[str]
    notice: re.Pattern[str]
    form_title: re.Pattern[str]
    form_text: re.Pattern[str]


@cache
def _words() -> _Words:
    return load_model(Path(__file__).with_name("attachments.yaml"), _Words)


@dataclass(frozen=True)
class Attached:
    """One file: the row that tells of it, its kind, its text and the places of its cells and pages in it."""

    row: dict[str, Any]
    kind: str
    text: str
    places: list[Place] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)


class Whole(NamedTuple):
    """An announcement's text with its notices, a row for each of its files, the places of pages and cells, and what
    the files themselves say was superseded."""

    text: str
    files: list[dict[str, Any]]
    places: list[Place]
    removed: Sequence[dict[str, str]] = ()


def with_files(body: str, files: Iterable[tuple[dict[str, Any], bytes | None]]) -> Whole:
    """The body with the text of its notices after it, each under a line that names the file; and a row a file.

    ``files`` are rows and contents, None for a file that did not come. A row gets ``sha256``, ``bytes``,
    ``media_type``, ``outcome`` (ok, partial, same, or why it was not read), ``reason``, ``role`` (notice, form, other)
    and, where its text was taken, ``start`` and ``end`` in the whole text. The whole text's places are those of the
    files taken.
    """
    read, seen = list[Attached](), set[str]()
    for row, content in files:
        read.append(_read(row, content, seen))
    taken = _taken(body, read)
    text, rows, places, removed = body, list[dict[str, Any]](), list[Place](), list[dict[str, str]]()
    for file in read:
        row = dict(file.row)
        if file in taken:
            text += f"\n\n## 첨부: {row['name']}\n"
            at = len(text)
            row |= {"start": at, "end": at + len(file.text)}
            places += [(start + at, end + at, place) for start, end, place in file.places if end <= len(file.text)]
            text += file.text
            removed += [{"kind": "superseded", "quote": said, "file": row["name"]} for said in file.superseded]
        rows.append(row)
    return Whole(text, rows, places, removed)


def _read(row: dict[str, Any], content: bytes | None, seen: set[str]) -> Attached:
    row = {name: value for name, value in row.items() if name != "record"}
    if content is None:
        return Attached(row, "", "")
    digest = hashlib.sha256(content).hexdigest()
    kind = sniff(content) or ""
    row |= {"sha256": digest, "bytes": len(content), "media_type": kind or None}
    if digest in seen:
        return Attached({**row, "outcome": "same", "reason": "the same file as another"}, kind, "")
    seen.add(digest)
    office = read_office(content, kind) if kind else Office("", "unsupported", "not a document that can be read", "")
    text = office.text[:_MOST_TEXT]
    row |= {"outcome": office.outcome, "reason": office.reason}
    return Attached(
        {**row, "role": _role(row["name"], text)} if text else row, kind, text, office.places, office.superseded
    )


def _role(name: str, text: str) -> str:
    words, head = _words(), text[:_HEAD]
    named = _BRACKETS.sub(" ", unicodedata.normalize("NFC", name).rpartition(".")[0] or name)
    last = {role: [found.end() for found in getattr(words, role).finditer(named)] for role in _ROLES}
    role = max(_ROLES, key=lambda role: max(last[role], default=0))
    if last[role]:
        return role
    lines = [line for line in head.split("\n") if line][:_TITLE_LINES]
    if any(words.form_title.search(line) for line in lines) or words.form_text.search(head):
        return "form"
    return "notice" if words.notice.search(head) else "other"


def _taken(body: str, read: list[Attached]) -> list[Attached]:
    """The notices whose text is taken: of one name in several formats the best alone.

    Where the page says next to nothing and no file is a notice by name or content, all but the forms are.
    """
    notices = [file for file in read if file.row.get("role") == "notice"]
    if not notices and len(body) < _SHORTEST_BODY:
        notices = [file for file in read if file.row.get("role") == "other"]
    best: dict[str, Attached] = {}
    for file in sorted(notices, key=lambda f: _BEST.index(f.kind) if f.kind in _BEST else len(_BEST)):
        best.setdefault(re.sub(r"\.\w{2,5}$|[\s_()-]", "", file.row["name"]), file)
    return [file for file in read if any(file is kept for kept in best.values())]
