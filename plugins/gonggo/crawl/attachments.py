"""The files of an announcement into the archive, within limits."""

from __future__ import annotations

import re
import unicodedata
from email.message import Message
from typing import Any
from urllib.parse import unquote_to_bytes

from gonggo.crawl.client import Client
from gonggo.errors import CollectError
from gonggo.read.decode import file_name
from gonggo.sources.adapter import Page, Request

MOST_FILES = 10
MOST_BYTES = 64 * 1024 * 1024
# Pictures, films and programs: nothing here reads them, so nobody is asked for them.
_NO_DOCUMENT = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp|mp[34]|avi|mov|wmv|exe)$", re.I)
_NAMED = re.compile(r"\.[A-Za-z0-9]{2,5}$")


def fetch_files(files: list[dict[str, str]], page_url: str, client: Client) -> list[dict[str, Any]]:
    """Fetch the files that a page links to, each once; a failing one is recorded and the others go on.

    Returns one row a file: ``{"name", "url", "outcome"}`` with ``record`` (the archive's id) where it came, else
    ``reason``.
    """
    rows, size = list[dict[str, Any]](), 0
    for number, file in enumerate(files):
        if _NO_DOCUMENT.search(file["name"]):
            rows.append({**file, "outcome": "left", "reason": "no document, by its name"})
            continue
        if number >= MOST_FILES or size > MOST_BYTES:
            rows.append({**file, "outcome": "left", "reason": f"beyond {MOST_FILES} files or {MOST_BYTES} bytes"})
            continue
        try:
            page, record = client.get(Request(file["url"], headers={"Referer": page_url}), "file")
        except CollectError as error:
            rows.append({**file, "outcome": error.outcome, "reason": str(error)})
            continue
        size += len(page.content)
        name = file["name"] if _NAMED.search(file["name"]) else served_name(page) or file["name"]
        rows.append({**file, "name": name, "outcome": "fetched", "record": record})
    return rows


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
