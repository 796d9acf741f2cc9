"""Databases for the state of the crawl and the alerts: an SQLite file, or a schema in the Postgres of a cluster.

Both are used through SQLAlchemy Core, so that each statement is written only once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock
from sqlalchemy import Column, Connection, Engine, MetaData, NullPool, Table, create_engine, func, inspect, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateColumn, CreateSchema

from gonggo.cluster.postgres import CREATION, connect, require_driver
from gonggo.small_state import prepare_database

# Seconds that one process waits for another that writes to the same file.
BUSY_SECONDS = 60


class StateDatabase(Protocol):
    """A database with a fixed set of tables, which are created or extended when it is opened."""

    def begin(self) -> Any:
        """Open a transaction: a context manager that yields a ``Connection`` and commits unless the body raises."""

    def repair(self) -> None:
        """Check every page; replace a damaged database by an empty one and keep the damaged file."""


class SqliteState:
    """A database in a file of this machine."""

    def __init__(self, path: Path, tables: MetaData) -> None:
        self.path, self._tables = path, tables
        self._engine = create_engine("sqlite://", creator=self._connect, poolclass=NullPool)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._create(full_check=False)

    def begin(self) -> Any:
        return _transaction(self._engine)

    def repair(self) -> None:
        self._create(full_check=True)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=BUSY_SECONDS)

    def _create(self, *, full_check: bool) -> None:
        # Several processes may open a new file at once, and only one of them can switch it to WAL.
        with FileLock(self.path.with_suffix(".lock")):
            prepare_database(self.path, self._create_tables, full_check=full_check)

    def _create_tables(self, db: sqlite3.Connection) -> None:
        db.execute("PRAGMA journal_mode=WAL")
        with self.begin() as connection:
            create_tables(connection, self._tables)


class PostgresState:
    """A schema in the Postgres that all machines share."""

    def __init__(self, url: str, schema: str, tables: MetaData) -> None:
        require_driver()
        # Rows are sent as batches of statements, because one statement with many rows must not contain a key twice.
        engine = create_engine(
            "postgresql+psycopg2://",
            creator=lambda: connect(url),
            executemany_mode="values_plus_batch",
            use_insertmanyvalues=False,
        )
        self._engine = engine.execution_options(schema_translate_map={None: schema})
        with self.begin() as connection:
            # Only one process at a time creates or extends tables; the lock ends with the transaction.
            connection.execute(select(func.pg_advisory_xact_lock(CREATION)))
            connection.execute(CreateSchema(schema, if_not_exists=True))
            create_tables(connection, tables, schema)

    def begin(self) -> Any:
        return _transaction(self._engine)

    def repair(self) -> None:
        """Do nothing: Postgres maintains its own files."""


def open_state(path: Path, schema: str, tables: MetaData, postgres_url: str | None) -> StateDatabase:
    """Open the schema of the shared Postgres if there is one, else the file of this machine."""
    return PostgresState(postgres_url, schema, tables) if postgres_url else SqliteState(path, tables)


def create_tables(connection: Connection, tables: MetaData, schema: str | None = None) -> None:
    """Create missing tables, and bring tables of earlier versions to the columns of this one.

    Tables and columns of an earlier version are renamed where the ``info`` of a table or column has their former name
    as ``former_name``; columns that are still missing are added.
    """
    _rename_former_tables(connection, tables, schema)
    tables.create_all(connection)
    inspector = inspect(connection)
    for table in tables.sorted_tables:
        present = {column["name"] for column in inspector.get_columns(table.name, schema=schema)}
        for column in table.columns:
            if column.name not in present:
                name = f'"{schema}".{table.name}' if schema else table.name
                connection.execute(text(f"ALTER TABLE {name} {_missing_column(connection, column, present)}"))


def _missing_column(connection: Connection, column: Column[Any], present: set[str]) -> str:
    """Return the ALTER TABLE clause for a missing column, which renames the column of its former name or adds one."""
    former = column.info.get("former_name")
    if former in present:
        return f"RENAME COLUMN {former} TO {column.name}"
    return f"ADD COLUMN {CreateColumn(column).compile(dialect=connection.dialect)}"


def _rename_former_tables(connection: Connection, tables: MetaData, schema: str | None) -> None:
    present = set(inspect(connection).get_table_names(schema=schema))
    for table in tables.sorted_tables:
        former = table.info.get("former_name")
        if former in present and table.name not in present:
            name = f'"{schema}".{former}' if schema else former
            connection.execute(text(f"ALTER TABLE {name} RENAME TO {table.name}"))


def upsert(connection: Connection, table: Table) -> Any:
    """Return an INSERT with support for ``on_conflict_…`` in the dialect of the connection."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    # Imported here, because a single machine does not need it.
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def copy_rows(table: Table, source: Connection, target: Connection) -> int:
    """Copy the rows whose keys the target lacks; return how many."""
    rows = [dict(row) for row in source.execute(select(table)).mappings()]
    before = _count(table, target)
    if rows:
        target.execute(upsert(target, table).on_conflict_do_nothing(), rows)
    return _count(table, target) - before


def _count(table: Table, connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that raises the errors of the driver itself, by which callers recognize damage."""
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        if error.orig is None:
            raise
        raise error.orig from error
