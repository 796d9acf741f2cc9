"""The warehouse that machines share: DuckLake, with its catalogue in Postgres and its Parquet in the object store.

It has the same tables, views and macros as the file, created by the same SQL. Several processes may load at once.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb

from gonggo.cluster.object_store import endpoint, object_store
from gonggo.cluster.postgres import connect, creation_lock, writer_lock
from gonggo.errors import WarehouseError
from gonggo.settings import Settings
from gonggo.warehouse.connection import connect_writer
from gonggo.warehouse.history import spill_folder
from gonggo.warehouse.interface import DATABASE
from gonggo.warehouse.lock import TIMEOUT_SECONDS
from gonggo.warehouse.memory import retry_with_more_memory
from gonggo.warehouse.quoting import FILE_OPTIONS, literal
from gonggo.warehouse.replica import download_snapshot, roll_back_to_previous, upload_snapshot
from gonggo.warehouse.transactions import transaction

EXTENSIONS = ("ducklake", "httpfs", "postgres_scanner")
# The schema of Postgres in which DuckLake keeps its catalogue, and the folder of the store with its Parquet.
SCHEMA, FOLDER = "gonggo_lake", "lake"
# How long a query that began before a change can still read what it replaced.
RETENTION_DAYS = 7
# Tables whose rows belong to one database and are not copied: the migrations create them.
_OWN_TABLES = ("schema_migration", "warehouse_state")


@dataclass(frozen=True)
class LakeWarehouse:
    """A DuckLake that several machines load; its snapshots go through the object store to the readers."""

    settings: Settings

    @property
    def has_remote_snapshots(self) -> bool:
        return True

    @property
    def _postgres_url(self) -> str:
        assert self.settings.postgres_url
        return self.settings.postgres_url

    def lock(self, *, several: bool = False) -> AbstractContextManager[None]:
        return writer_lock(self._postgres_url, several=several, timeout_seconds=TIMEOUT_SECONDS)

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        for name in EXTENSIONS:
            con.execute(f"LOAD {literal(extension_file(name))}")
        _create_secrets(con, self.settings)
        try:
            # The first process creates the catalogue, and two at once would conflict.
            with creation_lock(self._postgres_url):
                con.execute(
                    f"ATTACH 'ducklake:postgres:' AS {DATABASE} "
                    f"(DATA_PATH {literal(_data_path(self.settings))}, METADATA_SCHEMA '{SCHEMA}')"
                )
        except duckdb.Error as error:
            raise WarehouseError(
                f"The lake cannot be opened: {error}. GONGGO_POSTGRES_URL names its Postgres, GONGGO_OBJECT_STORE "
                "its files."
            ) from error

    def explain(self, error: duckdb.Error) -> WarehouseError | None:
        """Return None: there is no file that this machine could repair."""
        return None

    def export(
        self,
        con: duckdb.DuckDBPyConnection,
        path: Path,
        *,
        create_tables: Callable[[duckdb.DuckDBPyConnection], object],
        make_marts: Callable[[duckdb.DuckDBPyConnection, str], object],
    ) -> None:
        """Copy the tables to a new file, which readers open as they do that of a single machine."""
        path.unlink(missing_ok=True)
        con.execute(f"ATTACH {literal(path)} AS export ({FILE_OPTIONS})")
        con.execute("USE export")
        try:
            create_tables(con)
            retry_with_more_memory(con, partial(_copy_rows, con))
            make_marts(con, DATABASE)
            con.execute("CHECKPOINT export")
        finally:
            con.execute(f"USE {DATABASE}")
            con.execute("DETACH export")

    def compact(self) -> dict[str, int]:
        """Merge small files and remove those that no running query can need."""
        with connect_writer(self, spill_folder(self.settings)) as con:
            return retry_with_more_memory(con, partial(_compact, con))

    def quarantine(self) -> Path | None:
        """Return None: a lake is not a file, and concurrent loaders must not wait for each other here."""
        return None

    def discard(self) -> None:
        with self.lock():
            with closing(connect(self._postgres_url)) as con, con, con.cursor() as cursor:
                cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            store = object_store(self.settings)
            store.remove(store.files(f"{FOLDER}/"))

    def share_snapshot(self, path: Path) -> None:
        upload_snapshot(self.settings, path)

    def fetch_snapshot(self) -> None:
        download_snapshot(self.settings)

    def roll_back(self) -> tuple[str, int]:
        return roll_back_to_previous(self.settings)


def _copy_rows(con: duckdb.DuckDBPyConnection) -> None:
    with transaction(con):
        for (table,) in con.execute(_TABLES, [list(_OWN_TABLES)]).fetchall():
            # The facts of a version are adjacent in the lake, in the order in which they were loaded; so are the rows
            # of the search index, in theirs.
            con.execute(f"INSERT INTO {table} BY NAME FROM {DATABASE}.{table} ORDER BY rowid")


def _compact(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    retention = f"older_than => now() - INTERVAL {RETENTION_DAYS} DAY"
    calls = {
        "flushed": f"ducklake_flush_inlined_data('{DATABASE}')",
        "merged": f"ducklake_merge_adjacent_files('{DATABASE}')",
        "expired": f"ducklake_expire_snapshots('{DATABASE}', {retention})",
        "removed": f"ducklake_cleanup_old_files('{DATABASE}', {retention})",
    }
    return {name: len(con.sql(f"SELECT 1 FROM {call}").fetchall()) for name, call in calls.items()}  # noqa: S608


def extension_file(name: str) -> Path:
    """Return the file of an extension from its package, so that nothing is downloaded when a query runs."""
    package = f"duckdb_extension_{name}"
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for path in (
        path for folder in folders for path in Path(folder).glob(f"extensions/v{duckdb.__version__}/{name}.*")
    ):
        return path
    raise WarehouseError(
        f"The package {package.replace('_', '-')} for DuckDB {duckdb.__version__} is not installed; a cluster needs "
        "those of the extra: pip install 'gonggo[cluster]'."
    )


def _create_secrets(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Give DuckDB the credentials of Postgres and of the store, which it keeps in memory only."""
    url, env = urlsplit(settings.postgres_url or ""), settings.environment
    con.execute(
        "CREATE SECRET (TYPE postgres, "
        f"HOST {literal(url.hostname or '')}, PORT {url.port or 5432}, DATABASE {literal(url.path.lstrip('/'))}, "
        f"USER {literal(unquote(url.username or ''))}, "
        f"PASSWORD {literal(unquote(url.password or env.get('PGPASSWORD', '')))})"
    )
    if not (settings.object_store or "").startswith("s3://"):
        return
    url = urlsplit(endpoint(settings))
    address = f", ENDPOINT {literal(url.netloc)}, URL_STYLE 'path', USE_SSL {url.scheme == 'https'}"
    con.execute(
        f"CREATE SECRET (TYPE s3, KEY_ID {literal(env.get('AWS_ACCESS_KEY_ID', ''))}, "
        f"SECRET {literal(env.get('AWS_SECRET_ACCESS_KEY', ''))}, "
        f"REGION {literal(env.get('AWS_REGION') or 'us-east-1')}{address if url.netloc else ''})"
    )


def _data_path(settings: Settings) -> str:
    """Return where the Parquet files are; a store that is a folder is given by its path."""
    return f"{(settings.object_store or '').removeprefix('file://')}/{FOLDER}/"


_TABLES = """
SELECT format('"{}"."{}"', schema_name, table_name) FROM duckdb_tables()
WHERE database_name = 'export' AND NOT list_contains($1, table_name)
"""
