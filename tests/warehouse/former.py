"""Warehouses as the code of former times left them: the schema of that time, with the rows of its loads.

The rows in ``former/`` were written by that code out of ``BATCHES``, and taken from its files: ``0001.jsonl`` by the
loads before 0010, ``0010.jsonl`` by those that keep what was extracted once. A table takes the columns that it had; of
``region``, ``source`` and ``place`` a few rows are enough.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb

from gonggo.settings import SQL, Settings
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.writer import writer
from tests.warehouse.batches import batch, document, evidence, record

ROWS = Path(__file__).with_name("former")
# Tables and columns that a later migration gave another name.
RENAMED = {
    "organisation_slip": "organisation_alias_conflict",
    "net": "prefilter",
    "fact_also": "fact_further_evidence",
}
MIGRATIONS = sorted((SQL / "schema").glob("[0-9]*.sql"))

TITLE = "2026년 경남 제조 AI 실증 지원사업 모집공고"
# Both titles have the word for a cancellation, and nothing is cancelled.
VACANT = "입주취소 기업 재모집 AI 공고"
FIRST, BETWEEN, THEN, LATER = (f"2026-01-{day}T09:00:00+09:00" for day in ("02", "03", "04", "09"))
SOON, LATE = "2099-12-01", "2099-12-20"


def document_with_every_fact(
    number: str, title: str, closes: str, at: str = FIRST, opens: str | None = None, **change: Any
) -> dict:
    """A document with a fact of every kind, further words, a contradiction and a file."""
    facts = record(title, closes)
    text = facts["text"]

    def at_place(quote: str) -> dict:
        return {"evidence": evidence(text, quote)}

    facts["published_on"] = {"value": "2026-01-01", "evidence": {"field": "posted_on", "quote": "2026-01-01"}}
    facts["quantities"] = [{"value": 30, "unit": "companies", **at_place("제조 기업")}]
    facts["eligibility"] = {
        "max_company_age_years": {"value": "7", **at_place("기업")},
        "company_sizes": [{"name": "small", **at_place("기업")}],
    }
    facts["contact"]["emails"] = [{"name": "a@example.or.kr", **at_place("055-000-0000")}]
    facts["also"] = [{"of": "amount:1", **at_place("227억")}]
    facts["contradictions"] = [
        {"of": "amount:2", "field": "amount national", "value": "150", "instead": "15000000000", **at_place("150억")}
    ]
    if opens:
        facts["application"]["opens_at"] = {"value": opens, **at_place(closes)}
    start = text.index("경남 창원시")
    file = {"name": "공고문.hwp", "url": f"https://example.or.kr/{number}.hwp", "sha256": "ab", "bytes": 12}
    file |= {"media_type": "application/x-hwp", "outcome": "ok", "reason": None, "role": "notice"}
    file |= {"start": start, "end": len(text), "places": [{"start": start, "place": "p1"}]}
    return document("bizinfo", number, title, closes, at=at, record=facts, attachments=[file], **change)


# Two versions of one call; a title that speaks of a cancellation twice; a first day after the last; a broken page.
UPSIDE_DOWN = f"{TITLE} 3차"
BATCHES = {
    "r1": [
        document_with_every_fact("1", TITLE, SOON),
        document_with_every_fact("5", VACANT, SOON),
        document_with_every_fact("6", UPSIDE_DOWN, SOON, opens=LATE),
        document("bizinfo", "2", "표", None, record=None, outcome="unreadable", reason="깨진 파일"),
    ],
    "r2": [
        document_with_every_fact("1", TITLE, LATE, at=THEN),
        document_with_every_fact("5", VACANT, LATE, at=THEN),
        document_with_every_fact("6", UPSIDE_DOWN, SOON, at=THEN, opens=LATE),
    ],
}
FETCHED = [
    {"source": "bizinfo", "run_id": "r1", "url": "https://example.or.kr/1", "purpose": "detail", "at": FIRST, "outcome": "ok", "status": 200, "bytes": 9}
]  # fmt: skip
LISTED = [
    {"key": "4d8f", "source": "bizinfo", "native_id": "77", "url": "https://example.or.kr/77", "title": "급식 공고", "fields": {"posted_on": "2026-01-01"}, "net": "left", "state": "listed", "at": FIRST}
]  # fmt: skip
# What waits when the new code comes: a new call, the first words of an old one again, and other words between two
# observations of the same: what followed them takes its facts from what the old code wrote.
WAITING = [
    document_with_every_fact("9", "2026년 부산 제조 AI 실증 지원사업 모집공고", SOON, at=LATER),
    document_with_every_fact("1", TITLE, SOON, at=LATER),
    document_with_every_fact("6", UPSIDE_DOWN, LATE, at=BETWEEN),
]


def stage(settings: Settings, run_id: str, documents: list[dict]) -> None:
    folder = batch(settings, "bizinfo", run_id, documents)
    if run_id == "r1":
        for name, rows in (("fetches", FETCHED), ("listings", LISTED)):
            lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
            (folder / f"{name}.jsonl").write_text("".join(lines), "utf-8")


def schema_until(folder: Path, number: int) -> Path:
    """The folder, with the first so many migrations in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in MIGRATIONS[:number]:
        shutil.copy(path, folder)
    return folder


def former(settings: Settings, folder: Path, number: int) -> dict[str, list[str]]:
    """Make the warehouse as it was with the first ``number`` migrations. Returns the columns of its tables by name."""
    for run_id, documents in BATCHES.items():
        stage(settings, run_id, documents)
    with writer(settings) as con:
        migrate(con, schema_until(folder, number))
        columns = columns_of(con)
        if "listing" not in columns:
            (settings.batches / "bizinfo__r1" / "listings.jsonl").unlink()
        lines = (ROWS / ("0001.jsonl" if number < 10 else "0010.jsonl")).read_text("utf-8").splitlines()
        for table, row in map(json.loads, lines):
            # Since 0020 a version is cancelled only when the title before did not have the word.
            if number >= 20 and row.get("change_kind") == "cancelled":
                row["change_kind"] = "extended"
            if table not in columns:
                table = RENAMED.get(table, table)
            has = columns.get(table, ())
            now = {name if name in has else RENAMED.get(name, name): value for name, value in row.items()}
            present = {name: value for name, value in now.items() if name in has}
            if present:
                names, marks = ", ".join(f'"{name}"' for name in present), ", ".join("?" * len(present))
                con.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(present.values()))
    return columns


def columns_of(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    result = con.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() JOIN duckdb_tables() USING (database_name, table_name)"
        " WHERE database_name = current_database() AND table_name <> 'schema_migration' GROUP BY table_name"
    )
    return dict(result.fetchall())
