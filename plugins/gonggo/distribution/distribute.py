"""Distribute what is published to a folder or bucket that a web server offers to anyone.

A distribution has the DuckDB file of all tables, the exports, a static edition of the site, a manifest, and, if its
address is known, a DCAT catalogue. It is made of one publication, prepared on this machine, and only then transferred:
changed files first, the manifest after them, removals last. A distribution that was interrupted is completed by the
next one.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from gonggo import __version__
from gonggo.distribution import dcat, manifest
from gonggo.distribution.destination import Destination, destination_of
from gonggo.distribution.manifest import File, Manifest, describe, read_manifest
from gonggo.distribution.static_pages import Edition, static_edition
from gonggo.errors import UsageError
from gonggo.report import exports
from gonggo.report.html_templates import html_templates
from gonggo.report.named import export_rows, list_reports
from gonggo.settings import SEOUL, Settings
from gonggo.step_results import DistributionResult
from gonggo.warehouse.history import link_or_copy
from gonggo.warehouse.snapshot import open_snapshot

SNAPSHOT = "gonggo.duckdb"
DOWNLOADS = "downloads.html"
# DuckDB files of earlier publications that stay at their addresses, the newest included.
SNAPSHOTS_KEPT = 3
# Names of the files that an unfinished distribution may have stored.
_PENDING = "pending.json"
_NOTICE = (
    '<p class="meta notice">{at} 공개 자료의 정적 공개본입니다. 검색과 필터는 없습니다. '
    '<a href="{{downloads}}">데이터 내려받기</a></p>'
)
_GROUPS = (
    ("표 (CSV)", "exports/csv/"),
    ("접수 마감 달력 (iCalendar)", "exports/calendar/"),
    ("변경 소식 (Atom)", "exports/feeds/"),
    ("표 (Parquet)", "exports/parquet/"),
)
_KILO = 1000
Say = Callable[[str], object]


def distribute(settings: Settings, to: str | None = None, say: Say = lambda line: None) -> DistributionResult:
    """Bring a distribution up to date with what is published.

    Args:
        settings: Where the snapshot is, and who publishes it under which address.
        to: A folder, or an address such as ``s3://bucket/prefix``; by default GONGGO_DISTRIBUTION.
        say: Called with a description of each step.

    Raises:
        WarehouseError: Nothing is published yet.
        UsageError: No destination is given, or it holds files that are no distribution.
        StoreError: The destination cannot be reached or written to; the next run completes the transfer.
    """
    to = to or settings.distribution
    if not to:
        raise UsageError("Where to? gonggo distribute DIR, or set GONGGO_DISTRIBUTION.")
    destination = destination_of(settings, to)
    before = _distributed_before(destination, to)
    with FileLock(settings.home / "distribution.lock"), _prepared(settings) as home:
        root = home.home / "root"
        edition = static_edition(home, _NOTICE.format(at=_published(home).strftime("%Y-%m-%d %H:%M")), say=say)
        for name, content in edition.pages.items():
            _write(root / name, content)
        say("checksums and catalogue")
        current = _describe(home, root, before)
        uploaded, removed = _transfer(destination, root, before, current, say)
    return _result(to, current, edition, uploaded, removed)


def _distributed_before(destination: Destination, to: str) -> Manifest | None:
    """Return the manifest of the distribution that is there; None for an empty destination."""
    content = destination.read(manifest.NAME)
    if content is not None:
        return read_manifest(content)
    if destination.read(_PENDING) is None and not destination.is_empty():
        raise UsageError(f"{to} holds files that are no distribution of Gonggo. Name an empty folder.")
    return None


@contextmanager
def _prepared(settings: Settings) -> Iterator[Settings]:
    """Yield a temporary home with the snapshot and its exports, which later publications do not touch."""
    # Opening downloads the snapshot if another machine has published it.
    open_snapshot(settings).close()
    folder = settings.home / f".distribution.{os.getpid()}.part"
    shutil.rmtree(folder, ignore_errors=True)
    # A path of its own for each run: DuckDB takes a new file for one of the same path that the process has still open.
    home = replace(settings, home=folder / secrets.token_hex(4), object_store=None, postgres_url=None, workspace=None)
    try:
        home.snapshot.parent.mkdir(parents=True)
        link_or_copy(settings.snapshot, home.snapshot)
        _copy_exports(settings, home)
        root = home.home / "root"
        _copy_folder(home.exports, root / "exports")
        link_or_copy(home.snapshot, root / SNAPSHOT)
        yield home
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_exports(settings: Settings, home: Settings) -> None:
    """Take the exports of the same publication; make them if the last ones are of another, or on another machine."""
    with FileLock(settings.exports.with_name("exports.lock")):
        if exports.exported_version(settings) == exports.snapshot_version(home):
            _copy_folder(settings.exports, home.exports)
            return
    exports.export(home)


def _copy_folder(folder: Path, to: Path) -> None:
    """Give the files of a folder second names in a new one; hidden files are not for readers."""

    def link(old: str, new: str) -> None:
        link_or_copy(Path(old), Path(new))

    shutil.copytree(folder, to, copy_function=link, ignore=shutil.ignore_patterns(".*"))


def _describe(home: Settings, root: Path, before: Manifest | None) -> Manifest:
    """Write the downloads page and the catalogue, and return the manifest, which is written too."""
    published = _published(home)
    current = Manifest(published.isoformat(), __version__, home.distribution_url)
    names = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    current.files = describe(root, names)
    version = f"snapshots/{published.strftime('%Y%m%dT%H%M%S.%f')}/{SNAPSHOT}"
    _link(root / SNAPSHOT, root / version)
    # The same file, whose checksum is known.
    newest = next(replace(file, path=version) for file in current.files if file.path == SNAPSHOT)
    older = [file for file in (before.snapshots if before else []) if file.path != version]
    current.snapshots = [newest, *older][:SNAPSHOTS_KEPT]
    with closing(open_snapshot(home)) as con:
        dictionary = export_rows(con, "dictionary")
    tables = {row["name"]: row["comment"] for row in dictionary if row["column_name"] is None and row["comment"]}
    _write(root / DOWNLOADS, _downloads_page(home, current, tables).encode())
    catalogues = [DOWNLOADS]
    if current.url:
        publisher = dcat.Publisher(home.publisher, home.contact, home.data_licence)
        catalogue = dcat.catalogue(current, publisher, tables, list_reports())
        _write(root / dcat.NAME, json.dumps(catalogue, ensure_ascii=False, indent=1).encode())
        catalogues.append(dcat.NAME)
    current.files += describe(root, catalogues)
    _write(root / manifest.NAME, current.to_json().encode())
    return current


def _downloads_page(home: Settings, current: Manifest, tables: dict[str, str]) -> str:
    environment = html_templates(Path(__file__).parent / "templates")
    files = {file.path: file for file in current.files}
    groups = [
        (title, [(file, path.removeprefix(prefix)) for path, file in sorted(files.items()) if path.startswith(prefix)])
        for title, prefix in _GROUPS
    ]
    whole = [file for path, file in sorted(files.items()) if path.startswith("exports/") and path.count("/") == 1]
    return environment.get_template("downloads.html").render(
        published_at=_published(home).strftime("%Y-%m-%d %H:%M"),
        url=current.url,
        licence=home.data_licence,
        duckdb=files[SNAPSHOT],
        snapshots=current.snapshots,
        whole=whole,
        groups=groups,
        titles={
            **{f"exports/csv/{report.name}.csv": report.title_ko for report in list_reports()},
            **{
                path: tables[name].partition(" | ")[0]
                for path in files
                # A table is a file, or a folder with a file for each month.
                if path.startswith("exports/parquet/") and (name := path.split("/")[2].partition(".")[0]) in tables
            },
        },
        size=_size,
        version=__version__,
    )


def _transfer(
    destination: Destination, root: Path, before: Manifest | None, current: Manifest, say: Say
) -> tuple[int, int]:
    """Store what changed, then the manifest, then remove what no longer belongs; return how many files of each."""
    stored = {file.path: file.sha256 for file in (*before.files, *before.snapshots)} if before else {}
    pending = set(json.loads(destination.read(_PENDING) or b"[]"))
    # What an interrupted distribution has stored is unknown, so it is stored again.
    changed = [
        file
        for file in _all_files(current)
        if (stored.get(file.path) != file.sha256 or file.path in pending) and (root / file.path).exists()
    ]
    # Until the new manifest is there, this names the files that do not match the old one.
    names = pending | {file.path for file in changed}
    _write(root / _PENDING, json.dumps(sorted(names)).encode())
    destination.put(root / _PENDING, _PENDING)
    for number, file in enumerate(changed, start=1):
        say(f"transfer: file {number} of {len(changed)}, {file.path}")
        destination.put(root / file.path, file.path)
    destination.put(root / manifest.NAME, manifest.NAME)
    stale = (set(stored) | names) - current.names()
    destination.remove(sorted(stale))
    destination.remove([_PENDING])
    return len(changed), len(stale)


def _all_files(current: Manifest) -> list[File]:
    """Return the files in the order of their transfer: data before the pages that lead to them."""
    return sorted((*current.files, *current.snapshots), key=lambda file: (file.path.endswith(".html"), file.path))


def _result(to: str, current: Manifest, edition: Edition, uploaded: int, removed: int) -> DistributionResult:
    return {
        "to": to,
        "published_at": current.published_at,
        "files": len(current.names()) + 1,
        "bytes": sum(file.bytes for file in (*current.files, *current.snapshots)),
        "uploaded": uploaded,
        "removed": removed,
        "left_out": edition.left_out,
    }


def _published(home: Settings) -> datetime:
    return datetime.fromtimestamp(home.snapshot.stat().st_mtime, SEOUL)


def _link(path: Path, name: Path) -> None:
    name.parent.mkdir(parents=True, exist_ok=True)
    link_or_copy(path, name)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _size(count: int) -> str:
    """Return a number of bytes for people."""
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < _KILO:
            return f"{value:.0f} {unit}"
        value /= _KILO
    return f"{value:.1f} GB"
