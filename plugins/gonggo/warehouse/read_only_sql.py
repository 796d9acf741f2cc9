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

# First words of statements that write, which DuckDB 2 allows in brackets: WITH x AS (INSERT … RETURNING …) SELECT ….
WRITE_KEYWORDS = {"insert", "update", "delete", "merge", "copy", "create", "drop", "alter", "truncate", "attach", "set"}


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
    # DuckDB 1 expands a PIVOT into statements without a text: CREATE of the types that it needs, then the SELECT.
    # DuckDB 2 takes it for one that consists of several.
    *preceding, last = statements
    if any(statement.query or statement.type != duckdb.StatementType.CREATE for statement in preceding):
        raise RefusedError("한 번에 한 문장만 됩니다", "one statement at a time")
    reads = last.type in (duckdb.StatementType.SELECT, duckdb.StatementType.MULTI) and not _writes_in_brackets(sql)
    if not reads or word not in READ_KEYWORDS:
        raise RefusedError("읽는 문장만 됩니다(SELECT, WITH, FROM, DESCRIBE …)", "only statements that read")


def _writes_in_brackets(sql: str) -> bool:
    """Return whether the first word after some opening bracket is one of a statement that writes."""
    raw, after_bracket = sql.encode(), False
    for start, _ in duckdb.tokenize(sql):
        if raw.startswith((b"--", b"/*"), start):
            continue
        word = re.match(rb"\w+", raw[start:])
        if after_bracket and word and word[0].decode().lower() in WRITE_KEYWORDS:
            return True
        after_bracket = raw.startswith(b"(", start)
    return False


def _first_word(sql: str) -> tuple[str, str]:
    """Return the first word in lower case and the text after it, ignoring comments and opening brackets before it."""
    raw = sql.encode()
    for start, _ in duckdb.tokenize(sql):
        word = re.match(rb"\w+", raw[start:])
        if word:
            return word[0].decode().lower(), raw[start + word.end() :].decode()
        # DuckDB 2 takes comments for tokens.
        if not raw.startswith((b"(", b"--", b"/*"), start):
            break
    return "", sql
