"""Text of attached files: which file is the notice and which a form, and the offsets of the notice's text."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.read.office.sniff import sniff
from gonggo.read.reading import RemovedText, TextLocation
from gonggo.read.subprocess_reader import OfficeText, read_office

# If a notice comes in several formats, the first of these is used.
_FORMAT_PREFERENCE = ("hwpx", "hwp", "hwpml", "docx", "pdf", "zip", "xlsx")
_BEGINNING_CHARACTERS = 400
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


@dataclass(frozen=True, slots=True)
class FileLocation:
    """The page or cell of a file that holds the evidence at an offset of the combined text."""

    start: int
    place: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of an announcement: what became of it, and where its text is in the combined text.

    ``outcome`` is listed, fetched, ok, partial, same, left, or why it was not fetched or read; ``reason`` says more.
    ``role`` is notice, form or other. ``places`` are those of the facts that have their evidence in the file.
    """

    name: str
    url: str
    outcome: str = "listed"
    reason: str | None = None
    sha256: str | None = None
    bytes: int | None = None
    media_type: str | None = None
    role: str | None = None
    start: int | None = None
    end: int | None = None
    places: tuple[FileLocation, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the fields that have a value as a JSON object."""
        values = {name: value for name in _FIELDS if (value := getattr(self, name)) is not None and value != ()}
        return {**values, "places": [asdict(location) for location in self.places]} if self.places else values

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the attachment of a JSON object; keys that are no fields are ignored.

        Raises:
            TypeError, KeyError: It is none.
        """
        places = tuple(FileLocation(entry["start"], entry["place"]) for entry in data.get("places") or ())
        return cls(**{name: data[name] for name in _FIELDS if name in data and name != "places"}, places=places)


_FIELDS = tuple(each.name for each in fields(Attachment))


@dataclass(frozen=True)
class AttachedFile:
    """One file: its attachment, its kind, its text, and the locations (pages, cells) of stretches of that text."""

    attachment: Attachment
    kind: str
    text: str
    locations: list[TextLocation] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)


class CombinedText(NamedTuple):
    """An announcement's text with its attached notices.

    ``files`` are the attachments, ``locations`` the pages and cells of stretches of the text, ``removed`` what the
    files mark as superseded.
    """

    text: str
    files: list[Attachment]
    locations: list[TextLocation]
    removed: Sequence[RemovedText] = ()


def append_attachments(
    page_text: str, files: Iterable[tuple[Attachment, bytes | None]], ocr: Sequence[str] = ()
) -> CombinedText:
    """Append the text of attached notices to the text of the page, each under a line that names its file.

    ``files`` are attachments and contents, None for a file that was not received. Each attachment gets what was found
    out by reading it and, if its text was appended, ``start`` and ``end`` in the combined text. ``ocr`` is the command
    of a program that reads scans.
    """
    attached, digests = list[AttachedFile](), set[str]()
    for attachment, content in files:
        attached.append(_read_file(attachment, content, digests, ocr))
    selected = _notices_to_append(page_text, attached)
    text, attachments, locations, removed = page_text, list[Attachment](), list[TextLocation](), list[RemovedText]()
    for file in attached:
        attachment = file.attachment
        if file in selected:
            text += f"\n\n## 첨부: {attachment.name}\n"
            offset = len(text)
            attachment = replace(attachment, start=offset, end=offset + len(file.text))
            locations += [
                (start + offset, end + offset, location)
                for start, end, location in file.locations
                if end <= len(file.text)
            ]
            text += file.text
            removed += [RemovedText("superseded", quote, attachment.name) for quote in file.superseded]
        attachments.append(attachment)
    return CombinedText(text, attachments, locations, removed)


def _read_file(
    attachment: Attachment, content: bytes | None, earlier_digests: set[str], ocr: Sequence[str]
) -> AttachedFile:
    if content is None:
        return AttachedFile(attachment, "", "")
    digest = hashlib.sha256(content).hexdigest()
    kind = sniff(content) or ""
    attachment = replace(attachment, sha256=digest, bytes=len(content), media_type=kind or None)
    if digest in earlier_digests:
        return AttachedFile(replace(attachment, outcome="same", reason="the same file as another"), kind, "")
    earlier_digests.add(digest)
    if kind:
        result = read_office(content, kind, ocr)
    else:
        result = OfficeText("", "unsupported", "not a document that can be read", "")
    text = result.text[:_MOST_TEXT]
    role = _role(attachment.name, text) if text else None
    attachment = replace(attachment, outcome=result.outcome, reason=result.reason, role=role)
    return AttachedFile(attachment, kind, text, result.locations, result.superseded)


def _role(name: str, text: str) -> str:
    patterns, head = _patterns(), text[:_BEGINNING_CHARACTERS]
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
    notices = [file for file in attached if file.attachment.role == "notice"]
    if not notices and len(page_text) < _SHORT_PAGE_TEXT:
        notices = [file for file in attached if file.attachment.role == "other"]
    best_format: dict[str, AttachedFile] = {}
    for file in sorted(
        notices,
        key=lambda f: _FORMAT_PREFERENCE.index(f.kind) if f.kind in _FORMAT_PREFERENCE else len(_FORMAT_PREFERENCE),
    ):
        best_format.setdefault(re.sub(r"\.\w{2,5}$|[\s_()-]", "", file.attachment.name), file)
    return [file for file in attached if any(file is chosen for chosen in best_format.values())]
