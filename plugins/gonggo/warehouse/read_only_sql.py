"""What keeps a connection to reading: the settings that close it, and which statements only read.

The settings alone do not do it: DuckDB leaves the very file that it has open, though read-only, to COPY.
"""

from __future__ import annotations

import re
from typing import Any

import duckdb

CLOSED: dict[str, Any] = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "threads": 1,
    "temp_directory": "",
}
# What a statement that reads begins with. The word counts beside DuckDB's type: a PRAGMA is a SELECT to it.
READS = {"select", "with", "from", "values", "table", "describe", "desc", "show", "summarize"}
READS |= {"pivot", "unpivot", "pivot_wider", "pivot_longer"}


class RefusedError(Exception):
    """A query that was refused; the message says why."""


def demand_reading(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise unless the text is one statement that only reads.

    Raises:
        RefusedError: it is none, more than one, or one that does something else.
        duckdb.Error: it is not SQL.
    """
    word, behind = _first_word(sql)
    if word == "explain":
        analyze, query = _first_word(behind)
        demand_reading(con, query if analyze == "analyze" else behind)
        return
    statements = con.extract_statements(sql)
    if not statements:
        raise RefusedError("질의가 비어 있습니다 | the query is empty")
    # A PIVOT is several statements that DuckDB made of it, without a text: the types it needs, then the SELECT.
    *before, last = statements
    if any(made.query or made.type != duckdb.StatementType.CREATE for made in before):
        raise RefusedError("한 번에 한 문장만 됩니다 | one statement at a time")
    if last.type != duckdb.StatementType.SELECT or word not in READS:
        raise RefusedError("읽는 문장만 됩니다(SELECT, WITH, FROM, DESCRIBE …) | only statements that read")


def _first_word(sql: str) -> tuple[str, str]:
    """The first word in lower case and the text behind it; comments and opening brackets before it do not count."""
    raw = sql.encode()
    for start, _ in duckdb.tokenize(sql):
        word = re.match(rb"\w+", raw[start:])
        if word:
            return word[0].decode().lower(), raw[start + word.end() :].decode()
        if raw[start : start + 1] != b"(":
            break
    return "", sql
