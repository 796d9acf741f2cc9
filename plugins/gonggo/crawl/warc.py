"""Archive every exchange in WARC files (ISO 28500), so that better extractors can be run over all that was collected.

A file is written under a temporary name and renamed when complete, so that readers see complete files alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from gonggo import __version__
from gonggo.clean_text import clean, clean_all
from gonggo.crawl.attachment_store import AttachmentStore, header_url, record_content, record_id
from gonggo.errors import CollectError, UnreadableError
from gonggo.model import Listed, move_into_place, temporary_path
from gonggo.read.attachments import Attachment
from gonggo.redaction import masked
from gonggo.settings import SEOUL
from gonggo.sources.adapter import Page

LISTED = "application/vnd.gonggo.listed+json"
_HEADERS = ("WARC-Record-ID", "WARC-Target-URI", "WARC-Date", "WARC-Refers-To", "Content-Type")
_PRINTED = "".join(map(chr, range(0x21, 0x7F)))
_LINE_FOLDING = re.compile(r"[\r\n]+[ \t]*")
_OMITTED_HEADERS = {"content-encoding", "transfer-encoding", "content-length", "connection"}


def _request_line(method: str, url: str) -> str:
    """Return the first line of a request, with other characters than ASCII percent-encoded."""
    return f"{method} {quote(url, safe=_PRINTED, errors='replace')} HTTP/1.1"


def _header_lines(headers: dict[str, str]) -> list[tuple[str, str]]:
    """Return the headers to archive, each on one line, with keys masked."""
    ascii_headers = (
        (name, value) for name, value in headers.items() if name not in _OMITTED_HEADERS and name.isascii()
    )
    return [(name, masked(_LINE_FOLDING.sub(" ", clean(value)))) for name, value in ascii_headers]


def warc_date(at: str) -> str:
    """Return a time as WARC files write it: UTC, with milliseconds."""
    moment = datetime.fromisoformat(at).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def seoul_time(date: str) -> str:
    """Return the time of a WARC-Date as the records write it: Asia/Seoul, with milliseconds."""
    return datetime.fromisoformat(date).astimezone(SEOUL).isoformat(timespec="milliseconds")


class Archive:
    """The writer of one WARC file, a context manager; files of announcements go to ``attachments``.

    The file is kept after a CollectError, since it has the page at fault. Any other exception leaves no file.
    """

    def __init__(self, path: Path, attachments: AttachmentStore | None = None) -> None:
        self.path, self.attachments = path, attachments
        self.scratch = temporary_path(path)

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.out = self.scratch.open("wb")
        self.writer = WARCWriter(self.out, gzip=True)
        info = {"software": f"gonggo/{__version__}", "format": "WARC File Format 1.1"}
        self.writer.write_record(self.writer.create_warcinfo_record(self.path.name, info))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.out.close()
        if kind is None or issubclass(kind, CollectError):
            move_into_place(self.scratch, self.path)
        else:
            self.scratch.unlink(missing_ok=True)

    def write_exchange(self, page: Page, method: str, sent: dict[str, str], at: str, *, is_file: bool = False) -> str:
        """Write request and response, with the body decoded; return the id of the response record.

        The response of a file refers to its content in the store of attachments.
        """
        url = header_url(page.url)
        status = StatusAndHeaders(f"{page.status} -", _header_lines(page.headers), protocol="HTTP/1.1")
        dated = {"WARC-Date": warc_date(at)}
        if is_file and self.attachments and page.status == 200:
            digest = self.attachments.store(page, status, warc_date(at))
            refers = {**dated, "WARC-Refers-To": record_id(digest)}
            response = self.writer.create_revisit_record(
                url, f"sha256:{digest}", url, warc_date(at), http_headers=status, warc_headers_dict=refers
            )
        else:
            response = self.writer.create_warc_record(
                url, "response", payload=BytesIO(page.content), http_headers=status, warc_headers_dict=dated
            )
        asked = StatusAndHeaders(_request_line(method, url), list(sent.items()), is_http_request=True)
        request = self.writer.create_warc_record(
            url, "request", http_headers=asked, warc_headers_dict={"WARC-Date": warc_date(at)}
        )
        with self._all_or_nothing():
            self.writer.write_request_response_pair(request, response)
        return str(response.rec_headers.get_header("WARC-Record-ID"))

    def write_resource(self, url: str, content: bytes, media_type: str, at: str) -> str:
        """Write content that came without HTTP, a file or the body of a list row; return the id of the record."""
        record = self.writer.create_warc_record(
            header_url(url),
            "resource",
            payload=BytesIO(content),
            warc_content_type=media_type,
            warc_headers_dict={"WARC-Date": warc_date(at)},
        )
        with self._all_or_nothing():
            self.writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def write_listed(self, item: Listed, refers_to: str, at: str, files: list[Attachment]) -> None:
        """Write the list row of an announcement and the outcomes of its files; ``refers_to`` is its page."""
        body = json.dumps(
            {**item.to_json(), "fetched_files": [file.to_json() for file in files]}, ensure_ascii=False
        ).encode("utf-8", "replace")
        headers = {"WARC-Refers-To": refers_to, "WARC-Date": warc_date(at)}
        record = self.writer.create_warc_record(
            header_url(item.url),
            "metadata",
            payload=BytesIO(body),
            warc_content_type=LISTED,
            warc_headers_dict=headers,
        )
        with self._all_or_nothing():
            self.writer.write_record(record)

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Undo a write that fails: half a record would hide every record after it."""
        start = self.out.tell()
        try:
            yield
        except BaseException:
            self.out.seek(start)
            self.out.truncate()
            raise


@dataclass(frozen=True)
class ArchivedAnnouncement:
    """An archived announcement: its list row and its page."""

    item: Listed
    page: Page
    is_resource: bool
    record_id: str
    at: str
    # Each file, and its content where it was fetched.
    files: list[tuple[Attachment, bytes | None]] = field(default_factory=list)


def read_archive(path: Path, attachments: AttachmentStore) -> Iterator[ArchivedAnnouncement]:
    """Yield the announcements of a WARC file in the order of fetching, with their files from ``attachments``.

    Raises:
        UnreadableError: The file is damaged here; announcements before have been yielded. A file that is truncated
            between two records ends without an error, so the caller has to know the expected number.
    """
    pages: dict[str, _Record] = {}
    for record in _records(path):
        if record.kind in ("response", "resource"):
            pages[record.id] = record
        elif record.kind == "metadata" and record.media_type == LISTED:
            yield _announcement(path, record, pages, attachments)


def _announcement(
    path: Path, list_record: _Record, pages: dict[str, _Record], attachments: AttachmentStore
) -> ArchivedAnnouncement:
    """Return the announcement of a list row, with its page and files, whose records precede it."""
    try:
        row = clean_all(json.loads(list_record.page.content))
        # `kept_files` in the archives of version 0.1.
        file_rows = row.pop("fetched_files", None) or row.pop("kept_files", [])
        files = [_file_with_content(file_row, pages, attachments) for file_row in file_rows]
        # Removed, so that not all pages of a chunk are in memory at once.
        page = pages.pop(list_record.refers_to)
        return ArchivedAnnouncement(Listed.from_json(row), page.page, page.kind == "resource", page.id, page.at, files)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"{path.name} is damaged: a listed record cannot be read ({error!r})") from error


def read_record(path: Path, record_id: str) -> Page | None:
    """Return an archived page by the id of its record; None where there is none.

    Raises:
        UnreadableError: The file is damaged before that record.
    """
    for record in _records(path):
        if record.id == record_id and record.kind in ("response", "resource"):
            return record.page
    return None


@dataclass(frozen=True)
class _Record:
    """A parsed WARC record; the content of one that is no response becomes a page of status 200."""

    id: str
    kind: str
    media_type: str
    refers_to: str
    at: str
    page: Page


def _records(path: Path) -> Iterator[_Record]:
    with path.open("rb") as stream:
        records, number = ArchiveIterator(stream), 0
        while True:
            try:
                record = next(records, None)
                parsed = _parse_record(record) if record else None
            # A damaged file makes its reader fail in ways of all kinds.
            except Exception as error:
                raise UnreadableError(
                    f"{path.name} is damaged after {number} records ({type(error).__name__}: {error})"
                ) from error
            if parsed is None:
                return
            number += 1
            yield parsed


def _parse_record(record: Any) -> _Record:
    values = {name: record.rec_headers.get_header(name) or "" for name in _HEADERS}
    status, headers = 200, {"content-type": values["Content-Type"]}
    if record.rec_type == "response":
        headers = {name.lower(): value for name, value in record.http_headers.headers}
        status = int(record.http_headers.get_statuscode())
    page = Page(values["WARC-Target-URI"], status, headers, record_content(record))
    at = seoul_time(values["WARC-Date"])
    return _Record(
        values["WARC-Record-ID"], record.rec_type, values["Content-Type"], values["WARC-Refers-To"], at, page
    )


def _file_with_content(
    row: dict[str, Any], pages: dict[str, _Record], attachments: AttachmentStore
) -> tuple[Attachment, bytes | None]:
    """Return a file and its content by its digest; early archives have it in the same WARC file."""
    file = Attachment.from_json(row)
    if "sha256" in row:
        content = attachments.read(row["sha256"])
        if content is None:
            file = replace(file, outcome="lost", reason="its content is not in the archive")
        return file, content
    return file, pages.pop(row["record"]).page.content if row.get("record") else None
