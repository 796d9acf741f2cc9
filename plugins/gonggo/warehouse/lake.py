"""The warehouse on many machines: DuckLake, its catalogue in Postgres and its Parquet in the object store.

It has the tables, views and macros of the single file, made by the same SQL; several processes may load at once.
"""

from __future__ import annotations

import importlib.util
import os
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb

from gonggo.cluster.object_store import endpoint, object_store
from gonggo.cluster.postgres import connect, creation_lock
from gonggo.errors import WarehouseError
from gonggo.settings import Settings
from gonggo.warehouse.quoting import literal

EXTENSIONS = ("ducklake", "httpfs", "postgres_scanner")
# The schema of Postgres in which DuckLake keeps its catalogue, and the folder of the store with its Parquet.
SCHEMA, FOLDER = "gonggo_lake", "lake"
# How long a query that began before a change may still read what it replaced.
KEPT_DAYS = 7


def attach(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Attach the lake as ``gonggo``; create it if there is none.

    Raises:
        WarehouseError: an extension is not installed; or Postgres or the store cannot be reached.
    """
    for name in EXTENSIONS:
        con.execute(f"LOAD {literal(_extension(name))}")
    _create_secrets(con, settings)
    try:
        # The first to come makes the catalogue, and two at once would stumble over each other.
        with creation_lock(settings.postgres_url or ""):
            con.execute(
                f"ATTACH 'ducklake:postgres:' AS gonggo "
                f"(DATA_PATH {literal(_data(settings))}, METADATA_SCHEMA '{SCHEMA}')"
            )
    except duckdb.Error as error:
        raise WarehouseError(
            f"The lake cannot be opened: {error}. GONGGO_POSTGRES_URL names its Postgres, GONGGO_OBJECT_STORE "
            "its files."
        ) from error


def is_lake(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the database in use is a lake, which keeps no comments on columns of views."""
    query = "SELECT type FROM duckdb_databases() WHERE database_name = current_database()"
    return con.execute(query).fetchone() == ("ducklake",)


def is_conflict(error: duckdb.Error) -> bool:
    """Return whether a transaction conflicted with another one and may be tried again."""
    return isinstance(error, duckdb.TransactionException) and "conflict" in str(error).lower()


def expire_snapshots(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Merge small files and remove those that no running query can need. Return how many, by kind."""
    calls = {
        "flushed": "ducklake_flush_inlined_data('gonggo')",
        "merged": "ducklake_merge_adjacent_files('gonggo')",
        "expired": f"ducklake_expire_snapshots('gonggo', older_than => now() - INTERVAL {KEPT_DAYS} DAY)",
        "removed": f"ducklake_cleanup_old_files('gonggo', older_than => now() - INTERVAL {KEPT_DAYS} DAY)",
    }
    return {name: len(con.sql(f"SELECT 1 FROM {call}").fetchall()) for name, call in calls.items()}  # noqa: S608


def discard(settings: Settings) -> None:
    """Remove the lake, so that the next load makes it again from all batches."""
    assert settings.postgres_url
    with closing(connect(settings.postgres_url)) as con, con, con.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    store = object_store(settings)
    store.remove(store.files(f"{FOLDER}/"))


def _extension(name: str) -> Path:
    """Return the file of an extension from its package, so that nothing is downloaded when a query runs."""
    package = f"duckdb_extension_{name}"
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for path in (
        path for folder in folders for path in Path(folder).glob(f"extensions/v{duckdb.__version__}/{name}.*")
    ):
        return path
    raise WarehouseError(
        f"The package {package.replace('_', '-')} for DuckDB {duckdb.__version__} is not installed; the scaled set-up "
        "needs those of the extra: pip install 'gonggo[cluster]'."
    )


def _create_secrets(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Give DuckDB the keys of Postgres and of the store, in its memory alone."""
    at = urlsplit(settings.postgres_url or "")
    con.execute(
        "CREATE SECRET (TYPE postgres, "
        f"HOST {literal(at.hostname or '')}, PORT {at.port or 5432}, DATABASE {literal(at.path.lstrip('/'))}, "
        f"USER {literal(unquote(at.username or ''))}, "
        f"PASSWORD {literal(unquote(at.password or os.environ.get('PGPASSWORD', '')))})"
    )
    if not (settings.object_store or "").startswith("s3://"):
        return
    at = urlsplit(endpoint())
    own = f", ENDPOINT {literal(at.netloc)}, URL_STYLE 'path', USE_SSL {at.scheme == 'https'}"
    con.execute(
        f"CREATE SECRET (TYPE s3, KEY_ID {literal(os.environ.get('AWS_ACCESS_KEY_ID', ''))}, "
        f"SECRET {literal(os.environ.get('AWS_SECRET_ACCESS_KEY', ''))}, "
        f"REGION {literal(os.environ.get('AWS_REGION') or 'us-east-1')}{own if at.netloc else ''})"
    )


def _data(settings: Settings) -> str:
    """Where the Parquet files are; a store that is a folder is named by its path."""
    return f"{(settings.object_store or '').removeprefix('file://')}/{FOLDER}/"
