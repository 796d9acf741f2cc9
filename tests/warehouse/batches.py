"""Batches written by hand, in the form that the collecting steps stage."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gonggo.crawl.document_types import Document
from gonggo.model import SourceRun, announcement_key, content_hash, write_jsonl
from gonggo.settings import SEOUL, Settings, load_settings


def settings_at(home: Path) -> Settings:
    return load_settings({"GONGGO_HOME": str(home), "GONGGO_SOURCES": "demo"})


def day(offset: int) -> str:
    return (datetime.now(SEOUL).date() + timedelta(days=offset)).isoformat()


def evidence(text: str, quote: str) -> dict[str, Any]:
    start = text.index(quote)
    return {"start": start, "end": start + len(quote), "quote": quote}


def record(title: str, closes: str | None, krw: int = 22_700_000_000) -> dict[str, Any]:
    """A record in the wrapped form of the contract, over a text of our own."""
    text = f"{title}\n경남 창원시 제조 기업을 위한 제조 AI 실증 사업, 총사업비 {krw // 100_000_000}억 원, 국비 150억 원.\n접수 마감 {closes}, 경상남도(경남도) 055-000-0000"

    def at(quote: str) -> dict[str, Any]:
        return evidence(text, quote)

    return {
        "id": "d", "kind": {"value": "announcement"}, "relevant": {"value": True}, "title": title, "text": text,
        "published_on": {"value": day(-5), "evidence": {"field": "posted_on", "quote": day(-5)}},
        "regions": [{"name": "경남 창원시", "evidence": at("경남 창원시")}],
        "sectors": [{"name": "manufacturing", "evidence": at("제조 기업")}],
        "programmes": [{"name": "제조 AI 실증 사업", "aliases": [], "type": "demonstration", "status": "open", "start": "2026", "end": None, "evidence": at("제조 AI 실증 사업")}],
        "amounts": [{"krw": krw, "role": "total", "evidence": at(f"{krw // 100_000_000}억 원")}, {"krw": 15_000_000_000, "role": "national", "evidence": at("국비 150억 원")}],
        "application": {"opens_at": None, "closes_at": {"value": closes, "evidence": at(closes)} if closes else None},
        "quantities": [], "metrics": [{"name": "생산성", "value": 25, "unit": "%", "evidence": at("제조 AI")}],
        "organisations": [{"name": "경상남도", "aliases": ["경남도"], "role": "host", "evidence": at("경상남도")}],
        "eligibility": {"max_company_age_years": None, "company_sizes": []},
        "contact": {"phones": [{"name": "055-000-0000", "evidence": at("055-000-0000")}], "emails": []},
    }  # fmt: skip


def document(
    source: str, number: str, title: str, closes: str | None, at: str = "2026-01-02T09:00:00+09:00", **change: Any
) -> dict[str, Any]:
    facts = record(title, closes)
    values: dict[str, Any] = {
        "source": source, "native_id": number, "key": announcement_key(source, number), "url": f"https://example.or.kr/{number}",
        "title": title, "retrieved_at": at, "content_hash": content_hash(facts["text"]), "listed": {"agency": "경상남도"}, "record": facts,
    }  # fmt: skip
    return Document.from_json({**values, **change}).to_json()


def paper(number: str, title: str, body: str, **facts: Any) -> dict[str, Any]:
    """A document whose facts stand in ``body``: amounts and people as (quote, value, …), programmes as (name, type, status)."""
    text = f"{title}\n{body}"
    base = record(title, None)
    listed = {
        "text": text,
        "title": title,
        "kind": {"value": facts.get("kind", "announcement")},
        "sectors": [],
        "regions": [{"name": facts.get("region", "경남"), "evidence": {"field": "region", "quote": "경남"}}],
        "programmes": [
            {"name": name, "aliases": [], "type": kind, "status": status, "start": None, "end": None}
            | {"evidence": evidence(text, name)}
            for name, kind, status in facts.get("programmes", [])
        ],
        "amounts": [
            {"krw": krw, "role": role, "programme": programme, "evidence": evidence(text, quote)}
            for quote, krw, role, programme in facts.get("amounts", [])
        ],
        "quantities": [
            {"value": value, "unit": unit, "evidence": evidence(text, quote)}
            for quote, value, unit in facts.get("quantities", [])
        ],
        "metrics": [
            {"name": name, "value": value, "unit": "%", "evidence": evidence(text, quote)}
            for quote, name, value in facts.get("metrics", [])
        ],
        "organisations": [
            {"name": name, "aliases": [], "role": role, "evidence": evidence(text, name)}
            for name, role in facts.get("organisations", [])
        ],
        "contradictions": [
            {"of": of, "field": field, "value": value, "instead": instead, "evidence": evidence(text, quote)}
            for of, field, value, instead, quote in facts.get("contradictions", [])
        ],
        "application": {"opens_at": None, "closes_at": None},
        "contact": {"phones": [], "emails": []},
        "published_on": {"value": facts.get("posted", day(-5)), "evidence": {"field": "posted_on", "quote": "x"}},
    }
    return document("bizinfo", number, title, None, record={**base, **listed}, content_hash=f"{number}{title}")


def batch(
    settings: Settings,
    source: str,
    run_id: str,
    documents: list[dict[str, Any]],
    state: str = "ok",
    errors: list[dict[str, str]] | None = None,
    started_at: str | None = None,
) -> Path:
    folder = settings.batches / f"{source}__{run_id}"
    write_jsonl(folder / "documents.jsonl", documents)
    write_jsonl(folder / "fetches.jsonl", [])
    run = SourceRun(
        source,
        run_id,
        started_at or f"2026-01-02T09:{int(run_id[1:]) // 60:02d}:{int(run_id[1:]) % 60:02d}+09:00",
        state=state,
        listed=len(documents),
        errors=errors or [],
    )
    (folder / "run.json").write_text(json.dumps(run.to_json()), "utf-8")
    return folder
