"""Generate announcements for the board: posts of the demo portal with other figures, days and organisations.

The same number on the same day always gives the same announcement of about a thousand characters: a third is the post
with most of the facts, the rest are terms that are usual in such notices.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from demo.content import Entry, load_entries, render

# Announcements a day; the board goes back as many days as its announcements need.
PER_DAY = 40
REGIONS = (
    "서울",
    "부산",
    "대구",
    "인천",
    "광주",
    "대전",
    "울산",
    "경기",
    "강원",
    "충북",
    "충남",
    "전북",
    "전남",
    "경북",
    "경남",
    "제주",
)
TERMS = (
    "□ 추진체계: {region} {body}이 총괄하고 {region}테크노파크가 기업 모집과 평가를 맡음",
    "□ 지원내용: 설비 데이터 수집, 학습용 데이터 구축, 모델 개발과 현장 적용, 전문가 자문",
    "□ 민간부담금: 총사업비의 {share}% 이상을 현금 또는 현물로 부담(현금은 부담금의 10% 이상)",
    "□ 가점: 고용 우수기업 {share}점, {region} 소재 여성기업 1점, 최근 3년 안에 수상한 기업 2점",
    "□ 제외대상: 접수 마감일 현재 국세나 지방세를 체납한 기업, 부채비율이 1,000% 이상인 기업",
    "□ 평가: 서면평가에서 {twice}배수를 뽑고 발표평가를 거쳐 종합 70점 이상인 기업을 고득점 순으로 선정",
    "□ 선정 결과는 {announced}에 누리집에 공고하고 선정된 기업에는 따로 알림",
    "□ 협약: 선정 통보를 받은 날부터 {days}일 안에 협약하지 않으면 선정을 취소할 수 있음",
    "□ 지난해에는 {before}개사가 참여해 불량률을 평균 {share}% 낮추고 {hired}명을 새로 고용함",
    "□ 유의사항: 제출한 서류는 돌려주지 않으며 거짓이 드러나면 협약을 해지하고 지원금을 환수함",
    "□ 사업비는 통합관리시스템에 등록하고 사업이 끝난 뒤 1개월 안에 정산보고서를 냄",
    "□ 이 공고에 적지 않은 것은 「{region} 지역산업 육성 조례」와 관리지침에 따름",
)
_FIGURE = re.compile(r"\d+(?=억|개사|개 기업|과제|명|백만)")


@dataclass(frozen=True)
class Notice:
    """One announcement as the board shows it; ``lines`` are its paragraphs."""

    number: int
    title: str
    posted: date
    lines: list[str]


@cache
def _posts() -> list[Entry]:
    """Return the long posts of the portal that are about AI, which the prefilter never leaves out."""
    return [entry for entry in load_entries() if "AI" in entry.title and len(entry.body) > 200]


@cache
def _on(place: int, day: date) -> tuple[str, str, str]:
    """Return title, text and region of a post as it would be if posted on a day."""
    entry = _posts()[place]
    post = render(entry, day - timedelta(entry.posted))
    return post.title, post.body, entry.region


def notice(number: int, count: int, *, revised: bool = False) -> Notice:
    """Return an announcement of a board with ``count``; a ``revised`` one has a longer title and one more line."""
    draw = random.Random(number)  # noqa: S311 (sample data)
    posted = date.today() - timedelta((count - number) // PER_DAY + 1)
    title, body, region = _on(number % len(_posts()), posted)
    home = draw.choice(REGIONS)
    values = {
        "region": home,
        "body": f"{draw.choice(('인공지능', '제조혁신', '디지털', '미래산업', '바이오'))}산업진흥원",
        "share": draw.randrange(10, 40),
        "twice": draw.randrange(2, 4),
        "announced": f"{posted + timedelta(draw.randrange(35, 60)):%Y. %-m. %-d.}",
        "days": draw.randrange(7, 30),
        "before": draw.randrange(5, 60),
        "hired": draw.randrange(10, 300),
    }
    text = _FIGURE.sub(lambda match: str(int(match.group()) + number % 23), body).replace(region, home)
    lines = [line.strip() for line in text.splitlines() if line.strip()] + [line.format(**values) for line in TERMS]
    post = Notice(number, f"{title.replace(region, home)} (제{number}호)", posted, lines)
    if revised:
        return replace(post, title=f"[연장] {post.title}", lines=[*lines, "※ 접수 마감을 1주일 연장합니다."])
    return post
