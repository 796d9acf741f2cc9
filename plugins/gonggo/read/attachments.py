"""Text of attached files: which file is the notice and which a form, and the offsets of the notice's text."""

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
from gonggo.read.subprocess_reader import OfficeText, read_office

# If a notice comes in several formats, the first of these is used.
_FORMAT_PREFERENCE = ("hwpx", "hwp", "hwpml", "docx", "pdf", "zip", "xlsx")
_HEAD = 400
_TITLE_LINES = 2
_SHORT_PAGE_TEXT = 200
# The role whose word stands last in a file name decides; on a tie, the first of these.
_ROLES = ("form", "other", "notice")
_BRACKETS = re.compile(r"[(\[（【][^)\]）】]{0,200}[)\]）】]")
_MOST_TEXT = 200_000


class _Patterns(BaseModel):
    model_config = ConfigDict(extra="forbid")
    form: re.Pattern[str]
    other: re.Pattern[str]
    notice: re.Pattern[str]
    form_title: re.Pattern[str]
    form_text: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    return load_model(Path(__file__).with_name("attachments.yaml"), _Patterns)


@dataclass(frozen=True)
class AttachedFile:
    """One file: its row, its kind, its text, and the places (pages, cells) of stretches of that text."""

    row: dict[str, Any]
    kind: str
    text: str
    places: list[Place] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)


class CombinedText(NamedTuple):
    """An announcement's text with its attached notices.

    ``files`` has a row for each file, ``places`` the pages and cells of stretches of the text, ``removed`` what the
    files mark as superseded.
    """

    text: str
    files: list[dict[str, Any]]
    places: list[Place]
    removed: Sequence[dict[str, str]] = ()


def append_attachments(page_text: str, files: Iterable[tuple[dict[str, Any], bytes | None]]) -> CombinedText:
    """Append the text of attached notices to the text of the page, each under a line that names its file.

    ``files`` are rows and contents, None for a file that was not received. Each row gets ``sha256``, ``bytes``,
    ``media_type``, ``outcome`` (ok, partial, same, or why it was not read), ``reason``, ``role`` (notice, form, other)
    and, if its text was appended, ``start`` and ``end`` in the combined text.
    """
    attached, seen = list[AttachedFile](), set[str]()
    for row, content in files:
        attached.append(_read_file(row, content, seen))
    selected = _notices_to_append(page_text, attached)
    text, rows, places, removed = page_text, list[dict[str, Any]](), list[Place](), list[dict[str, str]]()
    for file in attached:
        row = dict(file.row)
        if file in selected:
            text += f"\n\n## 첨부: {row['name']}\n"
            offset = len(text)
            row |= {"start": offset, "end": offset + len(file.text)}
            places += [
                (start + offset, end + offset, place) for start, end, place in file.places if end <= len(file.text)
            ]
            text += file.text
            removed += [{"kind": "superseded", "quote": quote, "file": row["name"]} for quote in file.superseded]
        rows.append(row)
    return CombinedText(text, rows, places, removed)


def _read_file(row: dict[str, Any], content: bytes | None, seen: set[str]) -> AttachedFile:
    row = {name: value for name, value in row.items() if name != "record"}
    if content is None:
        return AttachedFile(row, "", "")
    digest = hashlib.sha256(content).hexdigest()
    kind = sniff(content) or ""
    row |= {"sha256": digest, "bytes": len(content), "media_type": kind or None}
    if digest in seen:
        return AttachedFile({**row, "outcome": "same", "reason": "the same file as another"}, kind, "")
    seen.add(digest)
    result = (
        read_office(content, kind) if kind else OfficeText("", "unsupported", "not a document that can be read", "")
    )
    text = result.text[:_MOST_TEXT]
    row |= {"outcome": result.outcome, "reason": result.reason}
    return AttachedFile(
        {**row, "role": _role(row["name"], text)} if text else row, kind, text, result.places, result.superseded
    )


def _role(name: str, text: str) -> str:
    patterns, head = _patterns(), text[:_HEAD]
    plain_name = _BRACKETS.sub(" ", unicodedata.normalize("NFC", name).rpartition(".")[0] or name)
    last_match = {role: [match.end() for match in getattr(patterns, role).finditer(plain_name)] for role in _ROLES}
    role = max(_ROLES, key=lambda role: max(last_match[role], default=0))
    if last_match[role]:
        return role
    lines = [line for line in head.split("\n") if line][:_TITLE_LINES]
    if any(patterns.form_title.search(line) for line in lines) or patterns.form_text.search(head):
        return "form"
    return "notice" if patterns.notice.search(head) else "other"


def _notices_to_append(page_text: str, attached: list[AttachedFile]) -> list[AttachedFile]:
    """Return the notices whose text is appended; for one name in several formats only the preferred one.

    If the page has hardly any text and no file is a notice by name or content, all files but forms count.
    """
    notices = [file for file in attached if file.row.get("role") == "notice"]
    if not notices and len(page_text) < _SHORT_PAGE_TEXT:
        notices = [file for file in attached if file.row.get("role") == "other"]
    best_format: dict[str, AttachedFile] = {}
    for file in sorted(
        notices,
        key=lambda f: _FORMAT_PREFERENCE.index(f.kind) if f.kind in _FORMAT_PREFERENCE else len(_FORMAT_PREFERENCE),
    ):
        best_format.setdefault(re.sub(r"\.\w{2,5}$|[\s_()-]", "", file.row["name"]), file)
    return [file for file in attached if any(file is chosen for chosen in best_format.values())]
