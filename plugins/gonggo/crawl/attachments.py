"""Fetch the files that an announcement links to into the archive, within limits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from email.message import Message
from urllib.parse import unquote_to_bytes

from gonggo.addresses import strip_file_credentials
from gonggo.boundary import Traces, error_boundary
from gonggo.crawl.attachment_store import digest_of
from gonggo.crawl.client import Client
from gonggo.crawl.ledger import KnownFile, Ledger
from gonggo.errors import BlockedError, CollectError, UnreadableError
from gonggo.model import Listed, days_ago, now
from gonggo.read.attachments import Attachment
from gonggo.read.decode import file_name
from gonggo.read.office.sniff import sniff
from gonggo.sources.adapter import Page, Request
from gonggo.sources.attachments import file_request, name_and_url

# A board that replaces a file nearly always gives it a new address; other replacements are noticed within this time.
RECHECK_DAYS = 7
MAX_FILES = 10
MAX_BYTES = 64 * 1024 * 1024
# Pictures, films and programs: no reader handles them, so they are not fetched.
_MEDIA = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp|mp[34]|avi|mov|wmv|exe)$", re.I)
_OFFICE_FILE = re.compile(r"\.(?:hwpx?|pdf|docx?|xlsx?|pptx?|zip)$", re.I)
_HAS_EXTENSION = re.compile(r"\.[A-Za-z0-9]{2,5}$")


def fetch_files(
    files: list[dict[str, str]],
    item: Listed,
    client: Client,
    ledger: Ledger,
    *,
    revisit: bool = False,
    traces: Traces | None = None,
) -> list[Attachment]:
    """Fetch the files that an announcement links to; a failing one is recorded and the others go on.

    Where the page is revisited (``revisit``), a file that was fetched in the last days is not fetched again, and an
    older one is requested conditionally. A file whose content is archived has its ``sha256``, any other a ``reason``.
    """
    attachments, total = list[Attachment](), 0
    for number, link in enumerate(strip_file_credentials(files)):
        file = Attachment.from_json(name_and_url(link))
        if _MEDIA.search(file.name):
            attachments.append(replace(file, outcome="left", reason="no document, by its name"))
            continue
        if "script" in link:
            reason = f"the page gives it by {link['script']}(…), a script that attachments.yaml does not know"
            attachments.append(replace(file, outcome="terminal", reason=reason))
            continue
        if number >= MAX_FILES or total > MAX_BYTES:
            reason = f"beyond {MAX_FILES} files or {MAX_BYTES} bytes"
            attachments.append(replace(file, outcome="left", reason=reason))
            continue
        try:
            with error_boundary(f"the file {file.name!r}", traces):
                attachment, received = _fetch(
                    file, file_request(link, item.url, client.site.charset), item, client, ledger, revisit=revisit
                )
        except (CollectError, UnreadableError) as error:
            attachment, received = replace(file, outcome=error.outcome, reason=str(error)), 0
        attachments.append(attachment)
        total += received
    return attachments


def _fetch(
    file: Attachment, request: Request, item: Listed, client: Client, ledger: Ledger, *, revisit: bool
) -> tuple[Attachment, int]:
    """Fetch one file; return it, and how many bytes were received for it."""
    known_file = ledger.file(item.native_id, file.url) if revisit else None
    if known_file and not (client.archive.attachments and client.archive.attachments.has(known_file.sha256)):
        known_file = None
    if known_file and client.archive.attachments:
        client.archive.attachments.mark_used(known_file.sha256)
    if known_file and known_file.at > days_ago(RECHECK_DAYS):
        return replace(file, outcome="fetched", name=known_file.name, sha256=known_file.sha256), 0
    page, _ = client.get(request, "file", known_file.validators if known_file else None)
    if known_file and page.status == 304:
        ledger.record_file(item.native_id, file.url, replace(known_file, at=now()))
        return replace(file, outcome="fetched", name=known_file.name, sha256=known_file.sha256), 0
    name = file.name if _HAS_EXTENSION.search(file.name) else served_name(page) or file.name
    if _OFFICE_FILE.search(name) and not sniff(page.content) and _is_html(page):
        raise BlockedError(f"{page.url}: a page came instead of the file")
    digest = digest_of(page.content)
    validators = (page.headers.get("etag"), page.headers.get("last-modified"))
    ledger.record_file(item.native_id, file.url, KnownFile(name, digest, *validators, now()))
    return replace(file, outcome="fetched", name=name, sha256=digest), len(page.content)


def _is_html(page: Page) -> bool:
    """Return whether HTML came in place of a file: boards refuse a file with a page of status 200."""
    content_type = page.headers.get("content-type", "")
    return content_type.startswith("text/") or page.content[:400].lstrip().startswith(b"<")


def served_name(page: Page) -> str | None:
    """Return the file name of a Content-Disposition header: RFC 5987, percent-encoded, or raw UTF-8 or EUC-KR."""
    header = page.headers.get("content-disposition")
    if not header:
        return None
    message = Message()
    message["content-disposition"] = header
    name = message.get_filename()
    if not name:
        return None
    # requests decodes headers as Latin-1: encoded again, these are the bytes that were sent.
    if any(ord(character) > 0xFF for character in name):
        return unicodedata.normalize("NFC", name)
    return file_name(unquote_to_bytes(name) if name.isascii() else name.encode("latin-1"))
