"""The files of an active run of one source, and the commit of its batch."""

from __future__ import annotations

import json
import logging
import shutil
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from gonggo.boundary import Traces
from gonggo.cluster.workspace import files_of
from gonggo.crawl.document_types import Document
from gonggo.crawl.run_records import (
    DocumentSummary,
    FetchedAnnouncement,
    ListOutcome,
    PlannedFetch,
    RunContents,
    RunError,
)
from gonggo.errors import UnreadableError
from gonggo.model import (
    Fetch,
    Listed,
    SourceRun,
    fsync,
    json_line,
    move_into_place,
    read_jsonl,
    temporary_path,
    write_jsonl,
    write_text,
)
from gonggo.settings import Settings


class SerializableRow(Protocol):
    """A row that JSON can hold."""

    def to_json(self) -> dict[str, Any]: ...


log = logging.getLogger(__name__)
_REPLACED_SUFFIX = ".before"
BATCH_FILES = ("documents.jsonl", "fetches.jsonl", "listings.jsonl")


@dataclass(frozen=True)
class RunFiles:
    """The paths of all files of a run."""

    settings: Settings
    source: str
    run_id: str

    @property
    def batch_id(self) -> str:
        return f"{self.source}__{self.run_id}"

    @property
    def work(self) -> Path:
        return self.settings.work / self.source / self.run_id

    @property
    def archive(self) -> Path:
        return self.settings.archive / self.source / self.run_id

    @property
    def batch(self) -> Path:
        return self.settings.batches / self.batch_id

    @property
    def listing(self) -> Path:
        """Return the file of the rows to fetch."""
        return self.work / "listing.jsonl"

    @property
    def left_out(self) -> Path:
        """Return the file of the rows that the prefilter leaves out."""
        return self.work / "left.jsonl"

    def warc(self, chunk: int) -> Path:
        return self.archive / f"chunk-{chunk:04d}.warc.gz"

    def traces(self, step: str, chunk: int = 0) -> Traces:
        """Return the file for the tracebacks of a step, beside the archived pages that they are about."""
        return Traces(
            self.archive / f"tracebacks-{step}-{chunk:04d}.txt", self.settings.workspace or self.settings.home
        )

    def archived_chunks(self) -> list[int]:
        """Return the numbers of the chunks in the archive."""
        return sorted(int(path.name[6:10]) for path in self.archive.glob("chunk-*.warc.gz"))

    def unread_chunks(self) -> list[int]:
        """Return the numbers of the archived chunks that are not extracted yet."""
        return [chunk for chunk in self.archived_chunks() if not self.part("documents", chunk).exists()]

    def part(self, kind: str, chunk: int) -> Path:
        """Return the file of a chunk of one kind: fetched, documents, summaries, read (a count), fetches, errors.

        Chunk 0 is that of the listing.
        """
        return self.work / f"{kind}-{chunk:04d}.jsonl"

    def parts(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the JSON objects of the files of one kind, chunk by chunk."""
        for path in sorted(self.work.glob(f"{kind}-*.jsonl")):
            yield from read_jsonl(path)

    def count(self, kind: str) -> int:
        """Return the number of rows in the files of one kind, over all chunks."""
        return sum(path.read_bytes().count(b"\n") for path in self.work.glob(f"{kind}-*.jsonl"))

    def pages_read(self) -> int:
        """Return how many list pages, from the first on without a gap, an attempt at this run has read."""
        number = 0
        while self.part("pages", number + 1).exists():
            number += 1
        return number

    def forget_pages(self) -> None:
        """Delete the list pages that were read: another endpoint of the list has its own page numbers."""
        for path in self.work.glob("pages-*.jsonl"):
            path.unlink()

    def planned_fetches(self, chunk: int) -> list[PlannedFetch]:
        """Return the list rows that a chunk fetches."""
        # The chunk number is the first key of a row; rows of other chunks are not parsed.
        prefix = f'{{"chunk": {chunk}, '
        if not self.listing.exists():
            return []
        with self.listing.open(encoding="utf-8") as lines:
            return [PlannedFetch.from_json(json.loads(line)) for line in lines if line.startswith(prefix)]

    def write_fetches(self, chunk: int, fetches: list[Fetch]) -> None:
        write_jsonl(self.part("fetches", chunk), (fetch.to_json() for fetch in fetches))

    def write_errors(self, chunk: int, errors: Iterable[RunError]) -> None:
        """Write the errors of a chunk; those of the list are chunk 0."""
        write_jsonl(self.part("errors", chunk), (error.to_json() for error in errors))

    def errors(self, chunk: int) -> list[RunError]:
        """Return the errors of a chunk that are written."""
        return [RunError.from_json(row) for row in read_jsonl(self.part("errors", chunk))]

    def fetches(self) -> Iterator[Fetch]:
        """Yield the exchanges of all chunks."""
        return (Fetch.from_json(row) for row in self.parts("fetches"))

    def write_documents(self, chunk: int, documents: Iterable[Document]) -> list[DocumentSummary]:
        """Write the documents of a chunk, and their summaries for the staging; return these."""
        summaries = list[DocumentSummary]()
        path = self.part("documents", chunk)
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = temporary_path(path)
        with scratch.open("wb") as out:
            for document in documents:
                line = json_line(document.to_json()).encode()
                out.write(line)
                summaries.append(DocumentSummary.of(document, zlib.crc32(line)))
        write_jsonl(self.part("summaries", chunk), (summary.to_json() for summary in summaries))
        scratch.replace(path)
        return summaries

    def document_lines(self, summaries: list[DocumentSummary], without: set[str]) -> Iterator[bytes]:
        """Yield the lines of the documents of these summaries, without some announcements.

        Raises:
            UnreadableError: A line is not the one that was written.
        """
        lines = (line for path in sorted(self.work.glob("documents-*.jsonl")) for line in lines_of(path))
        for summary, line in zip(summaries, lines, strict=True):
            if zlib.crc32(line) != summary.crc32:
                raise UnreadableError(f"the document of {summary.native_id} is not the one that was written")
            if summary.native_id not in without:
                yield line

    def check_documents(self, summaries: list[DocumentSummary]) -> None:
        """Compare the documents with the checksums of their summaries.

        Raises:
            UnreadableError, ValueError: A document is not the one that was written, or there is another number of them.
        """
        deque(self.document_lines(summaries, set()), maxlen=0)

    def contents(self) -> RunContents:
        """Read everything that the steps of the run wrote.

        Raises:
            UnreadableError, ValueError, KeyError, TypeError: A file is damaged.
        """
        contents = RunContents(
            self.outcome(),
            [PlannedFetch.from_json(row) for row in read_jsonl(self.listing)],
            [Listed.from_json(row) for row in read_jsonl(self.left_out)],
            [FetchedAnnouncement.from_json(row) for row in self.parts("fetched")],
            [RunError.from_json(row) for row in self.parts("errors")],
            [RunError.from_json(row) for row in self.parts("passed")],
            [
                summary
                for path in sorted(self.work.glob("documents-*.jsonl"))
                for summary in _summaries(path, path.with_name(path.name.replace("documents", "summaries", 1)))
            ],
        )
        planned_ids = {planned.item.native_id for planned in contents.planned}
        if any(row.native_id not in planned_ids for row in contents.fetched):
            raise UnreadableError(f"{self.listing.name} lacks announcements that were fetched")
        return contents

    def outcome(self) -> ListOutcome:
        """Return what is known of the list so far."""
        return ListOutcome.from_json(read_json(self.work / "run.json"))

    def update_outcome(self, **values: Any) -> ListOutcome:
        """Change fields of the outcome of the list; return all of them."""
        outcome = replace(self.outcome(), **values)
        write_json(self.work / "run.json", outcome.to_json())
        return outcome

    def progress(self, step: str, **counts: int | str) -> None:
        """Write the progress of this source for the console that displays it."""
        path = self.settings.work / "progress" / f"{self.source}.json"
        before = read_json(path)
        if before.get("run_id") != self.run_id:
            before = {}
        write_json(path, {**before, "source": self.source, "run_id": self.run_id, "step": step, **counts})


def _summaries(documents: Path, summaries: Path) -> list[DocumentSummary]:
    """Return the summaries of a file of documents; version 0.1, or a process that was killed, wrote none."""
    if summaries.exists():
        return [DocumentSummary.from_json(row) for row in read_jsonl(summaries)]
    return summaries_of(documents)


def summaries_of(documents: Path) -> list[DocumentSummary]:
    """Read the documents of a file and return their summaries.

    Raises:
        ValueError, TypeError: The file is damaged.
    """
    return [DocumentSummary.of(Document.from_json(json.loads(line)), zlib.crc32(line)) for line in lines_of(documents)]


def read_source_run(path: Path) -> SourceRun:
    """Return the record of a run from its file in an archive or a batch.

    Raises:
        OSError, ValueError, TypeError: There is none, or it is damaged.
    """
    data = json.loads(path.read_text("utf-8"))
    return SourceRun.from_json({name: value for name, value in data.items() if name != "files"})


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file as they are; none if it does not exist."""
    if path.exists():
        with path.open("rb") as lines:
            yield from lines


def lines_of_rows(rows: Iterable[SerializableRow]) -> Iterator[bytes]:
    """Yield rows as lines of JSON."""
    return (json_line(row.to_json()).encode() for row in rows)


def read_json(path: Path) -> dict[str, Any]:
    """Return the object of a JSON file; empty where there is none, or a power cut has left the file empty."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        data = None
    if not isinstance(data, dict):
        log.error("%s is damaged; continuing without it", path)
        return {}
    return data


def write_json(path: Path, data: Any) -> None:
    """Write a JSON file in one rename."""
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1))


def commit_batch(
    files: RunFiles,
    run: SourceRun,
    documents: Iterable[bytes],
    fetches: Iterable[bytes],
    listings: Iterable[bytes],
    *,
    overwrite: bool = False,
) -> bool:
    """Write a batch of JSON lines, which becomes visible in one rename; return whether the batch is now this one.

    An existing batch stays unless ``overwrite`` is set. ``run.json`` has the sizes of the other files, so that a
    truncated one is detected.
    """
    if files.batch.exists() and not overwrite:
        return False
    scratch = temporary_path(files.batch)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    for name, lines in zip(BATCH_FILES, (documents, fetches, listings), strict=True):
        with (scratch / name).open("wb") as out:
            out.writelines(lines)
    sizes = {name: (scratch / name).stat().st_size for name in BATCH_FILES}
    write_json(scratch / "run.json", {**run.to_json(), "files": sizes})
    for path in scratch.iterdir():
        fsync(path)
    before = files.batch.with_name(f".{files.batch_id}{_REPLACED_SUFFIX}")
    if files.batch.exists():
        shutil.rmtree(before, ignore_errors=True)
        files.batch.rename(before)
    try:
        move_into_place(scratch, files.batch)
    except OSError:
        # Another process that took the run for interrupted may have written the same batch just now.
        if not files.batch.exists():
            raise
        shutil.rmtree(scratch)
        return False
    shutil.rmtree(before, ignore_errors=True)
    return True


def restore_batches(settings: Settings) -> None:
    """Restore the batches whose replacement was interrupted."""
    for before in settings.batches.glob(f".*{_REPLACED_SUFFIX}"):
        batch = before.with_name(before.name[1 : -len(_REPLACED_SUFFIX)])
        if not batch.exists():
            before.rename(batch)
            log.warning("the replacement of %s was interrupted; the previous batch is restored", batch.name)


def committed_batches(settings: Settings) -> list[Path]:
    """Return the folders of the complete batches, sorted by name."""
    return sorted(path for path in settings.batches.glob("[!.]*") if (path / "run.json").is_file())


def batch_ids(settings: Settings) -> set[str]:
    """Return the ids of all batches, of all machines where they share a store."""
    return files_of(settings).batch_ids()


def archived_runs(settings: Settings, source: str | None = None) -> list[tuple[str, str]]:
    """Return source and run id of the completely archived runs (of one source), sorted by run id."""
    return sorted(files_of(settings).archived_runs(source), key=lambda run: (run[1], run[0]))


def damage(batch: Path) -> str | None:
    """Return what is wrong with the sizes of the files of a batch; None where they are as written."""
    try:
        sizes = json.loads((batch / "run.json").read_text("utf-8")).get("files", {})
    except ValueError as error:
        return f"run.json: {error}"
    for name, size in sizes.items():
        path = batch / name
        actual = path.stat().st_size if path.exists() else 0
        if actual != size:
            return f"{name} has {actual} of {size} bytes"
    return None
