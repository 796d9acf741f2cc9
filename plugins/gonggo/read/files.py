"""Reading of files by their type: plain text, HTML, saved pages (MHTML), items of APIs, office files."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gonggo.errors import UnreadableError
from gonggo.read import api_records
from gonggo.read.decode import decode
from gonggo.read.html import from_page, with_tables_read
from gonggo.read.office.sniff import sniff
from gonggo.read.page_urls import page_urls
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
    """The HTML of a saved page, and the URLs that it gives for itself, the most reliable first."""

    html: str
    charset: str
    urls: list[str]


def from_bytes(
    content: bytes,
    *,
    name: str | None = None,
    media_type: str | None = None,
    charset: str | None = None,
    ocr: Sequence[str] = (),
) -> Reading:
    """Read a whole file. Its bytes determine the type; the name only decides between kinds of text.

    ``ocr`` is the command of a program that reads scans.

    Raises:
        UnreadableError: the file is empty or binary, has no known charset, is a saved page without HTML, or is an
            office file that cannot be read; then the message begins with the reader's outcome.
    """
    page = saved_page(content, name=name, media_type=media_type, charset=charset)
    if page is not None:
        return from_page(page.html, page.charset)
    if kind := sniff(content):
        return _office(content, kind, ocr)
    text, used_charset = decode(content, charset)
    item = api_records.read(text)
    if item:
        lines, meta = item
        return finish(
            lines,
            whole_page=False,
            title=meta.get("title"),
            meta=meta,
            charset=used_charset,
            media_type="application/json",
        )
    text, superseded = with_tables_read(text)
    return finish(text, whole_page=True, charset=used_charset, media_type="text/plain", superseded=superseded)


def saved_page(
    content: bytes, *, name: str | None = None, media_type: str | None = None, charset: str | None = None
) -> SavedPage | None:
    """Return the page that a file holds, HTML or MHTML; None for a file of another type.

    Raises:
        UnreadableError: the file is empty or binary, has no known charset, or is a saved page without HTML.
    """
    if not content.strip():
        raise UnreadableError("the file is empty")
    if sniff(content):
        return None
    suffix = (name or "").rpartition(".")[2].lower()
    if suffix in ("mhtml", "mht") or content[:400].lower().find(b"multipart/related") >= 0:
        return _mhtml_page(content)
    text, used_charset = decode(content, charset)
    if suffix in ("html", "htm") or (suffix != "txt" and "html" in (media_type or "")) or _MARKUP.match(text):
        return SavedPage(text, used_charset, page_urls(text))
    return None


def _office(content: bytes, kind: str, ocr: Sequence[str]) -> Reading:
    result = read_office(content, kind, ocr)
    if result.outcome not in ("ok", "partial"):
        raise UnreadableError(f"{result.outcome}: {result.reason}")
    reading = finish(result.text, whole_page=False, media_type=MEDIA_TYPES[kind], superseded=result.superseded)
    # If spam was cut out of the text, the offsets of locations are no longer valid.
    locations = result.locations if reading.text == result.text else []
    return replace(reading, locations=locations, outcome=result.outcome, reason=result.reason)


def _mhtml_page(content: bytes) -> SavedPage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                text, used_charset = decode(payload, part.get_content_charset())
                headers = (message.get("Snapshot-Content-Location"), part.get("Content-Location"))
                return SavedPage(text, used_charset, page_urls(text, *(str(url) for url in headers if url)))
    raise UnreadableError("the saved page (MHTML) holds no HTML part; save it again as HTML")
