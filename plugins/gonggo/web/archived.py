"""What was archived: the page of a version as it was collected, and its files, to be saved."""

from __future__ import annotations

import re
from pathlib import Path

import nh3
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from markupsafe import Markup

from gonggo.crawl.payloads import Payloads
from gonggo.crawl.warc import read_record
from gonggo.errors import UnreadableError
from gonggo.read.decode import decode
from gonggo.read.office.sniff import sniff
from gonggo.web.view import render, saved, snapshot

archived = APIRouter(include_in_schema=False)
_DIGEST = re.compile(r"[0-9a-f]{64}$")
# A page's own pictures, frames and forms would ask its site for more.
_TAGS = nh3.ALLOWED_TAGS - {"img", "area", "map"}


@archived.get("/calls/{key}/archived")
def copy(request: Request, key: str, version: str | None = None) -> Response:
    data = snapshot(request)
    known = data.call(key, version)
    at = data.row("archived", document_key=known[0]["document_key"]) if known else None
    if known is None or at is None or not at["warc_file"]:
        raise HTTPException(404)
    found = read_record(_inside(data.settings.archive / at["source"], at["warc_file"]), at["warc_record"])
    if found is None:
        raise HTTPException(404)
    kind = sniff(found.content)
    if kind:
        return saved(found.content, "application/octet-stream", f"{key}.{kind}")
    try:
        text, _ = decode(found.content)
    except UnreadableError:
        return saved(found.content, "application/octet-stream", key)
    clean = Markup(nh3.clean(text, tags=_TAGS, url_schemes={"http", "https"}, link_rel="noopener noreferrer"))  # noqa: S704 (cleaned)
    return render(request, "archived.html", page="calls", call=known[0], at=at, clean=clean)


@archived.get("/files/{digest}/{name}")
def file(request: Request, digest: str, name: str) -> Response:
    """An attached file by its digest; never shown, only saved."""
    content = Payloads(snapshot(request).settings.attached).read(digest) if _DIGEST.match(digest) else None
    if content is None:
        raise HTTPException(404)
    return saved(content, "application/octet-stream", name)


def _inside(folder: Path, name: str) -> Path:
    """A file of the archive.

    Errors:
        HTTPException: the name leads out of the folder, or there is no such file.
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise HTTPException(404)
    return path
