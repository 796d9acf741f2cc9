"""Connections: the writer's to the private file, the readers' to the published snapshot, and the SQL files both run."""

from __future__ import annotations

import logging
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import duckdb
from filelock import BaseFileLock, FileLock, Timeout

from gonggo.errors import DamagedError, SnapshotError, WarehouseError, is_damage
from gonggo.settings import Settings
from gonggo.warehouse import lake
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.replica import download_snapshot

log = logging.getLogger(__name__)
Result = TypeVar("Result")
# Seconds before a transaction that met another one is tried again.
CONFLICT_PAUSES = (0.1, 0.2, 0.5, 1, 2, 4, 8, 16)
_NO_ROOM = "No space left on device"
# Below this many free bytes an error of the file is taken for a full disk.
LEAST_FREE = 16 * 1024 * 1024
WRITER: dict[str, Any] = {"autoinstall_known_extensions": False}
# DuckDB draws the progress of a query of two seconds on the standard output, where the rows of `gonggo sql` are.
QUIET = "SET enable_progress_bar = false"
# Memory and threads. A load goes batch by batch. What looks at the whole warehouse begins with little, which does for
# 100,000 announcements, and gets much where groups that do not spill to disk need it (`with_room`).
MemoryLimit = tuple[str, int]
LOAD_MEMORY: MemoryLimit = ("640MB", 2)
LOW_MEMORY: MemoryLimit = ("300MB", 1)
HIGH_MEMORY: MemoryLimit = ("2GB", 2)
# Rows of a row group. A load of at least as many is compressed straight into the file; fewer are rewritten with the
# last, unfilled group. DuckDB's own 122,880 would make that group as large as a hundred ordinary loads.
ROW_GROUP = 16_384
READER: dict[str, Any] = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "threads": 1,
    "temp_directory": "",
}


# Longer than any step of a warehouse takes.
PATIENCE_SECONDS = 1800.0


@contextmanager
def writer_lock(settings: Settings, *, several: bool = False) -> Iterator[None]:
    """Be the one process that works on the warehouse's file; waits for the one before. May be nested.

    Errors:
        WarehouseError: it did not end in time.
    """
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    if settings.postgres_url:
        from gonggo.cluster.postgres import writer_lock

        with writer_lock(settings.postgres_url, several=several, patience_seconds=PATIENCE_SECONDS):
            yield
        return
    lock = FileLock(settings.warehouse.with_name("writer.lock"), is_singleton=True)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        log.warning("%s is in use by another writer; waiting for it to end", settings.warehouse)
        _wait(settings, lock)
    try:
        yield
    finally:
        lock.release()


def _wait(settings: Settings, lock: BaseFileLock) -> None:
    try:
        lock.acquire(timeout=PATIENCE_SECONDS)
    except Timeout as error:
        raise WarehouseError(
            f"{settings.warehouse} has been in use by another writer for {PATIENCE_SECONDS:.0f} s; "
            "look for a `gonggo publish` or a warehouse task that hangs, end it, and try again."
        ) from error


def discard(settings: Settings) -> None:
    """Remove the writer's file, to have it made anew from all batches."""
    with writer_lock(settings):
        if settings.postgres_url:
            lake.discard(settings)
        settings.warehouse.unlink(missing_ok=True)
        _write_ahead(settings).unlink(missing_ok=True)


@contextmanager
def writer(
    settings: Settings, room: MemoryLimit = LOW_MEMORY, *, several: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The one read-write connection, which spills to disk beyond its ``room``. Waits for its turn.

    With ``several`` other processes may load at the same time, where the warehouse is a lake.

    Errors:
        WarehouseError: a program that knows no turns, or a full disk, stands in the way.
        DamagedError: the file is damaged; it is marked as such, and the next load makes it again.
    """
    with writer_lock(settings, several=several):
        aside = settings.warehouse.with_name("spilled")
        con = duckdb.connect(config={**WRITER, "temp_directory": str(aside)})
        try:
            _set_memory(con, room)
            con.execute(QUIET)
            if settings.postgres_url:
                lake.attach(con, settings)
            else:
                con.execute(f"ATTACH {literal(settings.warehouse)} AS gonggo (ROW_GROUP_SIZE {ROW_GROUP})")
            con.execute("USE gonggo")
            con.execute("SET TimeZone = 'Asia/Seoul'")
            yield con
        except duckdb.Error as error:
            if settings.postgres_url or not is_of_the_file(error):
                raise
            raise _file_error(settings, error) from error
        finally:
            con.close()


def retry_with_more_memory(con: duckdb.DuckDBPyConnection, step: Callable[[], Result]) -> Result:
    """What a step makes that leaves nothing when it fails; made again with much room where it had too little."""

    def again() -> Result:
        _set_memory(con, HIGH_MEMORY)
        return step()

    return retry_on_out_of_memory(step, again)


def retry_on_out_of_memory(step: Callable[[], Result], again: Callable[[], Result]) -> Result:
    """What a step makes, or where memory was too little for it the same ``again``, with ``MUCH``."""
    try:
        return step()
    except duckdb.OutOfMemoryException as error:
        log.info("once more, with %s of memory: %s", HIGH_MEMORY[0], str(error).partition("\n")[0])
        return again()


def _set_memory(con: duckdb.DuckDBPyConnection, room: MemoryLimit) -> None:
    con.execute(f"SET memory_limit = '{room[0]}'")
    con.execute(f"SET threads = {room[1]}")


def is_of_the_file(error: duckdb.Error) -> bool:
    """Whether an error is about the warehouse's file or its disk, and not about what was asked."""
    return isinstance(error, (duckdb.IOException, duckdb.FatalException)) or _NO_ROOM in str(error)


def _file_error(settings: Settings, error: duckdb.Error) -> WarehouseError:
    """What keeps DuckDB from its file, and what to do about it."""
    said = str(error)
    if is_damage(error):
        _mark(settings).write_text(said, "utf-8")
        return DamagedError(f"{settings.warehouse} is damaged; the next load makes it again from the batches. ({said})")
    if "lock" in said:
        return WarehouseError(f"{settings.warehouse} is open in another program; close that, and try again. ({said})")
    free = shutil.disk_usage(settings.warehouse.parent).free
    if _NO_ROOM in said or free < LEAST_FREE:
        return WarehouseError(
            f"No room to write {settings.warehouse}: {free >> 20} MB are free. What was loaded is safe; "
            f"make room and try again. ({said})"
        )
    return WarehouseError(f"{settings.warehouse} cannot be read or written: {said}. `gonggo doctor` says what to do.")


def _mark(settings: Settings) -> Path:
    return settings.warehouse.with_name("damaged")


def is_marked_damaged(settings: Settings) -> bool:
    """Whether the writer's file was found damaged."""
    return _mark(settings).exists()


def quarantine(settings: Settings) -> Path | None:
    """Give a file that was found damaged another name, so that a new one is made; returns that name."""
    if settings.postgres_url:
        # A lake is no file; and who loads must not wait here for the others.
        return None
    with writer_lock(settings):
        mark = _mark(settings)
        if not mark.exists():
            return None
        aside = settings.warehouse.with_name(f"{settings.warehouse.name}.damaged-{int(mark.stat().st_mtime)}")
        log.error("%s was damaged (%s); made again from the batches", settings.warehouse, mark.read_text("utf-8"))
        if settings.warehouse.exists():
            settings.warehouse.rename(aside)
        _write_ahead(settings).unlink(missing_ok=True)
        mark.unlink()
        return aside


def _write_ahead(settings: Settings) -> Path:
    return settings.warehouse.with_name(f"{settings.warehouse.name}.wal")


def open_snapshot(
    settings: Settings, export: Path | None = None, *, threads: int = 1, memory: str = "512MB"
) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the published snapshot, closed to files, network and extensions.

    ``export`` is the one file, or the folder that is there, into which a COPY may write.

    Errors:
        WarehouseError: nothing has been published yet. SnapshotError: what is published is damaged.
    """
    if settings.object_store:
        download_snapshot(settings)
    if not settings.snapshot.is_file():
        raise WarehouseError(
            f"Nothing is published yet ({settings.snapshot} does not exist). Run `make run`, or `gonggo publish`."
        )
    try:
        con = _read_only(settings, {**READER, "memory_limit": memory})
    except duckdb.Error as error:
        if not is_of_the_file(error):
            raise
        raise SnapshotError(str(settings.snapshot), error) from error
    try:
        con.execute(QUIET)
    except duckdb.InvalidInputException:
        # Two readers of one process share what DuckDB holds of a file; the first of them has set it up and locked it.
        return con
    con.execute("SET GLOBAL TimeZone = 'Asia/Seoul'")
    con.execute(f"SET GLOBAL threads = {threads}")
    if export is not None:
        kind = "allowed_directories" if export.is_dir() else "allowed_paths"
        con.execute(f"SET {kind} = [{literal(export)}]")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def _read_only(settings: Settings, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Open the snapshot by the name that it alone has: DuckDB takes a file that it has open for any of that name."""
    try:
        names = [path for path in history(settings).glob("gonggo-*.duckdb") if path.samefile(settings.snapshot)]
        return duckdb.connect(str(names[0] if names else settings.snapshot), read_only=True, config=config)
    except (OSError, duckdb.IOException):
        # A publication dropped it from the history just now; its own name is still there.
        return duckdb.connect(str(settings.snapshot), read_only=True, config=config)


def history(settings: Settings) -> Path:
    """The folder of the last published snapshots, each under a name of its own."""
    return settings.snapshot.parent / "history"


def run_sql_file(con: duckdb.DuckDBPyConnection, path: Path, **values: Any) -> None:
    """Run every statement of one SQL file; each gets those of ``values`` that it names as ``$name``."""
    for statement in con.extract_statements(path.read_text("utf-8")):
        named = {name: values[name] for name in statement.named_parameters}
        con.execute(statement, named or None)


def fetch(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of one query.

    Times with zone come as text: as Python objects they would need another package, and text keeps the offset.
    """
    relation = con.sql(sql)
    if relation is None:
        return [], []
    names = list(relation.columns)
    zoned = [str(kind) == "TIMESTAMP WITH TIME ZONE" for kind in relation.types]
    if any(zoned):
        quoted = ['"' + name.replace('"', '""') + '"' for name in names]
        picked = zip(quoted, zoned, strict=True)
        relation = relation.project(", ".join(f"{q}::VARCHAR AS {q}" if zone else q for q, zone in picked))
    return names, relation.fetchall()


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """The rows of one query as dictionaries by column name."""
    names, found = fetch(con, sql)
    return [dict(zip(names, row, strict=True)) for row in found]


def first_comment(path: Path) -> str:
    """The first comment line of a SQL file, without its dashes."""
    line = path.read_text("utf-8").split("\n", 1)[0]
    if not line.startswith("--"):
        raise WarehouseError(f"{path}:1: the file must begin with a comment that says what it is")
    return line.lstrip("- ").strip()


def retry_on_conflict(step: Callable[[], Result]) -> Result:
    """What a step that is one transaction makes; tried again where loaders of the same lake got in each other's way."""
    for pause in CONFLICT_PAUSES:
        try:
            return step()
        except duckdb.Error as error:
            if not lake.is_conflict(error):
                raise
            log.info("met another loader; once more: %s", error)
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
    return step()


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing."""
    con.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")
