"""Every exchange in WARC files (ISO 28500), so that a better reader can be run over all that was ever collected.

A file is written under a temporary name and renamed when complete: a reader never meets half a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from gonggo.crawl.attachment_store import AttachmentStore, content_of, in_line, record_id
from gonggo.errors import CollectError, UnreadableError
from gonggo.model import Listed, move_into_place, temporary_path
from gonggo.redaction import masked
from gonggo.settings import SEOUL
from gonggo.sources.adapter import Page

LISTED = "application/vnd.gonggo.listed+json"
_READ = ("WARC-Record-ID", "WARC-Target-URI", "WARC-Date", "WARC-Refers-To", "Content-Type")
_PRINTED = "".join(map(chr, range(0x21, 0x7F)))
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_NOT_KEPT = {"content-encoding", "transfer-encoding", "content-length", "connection"}


def _request_line(method: str, url: str) -> str:
    """Return the first line of a request, in ASCII: whatever a page had raw in an address is percent-encoded."""
    return f"{method} {quote(url, safe=_PRINTED, errors='replace')} HTTP/1.1"


def _header_lines(headers: dict[str, str]) -> list[tuple[str, str]]:
    """Return the headers that are kept, each on one line, without secrets."""
    lines = [(name, masked(_FOLD.sub(" ", clean(value)))) for name, value in headers.items()]
    return [(name, value) for name, value in lines if name not in _NOT_KEPT and name.isascii()]


def warc_date(at: str) -> str:
    """A moment as WARC files write it: UTC, with milliseconds."""
    moment = datetime.fromisoformat(at).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def seoul_time(date: str) -> str:
    """The moment of a WARC-Date as the records carry it."""
    return datetime.fromisoformat(date).astimezone(SEOUL).isoformat(timespec="milliseconds")


class Archive:
    """The writer of one WARC file, a context manager. Attached files go to ``payloads``, by their content.

    It stays when the site is to blame for the end (CollectError): the page that offends is the one to look at. Any
    other exception leaves no file behind.
    """

    def __init__(self, path: Path, payloads: AttachmentStore | None = None) -> None:
        self.path, self.payloads = path, payloads
        self.part = temporary_path(path)

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.out = self.part.open("wb")
        self.writer = WARCWriter(self.out, gzip=True)
        info = {"software": f"gonggo/{__version__}", "format": "WARC File Format 1.1"}
        self.writer.write_record(self.writer.create_warcinfo_record(self.path.name, info))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.out.close()
        if kind is None or issubclass(kind, CollectError):
            move_into_place(self.part, self.path)
        else:
            self.part.unlink(missing_ok=True)

    def exchange(self, page: Page, method: str, sent: dict[str, str], at: str, *, is_file: bool = False) -> str:
        """Write request and response; returns the id of the response record. The body is kept decoded.

        Of a file the response refers to its content, which is archived once.
        """
        url = in_line(page.url)
        status = StatusAndHeaders(f"{page.status} -", _header_lines(page.headers), protocol="HTTP/1.1")
        dated = {"WARC-Date": warc_date(at)}
        if is_file and self.payloads and page.status == 200:
            digest = self.payloads.keep(page, status, warc_date(at))
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
        with self._whole():
            self.writer.write_request_response_pair(request, response)
        return str(response.rec_headers.get_header("WARC-Record-ID"))

    def resource(self, url: str, content: bytes, media_type: str, at: str) -> str:
        """Write bytes that came without HTTP: a file, or an announcement carried by a list. Returns the record id."""
        record = self.writer.create_warc_record(
            in_line(url),
            "resource",
            payload=BytesIO(content),
            warc_content_type=media_type,
            warc_headers_dict={"WARC-Date": warc_date(at)},
        )
        with self._whole():
            self.writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def listed(self, item: Listed, refers_to: str, at: str, files: list[dict[str, Any]]) -> None:
        """Write what the list said of an announcement and what became of its files, beside the record that holds it."""
        body = json.dumps({**item.to_json(), "kept_files": files}, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"WARC-Refers-To": refers_to, "WARC-Date": warc_date(at)}
        record = self.writer.create_warc_record(
            in_line(item.url),
            "metadata",
            payload=BytesIO(body),
            warc_content_type=LISTED,
            warc_headers_dict=headers,
        )
        with self._whole():
            self.writer.write_record(record)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Write a record as a whole or not at all: half of one would hide every record after it."""
        start = self.out.tell()
        try:
            yield
        except BaseException:
            self.out.seek(start)
            self.out.truncate()
            raise


@dataclass(frozen=True)
class ArchivedAnnouncement:
    """One archived announcement: what the list said and the bytes that hold it."""

    item: Listed
    page: Page
    is_resource: bool
    record_id: str
    at: str
    # Each file's row, and its bytes where it came.
    files: list[tuple[dict[str, Any], bytes | None]] = field(default_factory=list)


def read_archive(path: Path, payloads: AttachmentStore) -> Iterator[ArchivedAnnouncement]:
    """The announcements of one WARC file, in the order they were fetched, with their files out of ``payloads``.

    Raises:
        UnreadableError: the file is damaged here; what stood before has been yielded. One that was cut off between two
            records ends without an error: whoever knows how many there should be has to count.
    """
    pages: dict[str, _Record] = {}
    for record in _records(path):
        if record.kind in ("response", "resource"):
            pages[record.id] = record
        elif record.kind == "metadata" and record.media_type == LISTED:
            yield _kept(path, record, pages, payloads)


def _kept(path: Path, listed: _Record, pages: dict[str, _Record], payloads: AttachmentStore) -> ArchivedAnnouncement:
    """The announcement of a listed record, with the page and the files that came before it."""
    try:
        told = clean_all(json.loads(listed.page.content))
        rows = told.pop("kept_files", [])
        files = [_file(row, pages, payloads) for row in rows]
        # Forgotten once used: a chunk's pages are not held in memory all at once.
        shown = pages.pop(listed.refers_to)
        return ArchivedAnnouncement(
            Listed.from_json(told), shown.page, shown.kind == "resource", shown.id, shown.at, files
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"{path.name} is damaged: a listed record cannot be read ({error!r})") from error


def read_record(path: Path, record_id: str) -> Page | None:
    """One archived page by the id of its record.

    Raises:
        UnreadableError: the file is damaged before it.
    """
    for record in _records(path):
        if record.id == record_id and record.kind in ("response", "resource"):
            return record.page
    return None


@dataclass(frozen=True)
class _Record:
    """What is read of a record; the content of one that is no exchange is a page too, with status 200."""

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
                read = _read(record) if record else None
            # A damaged file makes its reader fail in ways of all kinds.
            except Exception as error:
                raise UnreadableError(
                    f"{path.name} is damaged after {number} records ({type(error).__name__}: {error})"
                ) from error
            if read is None:
                return
            number += 1
            yield read


def _read(record: Any) -> _Record:
    told = {name: record.rec_headers.get_header(name) or "" for name in _READ}
    status, headers = 200, {"content-type": told["Content-Type"]}
    if record.rec_type == "response":
        headers = {name.lower(): value for name, value in record.http_headers.headers}
        status = int(record.http_headers.get_statuscode())
    page = Page(told["WARC-Target-URI"], status, headers, content_of(record))
    at = seoul_time(told["WARC-Date"])
    return _Record(told["WARC-Record-ID"], record.rec_type, told["Content-Type"], told["WARC-Refers-To"], at, page)


def _file(
    row: dict[str, Any], pages: dict[str, _Record], payloads: AttachmentStore
) -> tuple[dict[str, Any], bytes | None]:
    """A file's row and its content, by its digest; earlier archives have it in the same WARC file."""
    if "sha256" in row:
        content = payloads.read(row["sha256"])
        lost = {"outcome": "lost", "reason": "its content is not in the archive"}
        return (row, content) if content is not None else ({**row, **lost}, None)
    return row, pages.pop(row["record"]).page.content if row.get("record") else None
