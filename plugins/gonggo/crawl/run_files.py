"""The files of one run of one source while it is under way, and their way into a batch."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gonggo.boundary import Traces
from gonggo.cluster.workspace import files_of
from gonggo.model import Fetch, Listed, fsync, move_into_place, read_jsonl, temporary_path, write_jsonl, write_text
from gonggo.settings import Settings

log = logging.getLogger(__name__)
_BEFORE = ".before"
BATCH = ("documents.jsonl", "fetches.jsonl", "listings.jsonl")


@dataclass(frozen=True)
class RunFiles:
    """Names of everything that one run writes."""

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
        """Rows to fetch."""
        return self.work / "listing.jsonl"

    @property
    def left(self) -> Path:
        """Rows that the prefilter leaves out."""
        return self.work / "left.jsonl"

    def warc(self, chunk: int) -> Path:
        return self.archive / f"chunk-{chunk:04d}.warc.gz"

    def traces(self, step: str, chunk: int = 0) -> Traces:
        """Where the tracebacks of a step are kept, beside the archived pages that they are about."""
        return Traces(
            self.archive / f"tracebacks-{step}-{chunk:04d}.txt", self.settings.workspace or self.settings.home
        )

    def archived_chunks(self) -> list[int]:
        """The numbers of the chunks that the archive has."""
        return sorted(int(path.name[6:10]) for path in self.archive.glob("chunk-*.warc.gz"))

    def unread_chunks(self) -> list[int]:
        """The numbers of the archived chunks that were not read yet."""
        return [chunk for chunk in self.archived_chunks() if not self.part("documents", chunk).exists()]

    def part(self, kind: str, chunk: int) -> Path:
        """A chunk's file of one kind: fetched, documents, read (how many of them are good), fetches, errors.

        Chunk 0 is the listing's own.
        """
        return self.work / f"{kind}-{chunk:04d}.jsonl"

    def parts(self, kind: str) -> Iterator[dict[str, Any]]:
        for path in sorted(self.work.glob(f"{kind}-*.jsonl")):
            yield from read_jsonl(path)

    def count(self, kind: str) -> int:
        """How many rows the chunks' files of one kind have."""
        return sum(path.read_bytes().count(b"\n") for path in self.work.glob(f"{kind}-*.jsonl"))

    def pages_read(self) -> int:
        """How many list pages, from the first without a gap, an attempt at this run has read already."""
        number = 0
        while self.part("pages", number + 1).exists():
            number += 1
        return number

    def forget_pages(self) -> None:
        """Drop the list pages read so far: another way to the list counts its own."""
        for path in self.work.glob("pages-*.jsonl"):
            path.unlink()

    def chunk_items(self, chunk: int) -> list[tuple[Listed, str]]:
        """The rows of a chunk, each with why it is fetched: likely, sample or revisit."""
        # A row begins with its chunk; those of the others are not unpacked.
        begin = f'{{"chunk": {chunk}, '
        if not self.listing.exists():
            return []
        with self.listing.open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines if line.startswith(begin)]
        return [(Listed.from_json(row["item"]), prefilter_of(row)) for row in rows]

    def write_fetches(self, chunk: int, fetches: list[Fetch]) -> None:
        write_jsonl(self.part("fetches", chunk), (fetch.to_json() for fetch in fetches))

    def meta(self) -> dict[str, Any]:
        return read_json(self.work / "run.json")

    def write_meta(self, **values: Any) -> None:
        write_json(self.work / "run.json", {**self.meta(), **values})

    def progress(self, step: str, **counts: int | str) -> None:
        """Tell a watching screen how far this source is."""
        path = self.settings.work / "progress" / f"{self.source}.json"
        before = read_json(path)
        if before.get("run_id") != self.run_id:
            before = {}
        write_json(path, {**before, "source": self.source, "run_id": self.run_id, "step": step, **counts})


def prefilter_of(row: dict[str, Any]) -> str:
    """Return why a row is fetched, or ``left``; version 0.1 called it ``net``."""
    return str(row["prefilter"] if "prefilter" in row else row["net"])


def read_json(path: Path) -> dict[str, Any]:
    """The object of a JSON file; empty when there is none, or a power cut has left it without its content."""
    try:
        told = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        told = None
    if not isinstance(told, dict):
        log.error("%s is damaged; going on without it", path)
        return {}
    return told


def write_json(path: Path, data: Any) -> None:
    """Write JSON beside ``path`` and rename."""
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1))


def commit_batch(
    files: RunFiles,
    run: dict[str, Any],
    documents: list[dict[str, Any]],
    fetches: list[dict[str, Any]],
    listings: list[dict[str, Any]],
    *,
    replace: bool = False,
) -> None:
    """Make the batch durable and visible in one rename. A batch that is there already stays as it is.

    ``run.json`` tells the size of the other files, so that one that was cut off is known as such.
    """
    if files.batch.exists() and not replace:
        return
    scratch = temporary_path(files.batch)
    shutil.rmtree(scratch, ignore_errors=True)
    for name, rows in zip(BATCH, (documents, fetches, listings), strict=True):
        write_jsonl(scratch / name, rows)
    write_json(scratch / "run.json", {**run, "files": {name: (scratch / name).stat().st_size for name in BATCH}})
    for path in scratch.iterdir():
        fsync(path)
    before = files.batch.with_name(f".{files.batch_id}{_BEFORE}")
    if files.batch.exists():
        shutil.rmtree(before, ignore_errors=True)
        files.batch.rename(before)
    try:
        move_into_place(scratch, files.batch)
    except OSError:
        # Another process that took the run for cut off may have made the same batch just now.
        if not files.batch.exists():
            raise
        shutil.rmtree(scratch)
    shutil.rmtree(before, ignore_errors=True)


def restore_batches(settings: Settings) -> None:
    """Put back the batches whose replacement was cut off."""
    for before in settings.batches.glob(f".*{_BEFORE}"):
        batch = before.with_name(before.name[1 : -len(_BEFORE)])
        if not batch.exists():
            before.rename(batch)
            log.warning("the replacement of %s was cut off; the batch before it is back", batch.name)


def committed(settings: Settings) -> list[Path]:
    """The folders of the batches by name, without those that are still being written."""
    return sorted(path for path in settings.batches.glob("[!.]*") if (path / "run.json").is_file())


def batch_ids(settings: Settings) -> set[str]:
    """Return the ids of all batches, of all machines where they share a store."""
    return files_of(settings).batch_ids()


def archived_runs(settings: Settings, source: str | None = None) -> list[tuple[str, str]]:
    """Return source and run id of the completely archived runs (of one source), sorted by run id."""
    return sorted(files_of(settings).archived_runs(source), key=lambda run: (run[1], run[0]))


def damage(batch: Path) -> str | None:
    """What is wrong with the files of a batch by their sizes; None where they are as they were written."""
    try:
        told = json.loads((batch / "run.json").read_text("utf-8")).get("files", {})
    except ValueError as error:
        return f"run.json: {error}"
    for name, size in told.items():
        path = batch / name
        there = path.stat().st_size if path.exists() else 0
        if there != size:
            return f"{name} has {there} of {size} bytes"
    return None
