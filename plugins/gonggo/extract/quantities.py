"""Counts of what is supported, selected, trained or built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from gonggo.datafile import load_model
from gonggo.extract.doc import Doc
from gonggo.extract.layout import Block
from gonggo.extract.lexicons import FOLDER
from gonggo.extract.record_types import Quantity
from gonggo.extract.words import matches

_PROSE = ("article", "press_release", "statistics", "opinion")
_AROUND = 34
# How far before a count the word may stand that makes it one of bystanders.
_NEAR = 12
_MOST = 1_000_000
# A block as short as this is a table cell that holds nothing but the count.
_CELL = 8
_SCALES = {"천": 1_000, "만": 10_000}
_NOUNS = {
    "기업": "companies",
    "업체": "companies",
    "스타트업": "companies",
    "프로젝트": "projects",
    "과제": "projects",
    "사업": "projects",
    "기관": "organisations",
    "대학": "organisations",
    "연구소": "organisations",
    "팀": "teams",
    "공장": "sites",
    "거점": "sites",
    "센터": "sites",
    "서비스": "items",
    "제품": "items",
    "솔루션": "items",
    "센서": "items",
    "모델": "items",
}
_NOUN_FIRST = re.compile(
    rf"(?P<noun>{'|'.join(_NOUNS)})(?:[은는을를이가로]|으로|\s수를)?\s(?:[가-힣\d]{{1,5}}\s)?(?P<n>\d[\d,]{{0,4}})(?P<scale>[천만]?)\s?개(?=[를로가]\s|까지\s|에\s(?:달|모두|총)|\s(?:가운데|중)\s|(?:\s(?:이상|내외|안팎))?"
    r"\s?(?:추가\s|신규\s|최종\s)?(?:선정|지원|모집|발굴|육성|구축|유치|보급))"
)
# A label that says what is counted: 지원과제 : 265개 내외.
_LABELLED = re.compile(
    r"(?:지원|선정|모집)\s?(?:예정\s?)?(?P<noun>과제|기업|기관|공장)(?:\s?수)?(?:[)\]】]?\s?[:：]|[)\]】])\s?(?:총|약)?\s?(?P<n>\d[\d,]{0,6})\s?개(?!\s?[가-힣]?월)"
)
# Shares of a list, whose sum behind it says what is counted: ▲ A(30개) ▲ B(400개) 등 450개 내외 과제.
_SHARES = re.compile(
    r"(?:\((?:약\s)?\d[\d,]*개\)[^()\n]{0,40}){2,8}?\d[\d,]*개\s?(?:내외|안팎|이상)?의?\s?(?P<noun>과제|기업|기관|공장|센터|거점)"
)
_SHARE = re.compile(r"\((?:약\s)?(?P<n>\d[\d,]{0,6})개\)")
# Counters of works, by the noun before: 사업 7건, 과제 8건, 신규 4건.
_WORKS = re.compile(r"(?:실증|(?:사업|과제)[은는이가]?|(?<![가-힣])(?:신규|계속))\s(?:모두\s|총\s)?$")
# Right before the last of several shares that only the last one's unit names: 거점별 12, 6, 5, 5, 4개사.
_LAST_OF_SHARES = re.compile(r"(?<![\d,.])\d{1,4},\s\d{1,4},\s$")
# A count that is all that an entry of a list says first: 기초실증 : 10개사, 현장 실증(8개사).
_OPENED, _CLOSED = re.compile(r"[:：(>]\s?(?:총|약)?\s?$"), re.compile(r"\s?(?:내외|이내)?\s?(?:[,)·/<]|$)")
# What may stand behind the count in a cell that holds nothing else: 120명(4개 반).
_REST_OF_CELL = re.compile(r"\s?(?:내외|이내)?\s?(?:\([^()\n]{1,20}\))?\s*")
# What a call says of an earlier round in its background: 시범사업으로 180개사를 지원한 결과.
_REPORTED = re.compile(
    r"[을를이가에]?\s?(?:[가-힣]{1,6}\s)?(?:지원|수료|선정|참여|참가|신청|교육|양성|배출|보급|구축|설치|도입|발굴)"
    r"(?:하였|했|하여|해\s|한\s?결과|됐|되었|되어|을\s마)"
)
_INSTITUTIONS = re.compile(r"(?:대학|학교|기관|병원|연구소)[은는이가을를]?\s(?:모두\s|총\s|신규\s)?$")
_GIVEN = re.compile(r"지원|보급|선정|구축")
# A clause that ends before a count: 사고를 30% 줄이고 950명의.
_CLAUSE_BEFORE = re.compile(r"(?:(?<![신창재사광보경참권제중선예최공원기])고|며|지만|으나|는데)\s")
_STAFF, _HIRED = re.compile(r"직원\s?$"), re.compile(r"[을를]?\s?(?:새로\s|추가로\s|신규\s?)*(?:채용|고용|뽑)")
# Firms of a place or of the country, of whom some do something: 국내 AI기업 2,500개 가운데.
_OF_WORLD = re.compile(
    r"(?:(?:국내|전국|지역|도내|관내|시내)(?:의)?|[가-힣]의)\s(?:[가-힣A-Za-z·]{2,8}\s){0,2}[가-힣A-Za-z·]{0,6}(?:기업|업체|회사)\s$"
)
_SOME_OF = re.compile(r"[가-힣]{0,4}\s?(?:가운데|중)(?:에서)?\s")
# What something fell from and to: 민원이 163건에서 58건으로 64% 줄었다. What a programme has room for is its size.
_FELL = re.compile(r"에서\s[\d,만천]+\s?(?:여\s?)?[가-힣]{1,2}(?:으로|로)\s[^.\n]{0,14}(?:줄|감소|단축|떨어)")
_FELL_TO = re.compile(r"(?:으로|로)\s[^.\n]{0,14}(?:줄|감소|단축|떨어)")
_BEFORE_FALL = re.compile(r"\d[명건곳개]에서\s$")
_SIZE = re.compile(r"정원|규모|대상")
_CONSORTIUM = re.compile(r"컨소시엄|구성|공동")
# A department that has a number, 평가2팀, is no count of teams.
_DEPARTMENT = re.compile(r"^[가-힣]\d{1,2}\s?팀")
# Programmes that prose counts: 27개 사업이 선정됐다, 60개 선도사업에. Those that it names before are tracks.
_PROGRAMMES = re.compile(
    r"(?<![\d.,제])(?<!등\s)(?P<n>\d[\d,]{0,3})개\s?(?:[가-힣A-Za-z]{1,6}\s){0,2}[가-힣A-Za-z]{0,4}사업(?=[이을은의]\s|에서?\s|으로\s(?!구성|이뤄|이루)|\s(?:선정|추진))"
)
# Some of those just counted: 과제 71개가 접수됐고 이 가운데 12개가 뽑혔다.
_OF_THEM = re.compile(
    r"[이그\s](?:(?<!\s)\s?|(?<=\d개\s))(?:가운데|중)(?:에서)?\s(?:[가-힣]{1,6}\s)?(?P<n>\d[\d,]{0,4})개(?=[가를만은는]\s)"
)
# What a count is made up of, in brackets behind it: 총 17개 과제(산림 10, 어촌 7).
_MADE_OF = re.compile(r"\s?(?:내외|안팎|규모)?\s?\((?=[^()\n]{0,60}\))")
_PART = re.compile(r"(?:^|[,·/]|\s및)\s?[^,·/()\d]{1,20}?\s?(?P<n>\d[\d,]{0,6})(?=\s?(?:[,·/]|$|\s및))")
_LONGEST_OF_PARTS = 64
_AGES = range(10, 100, 10)
# People of so many years of age, who are said to do something; not devices: 60대는, 로봇 60대는.
_AGED = re.compile(r"[는가의와도·]|부터|\s이상")
_DEVICES = re.compile(
    r"(?:로봇|장비|드론|차량?|버스|카메라|CCTV|단말기?|서버|설비|기기|센서|PC|태블릿)\s(?:모두\s|총\s|약\s)?$"
)
_REACH = 70
# Firms counted before in the sentence: what is counted in the same way again is firms, too.
_FIRMS_COUNTED = re.compile(r"(?:기업|업체|회사|스타트업)(?:은|는|이|가|을|를)?\s?(?:모두\s|총\s)?\d[\d,]*곳")
_JOBS = (
    re.compile(r"일자리(?:는|가|를|이)?\s(?:[가-힣]{1,4}\s)?(\d[\d,]{0,6})\s?(?:여\s?)?개"),
    re.compile(r"(?<![\d,.])(\d[\d,]{0,6})\s?(?:여\s?)?개의?\s(?:[가-힣]{1,4}\s){0,2}일자리"),
)
# Firms in a sentence that says how many there are to be: 입주기업은 1000개, 종사자는.
_FIRMS_ARE = re.compile(r"(?:기업|업체)[은는]\s(?:[가-힣\d]{1,6}\s)?(?P<n>\d[\d,]{0,6})개(?=,\s|로\s|에\s이|까지\s)")
_COUNT_BEGINS = re.compile(r"\d(?<![\d.,:제]\d)")
_CLAUSE_END = re.compile(r"[.;]\s")
_BARE = re.compile(r"(\d[\d,]{0,6})(?:\s?개)?\s*(?:내외|이내|이상)?$")


class _Lexicon(BaseModel):
    model_config = ConfigDict(extra="forbid")
    units: dict[str, str]
    columns: dict[str, re.Pattern[str]]
    done: re.Pattern[str]
    firms_before: re.Pattern[str]
    passed_by: re.Pattern[str]
    passed_by_after: re.Pattern[str]
    nothing: re.Pattern[str] = Field(alias="not")
    not_after: re.Pattern[str]

    @field_validator("done")
    @classmethod
    def _knows_where_the_count_stands(cls, words: re.Pattern[str]) -> re.Pattern[str]:
        # These are looked for on both sides of a count at once, so that the end of what stands before it is no end.
        if "$" in words.pattern:
            raise ValueError("the position of the count is written ◇ here, not $")
        return words

    @cached_property
    def count(self) -> re.Pattern[str]:
        units = "|".join(f"(?P<{name}>{words})" for name, words in self.units.items())
        return re.compile(
            rf"(?:(?P<myriads>\d{{1,4}})만\s?)?(?:(?P<thousands>\d{{1,2}})천\s?(?=\d))?(?:(?P<low>\d[\d,]{{0,6}})\s?[~∼～-]\s?)?(?P<n>\d[\d,]{{0,9}})(?P<scale>[천만])?\s{{0,2}}(?:여\s"
            rf"?)?(?:{units})"
        )


@cache
def _lexicon() -> _Lexicon:
    return load_model(FOLDER / "quantities.yaml", _Lexicon)


class Count(NamedTuple):
    """A count at its position in a text: what is counted (``unit``) and how many."""

    start: int
    end: int
    value: int
    unit: str


def find(doc: Doc, kind: str = "article") -> list[Quantity]:
    """Return each different count whose clause says what is done with the counted."""
    return distinct(statements(doc, kind))


def statements(doc: Doc, kind: str) -> list[Quantity]:
    """Return every statement of such a count, in text order."""
    written = [*_written(doc, kind), *_after_nouns(doc), *_in_columns(doc)]
    if kind in _PROSE:
        written += _programmes(doc)
    counts = [*written, *_of_them(doc, written)]
    counts += [part for count in counts for part in _parts_of(doc, count)]
    return [
        Quantity(value=count.value, unit=count.unit, evidence=doc.span(count.start, count.end).evidence())
        for count in counts
    ]


def distinct(stated: list[Quantity]) -> list[Quantity]:
    """Return each different count of some statements."""
    by_value: dict[tuple[float, str | None], Quantity] = {}
    for count in stated:
        by_value.setdefault((count.value, count.unit), count)
    return list(by_value.values())


def _written(doc: Doc, kind: str) -> Iterator[Count]:
    for match in matches(_lexicon().count, _COUNT_BEGINS, doc.text):
        unit = _unit(doc, match)
        if _LAST_OF_SHARES.search(doc.text, max(0, match.start() - _AROUND), match.start()):
            continue
        if not _is_stated(doc, match, kind, unit):
            continue
        for value in filter(None, (_number(match["low"]), _value(match))):
            if value < _MOST:
                yield Count(match.start(), match.end(), value, unit)


def _number(digits: str | None) -> int:
    return int(digits.replace(",", "")) if digits else 0


def _value(match: re.Match[str]) -> int:
    """Return a count with its 만 and 천: 4만 2,551명, 7만5천 명, 1천260명."""
    scale = _SCALES.get(match["scale"] or "", 1)
    larger = 10_000 * _number(match["myriads"]) + 1_000 * _number(match["thousands"])
    return larger + _number(match["n"]) * scale


def _unit(doc: Doc, match: re.Match[str]) -> str:
    """Return the unit of a count: by the word after it, or by the noun before it if that word is only a counter."""
    words = _lexicon()
    unit = next(name for name in words.units if match[name])
    before = doc.text[max(0, match.start() - 16) : match.start()].rsplit("\n", 1)[-1]
    if unit == "items" and match.group().endswith("건") and _WORKS.search(before):
        return "projects"
    if unit != "sites":
        return unit
    if match.group().endswith("곳") and _INSTITUTIONS.search(before):
        return "organisations"
    sentence_before = doc.text[doc.sentence_at(match.start()).start : match.start()]
    is_firms = words.firms_before.search(before) or (
        match.group().endswith("곳") and _FIRMS_COUNTED.search(sentence_before)
    )
    return "companies" if is_firms else unit


def _is_stated(doc: Doc, match: re.Match[str], kind: str, unit: str) -> bool:
    words = _lexicon()
    block = doc.layout.at(match.start())
    start = max(0, match.start() - _AROUND, block.start if block and block.column else 0)
    start = max(start, doc.text.rfind("\n", start, match.start()) + 1)
    before = _CLAUSE_END.split(doc.text[start : match.start()])[-1]
    after = _CLAUSE_END.split(doc.text[match.end() : match.end() + _AROUND])[0]
    if words.nothing.search(before[-16:]) or words.not_after.match(after):
        return False
    if match.group().endswith("대") and _value(match) in _AGES and _AGED.match(after) and not _DEVICES.search(before):
        return False
    is_one_in_a_line = unit == "items" and _value(match) == 1 and not (block and block.column)
    if kind == "announcement" and is_one_in_a_line and not _GIVEN.search(after[:20]):
        # What each applicant makes or has: 시제품 1종, 판매 실적 1건.
        return False
    if unit == "teams" and _DEPARTMENT.search(before[-1:] + match.group()):
        return False
    near = before[-16:] + "◇" + after[:16]
    if kind == "announcement" and block is not None and not doc.is_fact_of_call(match.start()):
        if {"background", "history"} & set(block.sections):
            return bool(_REPORTED.match(after))
        # Of the rules of selection only how many are selected is a fact.
        is_selection = "evaluation" in (*block.sections, doc.sections.at(match.start()))
        return is_selection and unit in ("teams", "projects", "companies") and "선정" in near
    if kind == "announcement" and block is not None and _is_all_of_cell(match, block):
        return True
    if kind in _PROSE:
        return _is_programme_count(before, after)
    labelled = block is not None and bool({"count", "budget", "award"} & set(block.sections))
    alone = unit != "items" and _OPENED.search(before) and _CLOSED.match(after)
    if alone and (block is None or not {"target", "contact", "method"} & set(block.sections)):
        return bool(labelled or not _CONSORTIUM.search(before))
    return labelled or bool(words.done.search(before + "◇" + after))


def _is_all_of_cell(match: re.Match[str], block: Block) -> bool:
    """Return whether a block, mostly a cell of a table, holds nothing but a count."""
    is_first = bool(block.column) and match.start() == block.start
    return len(block.text) <= _CELL or (
        is_first and bool(_REST_OF_CELL.fullmatch(block.text, match.end() - block.start))
    )


def _is_programme_count(before: str, after: str) -> bool:
    """Return whether a count in prose is about the programme, not a size class, an audience or a population."""
    words = _lexicon()
    near = _CLAUSE_BEFORE.split(before[-_NEAR:])[-1]
    is_hired = _STAFF.search(near) and _HIRED.match(after)
    if (words.passed_by.search(near) and not is_hired) or words.passed_by_after.match(after):
        return False
    if _OF_WORLD.search(before) and _SOME_OF.match(after):
        return False
    return bool(_SIZE.search(before)) or not _has_fallen(before, after)


def _has_fallen(before: str, after: str) -> bool:
    """Return whether a count is what something fell from or to: 민원이 163건에서 58건으로 64% 줄었다."""
    return bool(_FELL.match(after) or (_FELL_TO.match(after) and _BEFORE_FALL.search(before)))


def _after_nouns(doc: Doc) -> Iterator[Count]:
    """Yield counts that follow what they count: 프로젝트를 올해 30개 이상 추가 선정."""
    for pattern in (_LABELLED, _NOUN_FIRST):
        for match in pattern.finditer(doc.text):
            before = doc.text[max(0, match.start("n") - _AROUND) : match.start("n")]
            is_world = _OF_WORLD.search(before) and _SOME_OF.match(doc.text, match.end())
            if doc.is_fact(match.start()) and not is_world:
                value = _number(match["n"]) * _SCALES.get(match.groupdict().get("scale") or "", 1)
                yield Count(match.start("n"), match.end("n"), value, _NOUNS[match["noun"]])
    for shares in _SHARES.finditer(doc.text) if "개)" in doc.text else ():
        for match in _SHARE.finditer(doc.text, shares.start(), shares.end()):
            yield Count(match.start("n"), match.end("n") + 1, _number(match["n"]), _NOUNS[shares["noun"]])
    for match in (found for pattern in _JOBS for found in pattern.finditer(doc.text)):
        yield Count(match.start(1), match.end(1), int(match[1].replace(",", "")), "people")
    for match in _FIRMS_ARE.finditer(doc.text):
        if doc.is_fact(match.start()):
            yield Count(match.start("n"), match.end("n") + 1, _number(match["n"]), "companies")


def _programmes(doc: Doc) -> Iterator[Count]:
    for match in _PROGRAMMES.finditer(doc.text):
        if _is_programme_count(doc.text[max(0, match.start() - _NEAR) : match.start()], ""):
            yield Count(match.start("n"), match.end("n") + 1, _number(match["n"]), "projects")


def _of_them(doc: Doc, counts: list[Count]) -> Iterator[Count]:
    """Yield counts of a part of what was counted just before."""
    for match in _OF_THEM.finditer(doc.text):
        before = [count for count in counts if match.start() - _REACH < count.end <= match.start()]
        if before and doc.is_fact(match.start()):
            unit = max(before, key=lambda count: count.end).unit
            yield Count(match.start("n"), match.end("n") + 1, _number(match["n"]), unit)


def _parts_of(doc: Doc, count: Count) -> list[Count]:
    """Return the counts in brackets behind a count that add up to it, without what they count."""
    opened = _MADE_OF.match(doc.text, count.end)
    if opened is None:
        return []
    closed = doc.text.index(")", opened.end())
    inside = doc.text[opened.end() : min(closed, opened.end() + _LONGEST_OF_PARTS)]
    parts = [
        Count(opened.end() + part.start("n"), opened.end() + part.end("n"), _number(part["n"]), count.unit)
        for part in _PART.finditer(inside)
    ]
    return parts if len(parts) > 1 and sum(part.value for part in parts) == count.value else []


def _in_columns(doc: Doc) -> Iterator[Count]:
    """Yield bare numbers of a table column whose header says what they count."""
    for block in doc.layout.blocks:
        match = _BARE.match(block.text) if block.column and block.is_fact else None
        if match:
            unit = next((n for n, words in _lexicon().columns.items() if words.search(block.column)), "")
            value = int(match[1].replace(",", ""))
            if unit and 0 < value < _MOST:
                yield Count(block.start, block.end, value, unit)
