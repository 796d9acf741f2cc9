"""What people query: one file a view or table in ``sql/marts``, one a macro in ``sql/macros``, under its own name.

A mart whose second line is ``-- table`` is kept as a table, made anew when the content has changed; the others are
views. What depends on today (open, closing soon) is always a view. The files of a folder in ``sql/marts`` make a schema
of its name: ``site`` holds what only the pages and the macros read, so that ``SHOW TABLES`` lists what people query.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import duckdb
from pydantic import RootModel, StringConstraints

from gonggo.datafile import load_model
from gonggo.errors import DataFileError
from gonggo.settings import SQL, Settings
from gonggo.warehouse.lake import is_lake
from gonggo.warehouse.memory import retry_with_more_memory
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.sql_files import first_comment, run_sql_file
from gonggo.warehouse.synonyms import SYNONYMS, macros
from gonggo.warehouse.transactions import transaction
from gonggo.warehouse.writer import writer

log = logging.getLogger(__name__)

MARTS = SQL / "marts"
COLUMNS = MARTS / "columns.yaml"
# Marts of earlier versions that have other names now; dropped where they still are.
FORMER = (
    "call_lookup",
    "directory",
    "directory_facets",
    "directory_words",
    "fact_rows",
    "net_result",
    "programme_state",
)


def build_marts(settings: Settings) -> dict[str, Any]:
    """Make the marts unless they are up to date.

    Returns:
        ``{"marts": [names]}``, each after those that it reads.
    """
    with writer(settings) as con:
        migrate(con)
        refresh_marts(con)
        return {"marts": list(_in_order(_files()))}


def make_marts(con: duckdb.DuckDBPyConnection, out_of: str | None = None) -> list[str]:
    """Make every mart in an open connection, all or none. Return their names, each after those that it reads.

    ``out_of`` names a database of the same content whose table marts are copied, but for those that hold row numbers.
    """
    con.execute("SET preserve_insertion_order = false")
    return retry_with_more_memory(con, partial(_make_all, con, out_of))


def _make_all(con: duckdb.DuckDBPyConnection, out_of: str | None) -> list[str]:
    paths = _files()
    with transaction(con):
        kinds = dict(con.execute(_KINDS, [[*paths, *FORMER]]).fetchall())
        names = list(_in_order(paths))
        for name in (*FORMER, *reversed(names)):
            if name in kinds:
                con.execute(f"DROP {kinds[name]} {name}")
        for macro in macros():
            con.execute(macro)
        for name in names:
            _make(con, name, paths[name], out_of)
            log.info("%s", name)
        tables = [name for name in names if _kind(paths[name]) == "TABLE"]
        _comment_columns(con, tables if is_lake(con) else names)
        for path in sorted((SQL / "macros").glob("*.sql")):
            run_sql_file(con, path)
        set_state(con, "marts", _wanted(con))
    return names


def refresh_marts(con: duckdb.DuckDBPyConnection) -> None:
    """Make the marts unless they were made of this content and these SQL files."""
    if state(con, "marts") != _wanted(con):
        make_marts(con)


def content_changed(con: duckdb.DuckDBPyConnection) -> None:
    """Record that the tables below the marts have changed, so that the marts are made again before publication.

    It adds a row, since loaders that run at the same time must not change the same one.
    """
    con.execute("INSERT INTO warehouse_state VALUES ('content', ?)", [uuid4().hex])


def _files() -> dict[str, Path]:
    """Return the file of each mart by its name with its schema: ``notice``, ``site.directory``."""
    return {".".join(path.relative_to(MARTS).with_suffix("").parts): path for path in MARTS.rglob("*.sql")}


def _kind(path: Path) -> str:
    return "TABLE" if path.read_text("utf-8").split("\n", 2)[1].strip() == "-- table" else "VIEW"


def _make(con: duckdb.DuckDBPyConnection, name: str, path: Path, out_of: str | None) -> None:
    text, kind = path.read_text("utf-8"), _kind(path)
    taken = out_of and kind == "TABLE" and "rowid" not in text
    con.execute(f"CREATE {kind} {name} AS {f'FROM {out_of}.{_of_schema(name)}' if taken else text}")
    con.execute(f"COMMENT ON {kind} {name} IS {literal(first_comment(path))}")


def _of_schema(name: str) -> str:
    """Return the name with its schema, to follow the name of a database."""
    return name if "." in name else f"main.{name}"


def _comment_columns(con: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    comments = load_model(COLUMNS, Columns).root
    for mart, column in con.execute(_COLUMNS, [names]).fetchall():
        comment = comments.get(f"{mart.rpartition('.')[2]}.{column}") or comments.get(column)
        if comment is None:
            raise DataFileError(f"{COLUMNS}: says nothing of the column {column} of the mart {mart}; add a line for it")
        con.execute(f'COMMENT ON COLUMN {mart}."{column}" IS {literal(comment)}')


def _in_order(paths: dict[str, Path]) -> list[str]:
    """Return the names, each after those that it reads."""
    read = {
        name: set(re.findall(r"\b(?:FROM|JOIN)\s+([\w.]+)", path.read_text("utf-8"))) for name, path in paths.items()
    }
    return list(TopologicalSorter({name: read[name] & set(paths) - {name} for name in sorted(paths)}).static_order())


def _wanted(con: duckdb.DuckDBPyConnection) -> str:
    """Return the fingerprint that up-to-date marts have."""
    files = [*MARTS.rglob("*.sql"), *(SQL / "macros").glob("*.sql")]
    return fingerprint(con, [*files, SYNONYMS, SYNONYMS.with_suffix(".py")])


def fingerprint(con: duckdb.DuckDBPyConnection, files: Iterable[Path], *more: str) -> str:
    """Return a fingerprint of the content, the migrations (which change rows and macros), the files and ``more``."""
    content = con.execute(_CONTENT).fetchone()
    texts = [path.name.encode() + path.read_bytes() for path in sorted(files)]
    return hashlib.sha256(b"\0".join([repr(content).encode(), *texts, *(text.encode() for text in more)])).hexdigest()


def state(con: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """Return a value of ``warehouse_state``; None if it was never set."""
    row = con.execute("SELECT value FROM warehouse_state WHERE name = ?", [name]).fetchone()
    return row[0] if row else None


def set_state(con: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Set a value of ``warehouse_state``."""
    con.execute("DELETE FROM warehouse_state WHERE name = ?", [name])
    con.execute("INSERT INTO warehouse_state VALUES (?, ?)", [name, value])


class Columns(RootModel[dict[str, Annotated[str, StringConstraints(pattern=r"^.+ \| .+$")]]]):
    """``columns.yaml``: what a column means, Korean and English, by ``column`` or ``mart.column``."""


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
