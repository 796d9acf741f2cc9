"""Files of folders that a person gives: no list page, no request; the file's path is its number.

A link is followed only within its folder: what lies elsewhere was not given. What is passed over is told with a reason.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from gonggo.boundary import contained
from gonggo.clean_text import clean
from gonggo.errors import CollectError, EmptyError, TerminalError
from gonggo.model import Listed
from gonggo.read.decode import file_name
from gonggo.settings import SEOUL, Settings
from gonggo.sources.adapter import Detail, ListPage, Page, Request
from gonggo.sources.catalogue import Site

SUFFIXES = {".txt", ".html", ".htm", ".mhtml", ".mht", ".hwp", ".hwpx", ".pdf", ".docx", ".xlsx", ".zip"}
_OFFICE_LOCK = "~$"
OUTSIDE_INBOX = "a link that leads out of the inbox; copy the file itself into it"


class Inbox:
    """The adapter of the inbox. One "page" holds all files."""

    searches = False

    def __init__(self, site: Site, settings: Settings) -> None:
        self.site = site
        self.settings = settings

    def list_request(self, page: int) -> Request:
        return Request("inbox:")

    def parse_list(self, page: Page, number: int) -> ListPage:
        items, skipped, file_errors = list_files(self.settings, self.site.id)
        return ListPage(items, last=True, row_errors=file_errors, notices=skipped)

    def detail_request(self, item: Listed) -> Request | None:
        return Request(item.url)

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        """Not used: a file is read as a whole document."""
        return Detail(item.title, "", {}, [])

    def content(self, url: str, limit: int) -> bytes:
        """The bytes of a listed file.

        Raises:
            TerminalError: it is gone, too large, no file, or a link out of the inbox by now.
        """
        path = Path(os.fsdecode(unquote_to_bytes(urlsplit(url).path)))
        shown = readable_name(str(path))
        folder = next((folder for folder in self.settings.inbox if path.is_relative_to(folder)), None)
        if folder is None or not _is_within(path, folder):
            raise TerminalError(f"{shown}: {OUTSIDE_INBOX}")
        try:
            # A pipe would keep its reader waiting for ever.
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise TerminalError(f"{shown}: no ordinary file")
                content = file.read(limit + 1)
        except OSError as error:
            raise TerminalError(f"{shown}: {error.strerror}") from error
        if len(content) > limit:
            raise TerminalError(f"{shown}: larger than {limit} bytes")
        return content


def list_files(settings: Settings, source: str = "inbox") -> tuple[list[Listed], list[str], list[dict[str, str]]]:
    """The readable files of the inbox folders, by path; what was passed over and why; and errors.

    Native id: ``<folder name>/<relative path>``.

    Raises:
        EmptyError: a folder holds no file of a known format; the message tells what it holds.
    """
    items, skipped, file_errors = list[Listed](), list[str](), list[dict[str, str]]()
    for folder in settings.inbox:
        count_before, folder_skipped = len(items) + len(file_errors), list[str]()
        for path, problem in sorted(_paths(folder), key=lambda path_and_problem: os.fsencode(path_and_problem[0])):
            shown = f"{folder.name}/{readable_name(str(path.relative_to(folder)))}"
            reason = problem or _skip_reason(path, folder)
            if reason is not None:
                folder_skipped.append(f"{shown}: {reason}")
                continue
            try:
                with contained(shown):
                    items.append(_listed(source, folder, path, shown))
            except CollectError as error:
                file_errors.append({"outcome": error.outcome, "url": clean(path.as_uri()), "message": str(error)})
        if len(items) + len(file_errors) == count_before:
            explanation = f" (passed over: {'; '.join(folder_skipped[:5])})" if folder_skipped else ""
            raise EmptyError(f"{folder}: no file to read; the inbox takes {', '.join(sorted(SUFFIXES))}{explanation}")
        skipped += folder_skipped
    return items, skipped, file_errors


def readable_name(name: str) -> str:
    """A file's name as people read it: one that is no UTF-8 is CP949 in Korea, else what is broken is replaced."""
    raw = os.fsencode(name)
    return clean(file_name(raw) or raw.decode("utf-8", "replace"))


def _paths(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Every file below a folder, without hidden ones; and what cannot be opened or is not followed, with the reason."""
    unreadable = list[OSError]()
    for directory, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in folders:
            if (path := Path(directory, name)).is_symlink():
                yield path, "a link to a folder; copy the folder itself"
        yield from ((Path(directory, name), None) for name in names if not name.startswith("."))
    yield from ((Path(error.filename), f"cannot be opened: {error.strerror}") for error in unreadable)


def _skip_reason(path: Path, folder: Path) -> str | None:
    """Why a file is passed over; None where it is read."""
    if path.name.startswith(_OFFICE_LOCK):
        return "what an office program leaves beside a file that is open; close that"
    if path.suffix.lower() not in SUFFIXES:
        return f"of a kind that is not read ({path.suffix or 'no ending'})"
    if not _is_within(path, folder):
        return OUTSIDE_INBOX
    return None if path.is_file() else "no ordinary file"


def _is_within(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        # A link that leads to itself.
        return False


def _listed(source: str, folder: Path, path: Path, shown: str) -> Listed:
    status = path.stat()
    modified_at = datetime.fromtimestamp(status.st_mtime, SEOUL).isoformat(timespec="seconds")
    # Size and time stand for the content at the list; the reader compares the content itself.
    fields = {"file": shown.rpartition("/")[2], "bytes": str(status.st_size), "modified_at": modified_at}
    # Two names that cannot be read may look the same.
    suffix = f"~{hashlib.sha256(os.fsencode(path)).hexdigest()[:8]}" if "\ufffd" in shown else ""
    return Listed(source, shown + suffix, fields["file"].rpartition(".")[0], path.as_uri(), fields)
