"""Corrections: facts that a person silences or corrects in a data file, which keeps who said so, when and why.

The file names a fact by its announcement, kind, words and value, so that a correction holds when everything is read
again. What was read is kept in ``fact_correction``: each link undoes all corrections and applies those of the file.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints, ValidationError, model_validator

from gonggo.datafile import line_of, load_model, load_yaml
from gonggo.errors import DataFileError
from gonggo.extract.lexicons import regions
from gonggo.settings import SQL, nearest
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.sql_files import run_sql_file

CORRECTABLE = Path(__file__).with_name("correctable.yaml")
# What follows from a corrected column, by table.
_DERIVED = {
    "fact_region": "sido = split_part(name, ' ', 1)",
    "fact_programme": "name_norm = programme_norm(name)",
    "fact_organisation": "name_norm = organisation_norm(name)",
    "fact_application": "day = try_cast(left(value, 10) AS DATE), "
    "time = CASE WHEN length(value) >= 16 THEN try_cast(substr(value, 12, 5) AS TIME) END",
}
_PATTERNS = {
    "years": (re.compile(r"20\d\d(~20\d\d)?"), "a year (2026) or two (2025~2026)"),
    "period": (re.compile(r"20\d\d(-\d\d){0,2}"), "a year, month or day (2026, 2026-03, 2026-03-31)"),
    "deadline": (
        re.compile(r"20\d\d-\d\d-\d\d(T\d\d:\d\d)?|always|until_exhausted"),
        "a day (2026-03-31), a day with its hour (2026-03-31T18:00), always or until_exhausted",
    ),
}
_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Value = bool | int | float | str | None


class _Kind(BaseModel):
    """The table of a kind of fact, and the type or the allowed words of each column that can be corrected."""

    table: str
    columns: dict[str, str | list[list[str]]]
    # The column of the table by which a row is known.
    key: str = "fact_id"

    @property
    def is_document(self) -> bool:
        """Return whether it is the document itself, which cannot be taken away."""
        return self.key != "fact_id"


class _Kinds(RootModel[dict[str, _Kind]]):
    """``correctable.yaml``."""


@cache
def correctable() -> dict[str, _Kind]:
    """Return what can be corrected of each kind of fact."""
    return load_model(CORRECTABLE, _Kinds).root


def kind_of(table: str) -> str:
    """Return the kind of fact that a table holds."""
    return next(name for name, kind in correctable().items() if kind.table == table)


class Correction(BaseModel):
    """One entry: the fact that is meant, what is right or that it is silenced, and who says so."""

    model_config = ConfigDict(extra="forbid")
    announcement: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+/.+$")]
    fact: str
    words: _Text
    found: dict[str, _Value] = Field(min_length=1)
    correct: dict[str, _Value] | None = Field(default=None, min_length=1)
    silence: bool = False
    by: _Text
    # Not `on`, which YAML reads as true.
    date: datetime.date
    why: _Text

    @model_validator(mode="after")
    def _is_complete(self) -> Correction:
        kind = correctable().get(self.fact)
        if kind is None:
            raise ValueError(f"there is no kind of fact {self.fact!r}; there are {', '.join(correctable())}")
        if self.silence == (self.correct is not None):
            raise ValueError("give either correct, with what is right, or silence: true")
        if self.silence and kind.is_document:
            raise ValueError("a document cannot be silenced; correct: {relevant: false} removes it from all lists")
        unknown = [name for name in (*self.found, *(self.correct or {})) if name not in kind.columns]
        if unknown:
            raise ValueError(f"{self.fact} has no {unknown[0]!r}; it has {', '.join(kind.columns)}")
        for name, value in (self.correct or {}).items():
            _require_valid(name, value, kind.columns[name])
        return self

    def row(self) -> dict[str, Any]:
        """Return the entry with its announcement given as source and native id."""
        source, _, native_id = self.announcement.partition("/")
        patch: dict[str, Any] | None = self.correct
        if patch and self.fact == "organisation" and "programme" in patch:
            patch = {**patch, "programmes": [patch["programme"]]}
        return {**self.model_dump(mode="json"), "source": source, "native_id": native_id, "correct": patch}


def _require_valid(name: str, value: _Value, kind: str | list[list[str]]) -> None:
    """Raise ``ValueError`` unless a corrected value fits its column."""
    if value is None and name not in ("name", "krw", "value", "sector", "edge", "rule", "channel", "kind", "relevant"):
        return
    if isinstance(kind, list):
        allowed = [word for line in kind for word in line]
        if value not in allowed:
            raise ValueError(f"{name}: {value!r} is none of {', '.join(allowed)}")
    elif kind == "integer":
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"{name}: {value!r} is not a whole number")
    elif kind == "boolean":
        if not isinstance(value, bool):
            raise ValueError(f"{name}: {value!r} is not true or false")
    elif kind == "number":
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValueError(f"{name}: {value!r} is not a number")
    elif kind in _PATTERNS:
        pattern, form = _PATTERNS[kind]
        if not pattern.fullmatch(str(value)):
            raise ValueError(f"{name}: {value!r} is not {form}")
    elif kind == "region":
        if value not in _region_names():
            hint = nearest(str(value), _region_names())
            raise ValueError(f"{name}: there is no {value!r}{hint}; a region is named like 경남 or 경남 창원시")
    elif not str(value if value is not None else "").strip():
        raise ValueError(f"{name}: is empty")


@cache
def _region_names() -> frozenset[str]:
    """Return the names of regions in the tables; a value under another name would count nowhere."""
    return frozenset({"전국", *(region.short for region in regions())})


class Corrections(BaseModel):
    """The file of corrections."""

    model_config = ConfigDict(extra="forbid")
    corrections: list[Correction] = []


def load_corrections(path: Path) -> list[dict[str, Any]]:
    """Return the entries of the file as rows, each with its number and line; none if there is no file.

    Raises:
        DataFileError: An entry is invalid, or two are about the same fact; the message names file and line.
    """
    if not path.exists() or load_yaml(path) is None:
        return []
    corrections = load_model(path, Corrections).corrections
    lines = [line_of(path, ("corrections", number)) for number in range(len(corrections))]
    first: dict[str, int] = {}
    for entry, line in zip(corrections, lines, strict=True):
        corrected_fact = json.dumps([entry.announcement, entry.fact, entry.words, entry.found], sort_keys=True)
        if corrected_fact in first:
            raise DataFileError(f"{path}:{line}: corrects the same fact as the entry of line {first[corrected_fact]}")
        first[corrected_fact] = line
    return [
        {**entry.row(), "place": number, "line": line}
        for number, (entry, line) in enumerate(zip(corrections, lines, strict=True), 1)
    ]


def apply_corrections(con: duckdb.DuckDBPyConnection, entries: str) -> None:
    """Undo the corrections that were applied, and apply those of ``entries``, JSON of ``load_corrections``."""
    undo_corrections(con)
    run_sql_file(con, SQL / "link" / "corrections.sql", corrections=entries)
    for table in _corrected_tables(con):
        if not _kind_in(table).is_document:
            con.execute(f"DELETE FROM {table} WHERE fact_id IN ({_facts_of(table)} AND silenced)")  # noqa: S608
        _write(con, table, "becomes", "c.told")
    run_sql_file(con, SQL / "link" / "corrected_days.sql")
    con.execute(_RECORD_CHANGES)


def undo_corrections(con: duckdb.DuckDBPyConnection) -> None:
    """Restore every fact as it was read. A load does so first, because it copies facts of versions to others."""
    tables = list(_corrected_tables(con))
    if not tables:
        return
    for table in tables:
        if not _kind_in(table).is_document:
            structure = literal(json.dumps(_columns(con, table)))
            con.execute(
                f"INSERT INTO {table} BY NAME SELECT unnest(from_json(was, {structure})) FROM fact_correction"  # noqa: S608
                f" WHERE fact_table = '{table}' AND silenced"
            )
        _write(con, table, "was", "NULL")
    run_sql_file(con, SQL / "link" / "corrected_days.sql")
    con.execute(_RECORD_CHANGES)
    con.execute("DELETE FROM fact_correction")


def _corrected_tables(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    corrected = {row[0] for row in con.execute("SELECT DISTINCT fact_table FROM fact_correction").fetchall()}
    return (kind.table for kind in correctable().values() if kind.table in corrected)


def _kind_in(table: str) -> _Kind:
    return correctable()[kind_of(table)]


def _facts_of(table: str) -> str:
    return f"SELECT fact_id FROM fact_correction WHERE fact_table = '{table}'"  # noqa: S608


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Return the types of the columns of a table."""
    return dict(con.execute(_TYPES, [table]).fetchall())


def _write(con: duckdb.DuckDBPyConnection, table: str, state: str, note: str) -> None:
    """Write the values of one ``state`` (was, becomes) into the facts of a table that are not silenced."""
    types = _columns(con, table)
    kind = _kind_in(table)
    values = [f"\"{name}\" = (c.{state} ->> '{name}')::{types[name]}" for name in kind.columns]
    if table == "fact_organisation":
        values.append(f"programmes = CAST(c.{state} -> 'programmes' AS VARCHAR[])")
    con.execute(
        f"UPDATE {table} SET {', '.join([*values, f'corrected = {note}'])} FROM fact_correction AS c"  # noqa: S608
        f" WHERE c.{kind.key} = {table}.{kind.key} AND c.fact_table = '{table}' AND NOT c.silenced"
    )
    if table in _DERIVED:
        con.execute(f"UPDATE {table} SET {_DERIVED[table]} WHERE fact_id IN ({_facts_of(table)})")  # noqa: S608


def entry_of(announcement: str, fact: str, words: str, stored_values: dict[str, _Value]) -> dict[str, Any]:
    """Return the part of an entry that names a fact."""
    return {
        "announcement": announcement,
        "fact": fact,
        "words": " ".join(words.split()),
        "found": {name: value for name, value in stored_values.items() if value not in (None, "")},
    }


def as_yaml(entry: dict[str, Any]) -> str:
    """Return an entry as YAML, ready to be put into the file."""
    return yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=10_000)


def append_correction(path: Path, entry: dict[str, Any]) -> None:
    """Append an entry to the file, which is made if there is none.

    Raises:
        DataFileError: The entry or the file is invalid; the file stays as it was.
    """
    try:
        Correction.model_validate(entry)
    except ValidationError as error:
        raise DataFileError(f"{path}: not added: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from error
    before = path.read_text("utf-8") if path.exists() else ""
    head = before if before.strip() else "corrections:\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{head.rstrip()}\n{as_yaml(entry)}".replace("corrections: []", "corrections:"), "utf-8")
    try:
        load_corrections(path)
    except DataFileError:
        if before:
            path.write_text(before, "utf-8")
        else:
            path.unlink()
        raise


_RECORD_CHANGES = "INSERT INTO site.changed SELECT DISTINCT 'announcement', announcement_key FROM fact_correction"
_TYPES = """
SELECT column_name, data_type FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = 'main' AND table_name = $1 ORDER BY column_index
"""
