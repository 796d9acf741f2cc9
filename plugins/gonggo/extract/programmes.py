"""Named programmes, projects, calls, centres and plans: names, aliases, type, status and period."""

from __future__ import annotations

import re
from typing import Any

from gonggo.extract import period
from gonggo.extract.doc import Doc, Span
from gonggo.extract.lexicons import patterns

_QUOTED = re.compile(r"[「『‘“'\"]([^「」『』‘’“”'\"\n]{4,60})[」』’”'\"]")
_TAIL = (
    r"(?:지원\s?사업|사업|프로젝트|프로그램|바우처|센터|클러스터|밸리|허브|특구|산단|아카데미|공모전|경진대회|챌린지|업무\s?협약|"
    r"종합계획|기본계획|전략|과정|플랫폼|실증|산업\s?육성|대전환)"
)
_BARE = re.compile(
    rf"(?<![가-힣A-Za-z])((?:[가-힣A-Za-z0-9+·ㆍ\-‧()&]{{1,20}}\s){{0,5}}[가-힣A-Za-z0-9+·ㆍ\-‧()&]{{0,18}}{_TAIL})"
    r"(?=[\s,.()’”'\"]|은|는|이|가|을|를|의|에|과|와|도|로|$)"
)
_PROGRAMME = re.compile(rf"{_TAIL}$|지원$|구축$|양성$|조성$|협약$|계획$|PoC|트랙|랩$|대학$|토론회|심포지엄|대회|주간$")
_LAW = re.compile(r"법$|법률|시행령|규정$|지침$|조례$|고시$|공고문|신청서|동의서|제\d+조")
_AI = re.compile(r"AI|인공지능|AX|자율제조|데이터|디지털|스마트|로봇|실증|반도체|LLM")
_FROM_TITLE = re.compile(
    r"\s*(?:\d차\s*)?(?:추가\s*)?(?:참여|지원|수요|공급|수행|입주|도입)?\s?(?:기업|기관|팀|교육생|참가자|대상자|과제|컨소시엄)?\s*"
    r"(?:추가\s*)?(?:연장\s*|변경\s*|취소\s*|재\s?)?(?:모집|공모|선정|접수|시행계획)?\s*(?:계획\s*)?(?:연장\s*|변경\s*|취소\s*|재|추가\s*)?(?:공고|안내|공모)?\s*(?:\([^)]{1,24}\)\s*)?$"
)
_TITLE_HEAD = re.compile(r"^(?:\[[^\]]{1,16}\]\s*|\((?:재공고|연장|변경|취소|긴급)\)\s*|(?:20\d\d|’\d\d)\s?년?도?\s*)+")
_LEAD = re.compile(
    r"^(?:(?:이|그|본|이번|해당|올해|내년|각종|다양한|관련|국내|지역|도내|이를|통해|위해|위한|등|및|한|하는|되는|있는|대한)\s)+"
)
MOST = 6


def find(doc: Doc, kind: str, title: dict[str, Any] | None) -> list[dict[str, Any]]:
    """GUIDE entries. ``title`` is what ``title.find`` found.

    A call is its own programme, named by its title; prose names several, in quotation marks or not.
    """
    names: dict[str, Span] = {}
    if kind == "announcement" and title:
        _of_title(doc, title["value"], names)
    for match in _QUOTED.finditer(doc.text):
        _keep(doc, match.start(1), match.end(1), names, bare=False)
    if kind != "announcement" and len(names) < 3:
        for match in _BARE.finditer(doc.text):
            _keep(doc, match.start(1), match.end(1), names, bare=True)
    limit = 2 if kind == "announcement" else MOST
    return [_entry(doc, name, span, kind, title) for name, span in list(_joined(names).items())[:limit]]


def _of_title(doc: Doc, title: str, names: dict[str, Span]) -> None:
    name = _FROM_TITLE.sub("", _TITLE_HEAD.sub("", title)).strip(" -「」『』‘’“”'\"")
    if len(name) < 5:
        return
    at = doc.text.find(name)
    names[name] = Span(at, at + len(name), name) if at >= 0 else Span(-1, -1, name)


def _keep(doc: Doc, start: int, end: int, names: dict[str, Span], *, bare: bool) -> None:
    span = doc.span(start, end)
    lead = _LEAD.match(span.text)
    if lead:
        span = doc.span(span.start + lead.end(), span.end)
    name = span.text
    if len(name) < 5 or len(name) > 60 or _LAW.search(name) or name.endswith(("다", "다.", "요", "?", "!")):
        return
    if not _PROGRAMME.search(name) or not _AI.search(name) or (bare and name.count(" ") > 5):
        return
    names.setdefault(name, span)


def _joined(names: dict[str, Span]) -> dict[str, Span]:
    """Names without those that another one contains: the same programme said shorter."""
    out: dict[str, Span] = {}
    for name, span in names.items():
        if not any(_bare(name) in _bare(other) or _bare(other) in _bare(name) for other in out):
            out[name] = span
    return out


def _bare(name: str) -> str:
    return re.sub(r"[\s·ㆍ‧\-()]|지원사업$|사업$|^20\d\d년?", "", name)


def _entry(doc: Doc, name: str, span: Span, kind: str, title: dict[str, Any] | None) -> dict[str, Any]:
    # A title over two lines stands in the text as it was found, not as it is written here.
    evidence = span.evidence() if span.start >= 0 or title is None else title["evidence"]
    sentence = doc.sentence_at(span.start) if span.start >= 0 else Span(0, 0, name)
    start, end, _ = period.near(doc, span.start, span.end) if span.start >= 0 else (None, None, None)
    return {
        "name": name,
        "aliases": _aliases(doc, span),
        "type": _first("programme_types", (name, sentence.text)) or "adoption",
        "status": _status(sentence.text, kind),
        "start": start,
        "end": end,
        "evidence": evidence,
    }


def _aliases(doc: Doc, span: Span) -> list[str]:
    """The short form in brackets right after a name: (이하 ‘본 사업’) is none, (GITC) is one."""
    found = (
        re.match(r"[」』’”'\"]?\s?\(([A-Za-z가-힣0-9·+ \-]{2,20})\)", doc.text[span.end : span.end + 26])
        if span.end > 0
        else None
    )
    return [found.group(1).strip()] if found and not found.group(1).startswith("이하") else []


def _first(lexicon: str, texts: tuple[str, ...]) -> str | None:
    for text in texts:
        for value, pattern in patterns(lexicon).items():
            if pattern.search(text):
                return value
    return None


def _status(sentence: str, kind: str) -> str:
    if kind == "announcement":
        return "open"
    if kind == "opinion":
        found = _first("statuses", (sentence,))
        return found if found in ("ongoing", "ended", "selected") else "proposed"
    return _first("statuses", (sentence,)) or "planned"
