"""A page and its attached notice read together: one fact each, all its evidence, contradictions kept."""

from __future__ import annotations

import pytest

from gonggo.extract.evidence import locate_evidence
from gonggo.extract.merge import extract_parts
from gonggo.extract.record_types import Amount, ExtractionRecord, TextEvidence, evidences

PAGE = """2026년 경남 제조 AI 실증 지원사업 참여기업 모집 공고
경상남도와 경남테크노파크는 제조 현장의 AI 도입을 돕는 제조 AI 실증 지원사업의 참여기업을 모집합니다.
○ 접수기간: 2026. 10. 1. ~ 2026. 10. 30.
○ 지원규모: 20개사, 기업당 최대 1억원
○ 문의: 055-000-1234"""
NOTICE = """2026년 경남 제조 AI 실증 지원사업 참여기업 모집 공고
○ 접수기간: 2026. 10. 1. ~ {closes}
○ 지원규모: {companies}, 기업당 최대 {most}
○ 교육: 실무자 120명 교육
○ 문의: 055-000-1234"""


def read(closes="2026. 10. 30. 18:00까지", companies="20개사", most="1억원", title="제조 AI 실증 지원사업 모집 공고"):
    notice = NOTICE.format(closes=closes, companies=companies, most=most)
    text = f"{PAGE}\n\n## 첨부: 공고문.hwp\n{notice}"
    start = len(text) - len(notice)
    record = extract_parts(text, [(start, len(text))], id="a", fields={"title": title, "posted_on": "2026-09-28"})
    for evidence in text_evidence(record):
        assert text[evidence.start : evidence.end] == evidence.quote
    return record, start


def text_evidence(record):
    return [evidence for evidence in evidences(record) if isinstance(evidence, TextEvidence)]


def further(record):
    return {entry.of: entry.evidence.quote for entry in record.also}


def test_what_both_say_is_one_fact_with_two_pieces_of_evidence():
    record, start = read()
    assert [(q.value, q.unit) for q in record.quantities] == [(20, "companies"), (120, "people")]
    assert [a.krw for a in record.amounts] == [100_000_000]
    assert further(record)["quantity:1"] == "20개사" and further(record)["amount:1"] == "1억원"
    assert further(record)["phone:1"] == "055-000-1234"
    assert all(entry.evidence.start >= start for entry in record.also if entry.of == "amount:1")
    assert record.contradictions == []


def test_of_the_same_day_the_one_with_its_hour_is_taken():
    record, _ = read()
    assert record.application.closes_at.value == "2026-10-30T18:00"
    assert record.contradictions == []


def test_a_contradiction_is_shown_and_the_notice_takes_precedence():
    record, start = read(closes="2026. 11. 6.", companies="25개사", most="1억 5천만원")
    assert record.application.closes_at.value == "2026-11-06"
    assert record.application.closes_at.evidence.start > start
    assert [(q.value, q.unit) for q in record.quantities] == [(25, "companies"), (120, "people")]
    assert [a.krw for a in record.amounts] == [150_000_000]
    expected = [(c.of, c.field, c.value, c.instead) for c in record.contradictions]
    assert expected == [
        ("closes_at:1", "closes_at", "2026-10-30", "2026-11-06"),
        ("amount:1", "amount award_ceiling", "100000000", "150000000"),
        ("quantity:1", "quantity companies", "20", "25"),
    ]
    assert all(c.evidence.end < start for c in record.contradictions)


def parts_of(page, *notices, **fields):
    """The record of a page with notices attached to it."""
    text, stretches = page, []
    for number, notice in enumerate(notices):
        text += f"\n\n## 첨부: 공고문{number}.hwp\n"
        stretches.append((len(text), len(text) + len(notice)))
        text += notice
    record = extract_parts(text, stretches, id="a", fields=fields)
    assert all(text[one.start : one.end] == one.quote for one in text_evidence(record))
    return record


TITLE = "2026년 경남 제조 AI 실증 지원사업 참여기업 모집 공고"


def test_of_several_notices_the_earliest_opening_and_the_latest_closing_are_the_calls():
    notices = (
        f"{TITLE}\n○ 접수기간: 2026. 10. 5. ~ 2026. 10. 30.",
        f"{TITLE}\n○ 접수기간: 2026. 10. 1. ~ 2026. 11. 6.",
        f"{TITLE}\n○ 접수기간: 2026. 10. 2. ~ 2026. 11. 2.",
    )
    record = parts_of(f"{TITLE}\n경상남도는 제조 AI를 돕는다.\n○ 접수기간: 2026. 9. 1. ~ 2026. 12. 4.", *notices)
    assert (record.application.opens_at.value, record.application.closes_at.value) == ("2026-10-01", "2026-11-06")
    assert [(c.field, c.value, c.instead) for c in record.contradictions] == [
        ("opens_at", "2026-09-01", "2026-10-01"),
        ("closes_at", "2026-12-04", "2026-11-06"),
    ]
    only = parts_of(f"{TITLE}\n경상남도는 제조 AI를 돕는다.\n○ 접수기간: 2026. 9. 1. ~ 2026. 12. 4.", TITLE)
    assert (only.application.opens_at.value, only.contradictions) == ("2026-09-01", [])


def test_days_without_a_year_are_of_the_year_in_which_the_page_was_posted():
    record = parts_of(
        "경남 제조 AI 실증 지원사업 참여기업 모집 공고\n경상남도는 제조 AI를 돕는다.\n○ 접수기간: 10. 1. ~ 10. 30.",
        "경남 제조 AI 실증 지원사업 참여기업 모집 공고\n○ 접수기간: 10. 1. ~ 11. 6.",
        posted_on="2025-09-28",
    )
    assert (record.application.opens_at.value, record.application.closes_at.value) == ("2025-10-01", "2025-11-06")


def test_the_longest_age_that_the_primary_text_admits_is_taken_and_the_other_is_shown():
    page = f"{TITLE}\n경상남도는 제조 AI를 돕는다.\n○ 지원대상: 창업 10년 이내 기업"
    notice = f"{TITLE}\n○ 지원대상: 창업 7년 이내 기업"
    record = parts_of(page, notice)
    assert record.eligibility.max_company_age_years.value == 7
    assert [(c.of, c.field, c.value, c.instead) for c in record.contradictions] == [
        ("max_company_age_years:1", "max_company_age_years", "10", "7")
    ]
    changed = parts_of(page.replace("모집 공고", "모집 변경공고", 1), notice)
    assert changed.eligibility.max_company_age_years.value == 10
    assert [(c.value, c.instead) for c in changed.contradictions] == [("7", "10")]


def test_an_end_that_the_text_says_was_moved_is_no_end_and_is_shown():
    record = parts_of(
        f"{TITLE}\n경상남도는 제조 AI를 돕는다.\n○ 접수기간: (당초) 2026. 10. 1. ~ 10. 16. → (변경) 2026. 10. 1. ~ 10. 30."
    )
    assert record.application.closes_at.value == "2026-10-30"
    assert [(c.of, c.field, c.value, c.instead) for c in record.contradictions] == [
        ("closes_at:1", "closes_at superseded", "2026-10-16", "2026-10-30")
    ]


def test_a_page_that_extends_the_deadline_takes_precedence_over_the_old_notice():
    record, _ = read(closes="2026. 10. 16.", title="제조 AI 실증 지원사업 모집 연장 공고")
    assert record.application.closes_at.value == "2026-10-30"
    assert [c.value for c in record.contradictions] == ["2026-10-16"]


@pytest.mark.parametrize("stretches", [[], [(50, 80)]])
def test_a_text_about_something_else_has_no_facts(stretches):
    record = extract_parts("구내식당 식단 안내\n" * 20, stretches, id="a", fields={"title": "식단 안내"})
    assert record.amounts == [] and record.also == [] and record.contradictions == []


def test_evidence_is_placed_where_its_file_says():
    amounts = [
        Amount(krw=krw, evidence=TextEvidence(start, start + 2, quote))
        for krw, start, quote in ((100_000_000, 12, "1억"), (200_000_000, 30, "2억"))
    ]
    located = locate_evidence(ExtractionRecord(amounts=amounts), [(0, 5, "p1"), (10, 15, "t1r2c2"), (16, 20, "p2")])
    assert [amount.evidence.place for amount in located.amounts] == ["t1r2c2", None]


def test_numbers_written_with_one_beginning_are_each_proved_by_the_notice_too():
    text = f"{PAGE}\n\n## 첨부: 공고문.hwp\n"
    notice = NOTICE.format(closes="2026. 10. 30.", companies="20개사", most="1억원").replace("1234", "1201, 1202")
    record = extract_parts(text + notice, [(len(text), len(text + notice))], id="a", fields={"title": "AI 모집 공고"})
    assert [phone.name for phone in record.contact.phones] == ["055-000-1234", "055-000-1201", "055-000-1202"]
    for evidence in text_evidence(record):
        assert (text + notice)[evidence.start : evidence.end] == evidence.quote
