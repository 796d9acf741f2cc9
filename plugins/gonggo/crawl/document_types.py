"""The document: an announcement as it was read, with the record of its facts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from gonggo.extract.record_types import ExtractionRecord, from_json, to_json
from gonggo.model import Record
from gonggo.read.attachments import Attachment
from gonggo.read.reading import RemovedText


@dataclass(frozen=True)
class Document(Record):
    """One announcement as it was read on one day, with its facts.

    ``record`` is None when the page could not be read, and then ``outcome`` and ``reason`` say why. ``removed`` lists
    what was cut out of the text.
    """

    source: str
    native_id: str
    key: str
    url: str
    title: str
    retrieved_at: str
    content_hash: str
    listed: dict[str, str] = field(default_factory=dict)
    outcome: str = "ok"  # ok | unreadable | changed
    reason: str | None = None
    media_type: str | None = None
    charset: str | None = None
    warc_file: str | None = None
    warc_record: str | None = None
    removed: list[RemovedText] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    record: ExtractionRecord | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            **super().to_json(),
            "removed": [_without_none(asdict(passage)) for passage in self.removed],
            "attachments": [attachment.to_json() for attachment in self.attachments],
            "record": to_json(self.record) if self.record else None,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        record = data.get("record")
        return cls(
            **{
                **data,
                "removed": [RemovedText(**passage) for passage in data.get("removed") or ()],
                "attachments": [Attachment.from_json(row) for row in data.get("attachments") or ()],
                "record": None if record is None else from_json(record),
            }
        )


def _without_none(row: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value is not None}
