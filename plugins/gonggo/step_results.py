"""What the steps of the pipeline return: plain data, which Airflow keeps as XCom and commands print as JSON."""

from __future__ import annotations

from typing import Any, TypedDict


class RunErrorRow(TypedDict):
    """An error of a run: its outcome (the class of the error), the address that it concerns, and the message."""

    outcome: str
    url: str
    message: str


class ListResult(TypedDict):
    """What ``list_source`` found: counts of pages and rows, and the chunks of announcements to fetch."""

    source: str
    run_id: str
    chunks: list[int]
    to_fetch: int
    pages: int
    listed: int
    new: int
    changed: int


class FetchResult(TypedDict):
    """How many announcements of a chunk ``fetch_chunk`` fetched, and how many failed."""

    source: str
    chunk: int
    fetched: int
    failed: int


class ExtractResult(TypedDict):
    """How many announcements of a chunk ``extract_chunk`` extracted, and how many failed."""

    source: str
    chunk: int
    extracted: int
    failed: int


class RunResult(TypedDict):
    """The record of a staged run, as ``SourceRun`` explains it, and the id of its batch."""

    batch_id: str
    source: str
    run_id: str
    started_at: str
    finished_at: str | None
    state: str
    pages: int
    listed: int
    new: int
    changed: int
    fetched: int
    extracted: int
    failed: int
    complete: bool
    errors: list[RunErrorRow]
    stored: int
    newest: str | None
    left_out: int
    revisited: int
    unchanged: int
    vanished: int


class RunFigures(TypedDict):
    """The figures of a staged run for metrics; ``requests`` and ``bytes`` are those of all its HTTP exchanges."""

    source: str
    state: str
    seconds: float
    listed: int
    new: int
    changed: int
    extracted: int
    failed: int
    requests: int
    bytes: int


class ReplayResult(TypedDict):
    """What ``replay`` extracted again: ``kept`` documents stayed as they were, because less of them can be read now.

    ``failed`` has the error of each batch that was left unchanged because of it, by the id of the batch.
    """

    runs: int
    documents: int
    kept: int
    failed: dict[str, str]


class LoadResult(TypedDict):
    """What ``load`` did.

    Attributes:
        loaded: Ids of the batches that are new in the tables.
        documents: Number of documents in them.
        known: Number of batches that were loaded before.
        rebuilt: Ids of the batches that were damaged and rebuilt from the archive.
        failed: Error of each batch that could not be loaded, by its id.
        warehouse_rebuilt: Whether the warehouse was damaged and is loaded again from all batches.
    """

    loaded: list[str]
    documents: int
    known: int
    rebuilt: list[str]
    failed: dict[str, str]
    warehouse_rebuilt: bool


class LinkResult(TypedDict):
    """Row counts after ``link``; a notice is one call, whichever sites announce it."""

    organisations: int
    programmes: int
    announcements: int
    notices: int


class BuildResult(TypedDict):
    """The names of the marts, each after those that it reads."""

    marts: list[str]


class VerifyResult(TypedDict):
    """How many marts were rebuilt, and the rows that differed before: missing and surplus ones by mart."""

    marts: int
    differences: dict[str, dict[str, int]]


class ViolationRow(TypedDict):
    """The violations of a check: severity (block or warn), what is wrong, how many rows, and a few of them as text."""

    severity: str
    what: str
    count: int
    rows: list[dict[str, str]]


class CheckResult(TypedDict):
    """The number of checks, and the violations by the name of the check."""

    checks: int
    violations: dict[str, ViolationRow]


class PublishResult(TypedDict):
    """What ``publish`` wrote.

    Attributes:
        snapshot: Path of the file.
        bytes: Size of the file.
        kept: Number of snapshots in the history.
        announcements: Number of announcements in it.
        batches: Number of batches in it.
        indexed: Number of announcements that the search index took up since the last publication.
        warnings: Number of rows that violate a check that only warns, by the name of the check.
    """

    snapshot: str
    bytes: int
    kept: int
    announcements: int
    batches: int
    indexed: int
    warnings: dict[str, int]


class RollBackResult(TypedDict):
    """The snapshot that is published again, when it was published first, and how many older ones are kept."""

    snapshot: str
    published_at: str
    older: int


class ExportResult(TypedDict):
    """The folder of the exports, the number of its files, and the reason of each output that failed."""

    exports: str
    files: int
    failed: dict[str, str]


class DistributionResult(TypedDict):
    """Where the published data were distributed to, how many files are there, and which pages were left out and why."""

    to: str
    published_at: str
    files: int
    bytes: int
    uploaded: int
    removed: int
    left_out: dict[str, str]


class MorningPaths(TypedDict):
    """The paths of the morning report."""

    html: str
    markdown: str


class AlertRecipients(TypedDict):
    """E-mail addresses, or the id of an Airflow connection: of a chat, of Apprise, or of a signed webhook."""

    email: list[str]
    webhook: str | None
    apprise: str | None
    signed_webhook: str | None


class SentEvents(TypedDict):
    """The events that a message reports, as pairs of an announcement's key and an event, by the name of its rule."""

    rule: str
    events: list[list[str]]


class EventPayload(TypedDict):
    """One event for a signed webhook: its id, its type and data as JSON values, and the events that it reports."""

    id: str
    body: dict[str, Any]
    events: list[list[str]]


class AlertMessage(SentEvents):
    """A message to send: a text, or for a signed webhook its events one by one."""

    to: AlertRecipients
    subject: str
    text: str
    payloads: list[EventPayload]


class CleanUpResult(TypedDict):
    """Counts of what was removed: temporary files, old files, archived runs, contents of attached files; and bytes."""

    temporaries: int
    old: int
    runs: int
    contents: int
    bytes: int


class BackupResult(TypedDict):
    """The folder of the backup, the number of its files, how many of them are new, and the bytes of these."""

    backup: str
    files: int
    copied: int
    bytes: int


class RestoreResult(TypedDict):
    """The backup that was restored, the number of its files, and the home."""

    restored: str
    files: int
    home: str


class DiskUsageResult(TypedDict):
    """Bytes of each folder of the home, free bytes of its disk, and warnings."""

    bytes: dict[str, int]
    free: int
    warnings: list[str]
