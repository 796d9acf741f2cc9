"""The object store: files under the same names as in a home, accessed through fsspec.

Address, keys and region come from the environment variables of fsspec and of the store (``FSSPEC_S3_ENDPOINT_URL``,
``AWS_ACCESS_KEY_ID``, …), so that any store that fsspec supports can be used, including a shared folder (``file://``).
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

# Number of concurrent transfers.
CONCURRENCY = 16


class StoreError(GonggoError):
    """An operation of the object store failed."""


class ObjectStore:
    """The files below one address such as ``s3://bucket/prefix``.

    Args:
        url: The address.
        endpoint_url: The address of an S3-compatible server; empty for Amazon S3.
        setting: The setting that the address comes from, for messages.

    Raises:
        StoreError: By any method, with the address and the cause.
    """

    def __init__(self, url: str, endpoint_url: str = "", setting: str = "GONGGO_OBJECT_STORE") -> None:
        import fsspec.core

        self.url, self._setting = url.rstrip("/"), setting
        with self._errors():
            self._fs, root = fsspec.core.url_to_fs(self.url, **_options(self.url, endpoint_url))
            self._root = str(root).rstrip("/")
            bucket = self._root.split("/", 1)[0] if "s3" in self._fs.protocol else self._root
            if not self._fs.exists(bucket):
                self._fs.makedirs(bucket, exist_ok=True)

    def files(self, prefix: str = "") -> dict[str, float]:
        """List the files of ``prefix``, which is a folder (``work/btp/``) or a whole name.

        Returns:
            The modification time of each file by its name, in seconds since 1970.
        """
        folder = f"{self._root}/{prefix}".rstrip("/")
        with self._errors():
            entries: dict[str, dict[str, Any]] = self._fs.find(folder, detail=True)
        start = len(self._root) + 1
        return {name[start:]: _modified_at(info) for name, info in entries.items()}

    def folders(self, prefix: str) -> list[str]:
        """Return the names of the folders directly in ``prefix``."""
        with self._errors():
            try:
                entries = self._fs.ls(f"{self._root}/{prefix}", detail=True)
            except FileNotFoundError:
                return []
        return sorted(Path(info["name"]).name for info in entries if info["type"] == "directory")

    def has(self, name: str) -> bool:
        with self._errors():
            return bool(self._fs.isfile(f"{self._root}/{name}"))

    def read(self, name: str) -> bytes | None:
        """Return the content of a small file, or None if it does not exist."""
        with self._errors():
            try:
                content: bytes = self._fs.cat_file(f"{self._root}/{name}")
            except FileNotFoundError:
                return None
        return content

    def write(self, name: str, content: bytes) -> None:
        """Write a small file."""
        with self._errors():
            self._fs.pipe_file(f"{self._root}/{name}", content)

    def download(self, name: str, path: Path) -> bool:
        """Download a file to ``path`` atomically; return False if it does not exist."""
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = temporary_path(path)
        with self._errors():
            try:
                self._fs.get_file(f"{self._root}/{name}", str(scratch))
            except FileNotFoundError:
                scratch.unlink(missing_ok=True)
                return False
        move_into_place(scratch, path)
        return True

    def upload(self, path: Path, name: str) -> None:
        """Upload one file."""
        with self._errors():
            self._fs.put_file(str(path), f"{self._root}/{name}")

    def download_all(self, names: Iterable[str], folder: Path) -> None:
        """Download files to the same names below ``folder``, concurrently."""
        names = list(names)
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if names:
            with self._errors():
                self._fs.get(
                    [f"{self._root}/{n}" for n in names], [str(folder / n) for n in names], batch_size=CONCURRENCY
                )

    def upload_all(self, folder: Path, names: Iterable[str]) -> None:
        """Upload files below ``folder`` under the same names, concurrently."""
        names = list(names)
        if names:
            with self._errors():
                self._fs.put(
                    [str(folder / n) for n in names], [f"{self._root}/{n}" for n in names], batch_size=CONCURRENCY
                )

    def remove(self, names: Iterable[str]) -> None:
        paths = [f"{self._root}/{name}" for name in names]
        if paths:
            with self._errors():
                self._fs.rm(paths)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (GonggoError, FileNotFoundError):
            raise
        except Exception as error:
            # Every kind of store raises its own errors, which have no common base class.
            raise StoreError(
                f"The store {self.url} ({self._setting}) failed: "
                f"{type(error).__name__}: {error}. Check its address (FSSPEC_S3_ENDPOINT_URL) "
                "and keys (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), and try again."
            ) from error


def endpoint(settings: Settings) -> str:
    """Return the address of an S3-compatible store; empty for Amazon S3."""
    env = settings.environment
    return env.get("FSSPEC_S3_ENDPOINT_URL") or env.get("AWS_ENDPOINT_URL") or ""


def _options(url: str, endpoint_url: str) -> dict[str, Any]:
    if url.startswith("file://"):
        return {"auto_mkdir": True}
    # A cached listing would miss what other machines have just written.
    options: dict[str, Any] = {"use_listings_cache": False}
    return {**options, "endpoint_url": endpoint_url} if url.startswith("s3://") and endpoint_url else options


def object_store(settings: Settings) -> ObjectStore:
    """Return the store of the settings, opened once for each process because connections do not survive a fork."""
    assert settings.object_store
    return _open(settings.object_store, endpoint(settings), os.getpid())


@cache
def _open(url: str, endpoint_url: str, _process: int) -> ObjectStore:
    return ObjectStore(url, endpoint_url)


def _modified_at(info: dict[str, Any]) -> float:
    """Return when a file was written, in seconds since 1970; each file system has its own key for that."""
    modified = info.get("LastModified") or info.get("last_modified") or info.get("mtime") or 0.0
    return modified.timestamp() if isinstance(modified, datetime) else float(modified)
