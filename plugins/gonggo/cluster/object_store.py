"""The object store: files under the names that they have in a home, reached through fsspec.

Address, keys and region come from fsspec's and the store's own variables (``FSSPEC_S3_ENDPOINT_URL``,
``AWS_ACCESS_KEY_ID``, …), so that any store that fsspec knows will do, a common folder (``file://``) too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from gonggo.errors import GonggoError
from gonggo.model import move_into_place, temporary_path
from gonggo.settings import Settings

# At once; small files wait for the network, not for each other.
AT_ONCE = 16


class StoreError(GonggoError):
    """The object store did not do what it was asked."""


class ObjectStore:
    """The files below one address such as ``s3://bucket/prefix``.

    Raises:
        StoreError: any call, with the address and the cause.
    """

    def __init__(self, url: str) -> None:
        import fsspec.core

        self.url = url.rstrip("/")
        with _store_errors(self.url):
            self._fs, root = fsspec.core.url_to_fs(self.url, **_options(self.url))
            self._root = str(root).rstrip("/")
            bucket = self._root.split("/", 1)[0] if "s3" in self._fs.protocol else self._root
            if not self._fs.exists(bucket):
                self._fs.makedirs(bucket, exist_ok=True)

    def files(self, prefix: str = "") -> dict[str, float]:
        """The files of ``prefix``, a folder (``work/btp/``) or a whole name: name → when it was written, in seconds
        since 1970."""
        folder = f"{self._root}/{prefix}".rstrip("/")
        with _store_errors(self.url):
            found: dict[str, dict[str, Any]] = self._fs.find(folder, detail=True)
        cut = len(self._root) + 1
        return {name[cut:]: _moment(told) for name, told in found.items()}

    def folders(self, prefix: str) -> list[str]:
        """The names of the folders right in ``prefix``."""
        with _store_errors(self.url):
            try:
                found = self._fs.ls(f"{self._root}/{prefix}", detail=True)
            except FileNotFoundError:
                return []
        return sorted(Path(told["name"]).name for told in found if told["type"] == "directory")

    def has(self, name: str) -> bool:
        with _store_errors(self.url):
            return bool(self._fs.isfile(f"{self._root}/{name}"))

    def read(self, name: str) -> bytes | None:
        """The content of a small file; None where there is none."""
        with _store_errors(self.url):
            try:
                content: bytes = self._fs.cat_file(f"{self._root}/{name}")
            except FileNotFoundError:
                return None
        return content

    def write(self, name: str, content: bytes) -> None:
        """Write a small file as a whole."""
        with _store_errors(self.url):
            self._fs.pipe_file(f"{self._root}/{name}", content)

    def download(self, name: str, path: Path) -> bool:
        """Copy a file of the store to ``path``, which has it as a whole or not at all. False where there is none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = temporary_path(path)
        with _store_errors(self.url):
            try:
                self._fs.get_file(f"{self._root}/{name}", str(scratch))
            except FileNotFoundError:
                scratch.unlink(missing_ok=True)
                return False
        move_into_place(scratch, path)
        return True

    def upload(self, path: Path, name: str) -> None:
        """Copy one file to the store."""
        with _store_errors(self.url):
            self._fs.put_file(str(path), f"{self._root}/{name}")

    def download_all(self, names: Iterable[str], folder: Path) -> None:
        """Copy files to the same names below ``folder``, several at once."""
        wanted = list(names)
        for name in wanted:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if wanted:
            with _store_errors(self.url):
                self._fs.get(
                    [f"{self._root}/{n}" for n in wanted], [str(folder / n) for n in wanted], batch_size=AT_ONCE
                )

    def upload_all(self, folder: Path, names: Iterable[str]) -> None:
        """Copy files below ``folder`` to the same names in the store, several at once."""
        wanted = list(names)
        if wanted:
            with _store_errors(self.url):
                self._fs.put(
                    [str(folder / n) for n in wanted], [f"{self._root}/{n}" for n in wanted], batch_size=AT_ONCE
                )

    def remove(self, names: Iterable[str]) -> None:
        wanted = [f"{self._root}/{name}" for name in names]
        if wanted:
            with _store_errors(self.url):
                self._fs.rm(wanted)


def endpoint() -> str:
    """Where an S3-compatible store listens; empty for Amazon's own."""
    return os.environ.get("FSSPEC_S3_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT_URL") or ""


def _options(url: str) -> dict[str, Any]:
    if url.startswith("file://"):
        return {"auto_mkdir": True}
    # What other machines wrote a moment ago must be seen.
    own: dict[str, Any] = {"use_listings_cache": False}
    return {**own, "endpoint_url": endpoint()} if url.startswith("s3://") and endpoint() else own


def object_store(settings: Settings) -> ObjectStore:
    """The store of the settings, one for each process (its connections do not outlive a fork)."""
    assert settings.object_store
    return _opened(settings.object_store, os.getpid())


@cache
def _opened(url: str, _process: int) -> ObjectStore:
    return ObjectStore(url)


def _moment(told: dict[str, Any]) -> float:
    """When a file was written, by the names that file systems have for it."""
    when = told.get("LastModified") or told.get("last_modified") or told.get("mtime") or 0.0
    return when.timestamp() if isinstance(when, datetime) else float(when)


@contextmanager
def _store_errors(url: str) -> Iterator[None]:
    try:
        yield
    except (GonggoError, FileNotFoundError):
        raise
    except Exception as error:
        # Each kind of store has errors of its own, which share no class.
        raise StoreError(
            f"The store {url} (GONGGO_OBJECT_STORE) did not answer as it should: "
            f"{type(error).__name__}: {error}. Look at its address (FSSPEC_S3_ENDPOINT_URL) "
            "and keys (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), and try again."
        ) from error
