"""One query over the snapshot, in this process: the request as JSON on standard input, the answer on standard output.

Started by ``sandbox.Sandbox``, which kills it at the deadline. The answer is one line of JSON, with ``error`` or what
was found, and behind it the bytes of the file that was asked for. Three things each keep a query from files and
network: only statements that read are run, DuckDB's settings close it to both, and while it runs this process can open
nothing at all. The last is needed: DuckDB leaves the database it has open, and the log beside it, open to its readers
and writers of files. Where the system lets it, the kernel refuses it every socket besides.
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
    sys.path.insert(0, str(Path(__file__).parents[2]))

from gonggo.offline import go_offline
from gonggo.report.cells import cell
from gonggo.warehouse.read_only_sql import RESTRICTED_CONFIG, RefusedError, require_read_only

WHOLE_NUMBERS = {"tinyint", "smallint", "integer", "bigint", "hugeint"}
WHOLE_NUMBERS |= {"utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"}
# Types whose values come as Python's own; those of others come as DuckDB's text, exact and without further packages.
KEPT = WHOLE_NUMBERS | {"boolean", "float", "double", "blob"}
# The largest whole number that a browser does not round.
EXACT = 2**53 - 1
OPEN_FILES = 64
BATCH = 500
# Rows that the writer of Parquet holds twice.
ROW_GROUP = 10_240
LONGEST_ERROR = 4_000


def main() -> int:
    out = _output_of_our_own()
    request = json.load(sys.stdin)
    content = b""
    try:
        _limit(request)
        go_offline()
        result, content = _answer(request)
    except (MemoryError, RecursionError, duckdb.OutOfMemoryException):
        result = {"error": "질의에 드는 메모리가 너무 많습니다 | the query needs too much memory"}
    except Exception as error:
        # What went wrong is the asker's to know, but for the places in memory below the words of an internal error.
        result = {"error": str(error).partition("\n\nStack Trace")[0][:LONGEST_ERROR] or type(error).__name__}
    head = json.dumps({"error": None, **result, "bytes": len(content)}, ensure_ascii=False)
    out.write(head.encode() + b"\n" + content)
    out.close()
    return 0


def _output_of_our_own() -> BinaryIO:
    """Where the answer goes. What DuckDB prints by itself, a log or a profile, goes where the errors go."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def _limit(request: dict[str, Any]) -> None:
    """No more time and memory than given, no file longer than the one asked for, no core; an end without a parent."""
    memory, seconds = request["memory_mb"] * 1024 * 1024, math.ceil(request["seconds"]) + 1
    written = request["largest"] if request["kind"] == "parquet" else 0
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(seconds)


def _answer(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """What was found as ``rows``, or the bytes of a ``csv`` or ``parquet`` file.

    Raises:
        RefusedError: not one statement that reads, or more rows or bytes than a file may have.
        duckdb.Error: what DuckDB says of the query.
    """
    limit = f"{request['memory_mb'] // 2}MB"
    con = _open(request["snapshot"], limit)
    ours = duckdb.connect(config={**RESTRICTED_CONFIG, "memory_limit": limit}) if request["kind"] == "parquet" else None
    _open_nothing_more()
    require_read_only(con, request["sql"])
    relation = con.sql(request["sql"])
    if relation is None:
        raise RefusedError("결과가 없는 문장입니다 | a statement without a result")
    if ours:
        return {}, _parquet(relation, request["rows"], ours, Path(request["folder"]) / "rows.parquet")
    if request["kind"] == "csv":
        return {}, _csv(relation, request["rows"], request["largest"])
    return _rows(relation, request["rows"], request["largest"]), b""


def _open(snapshot: str, limit: str) -> duckdb.DuckDBPyConnection:
    """A connection that reads the snapshot, its settings locked."""
    con = duckdb.connect(snapshot, read_only=True, config={**RESTRICTED_CONFIG, "memory_limit": limit})
    con.execute("SET GLOBAL TimeZone = 'Asia/Seoul'")
    con.execute("SET GLOBAL arrow_lossless_conversion = true")
    con.execute("SET enable_progress_bar = false")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def _open_nothing_more() -> None:
    """Let this process open no file and no socket: no descriptor below the limit is free."""
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, OPEN_FILES))


def _rows(relation: duckdb.DuckDBPyRelation, most: int, largest: int) -> dict[str, Any]:
    """Names, types and rows, as many as may be: no more than ``most``, no more than ``largest`` bytes of JSON."""
    rows: list[list[Any]] = []
    size, truncated = 0, False
    for row in _fetched(relation, most + 1):
        size += len(json.dumps(row, ensure_ascii=False).encode())
        truncated = len(rows) == most or size > largest
        if truncated:
            break
        rows.append(row)
    types = [str(kind) for kind in relation.types]
    return {"columns": relation.columns, "types": types, "rows": rows, "truncated": truncated}


def _csv(relation: duckdb.DuckDBPyRelation, most: int, largest: int) -> bytes:
    """The rows as CSV in UTF-8, with the mark by which spreadsheets know it."""
    content = io.BytesIO()
    text = io.TextIOWrapper(content, "utf-8", newline="")
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow([_cell(name) for name in relation.columns])
    for number, row in enumerate(_fetched(relation, most + 1)):
        if number == most:
            raise _too_many(most)
        writer.writerow([_cell(value) for value in row])
        if content.tell() > largest:
            raise _too_large()
    text.flush()
    if content.tell() > largest:
        raise _too_large()
    return content.getvalue()


def _parquet(relation: duckdb.DuckDBPyRelation, most: int, ours: duckdb.DuckDBPyConnection, path: Path) -> bytes:
    """The rows as Parquet. DuckDB writes that to files only, so ``ours`` does, once it has them and the query ended."""
    # Parquet has no whole numbers of 128 bits, as sums are; DuckDB would round them to DOUBLE.
    wide = {"hugeint": "DECIMAL(38,0)", "uhugeint": "DECIMAL(38,0)"}
    kinds = [wide.get(kind.id, str(kind)) for kind in relation.types]
    limited = relation.limit(most + 1).project(_columns(kinds, relation.columns))
    ours.from_arrow(limited.__arrow_c_stream__()).create("found")
    if len(ours.table("found")) > most:
        raise _too_many(most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    try:
        ours.table("found").write_parquet(str(path), compression="zstd", row_group_size=ROW_GROUP)
    except duckdb.IOException as error:
        raise _too_large() from error
    return path.read_bytes()


def _too_many(most: int) -> RefusedError:
    return RefusedError(f"{most:,}행이 넘습니다. LIMIT을 쓰세요 | more than {most:,} rows")


def _too_large() -> RefusedError:
    return RefusedError("파일이 너무 큽니다. 열이나 행을 줄이세요 | the file is too large")


def _fetched(relation: duckdb.DuckDBPyRelation, most: int) -> Iterator[list[Any]]:
    """The first rows, their values fit for JSON."""
    limited = relation.limit(most).project(_columns([_told_as(kind) for kind in relation.types], relation.columns))
    while batch := limited.fetchmany(BATCH):
        for row in batch:
            yield [_plain(value) for value in row]


def _columns(kinds: list[str], names: list[str]) -> str:
    """All columns, each as a type; by number, as two may have one name."""
    picked = enumerate(zip(kinds, names, strict=True), 1)
    return ", ".join(f"CAST(#{number} AS {kind}) AS {_quoted(name)}" for number, (kind, name) in picked)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _told_as(kind: Any) -> str:
    """The SQL type as which a column is fetched: what Python has stays, also inside lists; the rest becomes text."""
    if kind.id in KEPT:
        return str(kind)
    if kind.id not in ("list", "array", "struct", "map"):
        return "VARCHAR"
    parts = dict(kind.children)
    if kind.id == "list":
        return f"{_told_as(parts['child'])}[]"
    if kind.id == "array":
        return f"{_told_as(parts['child'])}[{parts['size']}]"
    if kind.id == "map":
        return f"MAP(VARCHAR, {_told_as(parts['value'])})"
    # The fields of a row() have no names.
    named = ", ".join(f"{_quoted(name)} {_told_as(part)}" for name, part in parts.items())
    return "VARCHAR" if "" in parts else f"STRUCT({named})"


def _plain(value: Any) -> Any:
    """A value as JSON has it, and a browser reads it: no bytes, no NaN, no whole number that it would round."""
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
    """A value as a cell: what has parts as JSON, a text that a spreadsheet would run marked as a text."""
    return cell(json.dumps(value, ensure_ascii=False) if isinstance(value, bool | list | dict) else value)


if __name__ == "__main__":
    sys.exit(main())
