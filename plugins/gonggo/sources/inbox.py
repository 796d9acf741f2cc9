"""Files of folders that a person gives: no list page, no request; the file's path is its number."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from gonggo.errors import EmptyError
from gonggo.model import Listed
from gonggo.settings import SEOUL, Settings
from gonggo.sources.adapter import Detail, ListPage, Page, Request
from gonggo.sources.catalogue import Site

SUFFIXES = {".txt", ".html", ".htm", ".mhtml", ".mht", ".hwp", ".hwpx", ".pdf", ".docx", ".xlsx", ".zip"}


class Inbox:
    """The adapter of the inbox. One "page" holds all files."""

    searches = False

    def __init__(self, site: Site, settings: Settings) -> None:
        self.site = site
        self.settings = settings

    def list_request(self, page: int) -> Request:
        return Request("inbox:")

    def parse_list(self, page: Page, number: int) -> ListPage:
        return ListPage(list_files(self.settings, self.site.id), last=True)

    def detail_request(self, item: Listed) -> Request | None:
        return Request(item.url)

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        """Not used: a file is read as a whole document."""
        return Detail(item.title, "", {}, [])


def list_files(settings: Settings, source: str = "inbox") -> list[Listed]:
    """The readable files of the inbox folders, by path. Native id: ``<folder name>/<relative path>``.

    Errors:
        EmptyError: a folder holds no file of a known format.
    """
    items = []
    for folder in settings.inbox:
        files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
        if not files:
            raise EmptyError(f"{folder}: no file to read; the inbox takes {', '.join(sorted(SUFFIXES))}")
        items += [_listed(source, folder, path) for path in files]
    return items


def _listed(source: str, folder: Path, path: Path) -> Listed:
    stat = path.stat()
    changed = datetime.fromtimestamp(stat.st_mtime, SEOUL).isoformat(timespec="seconds")
    # Size and time stand for the content at the list; the reader compares the content itself.
    fields = {"file": path.name, "bytes": str(stat.st_size), "modified_at": changed}
    return Listed(source, f"{folder.name}/{path.relative_to(folder)}", path.stem, path.as_uri(), fields)
