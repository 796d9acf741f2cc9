"""Who may apply: age and size of companies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from gonggo.datafile import load_model
from gonggo.extract.doc import Doc, Span
from gonggo.extract.layout import Block
from gonggo.extract.lexicons import FOLDER
from gonggo.extract.record_types import Eligibility, Fact, Named

_SAYS_WHO = re.compile(
    r"대상으로|참여\s?가능|신청\s?가능|보유한|영위|많은\s?참여|대상\s?[:：]|누구나"
    r"|필수|[☞]|기업\s?[:：]"
)
# In prose: who a call is for, not whom a programme once served or a law protects.
_CALLS = re.compile(
    r"(?:대상으로|대상\s|누구나|부터).{0,60}(?:모집|공모|접수|신청|지원(?:한|하"
    r"|을|금))|(?:모집|공모|지원)\s?대상|(?:신청|지원|참가|참여|응모)\s?자격"
    r"|(?:신청|지원|참가|참여|응모)(?:할\s수\s있|이?\s?가능)|(?:참여|참가|함께)할\s[^.]{0,30}모집|(?:이|가)\s대상이다|^\W{0,3}대상\s?[:：]"
)
_LEAD_CHARACTERS = 700
# A table of shares of cost names sizes without admitting anyone.
_RATE_COLUMN = re.compile(r"비율|비중|부담|배점|서류|한도|기준")
# Companies of any size, in a list of who may apply; the shares of cost by size then show which sizes.
_COMPANIES = re.compile(r"(?<![가-힣])(?:기업|영리\s?(?:기관|기업|법인)|회사)(?=\s?(?:[,/·ㆍ()]|및\s|또는\s|등|$))")
# A statute that admits every company: 「상법」 제169조에 따른 회사.
_BY_STATUTE = re.compile(r"「상법」[^.\n]{0,12}회사")
# Every organisation that the act on research admits, or anybody; the shares of cost then show whom that means.
_ANY_ORGANISATION = re.compile(
    r"혁신법(?:[｣」](?:\s?\(.{1,12}\))?)?\s?제\s?2조|(?:신청|참여)?\s?자격\s?제한\s?(?:은\s)?없|^\W{0,3}제한\s?없음"
)
# Who is excepted from a condition, and a note that says at its end who may not apply. A line that is no note names
# first who may: 중소기업, 휴업 기업은 제외.
_EXCEPTED = re.compile(r"(?:(?!\s중\s)[^.,(\n]){0,12}(?:예외|제외|면제)")
_NOTE = re.compile(r"[\s\-·○ㅇ•]{0,6}(?:[※*＊]|단[,\s]|다만)")
_SHUT_OUT = re.compile(r"[^\n.(/]{0,80}(?:제외|불가|제한)(?:함|됨|합니다)?\W*$")
_ADMITTED = re.compile(r"가능|대상(?!에서)|하되|하며|,\s?단\s")
# A call for organisations: the persons whom it names are those whom they teach or employ.
_FOR_ORGANISATIONS = re.compile(r"(?:기업|기관|학교|대학|사업자|업체|컨소시엄)\s?(?:추가\s|재)?(?:모집|공모|선정)")
_HEADING = 50
_COMPANY_SIZES = ("small_medium", "midsize", "large", "startup", "micro")
_ORGANISATION_SIZES = (*_COMPANY_SIZES, "university", "institute")
_OF_STAFF = re.compile(r"책임자|채용|고용")
_SHARE = re.compile(r"\d\s?[%％]|100\s?분의\s?\d")
_COST = re.compile(r"부담|(?:사업|연구(?:개발)?)비|(?:지원|출연|보조)금")
_NO_COST = re.compile(r"기술료|수익|매출|가점|배점|인건비")


class _Lexicon(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sizes: dict[str, re.Pattern[str]]
    age: re.Pattern[str]
    excluded: re.Pattern[str] = Field(alias="not")


@cache
def _lexicon() -> _Lexicon:
    return load_model(FOLDER / "eligibility.yaml", _Lexicon)


def find(doc: Doc, kind: str = "announcement") -> Eligibility:
    """Return the largest age and the sizes of companies that may apply."""
    lexicon = _lexicon()
    sizes: dict[str, Named] = {}
    age: Fact[int] | None = None
    any_company = every_company = any_organisation = False
    for span in _spans(doc, kind):
        any_company = any_company or bool(_COMPANIES.search(span.text))
        every_company = every_company or bool(_BY_STATUTE.search(span.text))
        any_organisation = any_organisation or bool(_ANY_ORGANISATION.search(span.text))
        match = lexicon.age.search(span.text)
        match = None if match and _EXCEPTED.match(span.text, match.end()) else match
        if match and age is None:
            value = int(match[1] or match[2])
            age = Fact(value, doc.span(span.start + match.start(), span.start + match.end()).evidence())
        for name, words in lexicon.sizes.items():
            for hit in words.finditer(span.text):
                if name not in sizes and not _is_excluded(span.text, hit):
                    evidence = doc.span(span.start + hit.start(), span.start + hit.end()).evidence()
                    sizes[name] = Named(name, evidence)
    if kind == "announcement" and len(sizes) > 1 and _FOR_ORGANISATIONS.search(doc.fields.get("title", "")):
        sizes.pop("individual", None)
    any_company = any_company and not any(name in sizes for name in _COMPANY_SIZES)
    if kind == "announcement" and (every_company or any_company):
        sizes = {**_by_shares(doc, _COMPANY_SIZES), **sizes}
    if kind == "announcement" and (any_organisation or not sizes):
        sizes = {**_by_shares(doc, _ORGANISATION_SIZES), **sizes}
    return Eligibility(age, list(sizes.values()))


def _by_shares(doc: Doc, names: Sequence[str]) -> dict[str, Named]:
    """Return which of some sizes bear a share of the cost according to a table or its heading."""
    sizes: dict[str, Named] = {}
    for block in doc.layout.blocks:
        for start, words in _of_shares(doc, block):
            for name in names:
                hit = _lexicon().sizes[name].search(words)
                if hit:
                    evidence = doc.span(start + hit.start(), start + hit.end()).evidence()
                    sizes.setdefault(name, Named(name, evidence))
    return sizes


def _of_shares(doc: Doc, block: Block) -> Iterator[tuple[int, str]]:
    """Yield the positions of sizes above shares of cost: in headers of a cell, or in a heading with several sizes."""
    if not block.column and len(block.text) <= _HEADING and _COST.search(block.text):
        if sum(bool(_lexicon().sizes[name].search(block.text)) for name in _COMPANY_SIZES) > 1:
            yield block.start, block.text
        return
    about = f"{block.caption} {block.column_group} {block.column} {block.row} {block.text}"
    if _SHARE.search(block.text) and _COST.search(about) and not _NO_COST.search(about):
        for head in filter(None, (block.row, block.column)):
            at = doc.text.rfind(head, 0, block.start)
            if at >= 0:
                yield at, head


def _spans(doc: Doc, kind: str) -> Iterator[Span]:
    """Yield where a text says who may apply: under a label for it, in a lead, or in prose about the target group."""
    if kind != "announcement":
        for sentence in doc.clauses:
            if _CALLS.search(sentence.text):
                yield sentence
        return
    labelled = bool(doc.layout.named("target"))
    of_shares = {head for block in doc.layout.blocks if block.column for _, head in _of_shares(doc, block)}
    for block in doc.layout.blocks:
        sections = set(block.sections)
        if not block.is_fact or _RATE_COLUMN.search(block.column) or (block.column and block.text in of_shares):
            continue
        if (
            "target" in sections
            or (not labelled and (not doc.layout.items or block.start < _LEAD_CHARACTERS))
            or (block.start < _LEAD_CHARACTERS and _SAYS_WHO.search(block.text))
        ):
            yield doc.span(block.start, block.end)


def _is_excluded(text: str, hit: re.Match[str]) -> bool:
    """Return whether the words right after a size (or a few before it) exclude it or are about something else.

    A condition for those who carry out a project (책임자는 … 재직자) or are hired by it is not about applicants.
    """
    sentence = text[max(text.rfind("\n", 0, hit.start()), text.rfind(". ", 0, hit.start())) + 1 : hit.end() + 22]
    if _OF_STAFF.search(sentence):
        return True
    line, line_end = text.rfind("\n", 0, hit.start()) + 1, text.find("\n", hit.end())
    rest = text[hit.end() : line_end if line_end >= 0 else len(text)]
    if _NOTE.match(text, line) and _SHUT_OUT.fullmatch(rest) and not _ADMITTED.search(rest):
        return True
    after = re.split(r"[,.(;]", text[hit.end() : hit.end() + 22])[0]
    return bool(_lexicon().excluded.search(after[:8]) or re.search(r"제외|불가|제한|해당하지|아닌", after))
