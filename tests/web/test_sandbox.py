"""A stranger's query reads the snapshot, and does nothing else."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from gonggo.settings import Settings
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from gonggo.web.query_queue import SandboxError, User
from gonggo.web.sandbox import ANONYMOUS, LONGEST_SQL, MAX_ROWS_IN_FILE, Answer, Sandbox
from tests.warehouse.batches import batch, day, document, settings_at

ENDLESS = "SELECT sum(range) FROM range(1000000000000)"
# What DuckDB alone lets a reader do to the file it has open, first; then what every closed door is tried with.
# OUT is a file that is not there, SNAPSHOT the published file, SECRET a file of somebody else.
ATTACKS = [
    "SELECT content FROM read_blob('SNAPSHOT')",
    "FROM 'SNAPSHOT'",
    "FROM read_duckdb('SNAPSHOT', table_name = 'announcement')",
    "COPY (SELECT 1) TO 'SNAPSHOT' (FORMAT csv, USE_TMP_FILE false)",
    "COPY (SELECT 1) TO 'SNAPSHOT.wal'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO 'SNAPSHOT.wal' (FORMAT csv)",
    "ATTACH 'SNAPSHOT' AS again",
    "WITH x AS (COPY (SELECT 1) TO 'OUT' (FORMAT csv)) FROM x",
    "WITH x AS (/* ( */ DELETE FROM announcement RETURNING title) FROM x",
    "FROM read_csv('SECRET')",
    "FROM read_csv_auto('SECRET')",
    "FROM sniff_csv('SECRET')",
    "FROM read_text('SECRET')",
    "FROM read_blob('SECRET')",
    "FROM read_json('SECRET')",
    "FROM read_ndjson_objects('SECRET')",
    "FROM read_parquet('SECRET')",
    "FROM parquet_metadata('SECRET')",
    "FROM parquet_kv_metadata('SECRET')",
    "FROM read_duckdb('SECRET')",
    "FROM glob('/etc/*')",
    "FROM '/etc/passwd'",
    "FROM '/etc/passwd.csv'",
    "SELECT * FROM 'SECRET'",
    "SELECT (SELECT content FROM read_text('SECRET'))",
    "WITH x AS (FROM read_text('SECRET')) SELECT content FROM x",
    "DESCRIBE FROM read_csv('SECRET')",
    "SUMMARIZE FROM read_csv('SECRET')",
    "PIVOT (FROM read_text('SECRET')) ON content",
    "EXPLAIN ANALYZE SELECT * FROM read_csv('SECRET')",
    "FROM read_text('/proc/self/environ')",
    "FROM read_text('/dev/stdin')",
    "FROM read_text('/proc/self/fd/0')",
    "FROM 'http://127.0.0.1:9/x.csv'",
    "FROM read_csv('https://127.0.0.1:9/x.csv')",
    "FROM read_parquet('s3://bucket/x.parquet')",
    "COPY (SELECT 1) TO 'OUT'",
    "COPY announcement TO 'OUT' (FORMAT parquet)",
    "COPY announcement FROM 'SECRET'",
    "COPY FROM DATABASE gonggo TO temp",
    "WITH x AS (COPY (SELECT 1) TO 'OUT') FROM x",
    "SELECT * FROM (COPY (SELECT 1) TO 'OUT')",
    "FROM query('COPY (SELECT 1) TO ''OUT''')",
    "EXPLAIN COPY (SELECT 1) TO 'OUT'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO 'OUT'",
    "EXPLAIN (ANALYZE) COPY (SELECT 1) TO 'OUT'",
    "explain /* */ analyze -- \n copy (select 1) to 'OUT'",
    "EXPORT DATABASE 'OUT'",
    "IMPORT DATABASE 'OUT'",
    "ATTACH 'OUT' AS new",
    "ATTACH ':memory:' AS new",
    "DETACH gonggo",
    "USE memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD 'SECRET'",
    "SET threads = 8",
    "SET GLOBAL memory_limit = '64GB'",
    "SET enable_external_access = true",
    "SET VARIABLE x = 1",
    "RESET memory_limit",
    "PRAGMA memory_limit = '64GB'",
    "PRAGMA database_list",
    "PRAGMA version",
    "PRAGMA enable_profiling",
    "PRAGMA profile_output = 'OUT'",
    "PRAGMA import_database('OUT')",
    "CALL pragma_version()",
    "CALL enable_logging(storage = 'file', storage_path = 'OUT')",
    "CALL enable_profiling(save_location = 'OUT.txt')",
    "CREATE TABLE x AS SELECT 1",
    "CREATE TEMP TABLE x AS SELECT 1",
    "CREATE VIEW x AS SELECT 1",
    "CREATE MACRO x() AS 1",
    "CREATE TYPE x AS ENUM (SELECT 'a')",
    "CREATE SECRET x (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "CREATE PERSISTENT SECRET x (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "INSERT INTO announcement SELECT * FROM announcement",
    "INSERT INTO announcement SELECT * FROM announcement RETURNING *",
    "WITH x AS (DELETE FROM announcement RETURNING *) FROM x",
    "WITH x AS (SELECT 1) DELETE FROM announcement",
    "UPDATE announcement SET title = ''",
    "DELETE FROM announcement",
    "MERGE INTO announcement a USING announcement b ON a.url = b.url WHEN MATCHED THEN DELETE",
    "TRUNCATE announcement",
    "DROP TABLE announcement",
    "ALTER TABLE announcement RENAME TO x",
    "COMMENT ON TABLE announcement IS 'x'",
    "EXPLAIN ANALYZE DELETE FROM announcement",
    "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1",
    "PREPARE x AS SELECT 1",
    "EXECUTE x",
    "DEALLOCATE x",
    "BEGIN",
    "ROLLBACK",
    "CHECKPOINT",
    "FORCE CHECKPOINT",
    "VACUUM",
    "ANALYZE",
    "SELECT 1; DROP TABLE announcement",
    "SELECT 1; SELECT 2",
    "SELECT 1; PRAGMA version",
    "EXPLAIN SELECT 1; DROP TABLE announcement",
    "PIVOT (SELECT 1 AS a) ON a; COPY (SELECT 1) TO 'OUT'",
    "COPY (SELECT 1) TO 'OUT'; PIVOT (SELECT 1 AS a) ON a",
    "CREATE TYPE x AS ENUM (SELECT 'a'); PIVOT (SELECT 1 AS a) ON a",
    "SELECT getenv('GONGGO_PASSWORD')",
    "SELECT pg_read_file('SECRET')",
    "SELECT pg_read_binary_file('SECRET')",
    "SELECT * FROM pg_ls_dir('/')",
    "SELECT lo_import('SECRET')",
    "SELECT system('touch OUT')",
    "SELECT * FROM pandas_scan(1)",
    "SELECT * FROM arrow_scan(1, 2, 3)",
    "SELECT nextval('x')",
    "SELECT ?",
    "",
    " ; -- nothing",
]
# Statements that DuckDB runs as reading, and that must leave nothing behind either.
HARMLESS = [
    "FROM checkpoint()",
    "FROM enable_logging('QueryLog', storage = 'file', storage_config = {'path': 'OUT'})",
    "FROM enable_logging('QueryLog', storage = 'file', storage_config = {'path': 'SNAPSHOT.wal'})",
    "FROM enable_logging('QueryLog', storage = 'stdout')",
    "FROM enable_profiling()",
    "FROM enable_profiling(save_location = 'OUT.txt')",
    "FROM query('FROM enable_profiling(format = ''json'', save_location = ''OUT.json'')')",
    "FROM read_text('SNAPSHOT.wal')",
    "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SELECT write_log('x')",
]
GREEDY = [
    "SELECT len(range(1000000000))",
    "SELECT length(repeat('x', 2000000000))",
    "SELECT lpad('x', 2000000000, 'y')",
    "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t) SELECT max(i) FROM t",
    "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE hash(a.range, b.range) = 0",
    "SELECT pg_sleep(600)",
    ENDLESS,
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_at(tmp_path_factory.mktemp("home"))
    titles = ["경남 제조 AI 실증 공고", '=HYPERLINK("http://x", "y")']
    documents = [document("bizinfo", str(number), title, day(2)) for number, title in enumerate(titles)]
    batch(settings, "bizinfo", "r1", documents)
    for step in (load_batches, link, publish):
        step(settings)
    return settings


@pytest.fixture(scope="module")
def sandbox(settings: Settings) -> Sandbox:
    """A sandbox whose queries have the time to start on a busy machine; those that do not end have one of their own."""
    return Sandbox(settings, seconds=60, rows=10)


@contextmanager
def untouched(settings: Settings, folder: Path) -> Iterator[None]:
    """Nothing is written: neither into the folder, nor beside or into the snapshot."""

    def seen() -> list[tuple[Path, int]]:
        paths = [*folder.rglob("*"), *settings.snapshot.parent.rglob("*")]
        return sorted((path, path.stat().st_mtime_ns) for path in paths)

    before, bytes_before = seen(), sha256(settings.snapshot.read_bytes()).digest()
    yield
    assert seen() == before
    assert sha256(settings.snapshot.read_bytes()).digest() == bytes_before


def aimed(sql: str, settings: Settings, folder: Path) -> str:
    """The attack on the files of this test."""
    secret = folder / "secret.csv"
    secret.write_text("a,b\n1,hunter2\n", "utf-8")
    names = {"SNAPSHOT": settings.snapshot, "OUT": folder / "out", "SECRET": secret}
    for word, path in names.items():
        sql = sql.replace(f"'{word}", f"'{path}").replace(f" {word}", f" {path}")
    return sql


@contextmanager
def occupied(sandbox: Sandbox, ticket: str, user: User = ANONYMOUS, stands: str = "running") -> Iterator[list[Answer]]:
    """An endless query runs or waits under this ticket; its answer is in the list when it has ended."""
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(sandbox.run(ENDLESS, ticket, user)))
    thread.start()
    until(lambda: sandbox.status(ticket, user)[0] == stands)
    try:
        yield answers
    finally:
        sandbox.cancel(ticket, user)
        thread.join()


def until(true: Callable[[], bool]) -> None:
    # Much longer than it takes: a busy machine may start a process slowly.
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it never came true")


def test_a_query_gives_its_columns_types_and_rows(sandbox: Sandbox) -> None:
    answer = sandbox.run("SELECT title AS 제목, 1 + 1 AS 둘, 2.50 AS 금액 FROM announcement WHERE title LIKE '경남%'")
    assert answer.error is None
    assert answer.columns == ["제목", "둘", "금액"]
    assert answer.types == ["VARCHAR", "INTEGER", "DECIMAL(3,2)"]
    assert answer.rows == [["경남 제조 AI 실증 공고", 2, "2.50"]]
    assert not answer.truncated


def test_values_are_fit_for_json(sandbox: Sandbox) -> None:
    answer = sandbox.run(
        "SELECT DATE '2026-03-01', TIME '09:30', TIMESTAMPTZ '2026-03-01 00:00:00+00', 'infinity'::TIMESTAMP,"
        " 1.50::DECIMAL(18,2), 'nan'::FLOAT, '-inf'::DOUBLE, 0.5, 9007199254740993, 9007199254740991, true, NULL,"
        " 'ab'::BLOB, [DATE '2026-03-01', NULL], {'가 \"나\"': [1.5::DECIMAL(2,1)]}, MAP {1: 'x'}, INTERVAL 1 MONTH,"
        " [1, 2]::INTEGER[2], row(1, 'x'), '{\"a\": 1}'::JSON, 'a'::ENUM('a', 'b'), '101'::BIT, 1 AS a, 2 AS a"
    )
    assert answer.error is None
    assert answer.columns[-2:] == ["a", "a"]
    assert json.loads(json.dumps(answer.rows, allow_nan=False)) == [
        [
            "2026-03-01", "09:30:00", "2026-03-01 09:00:00+09", "infinity",
            "1.50", "nan", "-inf", "0.5", "9007199254740993", 9007199254740991, True, None,
            "6162", ["2026-03-01", None], {'가 "나"': ["1.5"]}, {"1": "x"}, "1 month",
            [1, 2], "(1, x)", '{"a": 1}', "a", "101", 1, 2,
        ]
    ]  # fmt: skip


def test_every_type_of_duckdb_has_an_answer(sandbox: Sandbox) -> None:
    answer = sandbox.run("FROM test_all_types()")
    assert answer.error is None
    assert len(answer.rows) == 3
    json.dumps(answer.rows, allow_nan=False)


@pytest.mark.parametrize(
    "sql",
    [
        "FROM announcement",
        "TABLE announcement",
        "VALUES (1, '가')",
        "WITH x AS (SELECT 1) FROM x",
        "/* 설명 */ -- 더\n ((SELECT 1));",
        "DESCRIBE announcement",
        "DESC announcement",
        "SHOW TABLES",
        "SUMMARIZE announcement",
        "PIVOT (SELECT 'a' AS k, 1 AS v) ON k USING sum(v)",
        "UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b",
        "EXPLAIN SELECT * FROM announcement",
        "explain analyze select count(*) from announcement",
    ],
)
def test_every_way_to_read_is_open(sandbox: Sandbox, sql: str) -> None:
    answer = sandbox.run(sql)
    assert answer.error is None
    assert answer.rows


def test_rows_beyond_the_cap_are_reported(sandbox: Sandbox) -> None:
    whole, cut = sandbox.run("FROM range(10)"), sandbox.run("SELECT * FROM range(11) ORDER BY 1 DESC")
    assert (len(whole.rows), whole.truncated) == (10, False)
    assert (cut.rows[0], len(cut.rows), cut.truncated) == ([10], 10, True)


def test_bytes_beyond_the_cap_are_reported(sandbox: Sandbox) -> None:
    answer = sandbox.run("SELECT repeat('가', 500000) FROM range(9)")
    assert (len(answer.rows), answer.truncated, answer.error) == (3, True, None)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELEC 1", 'Parser Error: syntax error at or near "SELEC"'),
        ("SELECT 없음 FROM announcement", 'Binder Error: Referenced column "없음" not found'),
        ("SELECT 'x'::INTEGER", "Conversion Error: Could not convert string 'x' to INT32"),
        ("SELECT * FROM 없음", "Catalog Error: Table with name 없음 does not exist!"),
    ],
)
def test_a_bad_query_is_reported_in_duckdbs_words(sandbox: Sandbox, sql: str, message: str) -> None:
    answer = sandbox.run(sql)
    assert answer.error and answer.error.startswith(message)
    assert answer.rows == []


@pytest.mark.parametrize("sql", ATTACKS)
def test_an_attack_is_refused(sandbox: Sandbox, settings: Settings, tmp_path: Path, sql: str) -> None:
    sql = aimed(sql, settings, tmp_path)
    with untouched(settings, tmp_path):
        answer = sandbox.run(sql)
    assert answer.error
    assert (answer.columns, answer.rows) == ([], [])
    assert "hunter2" not in answer.error


@pytest.mark.parametrize("sql", HARMLESS)
def test_what_passes_as_reading_leaves_nothing(sandbox: Sandbox, settings: Settings, tmp_path: Path, sql: str) -> None:
    sql = aimed(sql, settings, tmp_path)
    with untouched(settings, tmp_path):
        sandbox.run(sql)
    assert sandbox.run("SELECT 1").rows == [[1]]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_download_is_no_way_around(sandbox: Sandbox, settings: Settings, tmp_path: Path, kind: str) -> None:
    for sql in ("COPY (SELECT 1) TO 'OUT'", "FROM read_text('SECRET')", "SELECT 1; SELECT 2", "FROM glob('/tmp/*')"):
        aim = aimed(sql, settings, tmp_path)
        with untouched(settings, tmp_path), pytest.raises(SandboxError):
            sandbox.download(aim, kind)


def test_the_environment_is_not_there(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGGO_PASSWORD", "hunter2")
    monkeypatch.setenv("HOME", "/home/hunter2")
    assert "does not exist" in (sandbox.run("SELECT getenv('GONGGO_PASSWORD')").error or "")
    for sql in (
        "SELECT list((name, value)) FROM duckdb_settings()",
        "FROM duckdb_secrets()",
        "FROM duckdb_variables()",
    ):
        answer = sandbox.run(sql)
        assert answer.error is None
        assert "hunter2" not in json.dumps(answer.rows)


@pytest.mark.parametrize("sql", GREEDY)
@pytest.mark.slow
def test_a_greedy_query_ends_and_the_next_one_runs(settings: Settings, sandbox: Sandbox, sql: str) -> None:
    greedy = Sandbox(settings, seconds=1).run(sql)
    assert greedy.error and ("memory" in greedy.error or "1초" in greedy.error)
    assert sandbox.run("SELECT 1").rows == [[1]]


def test_a_query_is_cancelled_by_its_ticket(settings: Settings) -> None:
    sandbox = Sandbox(settings, seconds=60)
    assert not sandbox.cancel("가")
    with occupied(sandbox, "가") as answers:
        assert not sandbox.cancel("나")
        assert sandbox.cancel("가")
        until(lambda: bool(answers))
    assert "취소" in (answers[0].error or "")
    assert not sandbox.cancel("가")


def test_a_query_that_waits_too_long_is_refused_with_the_reason(settings: Settings) -> None:
    sandbox = Sandbox(settings, seconds=60, slots=1, patience=0.2)
    with occupied(sandbox, "가"):
        assert "앞서 보낸 질의" in (sandbox.run("SELECT 1").error or "")
        assert "질의 1개가 실행 중" in (sandbox.run("SELECT 1", user=User("다른 사람")).error or "")
        with pytest.raises(SandboxError, match="차례가 오지 않았습니다"):
            sandbox.download("SELECT 1", "csv")
    assert sandbox.run("SELECT 1").rows == [[1]]


def test_endless_queries_of_one_session_take_one_place(settings: Settings) -> None:
    sandbox = Sandbox(settings, seconds=60)
    greedy = User("욕심", "10.0.0.1")
    with ExitStack() as stack:
        stack.enter_context(occupied(sandbox, "1", greedy))
        for ticket in "234":
            stack.enter_context(occupied(sandbox, ticket, greedy, "waiting"))
        assert sandbox.status("2", greedy) == ("waiting", 1)
        answer = sandbox.run("SELECT 42", user=User("다른 사람", "10.0.0.1"))
        assert (answer.rows, answer.error) == ([[42]], None)
        # The queue of a session is short, since each that waits holds a thread of the server.
        assert "너무 많습니다" in (sandbox.run("SELECT 1", user=greedy).error or "")


def test_sessions_of_one_address_leave_a_place_for_others(settings: Settings) -> None:
    sandbox = Sandbox(settings, seconds=60)
    with ExitStack() as stack:
        for number in range(7):
            user = User(f"버린 쿠키 {number}", "10.0.0.1")
            stack.enter_context(occupied(sandbox, "x", user, "running" if number < 3 else "waiting"))
        assert sandbox.run("SELECT 42", user=User("다른 사람", "10.0.0.2")).rows == [[42]]
        assert sandbox.run("SELECT 42", user=User("user kim")).rows == [[42]]


def test_a_waiting_query_runs_when_another_ends_and_says_how_long_it_took(settings: Settings) -> None:
    sandbox = Sandbox(settings, seconds=60, slots=1)
    one, other = User("하나", "a"), User("둘", "b")
    answers: list[Answer] = []
    with occupied(sandbox, "x", one):
        waiting = threading.Thread(target=lambda: answers.append(sandbox.run("SELECT 42", "y", other)))
        waiting.start()
        until(lambda: sandbox.status("y", other) == ("waiting", 1))
        time.sleep(0.2)
    waiting.join(30)
    assert (answers[0].rows, answers[0].error) == ([[42]], None) and answers[0].waited >= 200
    assert sandbox.status("y", other) == ("none", 0)


def test_one_who_waits_can_leave(settings: Settings) -> None:
    sandbox = Sandbox(settings, seconds=60, slots=1)
    with occupied(sandbox, "x"), occupied(sandbox, "y", User("둘"), "waiting") as answers:
        assert not sandbox.cancel("y"), "a ticket is its asker's own"
        assert sandbox.cancel("y", User("둘"))
        until(lambda: bool(answers))
        assert "취소" in (answers[0].error or "") and sandbox.status("x")[0] == "running"


def test_a_ticket_is_for_one_query(settings: Settings) -> None:
    sandbox = Sandbox(settings, seconds=60)
    with occupied(sandbox, "가"):
        assert "ticket" in (sandbox.run("SELECT 1", "가").error or "")
    assert sandbox.run("SELECT 1", "가").rows == [[1]]


def test_what_needs_no_process_is_refused_without_one(sandbox: Sandbox, tmp_path: Path) -> None:
    assert "20,000" in (sandbox.run("SELECT 1".ljust(LONGEST_SQL + 1)).error or "")
    assert sandbox.run("SELECT 1".ljust(LONGEST_SQL)).rows == [[1]]
    assert "published" in (Sandbox(settings_at(tmp_path)).run("SELECT 1").error or "")


def test_a_csv_is_for_spreadsheets(sandbox: Sandbox) -> None:
    content = sandbox.download(
        "SELECT title AS 제목, '-5.5' AS 수, -5 AS n, '@x' AS \"=h\", '+82 2' AS 전화, e'\\tx' AS 탭, [1, NULL] AS l,"
        " NULL AS 없음, true AS 참, DATE '2026-03-01' AS 날 FROM announcement ORDER BY title",
        "csv",
    )
    assert content.startswith(b"\xef\xbb\xbf")
    head, formula, plain = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert head == ["제목", "수", "n", "'=h", "전화", "탭", "l", "없음", "참", "날"]
    assert formula[0] == '\'=HYPERLINK("http://x", "y")'
    assert plain == [
        "경남 제조 AI 실증 공고", "-5.5", "-5", "'@x", "'+82 2", "'\tx", "[1, null]", "", "true", "2026-03-01",
    ]  # fmt: skip


def test_a_parquet_keeps_the_types(sandbox: Sandbox, tmp_path: Path) -> None:
    columns = {
        "제목": "VARCHAR", "n": "BIGINT", "금액": "DECIMAL(18,2)", "날": "DATE", "때": "TIMESTAMP WITH TIME ZONE",
        "l": "DATE[]", "s": 'STRUCT("가 나" INTEGER)', "m": "MAP(VARCHAR, INTEGER)", "b": "BLOB", "j": "JSON",
        "u": "UUID", "i": "INTERVAL",
    }  # fmt: skip
    values = (
        "title", "-5", "1.50", "DATE '2026-03-01'", "TIMESTAMPTZ '2026-03-01 09:00:00+09'", "[DATE '2026-03-01']",
        "{'가 나': 1}", "MAP {'x': 1}", "'ab'", "'[1]'", "'00000000-0000-0000-0000-000000000001'", "INTERVAL 1 MONTH",
    )  # fmt: skip
    picked = ", ".join(f'{v}::{kind} AS "{name}"' for v, (name, kind) in zip(values, columns.items(), strict=True))
    sql = f"SELECT {picked}, sum(n) OVER () AS 합 FROM (SELECT title, 2::BIGINT**0 AS x, 7::BIGINT AS n FROM announcement)"
    path = tmp_path / "rows.parquet"
    path.write_bytes(sandbox.download(sql, "parquet"))
    with closing(duckdb.connect()) as con:
        con.execute("SET TimeZone = 'Asia/Seoul'")
        parquet = con.sql(f"SELECT * FROM '{path}' WHERE 제목 LIKE '경남%'")
        # Sums have 128 bits, which Parquet has as a decimal only.
        assert dict(zip(parquet.columns, map(str, parquet.types), strict=True)) == {**columns, "합": "DECIMAL(38,0)"}
        assert parquet.project("COLUMNS(*)::VARCHAR").fetchall() == [
            (
                "경남 제조 AI 실증 공고", "-5", "1.50", "2026-03-01", "2026-03-01 09:00:00+09", "[2026-03-01]",
                "{'가 나': 1}", "{x=1}", "ab", "[1]", "00000000-0000-0000-0000-000000000001", "1 month", "14",
            )
        ]  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.slow
def test_a_file_is_whole_or_not_at_all(
    settings: Settings, sandbox: Sandbox, tmp_path: Path, kind: str, monkeypatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert sandbox.download(f"FROM range({MAX_ROWS_IN_FILE})", kind)
    monkeypatch.setattr("gonggo.web.sandbox.LARGEST_FILE", 1_000_000)
    for sql, why in (
        (f"FROM range({MAX_ROWS_IN_FILE + 1})", "100,000행"),
        ("SELECT md5(random()::VARCHAR) FROM range(90000)", "too large"),
        ("SELECT repeat('x', 700000000)", "memory"),
        ("FROM 없음", "Catalog Error"),
    ):
        with pytest.raises(SandboxError, match=why):
            sandbox.download(sql, kind)
    with pytest.raises(SandboxError, match="1초"):
        Sandbox(settings, seconds=1).download("SELECT pg_sleep(600)", kind)
    assert list(tmp_path.iterdir()) == []
