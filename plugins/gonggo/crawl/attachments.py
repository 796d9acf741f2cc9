"""The files of an announcement into the archive, within limits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from email.message import Message
from typing import Any
from urllib.parse import unquote_to_bytes

from gonggo.addresses import strip_file_credentials
from gonggo.boundary import Traces, error_boundary
from gonggo.crawl.attachment_store import digest_of
from gonggo.crawl.client import Client
from gonggo.crawl.ledger import KnownFile, Ledger
from gonggo.errors import BlockedError, CollectError, UnreadableError
from gonggo.model import Listed, days_ago, now
from gonggo.read.decode import file_name
from gonggo.read.office.sniff import sniff
from gonggo.sources.adapter import Page, Request

# A board that changes a file gives it another address, nearly always; the others are found out within this time.
ASKED_AGAIN_DAYS = 7
MOST_FILES = 10
MOST_BYTES = 64 * 1024 * 1024
# Pictures, films and programs: nothing here reads them, so nobody is asked for them.
_NO_DOCUMENT = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp|mp[34]|avi|mov|wmv|exe)$", re.I)
_DOCUMENT = re.compile(r"\.(?:hwpx?|pdf|docx?|xlsx?|pptx?|zip)$", re.I)
_NAMED = re.compile(r"\.[A-Za-z0-9]{2,5}$")


def fetch_files(
    files: list[dict[str, str]],
    item: Listed,
    client: Client,
    ledger: Ledger,
    *,
    again: bool = False,
    traces: Traces | None = None,
) -> list[dict[str, Any]]:
    """Fetch the files that an announcement links to; a failing one is recorded and the others go on.

    When its page is merely looked at ``again``, a file of the last days is not asked for once more, and an older one
    only whether it has changed. Returns one row a file: ``{"name", "url", "outcome"}`` with ``sha256`` where its
    content is archived, else ``reason``.
    """
    rows, size = list[dict[str, Any]](), 0
    for number, file in enumerate(strip_file_credentials(files)):
        if _NO_DOCUMENT.search(file["name"]):
            rows.append({**file, "outcome": "left", "reason": "no document, by its name"})
            continue
        if number >= MOST_FILES or size > MOST_BYTES:
            rows.append({**file, "outcome": "left", "reason": f"beyond {MOST_FILES} files or {MOST_BYTES} bytes"})
            continue
        try:
            with error_boundary(f"the file {file['name']!r}", traces):
                row, came = _fetch(file, item, client, ledger, again=again)
        except (CollectError, UnreadableError) as error:
            row, came = {**file, "outcome": error.outcome, "reason": str(error)}, 0
        rows.append(row)
        size += came
    return rows


def _fetch(
    file: dict[str, str], item: Listed, client: Client, ledger: Ledger, *, again: bool
) -> tuple[dict[str, Any], int]:
    """The row of one file, and the bytes that came for it."""
    kept = ledger.file(item.native_id, file["url"]) if again else None
    if kept and not (client.archive.payloads and client.archive.payloads.has(kept.sha256)):
        kept = None
    if kept and client.archive.payloads:
        client.archive.payloads.still_named(kept.sha256)
    row = {**file, "outcome": "fetched"}
    if kept and kept.at > days_ago(ASKED_AGAIN_DAYS):
        return {**row, "name": kept.name, "sha256": kept.sha256}, 0
    request = Request(file["url"], headers={"Referer": item.url}, encoding=client.site.charset)
    page, _ = client.get(request, "file", kept.validators if kept else None)
    if kept and page.status == 304:
        ledger.keep_file(item.native_id, file["url"], replace(kept, at=now()))
        return {**row, "name": kept.name, "sha256": kept.sha256}, 0
    name = file["name"] if _NAMED.search(file["name"]) else served_name(page) or file["name"]
    if _DOCUMENT.search(name) and not sniff(page.content) and _is_a_page(page):
        raise BlockedError(f"{page.url}: a page came instead of the file")
    digest = digest_of(page.content)
    validators = (page.headers.get("etag"), page.headers.get("last-modified"))
    ledger.keep_file(item.native_id, file["url"], KnownFile(name, digest, *validators, now()))
    return {**row, "name": name, "sha256": digest}, len(page.content)


def _is_a_page(page: Page) -> bool:
    """Boards tell in a page with status 200 that they will not give a file."""
    told = page.headers.get("content-type", "")
    return told.startswith("text/") or page.content[:400].lstrip().startswith(b"<")


def served_name(page: Page) -> str | None:
    """The name that a server gives a file: RFC 5987, percent-encoded, or raw bytes of UTF-8 or EUC-KR."""
    header = page.headers.get("content-disposition")
    if not header:
        return None
    message = Message()
    message["content-disposition"] = header
    name = message.get_filename()
    if not name:
        return None
    # requests hands headers over as Latin-1: whatever was sent is in these bytes.
    if any(ord(letter) > 0xFF for letter in name):
        return unicodedata.normalize("NFC", name)
    return file_name(unquote_to_bytes(name) if name.isascii() else name.encode("latin-1"))
