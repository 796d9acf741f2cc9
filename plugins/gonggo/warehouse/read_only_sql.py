"""Restricts a connection to reading: its configuration, and a check that a statement only reads.

The configuration alone is not enough: DuckDB lets COPY overwrite the very file that a read-only connection has open.
"""

from __future__ import annotations

import re
from typing import Any

import duckdb

RESTRICTED_CONFIG: dict[str, Any] = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "threads": 1,
    "temp_directory": "",
}
# First words of statements that only read. DuckDB's statement type is not enough: it takes a PRAGMA for a SELECT.
READ_KEYWORDS = {"select", "with", "from", "values", "table", "describe", "desc", "show", "summarize"}
READ_KEYWORDS |= {"pivot", "unpivot", "pivot_wider", "pivot_longer"}


class RefusedError(Exception):
    """A query was refused. The message says why in both languages, for the site; ``english`` is for the commands."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(f"{korean} | {english}")
        self.english = english


def require_read_only(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise unless the text is one statement that only reads.

    Raises:
        RefusedError: The text has no statement, several statements, or one that does not only read.
        duckdb.Error: The text is not valid SQL.
    """
    word, rest = _first_word(sql)
    if word == "explain":
        analyze, query = _first_word(rest)
        require_read_only(con, query if analyze == "analyze" else rest)
        return
    statements = con.extract_statements(sql)
    if not statements:
        raise RefusedError("질의가 비어 있습니다", "the query is empty")
    # DuckDB expands a PIVOT into statements without a text: CREATE of the types that it needs, then the SELECT.
    *preceding, last = statements
    if any(statement.query or statement.type != duckdb.StatementType.CREATE for statement in preceding):
        raise RefusedError("한 번에 한 문장만 됩니다", "one statement at a time")
    if last.type != duckdb.StatementType.SELECT or word not in READ_KEYWORDS:
        raise RefusedError("읽는 문장만 됩니다(SELECT, WITH, FROM, DESCRIBE …)", "only statements that read")


def _first_word(sql: str) -> tuple[str, str]:
    """Return the first word in lower case and the text after it, ignoring comments and opening brackets before it."""
    raw = sql.encode()
    for start, _ in duckdb.tokenize(sql):
        word = re.match(rb"\w+", raw[start:])
        if word:
            return word[0].decode().lower(), raw[start + word.end() :].decode()
        if raw[start : start + 1] != b"(":
            break
    return "", sql
