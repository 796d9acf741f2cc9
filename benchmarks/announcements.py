"""Generate batches of invented announcements in the form in which a collection stages them.

The same number always gives the same announcement: a text of about 2 kB and a record with about twenty facts, whose
evidence points into the text. Of a hundred, five are copies of a call on another site and ten are press articles.
"""

from __future__ import annotations

import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from gonggo.model import SourceRun, announcement_key, content_hash
from gonggo.settings import SEOUL, Settings

SOURCES = ("bizinfo", "kstartup", "gntp", "jbtp", "btp", "dgtp", "djtp", "gwtp", "nipa", "smtech")
REGIONS = ("경남 창원시", "경북 구미시", "전북 전주시", "부산 해운대구", "대구 수성구", "대전 유성구", "강원 원주시",
           "광주 북구", "충북 청주시", "충남 천안시", "울산 남구", "경기 성남시", "인천 연수구", "제주 제주시", "서울 강남구")  # fmt: skip
SECTORS = {"manufacturing": "제조", "health": "의료", "agriculture": "농업", "energy": "에너지", "mobility": "모빌리티"}
TYPES = {"demonstration": "실증", "adoption": "도입", "training": "인력양성", "startup": "창업", "rnd": "기술개발"}
WORDS = (
    "예지보전",
    "품질검사",
    "수요예측",
    "공정최적화",
    "안전관제",
    "물류자동화",
    "설비진단",
    "에너지절감",
    "작업배치",
    "원가분석",
)
FILLER = (
    "지원 대상은 관내에 사업장을 둔 중소기업이며 컨소시엄으로도 신청할 수 있다.",
    "선정된 기업은 협약 뒤 중간 점검과 결과 평가를 받고 사업비는 단계마다 나누어 지급한다.",
    "신청서와 사업계획서는 전자우편으로 내고 원본은 발표 평가 때 가져온다.",
    "데이터는 비식별 처리한 뒤 지정된 저장소에 올리며 보안 서약을 함께 낸다.",
    "평가는 사업의 필요성, 수행 능력, 파급 효과를 나누어 매긴다.",
)


# The day of the first posting, and the number of days on which announcements were posted.
FIRST_DAY, DAYS = date(2022, 1, 3), 1760


def announcement(number: int, *, change: int = 0, days: range = range(DAYS)) -> dict[str, Any]:
    """Return one document of a batch, posted on one of ``days``; each ``change`` gives it a later deadline and more money."""
    draw = random.Random(number)  # noqa: S311 (sample data)
    call = number - 1 if number % 100 in (7, 27, 47, 67, 87) else number
    press = number % 10 == 9
    source = SOURCES[number % len(SOURCES)]
    shared = random.Random(call) if call != number else draw  # noqa: S311
    region, (sector, field), (kind, act) = (
        shared.choice(REGIONS),
        shared.choice([*SECTORS.items()]),
        shared.choice([*TYPES.items()]),
    )
    posted = FIRST_DAY + timedelta(days=days.start + shared.randrange(len(days)))
    closes = posted + timedelta(days=shared.randrange(10, 50) + 14 * change)
    host, ward = f"{region.split()[0]}테크노파크", f"{shared.choice(WORDS)}연구원{shared.randrange(400)}"
    programme = f"{shared.choice(WORDS)} {field} AI {act} 사업 {shared.randrange(800)}호"
    total, national = shared.randrange(20, 400) + 5 * change, shared.randrange(5, 20)
    people = shared.randrange(20, 900)
    title = f"{posted.year}년 {region} {programme} 참여기업 모집 공고"
    if press:
        title = f"{region}, {programme} 본격 추진"
    phone, mail = f"055-{number % 900 + 100}-{number % 9000 + 1000}", f"ai{number % 5000}@example.or.kr"
    head = [
        title,
        f"{region}와 {host}는 {field} 분야 기업을 위한 {programme}을 시작한다고 밝혔다.",
        f"총사업비는 {total}억 원으로 국비 {national}억 원과 지방비 {total - national}억 원이며 기업당 최대 5천만 원을 준다.",
        f"접수 마감 {closes} 18:00까지이고 {people}명을 교육하며 생산성 {people % 40 + 5}% 향상을 목표로 한다.",
        f"수행은 {ward}이 맡는다. 창업 7년 이내 중소기업. 문의 {phone}, {mail}",
    ]
    text = "\n".join([*head, *(f"{place}. {line}" for place, line in enumerate(draw.choices(FILLER, k=18), 1))])
    starts = [0]
    for line in head:
        starts.append(starts[-1] + len(line) + 1)

    def at(line: int, quote: str) -> dict[str, Any]:
        start = starts[line] + head[line].index(quote)
        return {"start": start, "end": start + len(quote), "quote": quote}

    def amount(krw: int, role: str, quote: str) -> dict[str, Any]:
        return {"krw": krw, "role": role, "programme": programme, "evidence": at(2, quote)}

    record = {
        "id": str(number), "title": title, "text": text, "kind": {"value": "press_release" if press else "announcement"},
        "relevant": {"value": number % 3 != 0}, "published_on": {"value": str(posted), "evidence": {"field": "posted_on", "quote": str(posted)}},
        "regions": [{"name": region, "evidence": at(1, region)}],
        "sectors": [{"name": sector, "evidence": at(1, field)}],
        "programmes": [{"name": programme, "aliases": [], "type": kind, "status": "open", "start": str(posted.year), "end": None, "evidence": at(1, programme)}],
        "amounts": [amount(total * 10**8, "total", f"{total}억 원"), amount(national * 10**8, "national", f"국비 {national}억 원"),
                    amount((total - national) * 10**8, "local", f"지방비 {total - national}억 원"), amount(50_000_000, "award_ceiling", "5천만 원")],
        "application": {"opens_at": None, "closes_at": {"value": f"{closes}T18:00", "evidence": at(3, f"{closes} 18:00")}},
        "quantities": [{"value": people, "unit": "people", "programme": programme, "evidence": at(3, f"{people}명")}],
        "organisations": [{"name": host, "aliases": [], "role": "host", "programme": None, "evidence": at(1, host)},
                          {"name": ward, "aliases": [], "role": "operator", "programme": programme, "evidence": at(4, ward)}],
        "metrics": [{"name": "생산성", "value": people % 40 + 5, "unit": "%", "programme": programme, "evidence": at(3, f"{people % 40 + 5}%")}],
        "eligibility": {"max_company_age_years": {"value": 7, "evidence": at(4, "7년 이내")}, "company_sizes": [{"name": "small_medium", "evidence": at(4, "중소기업")}]},
        "contact": {"phones": [{"name": phone, "evidence": at(4, phone)}], "emails": [{"name": mail, "evidence": at(4, mail)}]},
    }  # fmt: skip
    if press:
        record["application"] = {"opens_at": None, "closes_at": None}
    seen = datetime.combine(posted, datetime.min.time(), SEOUL) + timedelta(days=1 + 7 * change, hours=7)
    return {
        "source": source, "native_id": str(number), "key": announcement_key(source, str(number)), "url": f"https://example.or.kr/{source}/{number}",
        "title": title, "retrieved_at": seen.isoformat(), "content_hash": content_hash(text), "listed": {"posted_on": str(posted), "agency": host},
        "outcome": "ok", "reason": None, "media_type": "text/html", "charset": "utf-8", "warc_file": f"{source}.warc.gz", "warc_record": f"<urn:uuid:{number}>",
        "removed": [], "attachments": [], "record": record,
    }  # fmt: skip


def write_batch(settings: Settings, name: str, documents: list[dict[str, Any]]) -> Path:
    """Write documents and their list rows as one complete batch of ``bizinfo``, and return its folder."""
    folder = settings.batches / f"bizinfo__{name}"
    folder.mkdir(parents=True)
    at = datetime.now(SEOUL).isoformat()
    with (
        (folder / "documents.jsonl").open("w", encoding="utf-8") as out,
        (folder / "listings.jsonl").open("w", encoding="utf-8") as rows,
    ):
        for row in documents:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            seen = {
                "key": row["key"],
                "source": row["source"],
                "native_id": row["native_id"],
                "url": row["url"],
                "title": row["title"],
            }
            seen |= {"fields": row["listed"], "prefilter": "likely", "state": "listed", "at": row["retrieved_at"]}
            rows.write(json.dumps(seen, ensure_ascii=False) + "\n")
    (folder / "fetches.jsonl").touch()
    run = SourceRun("bizinfo", name, at, finished_at=at, state="ok", listed=len(documents), new=len(documents))
    (folder / "run.json").write_text(json.dumps(run.to_json()), "utf-8")
    return folder


def write_batches(settings: Settings, count: int, *, first: int = 0, each: int = 5_000) -> list[Path]:
    """Write ``count`` announcements from number ``first`` on, in batches of ``each``."""
    folders = []
    for start in range(first, first + count, each):
        numbers = range(start, min(start + each, first + count))
        folders.append(write_batch(settings, f"{start:09d}", [announcement(number) for number in numbers]))
    return folders
