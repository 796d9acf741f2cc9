"""Files in folders that the user names. There are no requests; the path of a file is its id.

Symbolic links are followed only inside their folder. Every file that is skipped is reported with the reason.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from gonggo.boundary import error_boundary
from gonggo.clean_text import clean
from gonggo.errors import CollectError, EmptyError, TerminalError
from gonggo.model import Listed
from gonggo.read.file_names import SUFFIXES, readable_name
from gonggo.settings import SEOUL, Settings
from gonggo.sources.adapter import Detail, ListPage, Page, Request
from gonggo.sources.catalogue import Site

_OFFICE_LOCK = "~$"
OUTSIDE_INBOX = "a link that leads out of the inbox; copy the file itself into it"


class Inbox:
    """The adapter of the inbox, whose only page holds all files."""

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
        """Return an empty announcement; files are read as whole documents instead."""
        return Detail(item.title, "", {}, [])

    def content(self, url: str, limit: int) -> bytes:
        """Return the content of a listed file.

        Raises:
            TerminalError: By now it is missing, larger than ``limit`` bytes, no file, or a link out of the inbox.
        """
        path = Path(os.fsdecode(unquote_to_bytes(urlsplit(url).path)))
        shown = readable_name(str(path))
        folder = next((folder for folder in self.settings.inbox if path.is_relative_to(folder)), None)
        if folder is None or not _is_within(path, folder):
            raise TerminalError(f"{shown}: {OUTSIDE_INBOX}")
        try:
            # Opening a named pipe would block for ever.
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
    """Return the readable files of the inbox folders by path, the skipped files with the reason, and errors.

    The native id of a file is ``<folder name>/<relative path>``.

    Raises:
        EmptyError: A folder holds no readable file; the message says what it holds.
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
                with error_boundary(shown):
                    items.append(_listed(source, folder, path, shown))
            except CollectError as error:
                file_errors.append({"outcome": error.outcome, "url": clean(path.as_uri()), "message": str(error)})
        if len(items) + len(file_errors) == count_before:
            explanation = f" (skipped: {'; '.join(folder_skipped[:5])})" if folder_skipped else ""
            raise EmptyError(f"{folder}: no file to read; the inbox takes {', '.join(sorted(SUFFIXES))}{explanation}")
        skipped += folder_skipped
    return items, skipped, file_errors


def _paths(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield all files below a folder but hidden ones; those that are not read have the reason beside them."""
    unreadable = list[OSError]()
    for directory, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in folders:
            if (path := Path(directory, name)).is_symlink():
                yield path, "a link to a folder; copy the folder itself"
        yield from ((Path(directory, name), None) for name in names if not name.startswith("."))
    yield from ((Path(error.filename), f"cannot be opened: {error.strerror}") for error in unreadable)


def _skip_reason(path: Path, folder: Path) -> str | None:
    """Return why a file is skipped, None if it is read."""
    if path.name.startswith(_OFFICE_LOCK):
        return "a lock file of an office program; close the document"
    if path.suffix.lower() not in SUFFIXES:
        return f"of a kind that is not read ({path.suffix or 'no ending'})"
    if not _is_within(path, folder):
        return OUTSIDE_INBOX
    return None if path.is_file() else "no ordinary file"


def _is_within(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        # A link to itself.
        return False


def _listed(source: str, folder: Path, path: Path, shown: str) -> Listed:
    status = path.stat()
    modified_at = datetime.fromtimestamp(status.st_mtime, SEOUL).isoformat(timespec="seconds")
    # A changed size or time makes the file be read again; its content decides whether it has changed.
    fields = {"file": shown.rpartition("/")[2], "bytes": str(status.st_size), "modified_at": modified_at}
    # Names that cannot be decoded may look the same.
    suffix = f"~{hashlib.sha256(os.fsencode(path)).hexdigest()[:8]}" if "\ufffd" in shown else ""
    return Listed(source, shown + suffix, fields["file"].rpartition(".")[0], path.as_uri(), fields)
