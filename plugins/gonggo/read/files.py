"""A file to text, by what it is: plain text, an HTML page, a page saved with all its parts (MHTML), an API's item,
an office file."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, replace

from gonggo.errors import UnreadableError
from gonggo.read import api_records
from gonggo.read.decode import decode
from gonggo.read.html import from_page
from gonggo.read.office.sniff import sniff
from gonggo.read.page_addresses import addresses_of
from gonggo.read.reading import Reading, finish
from gonggo.read.subprocess_reader import read_office

_MARKUP = re.compile(
    r"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body|div|table|meta|p|article)\b", re.I | re.S
)


MEDIA_TYPES = {
    "hwp": "application/x-hwp",
    "hwpx": "application/hwp+zip",
    "hwpml": "application/x-hwpml",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class SavedPage:
    """The markup of a page that a person saved, and the addresses that it gives for itself, the surest first."""

    markup: str
    charset: str
    addresses: list[str]


def from_bytes(
    content: bytes, *, name: str | None = None, media_type: str | None = None, charset: str | None = None
) -> Reading:
    """Read a whole file. What it is is told by its bytes; a name only decides between kinds of text.

    Raises:
        UnreadableError: empty, binary, no known charset, a saved page without a page in it, or an office file that
        cannot be read, with the outcome that its reader gave.
    """
    page = saved_page(content, name=name, media_type=media_type, charset=charset)
    if page is not None:
        return from_page(page.markup, page.charset)
    if kind := sniff(content):
        return _office(content, kind)
    text, used = decode(content, charset)
    item = api_records.read(text)
    if item:
        lines, meta = item
        return finish(
            lines, whole_page=False, title=meta.get("title"), meta=meta, charset=used, media_type="application/json"
        )
    return finish(text, whole_page=True, charset=used, media_type="text/plain")


def saved_page(
    content: bytes, *, name: str | None = None, media_type: str | None = None, charset: str | None = None
) -> SavedPage | None:
    """Return the page that a file holds, HTML or MHTML; None for a file of another kind.

    Raises:
        UnreadableError: empty, binary, no known charset, or an MHTML file without a page in it.
    """
    if not content.strip():
        raise UnreadableError("the file is empty")
    if sniff(content):
        return None
    suffix = (name or "").rpartition(".")[2].lower()
    if suffix in ("mhtml", "mht") or content[:400].lower().find(b"multipart/related") >= 0:
        return _archived_page(content)
    text, used = decode(content, charset)
    if suffix in ("html", "htm") or (suffix != "txt" and "html" in (media_type or "")) or _MARKUP.match(text):
        return SavedPage(text, used, addresses_of(text))
    return None


def _office(content: bytes, kind: str) -> Reading:
    office = read_office(content, kind)
    if office.outcome not in ("ok", "partial"):
        raise UnreadableError(f"{office.outcome}: {office.reason}")
    reading = finish(office.text, whole_page=False, media_type=MEDIA_TYPES[kind], superseded=office.superseded)
    # Where spam was cut out of the text, its places are no longer known.
    places = office.places if reading.text == office.text else []
    return replace(reading, places=places, outcome=office.outcome, reason=office.reason)


def _archived_page(content: bytes) -> SavedPage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                text, used = decode(payload, part.get_content_charset())
                told = (message.get("Snapshot-Content-Location"), part.get("Content-Location"))
                return SavedPage(text, used, addresses_of(text, *(str(place) for place in told if place)))
    raise UnreadableError("the saved page (MHTML) holds no HTML part; save it again as HTML")
