"""Batches in, tables and a snapshot out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from gonggo import cli
from gonggo.datafile import load_model
from gonggo.errors import DataFileError, WarehouseError
from gonggo.extract.merge import extract_parts
from gonggo.extract.record_types import to_json
from gonggo.report.named import report_rows
from gonggo.report.sql_command import query_text, run_sql
from gonggo.settings import SQL, Settings
from gonggo.warehouse import load
from gonggo.warehouse.checks import find_violations, is_of_each, run_checks
from gonggo.warehouse.completeness import missing
from gonggo.warehouse.link import link
from gonggo.warehouse.marts import build_marts, content_changed
from gonggo.warehouse.memory import retry_with_more_memory
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.publish import publish
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import first_comment, rows
from gonggo.warehouse.thresholds import Thresholds
from gonggo.warehouse.writer import writer
from tests.warehouse.batches import batch, day, document, settings_at
from tests.world import copy_home

COMMENTS = """
SELECT table_name AS n, comment FROM duckdb_tables()
UNION ALL
SELECT table_name || '.' || column_name, c.comment FROM duckdb_columns() AS c JOIN duckdb_tables() AS t USING (schema_name, table_name)
UNION ALL
SELECT view_name, comment FROM duckdb_views() WHERE NOT internal
"""
TITLE = "2026년 경남 제조 AI 실증 지원사업 모집공고"
LATER = "2026-01-05T09:00:00+09:00"


def everything(settings: Settings) -> None:
    load.load_batches(settings)
    link(settings)
    build_marts(settings)
    run_checks(settings)
    publish(settings)


def ask(settings: Settings, sql: str) -> list[dict]:
    return json.loads(query_text(settings, sql, "json"))


def test_a_batch_is_loaded_once(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
    assert load.load_batches(settings)["documents"] == 1
    assert load.load_batches(settings) == {
        "loaded": [],
        "documents": 0,
        "known": 1,
        "rebuilt": [],
        "failed": {},
        "warehouse_rebuilt": False,
    }


def test_changed_content_opens_a_version_and_same_content_does_not(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
    batch(settings, "bizinfo", "r2", [document("bizinfo", "1", TITLE, day(3), at="2026-01-03T09:00:00+09:00")])
    batch(settings, "bizinfo", "r3", [document("bizinfo", "1", TITLE, day(9), at=LATER)])
    everything(settings)
    versions = ask(settings, "SELECT change_kind, is_current, closes_on FROM announcement_version ORDER BY valid_from")
    assert [(f["change_kind"], f["is_current"], f["closes_on"]) for f in versions] == [
        ("new", False, day(3)),
        ("extended", True, day(9)),
    ]


@pytest.mark.parametrize("order", [("r1", "r2", "r3"), ("r3", "r1", "r2"), ("r2", "r3", "r1")])
@pytest.mark.slow
def test_late_batches_end_in_the_same_tables(settings: Settings, order: tuple[str, ...]) -> None:
    closes = {"r1": (3, "2026-01-02T09:00:00+09:00"), "r2": (9, "2026-01-03T09:00:00+09:00"), "r3": (3, LATER)}
    for run in order:
        offset, at = closes[run]
        batch(settings, "bizinfo", run, [document("bizinfo", "1", TITLE, day(offset), at=at)])
        load.load_batches(settings)
    everything(settings)
    versions = ask(
        settings,
        "SELECT change_kind, is_current, (SELECT count(*) FROM fact_amount) AS n FROM announcement_version ORDER BY valid_from",
    )
    assert [tuple(f.values()) for f in versions] == [("new", False, 6), ("extended", False, 6), ("shortened", True, 6)]


def test_a_broken_batch_stays_out_and_the_others_come_in(settings: Settings) -> None:
    for number in (1, 2, 3):
        batch(settings, "bizinfo", f"r{number}", [document("bizinfo", str(number), f"{TITLE} {number}", day(3))])
    torn = settings.batches / "bizinfo__r2" / "documents.jsonl"
    whole = torn.read_bytes()
    torn.write_bytes(whole[: len(whole) // 2])
    loaded = load.load_batches(settings)
    assert (loaded["loaded"], list(loaded["failed"])) == (["bizinfo__r1", "bizinfo__r3"], ["bizinfo__r2"])
    publish(settings)
    (problem,) = report_rows(settings, "problems")
    assert problem["kind"] == "batch not loaded" and "alformed JSON" in problem["message"]
    torn.write_bytes(whole)
    everything(settings)
    assert report_rows(settings, "problems") == []
    assert len(ask(settings, "FROM announcement")) == 3


def test_a_load_of_which_nothing_comes_in_fails(settings: Settings) -> None:
    folder = batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
    (folder / "documents.jsonl").write_text('{"source": "bizinfo",\n')
    with pytest.raises(WarehouseError, match="Not one of 1 batches could be loaded: bizinfo__r1"):
        load.load_batches(settings)


def test_unreadable_documents_are_kept_with_their_reason(settings: Settings) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [document("bizinfo", "3", "표", None, record=None, outcome="unreadable", reason="깨진 파일")],
    )
    everything(settings)
    assert ask(settings, "SELECT outcome, reason FROM announcement") == [
        {"outcome": "unreadable", "reason": "깨진 파일"}
    ]
    assert missing(settings) == []


def test_a_failed_run_without_documents_is_recorded(settings: Settings) -> None:
    folder = batch(
        settings, "gtp", "r1", [], state="failed", errors=[{"outcome": "blocked", "url": "u", "message": "차단"}]
    )
    (folder / "documents.jsonl").unlink()
    everything(settings)
    assert ask(settings, "SELECT last_state, failed_runs FROM source_health") == [
        {"last_state": "failed", "failed_runs": 1}
    ]


def test_one_call_on_two_sites_is_one_notice_and_its_money_counts_once(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", "[경남] " + TITLE, day(3))])
    batch(settings, "gtp", "r1", [document("gtp", "7", TITLE, day(3))])
    everything(settings)
    assert len(ask(settings, "SELECT * FROM open_calls")) == 1
    assert ask(settings, "SELECT krw FROM funding_by_region WHERE funding_source = 'total'") == [
        {"krw": 22_700_000_000}
    ]


def test_status_follows_today(settings: Settings) -> None:
    closing = {"1": day(0), "2": day(-1), "3": "until_exhausted", "4": "always", "5": day(0) + "T00:01"}
    batch(settings, "bizinfo", "r1", [document("bizinfo", n, f"제조 AI 실증 공고 {n}", c) for n, c in closing.items()])
    everything(settings)
    statuses = {
        row["native_id"]: row["status"] for row in ask(settings, "SELECT native_id, status FROM current_announcement")
    }
    assert statuses == {"1": "open", "2": "closed", "3": "open", "4": "open", "5": "open"}


def test_a_call_that_was_extended_is_open_and_shows_when_it_was_to_close(settings: Settings) -> None:
    text = f"2026년 제조 AI 실증 지원사업 모집 공고\n경상남도는 인공지능(AI) 실증 기업을 모집합니다.\n□ 접수마감 : {day(-2)} → {day(5)}"
    extended = to_json(extract_parts(text, [], id="d"))
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, None, record=extended)])
    everything(settings)
    (call,) = ask(settings, "SELECT status, closes_on::VARCHAR AS closes_on FROM current_announcement")
    assert call == {"status": "open", "closes_on": day(5)}
    quotes_of_application = "SELECT e.says, e.evidence_quote AS words FROM fact_application AS a, evidence(a.fact_id) AS e WHERE a.edge = 'closes_at'"
    assert [(row["says"], row["words"]) for row in ask(settings, quotes_of_application)] == [
        ("this", day(5)),
        ("before", day(-2)),
    ]
    assert report_rows(settings, "contradictions") == []


def test_organisation_aliases_lead_to_one_organisation(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
    everything(settings)
    assert {
        row["alias"]
        for row in ask(
            settings,
            "SELECT alias FROM organisation_alias JOIN organisation USING (organisation_key) WHERE name = '경상남도'",
        )
    } == {"경상남도", "경상남도청", "경남도", "경남도청", "경남"}


def test_everything_has_a_korean_and_an_english_comment(settings: Settings) -> None:
    everything(settings)
    with closing(open_snapshot(settings)) as con:
        comments = rows(con, COMMENTS)
    assert len(comments) > 100
    assert [row["n"] for row in comments if " | " not in (row["comment"] or "")] == []


# Rows beside the one amount, and what a source brought lately and before.
_MANY = (
    "SELECT m.* REPLACE ({krw} AS krw, fact_id || i AS fact_id) FROM programme_money_statement AS m, range(21) AS r(i)"
)
_HABITS = "SELECT 'x', recent, 100, 50, IF(recent, 0.1, 0.5), IF(recent, 0, 0.5), 1, 1, 1 FROM unnest([true, false]) AS r(recent)"
BREAK = {
    "mart_differs": "INSERT INTO mart_difference VALUES ('change', 1, 0, now())",
    "evidence_missing": "UPDATE fact_amount SET evidence_quote = NULL",
    "evidence_mismatch": "UPDATE fact_amount SET evidence_start = evidence_start + 1",
    "orphan_fact": "UPDATE fact_amount SET version_key = 'none'",
    "two_current_versions": "INSERT INTO announcement_version SELECT * FROM announcement_version",
    "duplicate_announcement": "INSERT INTO announcement SELECT * FROM announcement",
    "duplicate_fact": "INSERT INTO fact_amount SELECT * FROM fact_amount",
    "money_counted_twice": "INSERT INTO programme_money_statement FROM programme_money_statement",
    "window_contradicts_itself": "INSERT INTO fact_application BY NAME SELECT * REPLACE ('opens_at' AS edge, day + 1 AS day, fact_id || 'x' AS fact_id) FROM fact_application WHERE edge = 'closes_at'",
    "closes_before_opens": "UPDATE announcement_version SET opens_on = closes_on + 1",
    "posted_in_future": "UPDATE announcement_version SET posted_on = today_seoul() + 1",
    "parts_exceed_whole": "INSERT INTO budget_audit BY NAME SELECT 'parts exceed total' AS verdict",
    "sum_above_its_kind": f"INSERT INTO programme_money_statement {_MANY.format(krw='IF(i = 20, 6 * krw, krw)')}",
    "money_moved": "INSERT INTO money_of_day SELECT today_seoul() - 1, announcement_key || i, region, year, role, krw "
    "FROM notice_amount, range(21) AS r(i)",
    "correction_without_fact": "INSERT INTO correction BY NAME SELECT 1 AS place, 2 AS line, 'bizinfo/1' AS announcement, 'bizinfo' AS source, "
    "'amount' AS fact, '1억' AS words, '{}'::JSON AS found, 'x' AS corrected_by, today_seoul() AS corrected_on, 'x' AS why, 0 AS facts",
    "one_document_makes_most": f"INSERT INTO programme_money_statement {_MANY.format(krw='krw // 1000')}",
    "fact_vanished_from_source": f"INSERT INTO source_habit {_HABITS}",
    "relevant_share_moved": f"INSERT INTO source_habit {_HABITS}",
    "overlapping_versions": "INSERT INTO announcement_version SELECT * REPLACE (valid_from + INTERVAL 1 DAY AS valid_from) FROM announcement_version",
}


@pytest.fixture(scope="module")
def with_one(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one announcement, whose marts are up to date."""
    settings = settings_at(copy_home(empty, tmp_path_factory.mktemp("with_one") / "home"))
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, "2099-12-01")])
    load.load_batches(settings)
    build_marts(settings)
    return settings.home


@pytest.mark.parametrize("name", sorted(path.stem for path in (SQL / "checks").glob("*.sql")))
def test_each_check_finds_what_breaks_its_rule(with_one: Path, tmp_path: Path, name: str) -> None:
    with writer(settings_at(copy_home(with_one, tmp_path / "home"))) as con:
        assert find_violations(con) == []
        con.execute(BREAK[name])
        assert name in [violation.check for violation in find_violations(con)]


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (SQL / "checks").glob("*.sql") if is_of_each(path.read_text()))
)
def test_a_check_of_each_announcement_looks_at_what_changed_since_it_found_nothing(
    with_one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("gonggo.warehouse.checks.MAX_SHARE", 1e9)
    settings = settings_at(copy_home(with_one, tmp_path / "home"))
    run_checks(settings)
    with writer(settings) as con:
        con.execute(BREAK[name])
        assert find_violations(con) == []
        con.execute("INSERT INTO site.unchecked SELECT 'announcement', announcement_key FROM announcement")
        assert name in [violation.check for violation in find_violations(con)]
        con.execute("UPDATE site.unchecked SET kind = 'everything', key = ''")
        assert name in [violation.check for violation in find_violations(con)]


def test_a_check_of_each_announcement_is_a_blocking_one() -> None:
    for path in (SQL / "checks").glob("*.sql"):
        assert first_comment(path).startswith("block:") or not is_of_each(path.read_text("utf-8"))


@pytest.mark.parametrize(("factor", "documents", "is_reported"), [(2, 10, True), (30, 10, False), (2, 30, False)])
def test_money_alarms_from_the_limits_of_the_data_file_on(
    with_one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, factor: float, documents: int, is_reported: bool
) -> None:
    path = tmp_path / "thresholds.yaml"
    path.write_text(f"money_moved: {{factor: {factor}, documents: {documents}}}", "utf-8")
    limits = load_model(path, Thresholds)
    monkeypatch.setattr("gonggo.warehouse.checks.thresholds", lambda: limits)
    with writer(settings_at(copy_home(with_one, tmp_path / "home"))) as con:
        con.execute(BREAK["money_moved"])
        assert ("money_moved" in [violation.check for violation in find_violations(con)]) is is_reported


def test_a_limit_that_can_alarm_at_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "thresholds.yaml"
    path.write_text("money_moved:\n  factor: 1\n  documents: 10\n", "utf-8")
    with pytest.raises(DataFileError, match=r"thresholds\.yaml:2: money_moved\.factor"):
        load_model(path, Thresholds)


def test_a_blocking_check_keeps_the_last_good_snapshot(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
    everything(settings)
    before = settings.snapshot.read_bytes()
    with writer(settings) as con:
        con.execute(BREAK["evidence_mismatch"])
        content_changed(con)
    with pytest.raises(WarehouseError, match="evidence_mismatch"):
        publish(settings)
    assert settings.snapshot.read_bytes() == before


def test_a_reader_keeps_its_snapshot_while_another_is_published(settings: Settings) -> None:
    everything(settings)
    with closing(open_snapshot(settings)) as con:
        batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
        everything(settings)
        assert rows(con, "SELECT * FROM announcement") == []
    assert len(ask(settings, "SELECT * FROM announcement")) == 1


def test_history_keeps_the_last_few(settings: Settings) -> None:
    for _ in range(settings.keep_snapshots + 2):
        snapshots_kept = publish(settings)["kept"]
    assert snapshots_kept == settings.keep_snapshots


def test_a_migration_that_changed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").write_text("CREATE TABLE a (b INTEGER);")
    with closing(duckdb.connect()) as con:
        assert migrate(con, tmp_path) == ["0001_a.sql"]
        assert migrate(con, tmp_path) == []
        (tmp_path / "0001_a.sql").write_text("CREATE TABLE a (b BIGINT);")
        with pytest.raises(WarehouseError, match="0001_a"):
            migrate(con, tmp_path)


def test_a_publication_does_not_examine_again_what_its_check_has_seen(settings: Settings, monkeypatch) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
    everything(settings)
    with writer(settings) as con:
        con.execute(BREAK["posted_in_future"])
        content_changed(con)
    assert run_checks(settings)["violations"]["posted_in_future"]["count"] == 1
    monkeypatch.setattr("gonggo.warehouse.checks.find_violations", lambda con: pytest.fail("examined again"))
    publish(settings)
    assert [row["rows_found"] for row in report_rows(settings, "warnings")] == [1]


def test_no_check_reads_what_a_run_changes_that_found_nothing_new(settings: Settings) -> None:
    """It would not be examined again then: unchanged content is trusted."""
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
    everything(settings)
    before = published_rows(settings)
    batch(settings, "bizinfo", "r2", [])
    everything(settings)
    changed = {name for name, violations in published_rows(settings).items() if violations != before[name]}
    assert "source_run" in changed and "announcement_version" not in changed
    for path in (SQL / "checks").glob("*.sql"):
        assert not changed & set(re.findall(r"\w+", path.read_text("utf-8"))), path


def test_tables_that_are_listed_are_those_that_people_query(settings: Settings) -> None:
    with writer(settings) as con:
        migrate(con)
        # What an earlier version left: marts under names that went to the site's schema or were given up.
        con.execute("CREATE TABLE directory AS SELECT 1 AS one")
        con.execute("CREATE VIEW net_result AS SELECT 1 AS one")
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, "2099-12-01")])
    everything(settings)
    with closing(open_snapshot(settings)) as con:
        listed = {name for (name,) in con.execute("SHOW TABLES").fetchall()}
        ours = {name for (name,) in con.execute("SHOW TABLES FROM site").fetchall()}
        assert con.execute("SELECT title FROM find_calls('제조', " + "NULL, " * 12 + "NULL)").fetchall() == [(TITLE,)]
    assert {"announcement", "fact_amount", "notice", "open_calls", "prefilter_result"} <= listed
    assert {"directory", "fact_rows"} <= ours
    assert not listed & (ours | {"net_result"})


def published_rows(settings: Settings) -> dict[str, list[str]]:
    """All rows of all tables that are not of the warehouse itself."""
    with closing(open_snapshot(settings)) as con:
        tables = con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
        return {
            name.removeprefix("main."): sorted(
                map(repr, con.execute(f"SELECT COLUMNS(*)::VARCHAR FROM {name}").fetchall())
            )
            for (name,) in tables
        }


def test_a_step_that_has_too_little_memory_is_made_again_with_much(settings: Settings) -> None:
    query = "SELECT len(list(i)) FROM range(4000000) AS t(i)"
    with writer(settings, ("16MB", 1)) as con:
        with pytest.raises(duckdb.OutOfMemoryException):
            con.execute(query)
        assert retry_with_more_memory(con, lambda: con.execute(query).fetchone()) == (4000000,)


def test_missing_names_what_a_batch_has_and_the_snapshot_lacks(settings: Settings) -> None:
    everything(settings)
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
    assert missing(settings) == [("bizinfo", "1")]


def test_a_batch_that_is_still_being_written_is_not_there_yet(settings: Settings) -> None:
    whole = batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
    whole.rename(whole.with_name(f".{whole.name}.77.part"))
    assert load.load_batches(settings)["loaded"] == []


@pytest.mark.slow
def test_a_long_query_prints_its_rows_and_nothing_else(settings: Settings) -> None:
    everything(settings)
    query = "SELECT count(*) AS n FROM range(24000) AS a, range(24000) AS b WHERE (a.range * b.range) % 7 = 3"
    command = [sys.executable, "-m", "gonggo.cli", "sql", "--format", "csv", query]
    env = {**os.environ, "GONGGO_HOME": str(settings.home)}
    assert re.fullmatch("n\n[0-9]+\n", subprocess.run(command, env=env, capture_output=True, text=True).stdout)


def test_sql_without_a_snapshot_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(WarehouseError, match="make run"):
        run_sql(settings, "SELECT 1")


def test_sql_formats(settings: Settings, tmp_path: Path) -> None:
    everything(settings)
    assert query_text(settings, "SELECT '가' AS a, NULL AS b", "csv") == "a,b\n가,\n"
    lines = query_text(
        settings, "SELECT * FROM (VALUES ('가나다', 'x'), ('abc', 'y')) AS t(a, b)", "table"
    ).splitlines()
    assert lines[2].rstrip() == "가나다 │ x" and lines[3].rstrip() == "abc    │ y"
    run_sql(settings, "SELECT 1 AS a;", "parquet", tmp_path / "o.parquet")
    assert duckdb.sql(f"FROM '{tmp_path / 'o.parquet'}'").fetchall() == [(1,)]


@pytest.fixture(scope="module")
def without_rows(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A snapshot without announcements, for tests that leave it as it is."""
    settings = settings_at(copy_home(empty, tmp_path_factory.mktemp("without_rows") / "home"))
    publish(settings)
    return settings


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/x.csv'",
        "DROP TABLE announcement",
        "SET enable_external_access = true",
    ],
)
def test_readers_can_neither_write_nor_read_files(without_rows: Settings, attack: str) -> None:
    with pytest.raises(WarehouseError):
        query_text(without_rows, attack, "csv")


def test_a_refused_query_is_answered_in_the_language_of_the_commands(without_rows: Settings) -> None:
    with pytest.raises(WarehouseError, match=r"^The query was refused: one statement at a time\.$"):
        query_text(without_rows, "SELECT 1; SELECT 2", "csv")


@pytest.mark.parametrize("ending", ["", ".wal"])
def test_a_query_cannot_write_over_the_snapshot_that_it_reads(settings: Settings, ending: str) -> None:
    everything(settings)
    before = {path: path.read_bytes() for path in settings.snapshot.parent.rglob("*.duckdb*")}
    for target in before:
        with pytest.raises(WarehouseError, match="only statements that read"):
            query_text(settings, f"COPY (SELECT 1) TO '{target}{ending}' (FORMAT csv, USE_TMP_FILE false)", "csv")
    assert {path: path.read_bytes() for path in settings.snapshot.parent.rglob("*.duckdb*")} == before


DAMAGES = {
    "bytes": lambda whole: b"\x00\xff not a table",
    "empty": lambda whole: b"",
    "short": lambda whole: whole[: 12_288 + 100_000],
    "heads": lambda whole: whole[:4096] + bytes(8192) + whole[12_288:],
    "blocks": lambda whole: whole[:12_500] + bytes(len(whole) - 12_700) + whole[-200:],
}


@pytest.fixture(scope="module")
def published_twice(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = settings_at(copy_home(empty, tmp_path_factory.mktemp("published_twice") / "home"))
    for number in (1, 2):
        batch(settings, "btp", f"r{number}", [document("btp", str(number), "부산 제조 AI 실증 공고", day(9))])
        for step in (load.load_batches, link, publish):
            step(settings)
    return settings.home


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_reader_of_a_damaged_snapshot_says_what_to_do(published_twice, tmp_path, monkeypatch, capsys, damage):
    settings = settings_at(copy_home(published_twice, tmp_path / "home"))
    whole = settings.snapshot.read_bytes()
    settings.snapshot.unlink()
    settings.snapshot.write_bytes(DAMAGES[damage](whole))
    settings.alerts.write_text("rules:\n- {name: all, to: {email: [a@b.kr]}, new: true}\n", "utf-8")
    monkeypatch.setenv("GONGGO_HOME", str(settings.home))
    monkeypatch.setenv("GONGGO_SOURCES", "demo")
    for words in (
        ["sql", "SELECT count(DISTINCT text) FROM announcement_version"],
        ["sql", "-f", "parquet", "-o", str(tmp_path / "x.parquet"), "SELECT * FROM announcement_version"],
        ["report", "collected_by_source"],
        ["report", "--html"],
        ["report", "--markdown"],
        ["alerts"],
    ):
        assert cli.main(words) == 1, words
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 1 and "`gonggo publish`" in lines[0] and "`gonggo publish --back`" in lines[0]
    assert cli.main(["publish", "--back"]) == 0
    assert cli.main(["sql", "-f", "csv", "SELECT count(*) FROM announcement"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2"
