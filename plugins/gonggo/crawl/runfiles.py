"""The files of one run of one source while it is under way, and their way into a batch."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gonggo.model import Fetch, Listed, read_jsonl, write_jsonl, write_text
from gonggo.settings import Settings


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
        """Rows that the net let through."""
        return self.work / "left.jsonl"

    def warc(self, chunk: int) -> Path:
        return self.archive / f"chunk-{chunk:04d}.warc.gz"

    def part(self, kind: str, chunk: int) -> Path:
        """A chunk's file of one kind: fetched, documents, fetches, errors. Chunk 0 is the listing's own."""
        return self.work / f"{kind}-{chunk:04d}.jsonl"

    def parts(self, kind: str) -> Iterator[dict[str, Any]]:
        for path in sorted(self.work.glob(f"{kind}-*.jsonl")):
            yield from read_jsonl(path)

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
        rows = [row for row in read_jsonl(self.listing) if row["chunk"] == chunk]
        return [(Listed.from_json(row["item"]), row["net"]) for row in rows]

    def write_fetches(self, chunk: int, fetches: list[Fetch]) -> None:
        write_jsonl(self.part("fetches", chunk), (fetch.to_json() for fetch in fetches))

    def meta(self) -> dict[str, Any]:
        path = self.work / "run.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else {}

    def write_meta(self, **values: Any) -> None:
        write_json(self.work / "run.json", {**self.meta(), **values})

    def progress(self, step: str, **counts: int | str) -> None:
        """Tell a watching screen how far this source is."""
        path = self.settings.work / "progress" / f"{self.source}.json"
        before = json.loads(path.read_text("utf-8")) if path.exists() else {}
        if before.get("run_id") != self.run_id:
            before = {}
        write_json(path, {**before, "source": self.source, "run_id": self.run_id, "step": step, **counts})


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
    """Make the batch durable and visible in one rename. A batch that is there already stays as it is."""
    if files.batch.exists() and not replace:
        return
    scratch = files.settings.batches / f".{files.batch_id}.part"
    shutil.rmtree(scratch, ignore_errors=True)
    write_jsonl(scratch / "documents.jsonl", documents)
    write_jsonl(scratch / "fetches.jsonl", fetches)
    write_jsonl(scratch / "listings.jsonl", listings)
    write_json(scratch / "run.json", run)
    for path in scratch.iterdir():
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
    if files.batch.exists():
        # The archive can make a batch again; a kill between the two lines loses nothing.
        shutil.rmtree(files.batch)
    scratch.rename(files.batch)
    folder = os.open(files.settings.batches, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
