"""The marts that people query: views and tables from ``sql/marts``, macros from ``sql/macros``, one file each.

The name of the file is the name of the object. A mart whose second line begins with ``-- table`` is a table; the
others are views. When the content changes, tables are rebuilt, or only the rows of what changed if their file says how
(``gonggo.warehouse.mart_files``). Each is rebuilt as a whole when its SQL, or that of a mart that it reads, changes.
What depends on the current date (open, closing soon) is always a view.

A folder in ``sql/marts`` becomes a schema: ``site`` holds what only pages and macros read, so that ``SHOW TABLES``
lists nothing but what people query.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Iterable, Mapping
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
from gonggo.step_results import BuildResult, VerifyResult
from gonggo.warehouse.changes import EVERYTHING, READ_BY_CHANGES, Changes, are_recorded, everything_changed
from gonggo.warehouse.mart_files import Mart, fingerprints, read_marts
from gonggo.warehouse.memory import retry_with_more_memory
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.sql_files import first_row, run_sql_file
from gonggo.warehouse.synonyms import SYNONYMS, macros
from gonggo.warehouse.transactions import transaction
from gonggo.warehouse.writer import writer

log = logging.getLogger(__name__)

MARTS = SQL / "marts"
COLUMNS = MARTS / "columns.yaml"
# The name of a mart while another is made in its place.
_FORMER = "former_mart"
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
    """Bring the marts up to date."""
    with writer(settings) as con:
        migrate(con)
        refresh_marts(con)
        return {"marts": [*read_marts(MARTS)]}


def refresh_marts(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the marts up to date with the content and the SQL files; the result is that of a complete rebuild."""
    if state(con, "marts") != _fingerprint(con):
        con.execute("SET preserve_insertion_order = false")
        retry_with_more_memory(con, partial(_refresh, con))


def make_marts(con: duckdb.DuckDBPyConnection, copy_from: str | None = None) -> None:
    """Build every mart completely, all or none.

    Args:
        con: The writer's connection.
        copy_from: An attached database with the same content, whose mart tables are copied instead of computed, except
            those that hold row numbers.
    """
    con.execute("SET preserve_insertion_order = false")
    retry_with_more_memory(con, partial(_make_all, con, copy_from))


def _refresh(con: duckdb.DuckDBPyConnection) -> None:
    """Rebuild the rows that changed, and completely the marts that do not say which rows or whose SQL changed."""
    marts = read_marts(MARTS)
    now, before = fingerprints(marts, _base_fingerprint(con)), json.loads(state(con, "mart_sql") or "{}")
    kinds = _kinds(con, marts)
    current = [name for name in marts if name in kinds and now[name] == before.get(name)]
    is_same = state(con, "mart_content") == _content(con)
    with transaction(con):
        changes = Changes(con) if not is_same and set(current) >= READ_BY_CHANGES and are_recorded(con) else None
        if not is_same and not changes:
            everything_changed(con)
        for macro in macros():
            con.execute(macro)
        renewed = [name for name in marts if name not in current]
        _drop(con, renewed, kinds)
        for name, mart in marts.items():
            if name in renewed:
                _create(con, mart, None)
            elif mart.kind == "TABLE" and not is_same and not (changes and changes.bring_up_to_date(mart)):
                con.execute(f"DROP TABLE {name}")
                _create(con, mart, None)
                renewed.append(name)
            log.info("%s", name)
        _finish(con, [marts[name] for name in renewed], now)


def _make_all(con: duckdb.DuckDBPyConnection, copy_from: str | None) -> None:
    marts = read_marts(MARTS)
    with transaction(con):
        for macro in macros():
            con.execute(macro)
        if not copy_from:
            everything_changed(con)
        _drop(con, [*marts], _kinds(con, marts))
        for name, mart in marts.items():
            _create(con, mart, copy_from)
            log.info("%s", name)
        _finish(con, [*marts.values()], fingerprints(marts, _base_fingerprint(con)))


def _kinds(con: duckdb.DuckDBPyConnection, names: Iterable[str]) -> dict[str, str]:
    """Return whether each mart that exists is a table or a view, those with former names included."""
    return dict(con.execute(_KINDS, [[*names, *FORMER_NAMES]]).fetchall())


def _drop(con: duckdb.DuckDBPyConnection, names: list[str], kinds: Mapping[str, str]) -> None:
    """Drop the marts of these names, and those of former names."""
    for name in (*FORMER_NAMES, *reversed(names)):
        if name in kinds:
            con.execute(f"DROP {kinds[name]} {name}")


def _create(con: duckdb.DuckDBPyConnection, mart: Mart, copy_from: str | None) -> None:
    copied = copy_from and mart.kind == "TABLE" and not mart.holds_row_numbers
    query = f"FROM {copy_from}.{_with_schema(mart.name)}" if copied else mart.text
    con.execute(f"CREATE {mart.kind} {mart.name} AS {query}")
    con.execute(f"COMMENT ON {mart.kind} {mart.name} IS {literal(mart.comment)}")


def _finish(con: duckdb.DuckDBPyConnection, renewed: list[Mart], fingerprints: Mapping[str, str]) -> None:
    """Describe the columns of new marts, create the macros over the marts, and record what they were made of."""
    keeps_comments = _keeps_comments_on_views(con)
    _comment_columns(con, [mart.name for mart in renewed if mart.kind == "TABLE" or keeps_comments])
    for path in _macro_files():
        run_sql_file(con, path)
    con.execute("INSERT INTO site.unchecked FROM site.changed")
    con.execute("DELETE FROM site.changed")
    set_state(con, "mart_sql", json.dumps(fingerprints))
    set_state(con, "mart_content", _content(con))
    set_state(con, "marts", _fingerprint(con))


def verify_marts(settings: Settings) -> VerifyResult:
    """Rebuild every mart that is a table, compare it row by row with what it was, and replace it.

    What differed is recorded in ``mart_difference``, which a check reports. The next checks look at every
    announcement.
    """
    with writer(settings) as con:
        migrate(con)
        refresh_marts(con)
        tables = [mart for mart in read_marts(MARTS).values() if mart.kind == "TABLE"]
        differences = {}
        for mart in tables:
            missing, surplus = retry_with_more_memory(con, partial(_replace, con, mart))
            if missing or surplus:
                log.error("%s lacked %d rows and had %d that it should not", mart.name, missing, surplus)
                differences[mart.name] = {"missing": missing, "surplus": surplus}
        with transaction(con):
            con.execute("DELETE FROM mart_difference")
            for name, rows in differences.items():
                con.execute("INSERT INTO mart_difference VALUES (?, ?, ?, now())", [name, *rows.values()])
            if differences:
                everything_changed(con)
            con.execute("DELETE FROM warehouse_state WHERE name IN ('checked', 'checked_of_each')")
        return {"marts": len(tables), "differences": differences}


def _replace(con: duckdb.DuckDBPyConnection, mart: Mart) -> tuple[int, int]:
    """Replace a mart by a complete rebuild; return how many rows it lacked, and how many it had too many."""
    con.execute("SET preserve_insertion_order = true")
    with transaction(con):
        con.execute(f"ALTER TABLE {mart.name} RENAME TO {_FORMER}")
        _create(con, mart, None)
        _comment_columns(con, [mart.name])
        schema = mart.name.rpartition(".")[0]
        former = f"{schema}.{_FORMER}" if schema else _FORMER
        hashes = [
            first_row(con, f"SELECT count(*), sum(hash(t)::HUGEINT) FROM {table} AS t")  # noqa: S608
            for table in (mart.name, former)
        ]
        missing, surplus = (
            (_surplus(con, mart.name, former), _surplus(con, former, mart.name)) if hashes[0] != hashes[1] else (0, 0)
        )
        con.execute(f"DROP TABLE {former}")
    return missing, surplus


def _surplus(con: duckdb.DuckDBPyConnection, table: str, other: str) -> int:
    """Return how many rows of a table the other one lacks."""
    row = first_row(con, f"SELECT count(*) FROM (FROM {table} EXCEPT ALL FROM {other})")  # noqa: S608
    return int(row[0]) if row else 0


def content_changed(con: duckdb.DuckDBPyConnection, *, is_recorded: bool = False) -> None:
    """Record that the tables that marts read have changed, so that the marts follow before publication.

    Args:
        con: The writer's connection.
        is_recorded: Whether ``site.changed`` says what; else the marts are rebuilt completely.
    """
    # This adds a row, because concurrent loaders must not update the same one.
    con.execute("INSERT INTO warehouse_state VALUES ('content', ?)", [uuid4().hex])
    if not is_recorded:
        con.execute("INSERT INTO site.changed VALUES (?, '')", [EVERYTHING])


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


def _macro_files() -> list[Path]:
    """Return the files of the macros, each after those whose macros it uses: DuckDB looks them up when it makes it."""
    texts = {path: path.read_text("utf-8") for path in sorted((SQL / "macros").glob("*.sql"))}
    made_by = {name: path for path, text in texts.items() for name in re.findall(r"\bMACRO (\w+)\(", text)}
    uses = {
        path: {made_by[name] for name in re.findall(r"\b(\w+)\(", text) if name in made_by} - {path}
        for path, text in texts.items()
    }
    return list(TopologicalSorter(uses).static_order())


def _content(con: duckdb.DuckDBPyConnection) -> str:
    """Return what identifies the content of the tables that marts read."""
    return repr(first_row(con, _CONTENT))


def _base_fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """Return a fingerprint of what every mart may use: the schema, and the macros of ``sql/macros``."""
    version = first_row(con, "SELECT max(version) FROM schema_migration")
    texts = [path.read_text("utf-8") for path in sorted((SQL / "macros").glob("*.sql"))]
    return hashlib.sha256("\0".join([repr(version), *texts]).encode()).hexdigest()


def _fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """Return the fingerprint of what the marts are built from."""
    files = [*MARTS.rglob("*.sql"), *(SQL / "macros").glob("*.sql")]
    return fingerprint(con, [*files, SYNONYMS, SYNONYMS.with_suffix(".py")])


def fingerprint(con: duckdb.DuckDBPyConnection, files: Iterable[Path], *values: str) -> str:
    """Return a fingerprint of the content, the schema version, the files and further values.

    The schema version counts because a migration can change rows and macros.
    """
    content = _content(con)
    texts = [path.name.encode() + path.read_bytes() for path in sorted(files)]
    return hashlib.sha256(b"\0".join([content.encode(), *texts, *(text.encode() for text in values)])).hexdigest()


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
