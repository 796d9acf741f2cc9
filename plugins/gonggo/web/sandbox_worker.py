"""Worker process for one query: the request is JSON on standard input, the answer goes to standard output.

Started by ``sandbox.Sandbox``, which kills it at the deadline. The answer is one line of JSON with ``error`` or the
result, followed by the bytes of the requested file. Three measures each keep a query from files and the network: only
reading statements are run, DuckDB's settings disable external access, and the process cannot open any file while the
query runs. The last one is needed because DuckDB's file functions can still access its own open database and the log
beside it. Where the system supports it, the kernel also refuses the process every socket.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

if __name__ == "__main__":
    # Isolated mode (-I) leaves out PYTHONPATH and the user's packages; the package may be installed there.
    sys.path.insert(0, str(Path(__file__).parents[2]))

from gonggo.offline import go_offline
from gonggo.report.cells import safe_cell
from gonggo.warehouse.read_only_sql import RESTRICTED_CONFIG, RefusedError, require_read_only

WHOLE_NUMBERS = {"tinyint", "smallint", "integer", "bigint", "hugeint"}
WHOLE_NUMBERS |= {"utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"}
# Types that are fetched as Python values; all others are fetched as text, which is exact and needs no further packages.
NATIVE_TYPES = WHOLE_NUMBERS | {"boolean", "float", "double", "blob"}
# The largest whole number that a browser does not round.
EXACT = 2**53 - 1
OPEN_FILES = 64
BATCH = 500
# Rows that the writer of Parquet holds twice.
ROW_GROUP = 10_240
LONGEST_ERROR = 4_000


def main() -> int:
    """Answer the request on standard input."""
    out = _answer_stream()
    request = json.load(sys.stdin)
    content = b""
    try:
        _limit(request)
        go_offline()
        result, content = _answer(request)
    except (MemoryError, RecursionError, duckdb.OutOfMemoryException):
        result = {"error": "질의에 드는 메모리가 너무 많습니다 | the query needs too much memory"}
    except Exception as error:
        # The user sees the error message, but not the stack trace that follows an internal error.
        result = {"error": str(error).partition("\n\nStack Trace")[0][:LONGEST_ERROR] or type(error).__name__}
    head = json.dumps({"error": None, **result, "bytes": len(content)}, ensure_ascii=False)
    out.write(head.encode() + b"\n" + content)
    out.close()
    return 0


def _answer_stream() -> BinaryIO:
    """Return a stream for the answer; redirect what DuckDB itself prints (logs, profiles) to standard error."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def _limit(request: dict[str, Any]) -> None:
    """Limit time, memory and file size; forbid core dumps; end the process even if its parent is gone."""
    memory, seconds = _mapped_bytes() + request["memory_mb"] * 1024 * 1024, math.ceil(request["seconds"]) + 1
    written = request["largest"] if request["kind"] == "parquet" else 0
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(seconds)


def _mapped_bytes() -> int:
    """Return how much this process has mapped already, mostly the code of its libraries; 0 if that is unknown."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _answer(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the result as ``rows``, or the bytes of a ``csv`` or ``parquet`` file.

    Raises:
        RefusedError: not a single reading statement, or more rows or bytes than a file may have.
        duckdb.Error: the query fails.
    """
    limit = f"{request['memory_mb'] // 2}MB"
    con = _open(request["snapshot"], limit)
    writer_con = (
        duckdb.connect(config={**RESTRICTED_CONFIG, "memory_limit": limit}) if request["kind"] == "parquet" else None
    )
    _forbid_opening_files()
    require_read_only(con, request["sql"])
    relation = con.sql(request["sql"])
    if relation is None:
        raise RefusedError("결과가 없는 문장입니다", "a statement without a result")
    if writer_con:
        return {}, _parquet(relation, request["rows"], writer_con, Path(request["folder"]) / "rows.parquet")
    if request["kind"] == "csv":
        return {}, _csv(relation, request["rows"], request["largest"])
    return _rows(relation, request["rows"], request["largest"]), b""


def _open(snapshot: str, limit: str) -> duckdb.DuckDBPyConnection:
    """Open a read-only connection to the snapshot with locked settings."""
    con = duckdb.connect(snapshot, read_only=True, config={**RESTRICTED_CONFIG, "memory_limit": limit})
    con.execute("SET GLOBAL TimeZone = 'Asia/Seoul'")
    con.execute("SET GLOBAL arrow_lossless_conversion = true")
    con.execute("SET enable_progress_bar = false")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def _forbid_opening_files() -> None:
    """Prevent this process from opening files and sockets: no file descriptor below the limit is free."""
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, OPEN_FILES))


def _rows(relation: duckdb.DuckDBPyRelation, max_rows: int, largest: int) -> dict[str, Any]:
    """Return names, types and rows: at most ``max_rows``, and at most ``largest`` bytes of JSON."""
    rows: list[list[Any]] = []
    size, truncated = 0, False
    for row in _fetch_rows(relation, max_rows + 1):
        size += len(json.dumps(row, ensure_ascii=False).encode())
        truncated = len(rows) == max_rows or size > largest
        if truncated:
            break
        rows.append(row)
    types = [str(kind) for kind in relation.types]
    return {"columns": relation.columns, "types": types, "rows": rows, "truncated": truncated}


def _csv(relation: duckdb.DuckDBPyRelation, max_rows: int, largest: int) -> bytes:
    """Return the rows as CSV in UTF-8 with a byte order mark, which spreadsheets need."""
    content = io.BytesIO()
    text = io.TextIOWrapper(content, "utf-8", newline="")
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow([_cell(name) for name in relation.columns])
    for number, row in enumerate(_fetch_rows(relation, max_rows + 1)):
        if number == max_rows:
            raise _too_many(max_rows)
        writer.writerow([_cell(value) for value in row])
        if content.tell() > largest:
            raise _too_large()
    text.flush()
    if content.tell() > largest:
        raise _too_large()
    return content.getvalue()


def _parquet(
    relation: duckdb.DuckDBPyRelation, max_rows: int, writer_con: duckdb.DuckDBPyConnection, path: Path
) -> bytes:
    """Return the rows as Parquet. DuckDB writes it only to files: ``writer_con`` does so after the query has ended."""
    # Parquet has no 128-bit integers, the type of sums; DuckDB would convert them to DOUBLE.
    wide_types = {"hugeint": "DECIMAL(38,0)", "uhugeint": "DECIMAL(38,0)"}
    kinds = [wide_types.get(kind.id, str(kind)) for kind in relation.types]
    limited = relation.limit(max_rows + 1).project(_columns(kinds, relation.columns))
    writer_con.from_arrow(limited.__arrow_c_stream__()).create("found")
    if len(writer_con.table("found")) > max_rows:
        raise _too_many(max_rows)
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    try:
        writer_con.table("found").write_parquet(str(path), compression="zstd", row_group_size=ROW_GROUP)
    except duckdb.IOException as error:
        raise _too_large() from error
    return path.read_bytes()


def _too_many(max_rows: int) -> RefusedError:
    return RefusedError(f"{max_rows:,}행이 넘습니다. LIMIT을 쓰세요", f"more than {max_rows:,} rows")


def _too_large() -> RefusedError:
    return RefusedError("파일이 너무 큽니다. 열이나 행을 줄이세요", "the file is too large")


def _fetch_rows(relation: duckdb.DuckDBPyRelation, max_rows: int) -> Iterator[list[Any]]:
    """Yield the first rows with values that JSON can represent."""
    limited = relation.limit(max_rows).project(
        _columns([_transfer_type(kind) for kind in relation.types], relation.columns)
    )
    for row in _each_row(limited):
        yield [_plain(value) for value in row]


def _each_row(relation: duckdb.DuckDBPyRelation) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of one run of a query, a batch of them in memory at a time."""
    in_batches = getattr(relation, "iter_rows", None)
    if in_batches is not None:
        # DuckDB 2, where fetchmany() would run the query again for each batch.
        yield from in_batches()
        return
    while batch := relation.fetchmany(BATCH):
        yield from batch


def _columns(kinds: list[str], names: list[str]) -> str:
    """Return a select list that casts all columns; by number, because two columns may have the same name."""
    numbered = enumerate(zip(kinds, names, strict=True), 1)
    return ", ".join(f"CAST(#{number} AS {kind}) AS {_quoted(name)}" for number, (kind, name) in numbered)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _transfer_type(kind: Any) -> str:
    """Return the SQL type in which a column is fetched: native Python types stay, also in lists; others become text."""
    if kind.id in NATIVE_TYPES:
        return str(kind)
    if kind.id not in ("list", "array", "struct", "map"):
        return "VARCHAR"
    parts = dict(kind.children)
    if kind.id == "list":
        return f"{_transfer_type(parts['child'])}[]"
    if kind.id == "array":
        return f"{_transfer_type(parts['child'])}[{parts['size']}]"
    if kind.id == "map":
        return f"MAP(VARCHAR, {_transfer_type(parts['value'])})"
    # The fields of a row() have no names.
    named = ", ".join(f"{_quoted(name)} {_transfer_type(part)}" for name, part in parts.items())
    return "VARCHAR" if "" in parts or not parts else f"STRUCT({named})"


def _plain(value: Any) -> Any:
    """Return a value that JSON and browsers represent exactly: no bytes, no NaN, no integer that would be rounded."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return str(value) if isinstance(value, int) and abs(value) > EXACT else value


def _cell(value: Any) -> Any:
    """Return a value as a table cell: nested values as JSON, and texts that a spreadsheet would execute escaped."""
    return safe_cell(json.dumps(value, ensure_ascii=False) if isinstance(value, bool | list | dict) else value)


if __name__ == "__main__":
    sys.exit(main())
