"""The manifest of a distribution: its files with sizes and checksums, for people and programs that copy it."""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gonggo.errors import UsageError

NAME = "manifest.json"
_GENERATOR = "Gonggo"
_MEDIA_TYPES = {
    ".atom": "application/atom+xml",
    ".duckdb": "application/vnd.duckdb",
    ".ics": "text/calendar",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class File:
    """One file: name relative to the root, bytes, checksum, media type."""

    path: str
    bytes: int
    sha256: str
    media_type: str


@dataclass
class Manifest:
    """What was published and when (ISO 8601), by which version of Gonggo, and its files.

    ``snapshots`` are the DuckDB files of this and earlier publications under addresses that never change their content,
    the newest first.
    """

    published_at: str
    gonggo: str
    url: str | None
    files: list[File] = field(default_factory=list)
    snapshots: list[File] = field(default_factory=list)

    def to_json(self) -> str:
        return json.dumps({"generator": _GENERATOR, **asdict(self)}, ensure_ascii=False, indent=1) + "\n"

    def names(self) -> set[str]:
        """Return the names of all files that belong to the distribution, except the manifest itself."""
        return {file.path for file in (*self.files, *self.snapshots)}


def describe(root: Path, names: Iterable[str]) -> list[File]:
    """Return the entries of files below ``root``."""
    return [_describe(root / name, name) for name in sorted(names)]


def _describe(path: Path, name: str) -> File:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(name, path.stat().st_size, digest, media_type(name))


def media_type(name: str) -> str:
    """Return the media type of a file by the end of its name."""
    return _MEDIA_TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def read_manifest(content: bytes) -> Manifest:
    """Read the manifest of an earlier distribution.

    Raises:
        UsageError: the file is not such a manifest, so that the files beside it are not ours to replace.
    """
    try:
        data: dict[str, Any] = json.loads(content)
        if data.pop("generator") != _GENERATOR:
            raise ValueError("another program's")
        files, snapshots = ([File(**entry) for entry in data.pop(name)] for name in ("files", "snapshots"))
        return Manifest(**data, files=files, snapshots=snapshots)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"The {NAME} there is not one of Gonggo ({error}). Name an empty folder.") from None
