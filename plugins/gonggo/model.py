"""The records that travel from a site's list page to the warehouse.

Each record is a frozen dataclass of plain values; ``to_json`` and ``from_json`` are its only serialisation, used
for the files between the steps. Times are ISO 8601 with zone (Asia/Seoul), dates ``YYYY-MM-DD``.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from gonggo.clean_text import CleanTexts, clean, clean_all
from gonggo.settings import SEOUL


def now() -> str:
    """Return the current time in Asia/Seoul, to the millisecond."""
    return datetime.now(SEOUL).isoformat(timespec="milliseconds")


def days_ago(days: float) -> str:
    """Return the time so many days ago, in Asia/Seoul."""
    return (datetime.now(SEOUL) - timedelta(days=days)).isoformat(timespec="milliseconds")


def announcement_key(source: str, native_id: str) -> str:
    """Return the stable key of an announcement: a hash of the source and the number that the site gives it."""
    return hashlib.sha256(f"{source}\x1f{native_id}".encode()).hexdigest()[:20]


def content_hash(*parts: str) -> str:
    """Return the hash of cleaned content; ``parts`` must not hold what changes by itself (views, retrieved-at)."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


class Record(CleanTexts):
    """Serialisation shared by the records below."""

    def to_json(self) -> dict[str, Any]:
        # Not dataclasses.asdict, which copies recursively: the values are plain and are not modified.
        return {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


@dataclass(frozen=True)
class Listed(Record):
    """One row of a list page.

    ``fields`` holds the other columns of the row under standard names: posted_on, opens_at, closes_at (ISO
    dates), period (the application period as written), agency, region, category, status, and any other
    column under the site's own name. ``body`` is HTML when the list itself carries the whole announcement (an API).
    """

    source: str
    native_id: str
    title: str
    url: str
    fields: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    files: list[dict[str, str]] = field(default_factory=list)
    pinned: bool = False

    @property
    def key(self) -> str:
        return announcement_key(self.source, self.native_id)

    @property
    def fingerprint(self) -> str:
        """Return a hash of the row's content; volatile columns are not in ``fields``.

        The status is left out, because it changes with the calendar; the dates behind it are fields of their own.
        """
        stable_fields = {name: value for name, value in self.fields.items() if name != "status"}
        return content_hash(self.title, json.dumps(stable_fields, sort_keys=True, ensure_ascii=False), self.body or "")


@dataclass(frozen=True)
class Fetch(Record):
    """One HTTP exchange (or one file read from an inbox)."""

    source: str
    run_id: str
    url: str
    purpose: str  # robots | list | detail | file
    at: str
    outcome: str  # ok | not_modified | transient | terminal | certificate | blocked | changed | empty
    status: int | None = None
    bytes: int = 0
    milliseconds: int = 0
    warc_file: str | None = None
    warc_record: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class SourceRun(Record):
    """What one run of one source did. ``state``: ok | partial (some documents failed) | failed | skipped."""

    source: str
    run_id: str
    started_at: str
    finished_at: str | None = None
    state: str = "running"
    pages: int = 0
    listed: int = 0
    new: int = 0
    changed: int = 0
    fetched: int = 0
    extracted: int = 0
    failed: int = 0
    complete: bool = False  # the list was walked to its end
    errors: list[dict[str, str]] = field(default_factory=list)  # {"outcome", "url", "message"}
    stored: int = 0  # of the listed announcements, those with a stored document
    newest: str | None = None  # day of the newest post in the list
    left_out: int = 0  # rows that the prefilter left out
    revisited: int = 0  # open announcements whose page was fetched again
    unchanged: int = 0  # of those, pages without a change
    vanished: int = 0  # pages that are no longer there


def temporary_path(path: Path) -> Path:
    """Return the temporary name under which this process writes ``path``; only a killed process leaves one behind."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def fsync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to the disk so that it survives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def move_into_place(scratch: Path, path: Path) -> None:
    """Rename a finished file or folder durably: after a power cut it is complete or absent."""
    fsync(scratch)
    scratch.replace(path)
    fsync(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write a file under a temporary name and rename it, so that readers never see a partial file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = temporary_path(path)
    scratch.write_text(clean(text), "utf-8")
    scratch.replace(path)


def write_jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    """Write JSON Lines under a temporary name and rename the file. Return the number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = temporary_path(path)
    count = 0
    with scratch.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json_line(row))
            count += 1
    scratch.replace(path)
    return count


def json_line(row: dict[str, Any]) -> str:
    """Return a row as a line of JSON in valid UTF-8; rows that are not records are cleaned here."""
    line = json.dumps(row, ensure_ascii=False) + "\n"
    return line if clean(line) is line else json.dumps(clean_all(row), ensure_ascii=False) + "\n"


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file; none if the file does not exist."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
