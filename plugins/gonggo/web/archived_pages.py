"""Archived pages as they were collected, and attached files for download."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import nh3
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from markupsafe import Markup

from gonggo.cluster.workspace import files_of
from gonggo.crawl.attachment_store import attachment_store
from gonggo.crawl.warc import read_record
from gonggo.errors import UnreadableError
from gonggo.read.decode import decode
from gonggo.read.office.sniff import sniff
from gonggo.report.formats import is_web_url
from gonggo.settings import Settings
from gonggo.sources.adapter import Page
from gonggo.web.view import download_response, render, snapshot

archived_pages = APIRouter(include_in_schema=False)
_SHA256 = re.compile(r"[0-9a-f]{64}")
# Images and image maps of a page would load data from its site.
_TAGS = nh3.ALLOWED_TAGS - {"img", "area", "map"}


@archived_pages.get("/calls/{key}/archived")
def archived_version(
    request: Request, key: str, version: Annotated[str | None, Query(max_length=64)] = None
) -> Response:
    """Show the archived page of an announcement, in its current or another version."""
    data = snapshot(request)
    announcement = data.call(key, version)
    archived_at = data.row("archived", document_key=announcement[0]["document_key"]) if announcement else None
    if announcement is None or archived_at is None or not archived_at["warc_file"]:
        raise HTTPException(404)
    page = _record(
        data.settings,
        data.settings.archive / archived_at["source"],
        archived_at["warc_file"],
        archived_at["warc_record"],
    )
    return _page_response(
        request,
        page,
        key,
        title=announcement[0]["title"],
        back=f"calls/{key}",
        retrieved_at=archived_at["retrieved_at"],
    )


@archived_pages.get("/sources/{source}/{run_id}/{warc_file}/{record}")
def exchange(request: Request, source: str, run_id: str, warc_file: str, record: str) -> Response:
    """Show one archived response of a source, such as the page that made a run fail."""
    settings = snapshot(request).settings
    page = _record(settings, settings.archive / source / run_id, warc_file, record)
    return _page_response(request, page, record[-14:-1], title=page.url, back=f"sources/{source}", retrieved_at="")


def _record(settings: Settings, folder: Path, name: str, record_id: str) -> Page:
    try:
        page = read_record(_archive_file(settings, folder, name), record_id)
    except UnreadableError:
        page = None
    if page is None:
        raise HTTPException(404)
    return page


def _page_response(request: Request, page: Page, name: str, **values: Any) -> Response:
    """Return an archived page without scripts and styles; anything that is not text as a download."""
    kind = sniff(page.content)
    if kind:
        return download_response(page.content, "application/octet-stream", f"{name}.{kind}")
    try:
        text, _ = decode(page.content)
    except UnreadableError:
        return download_response(page.content, "application/octet-stream", name)
    clean = nh3.clean(
        text, tags=_TAGS, url_schemes={"http", "https"}, link_rel="noopener noreferrer", attribute_filter=_attribute
    )
    markup = Markup(clean)  # noqa: S704 (cleaned)
    return render(request, "archived.html", url=page.url, clean=markup, **values)


@archived_pages.get("/files/{digest}/{name}")
def file(request: Request, digest: str, name: str) -> Response:
    """Return an attached file by its SHA-256 digest, always as a download."""
    content = attachment_store(snapshot(request).settings).read(digest) if _SHA256.fullmatch(digest) else None
    if content is None:
        raise HTTPException(404)
    return download_response(content, "application/octet-stream", name)


def _attribute(_: str, name: str, value: str) -> str | None:
    """Keep only absolute links; relative ones would lead to pages of this site."""
    return value if name != "href" or is_web_url(value) else None


def _archive_file(settings: Settings, folder: Path, name: str) -> Path:
    """Return the path of a WARC file of the archive.

    Raises:
        HTTPException: the name leads out of the folder, or there is no such file.
    """
    try:
        path = (folder / name).resolve()
        is_inside = ".." not in folder.parts and path.is_relative_to(folder.resolve()) and path.suffix == ".gz"
        exists = is_inside and files_of(settings).local_copy(path).is_file()
    except (OSError, ValueError):
        # A name that no file can have: too long, or with a NUL character.
        exists = False
    if not exists:
        raise HTTPException(404)
    return path
