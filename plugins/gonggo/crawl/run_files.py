"""The files of an active run of one source, and the commit of its batch."""

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
        """The file of the rows to fetch."""
        return self.work / "listing.jsonl"

    @property
    def left_out(self) -> Path:
        """The file of the rows that the prefilter leaves out."""
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
        """Return the file of a chunk of one kind: fetched, documents, read (the count of good ones), fetches, errors.

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
        """Delete the list pages that were read: another way to the list has its own page numbers."""
        for path in self.work.glob("pages-*.jsonl"):
            path.unlink()

    def chunk_items(self, chunk: int) -> list[tuple[Listed, str]]:
        """Return the rows of a chunk, each with why it is fetched: likely, sample or revisit."""
        # The chunk number is the first key of a row; rows of other chunks are not parsed.
        prefix = f'{{"chunk": {chunk}, '
        if not self.listing.exists():
            return []
        with self.listing.open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines if line.startswith(prefix)]
        return [(Listed.from_json(row["item"]), prefilter_of(row)) for row in rows]

    def write_fetches(self, chunk: int, fetches: list[Fetch]) -> None:
        write_jsonl(self.part("fetches", chunk), (fetch.to_json() for fetch in fetches))

    def meta(self) -> dict[str, Any]:
        return read_json(self.work / "run.json")

    def write_meta(self, **values: Any) -> None:
        write_json(self.work / "run.json", {**self.meta(), **values})

    def progress(self, step: str, **counts: int | str) -> None:
        """Write the progress of this source for the console that displays it."""
        path = self.settings.work / "progress" / f"{self.source}.json"
        before = read_json(path)
        if before.get("run_id") != self.run_id:
            before = {}
        write_json(path, {**before, "source": self.source, "run_id": self.run_id, "step": step, **counts})


def prefilter_of(row: dict[str, Any]) -> str:
    """Return why a row is fetched, or ``left``; version 0.1 called it ``net``."""
    return str(row["prefilter"] if "prefilter" in row else row["net"])


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
    run: dict[str, Any],
    documents: list[dict[str, Any]],
    fetches: list[dict[str, Any]],
    listings: list[dict[str, Any]],
    *,
    replace: bool = False,
) -> None:
    """Write a batch, which becomes visible in one rename; an existing batch stays unless ``replace`` is set.

    ``run.json`` has the sizes of the other files, so that a truncated one is detected.
    """
    if files.batch.exists() and not replace:
        return
    scratch = temporary_path(files.batch)
    shutil.rmtree(scratch, ignore_errors=True)
    for name, rows in zip(BATCH_FILES, (documents, fetches, listings), strict=True):
        write_jsonl(scratch / name, rows)
    write_json(scratch / "run.json", {**run, "files": {name: (scratch / name).stat().st_size for name in BATCH_FILES}})
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
    shutil.rmtree(before, ignore_errors=True)


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
