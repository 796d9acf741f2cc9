"""The marts that people query: views and tables from ``sql/marts``, macros from ``sql/macros``, one file each.

The name of the file is the name of the object. A mart whose second line is ``-- table`` is a table, rebuilt when the
content changes; the others are views. What depends on the current date (open, closing soon) is always a view.

A folder in ``sql/marts`` becomes a schema: ``site`` holds what only pages and macros read, so that ``SHOW TABLES``
lists nothing but what people query.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import duckdb
from pydantic import RootModel, StringConstraints

from gonggo.datafile import load_model
from gonggo.errors import DataFileError
from gonggo.settings import SQL, Settings
from gonggo.step_results import BuildResult
from gonggo.warehouse.memory import retry_with_more_memory
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.sql_files import first_comment, first_row, run_sql_file
from gonggo.warehouse.synonyms import SYNONYMS, macros
from gonggo.warehouse.transactions import transaction
from gonggo.warehouse.writer import writer

log = logging.getLogger(__name__)

MARTS = SQL / "marts"
COLUMNS = MARTS / "columns.yaml"
# Names that marts had in earlier versions; they are dropped if they still exist.
FORMER_NAMES = (
    "call_lookup",
    "directory",
    "directory_facets",
    "directory_words",
    "fact_rows",
    "net_result",
    "programme_state",
    "site.directory_words",
)


def build_marts(settings: Settings) -> BuildResult:
    """Build the marts unless they are up to date."""
    with writer(settings) as con:
        migrate(con)
        refresh_marts(con)
        return {"marts": _in_dependency_order(_files())}


def make_marts(con: duckdb.DuckDBPyConnection, copy_from: str | None = None) -> list[str]:
    """Build every mart, all or none.

    Args:
        con: The writer's connection.
        copy_from: An attached database with the same content, whose mart tables are copied instead of computed, except
            those that hold row numbers.

    Returns:
        The names of the marts, each after those that it reads.
    """
    con.execute("SET preserve_insertion_order = false")
    return retry_with_more_memory(con, partial(_make_all, con, copy_from))


def _make_all(con: duckdb.DuckDBPyConnection, copy_from: str | None) -> list[str]:
    paths = _files()
    with transaction(con):
        kinds = dict(con.execute(_KINDS, [[*paths, *FORMER_NAMES]]).fetchall())
        names = _in_dependency_order(paths)
        for name in (*FORMER_NAMES, *reversed(names)):
            if name in kinds:
                con.execute(f"DROP {kinds[name]} {name}")
        for macro in macros():
            con.execute(macro)
        for name in names:
            _make(con, name, paths[name], copy_from)
            log.info("%s", name)
        tables = [name for name in names if _kind(paths[name]) == "TABLE"]
        _comment_columns(con, names if _keeps_comments_on_views(con) else tables)
        for path in _macro_files():
            run_sql_file(con, path)
        set_state(con, "marts", _fingerprint(con))
    return names


def refresh_marts(con: duckdb.DuckDBPyConnection) -> None:
    """Build the marts unless they were built from the current content and SQL files."""
    if state(con, "marts") != _fingerprint(con):
        make_marts(con)


def content_changed(con: duckdb.DuckDBPyConnection) -> None:
    """Record that the tables that marts read have changed, so that the marts are rebuilt before publication.

    This adds a row, because concurrent loaders must not update the same one.
    """
    con.execute("INSERT INTO warehouse_state VALUES ('content', ?)", [uuid4().hex])


def _files() -> dict[str, Path]:
    """Return the file of each mart by its name with its schema: ``notice``, ``site.directory``."""
    return {".".join(path.relative_to(MARTS).with_suffix("").parts): path for path in MARTS.rglob("*.sql")}


def _kind(path: Path) -> str:
    return "TABLE" if path.read_text("utf-8").split("\n", 2)[1].strip() == "-- table" else "VIEW"


def _make(con: duckdb.DuckDBPyConnection, name: str, path: Path, copy_from: str | None) -> None:
    text, kind = path.read_text("utf-8"), _kind(path)
    copied = copy_from and kind == "TABLE" and "rowid" not in text
    con.execute(f"CREATE {kind} {name} AS {f'FROM {copy_from}.{_with_schema(name)}' if copied else text}")
    con.execute(f"COMMENT ON {kind} {name} IS {literal(first_comment(path))}")


def _with_schema(name: str) -> str:
    """Return the name of a mart with its schema."""
    return name if "." in name else f"main.{name}"


def _keeps_comments_on_views(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the database in use keeps comments on the columns of views, which DuckLake does not."""
    query = "SELECT type FROM duckdb_databases() WHERE database_name = current_database()"
    return first_row(con, query) != ("ducklake",)


def _comment_columns(con: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    comments = load_model(COLUMNS, Columns).root
    for mart, column in con.execute(_COLUMNS, [names]).fetchall():
        comment = comments.get(f"{mart.rpartition('.')[2]}.{column}") or comments.get(column)
        if comment is None:
            raise DataFileError(
                f"{COLUMNS}: does not describe the column {column} of the mart {mart}; add a line for it"
            )
        con.execute(f'COMMENT ON COLUMN {mart}."{column}" IS {literal(comment)}')


def _in_dependency_order(paths: dict[str, Path]) -> list[str]:
    """Return the names of the marts, each after those that it reads."""
    sources = {
        name: set(re.findall(r"\b(?:FROM|JOIN)\s+([\w.]+)", path.read_text("utf-8"))) for name, path in paths.items()
    }
    return list(TopologicalSorter({name: sources[name] & set(paths) - {name} for name in sorted(paths)}).static_order())


def _macro_files() -> list[Path]:
    """Return the files of the macros, each after those whose macros it uses: DuckDB looks them up when it makes it."""
    texts = {path: path.read_text("utf-8") for path in sorted((SQL / "macros").glob("*.sql"))}
    made_by = {name: path for path, text in texts.items() for name in re.findall(r"\bMACRO (\w+)\(", text)}
    uses = {
        path: {made_by[name] for name in re.findall(r"\b(\w+)\(", text) if name in made_by} - {path}
        for path, text in texts.items()
    }
    return list(TopologicalSorter(uses).static_order())


def _fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """Return the fingerprint of what the marts are built from."""
    files = [*MARTS.rglob("*.sql"), *(SQL / "macros").glob("*.sql")]
    return fingerprint(con, [*files, SYNONYMS, SYNONYMS.with_suffix(".py")])


def fingerprint(con: duckdb.DuckDBPyConnection, files: Iterable[Path], *values: str) -> str:
    """Return a fingerprint of the content, the schema version, the files and further values.

    The schema version counts because a migration can change rows and macros.
    """
    content = first_row(con, _CONTENT)
    texts = [path.name.encode() + path.read_bytes() for path in sorted(files)]
    return hashlib.sha256(b"\0".join([repr(content).encode(), *texts, *(text.encode() for text in values)])).hexdigest()


def state(con: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """Return a value from ``warehouse_state``, or None if it was never set."""
    row = first_row(con, "SELECT value FROM warehouse_state WHERE name = ?", [name])
    return row[0] if row else None


def set_state(con: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Set a value in ``warehouse_state``."""
    con.execute("DELETE FROM warehouse_state WHERE name = ?", [name])
    con.execute("INSERT INTO warehouse_state VALUES (?, ?)", [name, value])


class Columns(RootModel[dict[str, Annotated[str, StringConstraints(pattern=r"^.+ \| .+$")]]]):
    """``columns.yaml``: the meaning of each ``column`` or ``mart.column``, in Korean and English."""


_CONTENT = """
SELECT (SELECT list(value ORDER BY value) FROM warehouse_state WHERE name = 'content'),
    (SELECT max(version) FROM schema_migration)
"""
_NAME = "CASE schema_name WHEN 'main' THEN '' ELSE schema_name || '.' END"
_COLUMNS = f"""
SELECT {_NAME} || table_name AS name, column_name FROM duckdb_columns()
WHERE database_name = current_database() AND list_contains($1, name) ORDER BY ALL
"""  # noqa: S608
_KINDS = f"""
SELECT {_NAME} || view_name AS name, 'VIEW' FROM duckdb_views()
WHERE database_name = current_database() AND list_contains($1, name)
UNION ALL
SELECT {_NAME} || table_name AS name, 'TABLE' FROM duckdb_tables()
WHERE database_name = current_database() AND list_contains($1, name)
"""  # noqa: S608
