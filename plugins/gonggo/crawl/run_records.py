"""The rows of the files that the steps of a run write for each other.

JSON is read and written here alone. Rows that version 0.1 wrote are still read: an interrupted run may have some.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Self

from gonggo.crawl.document_types import Document
from gonggo.model import Listed

# Outcomes of a file that could not be fetched, as opposed to one that was skipped or could not be read.
FETCH_FAILURES = ("transient", "terminal", "certificate", "blocked", "unforeseen")


class _Row:
    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """Return the fields as a JSON object."""
        names: tuple[str, ...] = _names(type(self))  # type: ignore[arg-type]
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the row of a JSON object; keys that are no fields are ignored.

        Raises:
            TypeError: A field without a default is missing.
        """
        names: tuple[str, ...] = _names(cls)  # type: ignore[arg-type]
        return cls(**{name: data[name] for name in names if name in data})


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


@dataclass(frozen=True, slots=True)
class PlannedFetch(_Row):
    """A list row to fetch; ``prefilter`` is why: likely, sample or revisit. Chunks count from 1."""

    chunk: int
    prefilter: str
    item: Listed

    def to_json(self) -> dict[str, Any]:
        return {"chunk": self.chunk, "prefilter": self.prefilter, "item": self.item.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(data["chunk"], _prefilter(data), Listed.from_json(data["item"]))


@dataclass(frozen=True, slots=True)
class FetchedAnnouncement(_Row):
    """The result of fetching a list row: the validators of its page, or that it is unchanged or gone."""

    native_id: str
    prefilter: str
    etag: str | None = None
    modified: str | None = None
    unchanged: bool = False
    gone: bool = False

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        native_id = data["native_id"] if "native_id" in data else data["item"]["native_id"]
        return super(FetchedAnnouncement, cls).from_json(
            {**data, "native_id": native_id, "prefilter": _prefilter(data)}
        )


@dataclass(frozen=True, slots=True)
class RunError(_Row):
    """An error or a warning of a run; ``native_id`` where it is about one announcement."""

    outcome: str
    url: str
    message: str
    native_id: str | None = None

    def to_run(self) -> dict[str, str]:
        """Return the entry of the error in the record of the run."""
        return {"outcome": self.outcome, "url": self.url, "message": self.message}


@dataclass(frozen=True, slots=True)
class ListingRow(_Row):
    """What a run learned of a list row; ``state`` is listed or vanished."""

    source: str
    native_id: str
    url: str
    title: str
    fields: dict[str, str]
    key: str
    prefilter: str
    state: str
    at: str

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return super(ListingRow, cls).from_json({**data, "prefilter": _prefilter(data)})

    @classmethod
    def of(cls, item: Listed, prefilter: str, state: str, at: str) -> Self:
        """Return the record of a row of the list."""
        return cls(item.source, item.native_id, item.url, item.title, item.fields, item.key, prefilter, state, at)


@dataclass(frozen=True, slots=True)
class DocumentSummary(_Row):
    """The facts about a document that staging needs, so that it copies documents without parsing them.

    ``failed_files`` are those that could not be fetched, as errors of the run. ``crc32`` is the checksum of the line of
    JSON that the document is in its file.
    """

    native_id: str
    url: str
    outcome: str
    reason: str | None
    content_hash: str
    relevant: bool
    closes_at: str | None
    failed_files: list[RunError]
    crc32: int

    def to_json(self) -> dict[str, Any]:
        return {
            **super(DocumentSummary, self).to_json(),
            "failed_files": [each.to_json() for each in self.failed_files],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        failed_files = [RunError.from_json(each) for each in data["failed_files"]]
        return super(DocumentSummary, cls).from_json({**data, "failed_files": failed_files})

    @classmethod
    def of(cls, document: Document, crc32: int) -> Self:
        """Return the summary of a document."""
        record = document.record
        closes_at = record.application.closes_at if record else None
        failed_files = [
            RunError(file.outcome, file.url, f"{file.name}: {file.reason}")
            for file in document.attachments
            if file.outcome in FETCH_FAILURES
        ]
        return cls(
            document.native_id,
            document.url,
            document.outcome,
            document.reason,
            document.content_hash,
            record is not None and record.is_relevant,
            closes_at.value if closes_at else None,
            failed_files,
            crc32,
        )


@dataclass(frozen=True, slots=True)
class ListOutcome(_Row):
    """What the file ``run.json`` of a run holds while it is active; ``listed`` is None until the list was read."""

    started_at: str | None = None
    # The number and name of the endpoint of the list, and a warning where it has had no new rows for long.
    endpoint: int = 0
    endpoint_name: str | None = None
    pause_warning: str | None = None
    pages: int = 0
    listed: int | None = None
    new: int = 0
    changed: int = 0
    known: int = 0
    complete: bool = False
    doubtful: bool = False
    newest: str | None = None
    # Whether a page behind the first failed.
    cut: bool = False

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return super(ListOutcome, cls).from_json({_FORMER_NAMES.get(name, name): data[name] for name in data})


@dataclass(frozen=True, slots=True)
class RunContents:
    """Everything that the steps of a run wrote; each file is read once."""

    outcome: ListOutcome
    planned: list[PlannedFetch] = field(default_factory=list)
    left_out: list[Listed] = field(default_factory=list)
    fetched: list[FetchedAnnouncement] = field(default_factory=list)
    errors: list[RunError] = field(default_factory=list)
    skipped: list[RunError] = field(default_factory=list)
    documents: list[DocumentSummary] = field(default_factory=list)

    @property
    def failed_files(self) -> list[RunError]:
        """Return the files that could not be fetched, of all documents."""
        return [error for document in self.documents for error in document.failed_files]


# Fields of ``ListOutcome`` in version 0.1.
_FORMER_NAMES = {"way": "endpoint", "way_name": "endpoint_name", "silent": "pause_warning"}


def _prefilter(data: dict[str, Any]) -> str:
    return str(data["prefilter"] if "prefilter" in data else data["net"])
