"""What was archived: the page of a version as it was collected, and its files, to be saved."""

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
from gonggo.report.formats import is_web
from gonggo.settings import Settings
from gonggo.sources.adapter import Page
from gonggo.web.view import render, saved, snapshot

archived = APIRouter(include_in_schema=False)
_DIGEST = re.compile(r"[0-9a-f]{64}")
# A page's own pictures, frames and forms would ask its site for more.
_TAGS = nh3.ALLOWED_TAGS - {"img", "area", "map"}


@archived.get("/calls/{key}/archived")
def copy(request: Request, key: str, version: Annotated[str | None, Query(max_length=64)] = None) -> Response:
    data = snapshot(request)
    known = data.call(key, version)
    at = data.row("archived", document_key=known[0]["document_key"]) if known else None
    if known is None or at is None or not at["warc_file"]:
        raise HTTPException(404)
    exchanged = _record(data.settings, data.settings.archive / at["source"], at["warc_file"], at["warc_record"])
    return _shown(
        request, exchanged, key, title=known[0]["title"], back=f"calls/{key}", retrieved_at=at["retrieved_at"]
    )


@archived.get("/sources/{source}/{run_id}/{warc_file}/{record}")
def exchange(request: Request, source: str, run_id: str, warc_file: str, record: str) -> Response:
    """One answer of a source as it was archived: the page that broke a run."""
    settings = snapshot(request).settings
    exchanged = _record(settings, settings.archive / source / run_id, warc_file, record)
    return _shown(request, exchanged, record[-14:-1], title=exchanged.url, back=f"sources/{source}", retrieved_at="")


def _record(settings: Settings, folder: Path, name: str, record_id: str) -> Page:
    try:
        exchanged = read_record(_inside(settings, folder, name), record_id)
    except UnreadableError:
        exchanged = None
    if exchanged is None:
        raise HTTPException(404)
    return exchanged


def _shown(request: Request, exchanged: Page, name: str, **values: Any) -> Response:
    """A page without its scripts and styles; what is no text, to be saved."""
    kind = sniff(exchanged.content)
    if kind:
        return saved(exchanged.content, "application/octet-stream", f"{name}.{kind}")
    try:
        text, _ = decode(exchanged.content)
    except UnreadableError:
        return saved(exchanged.content, "application/octet-stream", name)
    clean = nh3.clean(
        text, tags=_TAGS, url_schemes={"http", "https"}, link_rel="noopener noreferrer", attribute_filter=_attribute
    )
    shown = Markup(clean)  # noqa: S704 (cleaned)
    return render(request, "archived.html", url=exchanged.url, clean=shown, **values)


@archived.get("/files/{digest}/{name}")
def file(request: Request, digest: str, name: str) -> Response:
    """An attached file by its digest; never shown, only saved."""
    content = attachment_store(snapshot(request).settings).read(digest) if _DIGEST.fullmatch(digest) else None
    if content is None:
        raise HTTPException(404)
    return saved(content, "application/octet-stream", name)


def _attribute(_: str, name: str, value: str) -> str | None:
    """Links that are whole addresses: others would lead to pages of this site."""
    return value if name != "href" or is_web(value) else None


def _inside(settings: Settings, folder: Path, name: str) -> Path:
    """A WARC file of the archive.

    Raises:
        HTTPException: the name leads out of the folder, or there is no such file.
    """
    try:
        path = (folder / name).resolve()
        within = ".." not in folder.parts and path.is_relative_to(folder.resolve()) and path.suffix == ".gz"
        there = within and files_of(settings).local_copy(path).is_file()
    except (OSError, ValueError):
        # A name that no file can have: longer than the disk takes, or with a character that ends it.
        there = False
    if not there:
        raise HTTPException(404)
    return path
