"""Amounts of money in won, and their roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.extract import budget_reports, won
from gonggo.extract.doc import Doc
from gonggo.extract.layout import Block, Layout, begins_cell, is_in_row
from gonggo.extract.lexicons import FOLDER
from gonggo.extract.record_types import Amount, TextEvidence

_NUM = r"\d[\d,]{0,15}(?:\.\d{1,4})?"
_UNITS = {"십억": 1e9, "억": 1e8, "천만": 1e7, "백만": 1e6, "만": 1e4, "천": 1e3}
_SCALED = "|".join(_UNITS)
# Where a number may begin: at a digit that goes on no other number, or at a figure in letters.
_FIRST = re.compile(r"[\d일이삼사오육칠팔구천백십](?:(?<=\d)(?<!\d\d)(?<!\d[.,]\d)|(?<!\d)(?=[십백천만억]|[^\S\n]?원))")
# A number that is no sum whatever stands around it: it has no unit, no 원 and no sign of won, and begins no range.
_NO_SUM = re.compile(
    r"(?<![₩￦\\W])(?<![₩￦\\W]\s)(?P<n>(?:\d{1,16}|\d{1,3}(?:,\d{3}){1,5})(?:\.\d{1,4})?)(?:[.,](?![\d,.])"
    r"|(?![\d,.]|여?[^\S\n]{0,2}[십백천만억조원]|\s?원|여?\s?(?:[~∼～〜–-]|내지|에서)|\s?KRW))"
)
_UNIT_BEFORE = re.compile(r"단위\s?[:：]?\s?$")
_TO = re.compile(r"여?\s?(?:[~∼～〜–-]|내지|에서)\s?")
_FOREIGN = re.compile(
    r"\s?(?:달러|불(?![가-힣])|유로|위안|엔(?![가-힣])|파운드|크로네|NOK|USD|US\$|EUR|JPY|CNY|[$€£¥])"
)
_FOREIGN_BEFORE = re.compile(r"(?:[$€£¥]|USD|EUR|JPY|CNY)\s?$")
_WON_BEFORE = re.compile(r"(?:[₩￦]|(?<![A-Za-z])KRW|\\)\s?$")
_WON_AFTER = re.compile(r"\s?KRW(?![A-Za-z])")
_CONVERTED = re.compile(r"(?:달러|유로|위안|엔|파운드)\s?\(\s?(?:약\s?)?(?:한화\s?)?(?:약\s?)?$")
# What a figure in letters may be glued to: it begins a word of its own otherwise.
_GLUED = re.compile(
    r"(?:^|[^가-힣]|일금|(?<![가-힣])금|(?:상|지원|장려|격려)금|최대|최고|최소|평균|[가-힣]당|총|약|각)\s?$"
)
# A unit without a figure (천만 원) is a sum only right after one of these; else it names the unit of others.
_COUNTED_ONCE = re.compile(r"(?:금|최대|최고|최소|평균|총|약|각|당|씩)\s?$")
_BARE = re.compile(
    rf"(?P<word>국비|지방비|도비|시비|군비|구비|민자|민간|자부담|참여기업|기타|(?<![가-힣])[가-힣]{{2,3}}[시군])[^\S\n]*(?P<n>{_NUM})"
    rf"(?:(?P<thousands>천)(?=[,)·\s]))?(?!,?\d|\s?[\d%％억만천원조백년월일개명.])"
)
_LABELLED = re.compile(
    r"(?:금액|예산|사업비|지원금|지원액|시상금|상금|국비|지방비|도비|시비|군비|구비|민자|자부담|출연금|보조금|총액|단가)"
    rf"(?:\([^\s()]{{1,8}}\))?\s?\((?:단위\s?[:：]?\s?)?(?P<unit>{_SCALED})\s?원[^()\n]{{0,12}}\)\s?[:：]?\s?"
    rf"(?:약|총|최대|각)?\s?(?P<n>{_NUM})(?!\s?[\d%％억만천원조백년월개명.])"
)
_CELL = re.compile(
    rf"(?:최대|약|총|각)?\s?(?P<low>{_NUM})(?:\s?[~∼～-]\s?(?P<high>{_NUM}))?\s?(?:이내|내외|이하|한도)?"
)
_MONEY_HEAD = re.compile(
    r"금액|예산|사업비|지원금|시상금|상금|국비|지방비|도비|시비|군비|구비|민자|자부담|합계|규모|총액|지원액|단가"
    r"|(?:민간|기업|자체)\s?부담금"
)
# Heads that are of money only as the whole head of a column beside one of a funding source.
_MONEY_COLUMN = re.compile(r"\s*+(?:계|[소총합]\s?계|민간|지방|지자체|시[·ㆍ‧․/]?[도군]|기금)\s*+(?:\(|$)")
# What is counted in a table of sums and is no sum.
_COUNT_HEAD = re.compile(
    r"(?:과제|기업|인원|업체|팀|건|명|개소|대상자?)\s?수(?:\(|$)|인원|비율|비중|기간|연번|순번|[%％]"
    r"|\((?:개|건|명|팀|개사)\)"
)
_BEFORE, _AFTER, _GRANTED, _PAIR = 40, 14, 24, 16
_NEAR_CELLS, _NEAR_ROWS = 8, 24
# Which level of local government pays a sum, right before it; so near to each other two sums are of one programme.
_PAYER, _BESIDE_PAYER = re.compile(r"(도비|시비|군비|구비|시[·ㆍ‧․/]?군비|지방비)\s?[:：]?\s?(?:약\s?|각\s?)?$"), 40
_NEAR_MARKET = 20
_LEAST = 10_000


class _Lexicon(BaseModel):
    model_config = ConfigDict(extra="forbid")
    funding_source: dict[str, re.Pattern[str]]
    funding_source_head: dict[str, re.Pattern[str]]
    other: re.Pattern[str]
    each: re.Pattern[str]
    given_to: re.Pattern[str]
    given_each: re.Pattern[str]
    granted: re.Pattern[str]
    other_after: re.Pattern[str]
    invested: re.Pattern[str]
    public: re.Pattern[str]
    saved: re.Pattern[str]
    saved_cost: re.Pattern[str]
    local_payer: re.Pattern[str]
    no_government: re.Pattern[str]
    private_payer: re.Pattern[str]
    national_column: re.Pattern[str]
    private_column: re.Pattern[str]
    year_column: re.Pattern[str]
    paid_after: re.Pattern[str]
    local_beside: re.Pattern[str]
    paid_by: dict[str, re.Pattern[str]]
    own_budget: dict[str, re.Pattern[str]]
    attracted: re.Pattern[str]
    national_payer: re.Pattern[str]
    payer: dict[str, re.Pattern[str]]
    no_payer: re.Pattern[str]
    receives: re.Pattern[str]
    chosen: re.Pattern[str]
    is_given: re.Pattern[str]
    received: re.Pattern[str]
    private_beside: re.Pattern[str]
    called_whole: re.Pattern[str]
    whole_after: re.Pattern[str]
    market: re.Pattern[str]
    own: re.Pattern[str]
    own_after: re.Pattern[str]
    pays: re.Pattern[str]
    ceiling_before: re.Pattern[str]
    ceiling_after: re.Pattern[str]
    fixed: re.Pattern[str]
    annual: re.Pattern[str]
    annual_after: re.Pattern[str]
    total: re.Pattern[str]
    nothing: re.Pattern[str]
    threshold_after: re.Pattern[str]
    worked: re.Pattern[str]
    counted: re.Pattern[str]
    worth_before: re.Pattern[str]
    worth_after: re.Pattern[str]
    given_before: re.Pattern[str]
    given_after: re.Pattern[str]
    articles: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    return load_model(FOLDER / "money.yaml", _Lexicon)


class Sum(NamedTuple):
    """A sum of money and its position; ``krw`` is in won, ``funding_source`` is set if its own words name it.

    ``scale`` is the unit of its first figure; ``range_end`` is the end of the range of which it is the lower end.
    """

    start: int
    end: int
    krw: int
    funding_source: str = ""
    scale: float = 1.0
    range_end: int = 0

    @property
    def after(self) -> int:
        """Return the offset from which words about the sum begin."""
        return max(self.end, self.range_end)


def find(doc: Doc, kind: str = "article") -> list[Amount]:
    """Return each different amount with its role, in text order."""
    return distinct(doc, statements(doc, kind))


def statements(doc: Doc, kind: str) -> list[Amount]:
    """Return every statement of an amount with its role there, in text order."""
    stated: list[Amount] = []
    last: tuple[int, str] = (0, "")
    for amount in sorted({*scan(doc.text), *_in_tables(doc), *_in_spaced_rows(doc)}):
        if not _funds(doc, amount, kind):
            continue
        shared = _shared(doc.text, amount)
        role = amount.funding_source or _continued(doc, amount, last) or _role(doc, amount, kind)
        if kind != "announcement":
            role = _role_in_report(doc, amount, role)
        last = (amount.after, role)
        evidence = doc.span(amount.start, amount.end).evidence()
        stated += [Amount(krw=amount.krw, role=each, evidence=evidence) for each in shared or (role,)]
    return stated


def _shared(text: str, amount: Sum) -> tuple[str, ...]:
    """Return the funding sources that are named together before a sum and pay it together; none if there are no such.

    Both give 국비와 도비 각각 30억 원; of 국비와 도비 각각 30억 원과 20억 원 each gives one.
    """
    pair = _EACH_OF_TWO.search(text, max(0, amount.start - _PAIR_BEFORE), amount.start)
    named = (_source_named(pair["one"]), _source_named(pair["other"])) if pair else ("", "")
    if pair is None or not all(named) or named[0] == named[1]:
        return ()
    if pair["first"]:
        return named[1:]
    return named[:1] if _AND_SUM.match(text, amount.after) else named


def _source_named(word: str) -> str:
    """Return the funding source that a word names, or an empty text."""
    return next((role for role, words in _lexicon().funding_source.items() if words.fullmatch(word)), "")


def distinct(doc: Doc, stated: list[Amount]) -> list[Amount]:
    """Return each different amount of some statements, with its most specific role."""
    by_krw: dict[int, list[Amount]] = {}
    for amount in stated:
        alike = by_krw.setdefault(amount.krw, [])
        if all(
            entry.role != amount.role or _in_another_cell(doc, entry, amount) or is_paid_by_another(doc, entry, amount)
            for entry in alike
        ):
            alike.append(amount)
    amounts = [entry for alike in by_krw.values() for entry in _deduplicated(doc, alike)]
    return sorted(amounts, key=_start_of)


def _start_of(entry: Amount) -> int:
    assert isinstance(entry.evidence, TextEvidence)
    return entry.evidence.start


def parse(text: str) -> int | None:
    """Return the won of a text that is exactly one amount, else None."""
    bare = text.strip()
    number = won.read(bare, 0)
    whole = number is not None and number.end == len(bare) and (number.is_won or number.unit in ("억", "조"))
    return number.value if number and whole and number.value >= _LEAST else None


def scan(text: str) -> Iterator[Sum]:
    """Yield sums with units, both ends of ranges, and bare numbers with the unit of a label or of the preceding sum."""
    scale, where = 0.0, 0
    candidates: list[Sum | re.Match[str]] = [*_written(text), *_labelled(text), *_BARE.finditer(text)]
    for candidate in sorted(candidates, key=_start):
        if isinstance(candidate, Sum):
            scale, where = candidate.scale, candidate.after
            yield candidate
        elif scale and 0 <= candidate.start() - where < 60 and "\n" not in text[where : candidate.start()]:
            is_local = candidate["word"][-1] in "시군"
            role = "local" if is_local else _source_named(candidate["word"]) or "private"
            # 2억 원(국비 1억4천, 군비 6천): thousands of 만.
            unit = _UNITS["천만"] if candidate["thousands"] else scale
            krw = round((won.figure(candidate["n"]) or 0) * unit)
            if krw >= _LEAST:
                yield Sum(candidate.start(), candidate.end(), krw, role)


def _start(candidate: Sum | re.Match[str]) -> int:
    return candidate.start if isinstance(candidate, Sum) else candidate.start()


def _labelled(text: str) -> Iterator[Sum]:
    """Yield numbers after a label with their unit: 사업비(백만원) : 300."""
    for match in _LABELLED.finditer(text):
        krw = round((won.figure(match["n"]) or 0) * _UNITS[match["unit"]])
        if krw >= _LEAST:
            yield Sum(match.start("n"), match.end("n"), krw, scale=_UNITS[match["unit"]])


def _written(text: str) -> Iterator[Sum]:
    """Yield sums with a unit of their own, and the lower ends of ranges, which may share that of the upper end."""
    at = 0
    while first := _FIRST.search(text, at):
        # Most numbers are days, times and telephone numbers.
        if no_sum := _NO_SUM.match(text, first.start()):
            at = no_sum.end("n")
            continue
        number = won.read(text, first.start())
        if number is None:
            at = first.end()
            continue
        at = number.end
        to = _TO.match(text, number.end)
        upper = won.read(text, to.end()) if to else None
        if upper and _is_money(text, upper, number.start):
            low = _lower(number, upper)
            if low >= _LEAST:
                yield Sum(number.start, upper.end, low, scale=number.scale, range_end=upper.end)
            yield Sum(upper.start, upper.end, upper.value, scale=_scale_of(upper))
            at = upper.end
        elif _is_money(text, number, number.start):
            yield Sum(number.start, number.end, number.value, scale=_scale_of(number))


def _lower(low: won.Number, high: won.Number) -> int:
    """Return the lower end of a range, in its own unit or that of the upper end; 0 if that is not a range."""
    if low.is_won or low.unit in ("억", "조"):
        return low.value  # 42억원에서 9억원으로: it stands by itself
    if low.unit:
        return low.value if low.value < high.value else 0
    big = won.BIG.get(high.unit, 1)
    # 1~2천억 shares 천억, 500~2천만 shares 만, 5천~1억 is said for 5천만.
    shared = (big, 10_000) if low.scale > 1 else (high.scale, big)
    return next((low.value * scale for scale in shared if high.value / 100 <= low.value * scale < high.value), 0)


def _scale_of(number: won.Number) -> float:
    """Return the unit of bare numbers beside a sum, in won: those of 1조 2천억(국비 5,000) count in 억."""
    return 1e8 if number.unit == "조" and number.value % 10**12 else number.scale


def _is_money(text: str, number: won.Number, start: int) -> bool:
    """Return whether a number is a sum of won: by 원, the sign ₩, or the words around it.

    Counts of things and articles of laws are not. ``start`` is the beginning of the range of which the number is the
    upper end.
    """
    words = _lexicon()
    before, after = text[max(0, start - 30) : start].rsplit("\n", 1)[-1], text[number.end : number.end + 16]
    if _UNIT_BEFORE.search(before):
        return False  # what the numbers of a table count in: (단위: 10만원)
    if number.value < _LEAST or _FOREIGN.match(after) or _FOREIGN_BEFORE.search(before) or _CONVERTED.search(before):
        return False
    if number.is_bare:
        return number.is_won and bool(_COUNTED_ONCE.search(before))
    if number.is_spelt and not _GLUED.search(before):
        return False
    if number.is_won or _WON_BEFORE.search(before) or _WON_AFTER.match(after):
        return True
    if not number.unit or words.counted.match(after):
        return False
    if number.unit == "만" or number.is_spelt:
        return bool(words.given_before.search(before) and words.given_after.match(after))
    if number.unit == "조" and "억" not in text[number.start : number.end]:
        if words.articles.search(before):
            return False
        return bool(words.worth_before.search(before) or words.worth_after.match(after))
    return True


# So many times a sum: 6개사 × 30백만원.
_TIMES = re.compile(r"\d\s?(?:개\s?)?(?:사|과제|팀|명|기관|건|개소|곳|기업|개월)?\s?[×xX*]\s?$")
# What is spent at most is all that is spent: 최대 1,400억 원의 정부 출자금을 투입한다.
_SPENT = re.compile(r"(?:을|를|이|의\s[가-힣\s]{2,10}(?:을|를))\s(?:[가-힣]{1,6}\s)?(?:투입|출자|들여|들인|쏟|쓴다)")
# What ends the reach of the words of a year: 올해 신설된 이 사업 예산은 10억원.
_DESCRIBED = re.compile(r"(?:기획|신설|시작|출범|도입|추가|선정|지정)(?:된|한)\s")
# A year's sum after another's: ’26년 26억원, ’27년 26억원.
_NEXT_YEAR = re.compile(r"\s?(?:이내)?,?\s?(?:<br>)?\s?(?:20|[’'‘`´])\d{2}년도?\s?")
# Who pays, in a list of those who do: 도비 60억원, 전주시 45억원; 민간 650억원.
_NEXT_PAYER = re.compile(r"\s?여?\s?원?(?:을|를)?(?:,|과|와|에|·|/)\s?(?P<who>[가-힣A-Za-z㈜]{1,12})\s(?:약\s|총\s)?")
# The first of them, and who a share is of: 재원은 경기도 180억원, 한전 부담 22억원, 도 출자금 18억원.
_FIRST_PAYER = re.compile(r"재원(?:은|는|으로)\s(?P<who>[가-힣]{1,12})\s(?:약\s|총\s)?$")
# What was given back, if it is not all of the money of a programme: 남은 9억 원을 돌려줬다.
_RETURNED = re.compile(r"\s?여?\s?원?(?:을|를|만|은|이)\s(?:[가-힣]{2}\s)?(?:돌려[주줬받]|반납|환수|회수|반환)")
_GRANT = re.compile(r"(?:사업비|예산|국비|시비|도비|지원금|보조금)\s(?:약\s|총\s)?$")
# Each in brackets behind the whole: 48억 원(정부 40억 원, 민간 8억 원).
_PAYER_IN_BRACKETS = re.compile(r"[(,]\s?(?P<who>정부|국가|민간|지자체|(?:참여)?기업)\s(?:약\s)?$")
_OF_PRIVATE = re.compile(r"민간에서는\s(?:[가-힣A-Za-z]{2,10}\s)?(?:약\s)?$")
_SHARE_OF = re.compile(
    r"(?:^|[\s,(])(?P<who>[가-힣A-Za-z㈜]{1,12})\s(?:부담|분담|출자|출연)(?:금|액|분)?[은는이가]?\s?[:：]?\s?(?:약\s|총\s)?$"
)
_SECOND = re.compile(r"에서\s{0,2}|(?:과|와)\s")
# What was got of what was asked for, of the same source: 국비로 1,205억원을 신청했으나, 426억원을 확보하는 데.
_ASKED_FOR = re.compile(
    r"(?:을|를)?\s(?:신청|요청|요구|건의)(?:했|하였)(?:으나|지만|는데|고),?\s(?:[가-힣]{1,6}\s){0,3}(?:약\s)?"
)
# The sum of the year before that the one just stated is compared with.
_THAN_BEFORE = re.compile(r"[^.\d\n]{0,24}[.,]\s(?:이는\s)?(?:올해|지난해|작년|전년)(?:도)?\s(?:예산\s)?")
_PART = re.compile(r"[가-힣]{0,6}[.,]?\s{0,2}(?:이|그)\s?(?:가운데|중)\s(?:[가-힣]{2,6}\s)?")
# Of the budget of a year: 올해 예산 29억원 가운데 6억원만 썼다; 예산은 35억원이며 이 중 AI 과정이 21억원이다.
_OF_WHICH = re.compile(
    r"\s?여?\s?원?(?:이며|으로|인데)?,?\s?(?:이\s)?(?:가운데|중)\s(?:[가-힣A-Za-z]{1,8}\s){0,3}(?:약\s)?"
)
_BUDGETED, _NEAR_BUDGET = re.compile(r"예산|편성"), 30
# A further item of what is in the budget of a year: 내년 예산안에는 개발형 8억원, 활용형 9억원이 담겼다.
_NEXT_ITEM = re.compile(r"\s?여?\s?원?(?:과|와)?,?\s(?:[가-힣A-Za-z·]{2,10}\s){1,3}")
# The same of another year, in brackets: 매출 18억원(2024년 14억원).
_IN_ANOTHER_YEAR = re.compile(r"\s?여?\s?원?\s?\((?:20\d\d년|지난해|작년|전년)\s?")
# The year whose money it is, right before a sum in prose, and in brackets behind the whole.
_OF_YEAR = re.compile(r"(?<!\d)20\d{2}년(?:도)?(?:에|에는|에도|에만|은|는|엔)?\s(?:도\s)?$")
_YEAR_IN_BRACKETS = re.compile(
    r"\((?:(?:20|[’'‘`´])?\d{2}년도?|올해|내년|지난해|작년|전년도?)\s?$|(?:올해|내년|지난해|작년|전년)\(\s?(?:약\s)?$"
)
# A head of a list, or of what follows, that says the year: < 2026년 지역별 내용 >, ○ 2차년도 계획.
_HEAD_OF_YEAR = re.compile(r"[<〈\[【].{0,4}(?:20\d{2}년|올해|내년).{0,30}[>〉\]】]|\W{0,4}\d\s?차\s?년도.{0,30}")
_HEADS_ABOVE = 12
_OF_SOURCE = re.compile(r"\s?(?:규모|가량|정도)?의\s")
# Before a sum, in its sentence: 전액 시비로 짓는 이 센터에는 20억 원이 든다.
_PAID_WHOLLY = re.compile(r"전액\s(?P<source>[가-힣]{2}(?:\s?(?:자본|투자))?)(?:을|로|으로|이며|이고)\s")
# What the sum right before it is: 70억원 국비 지원, 70억원 국비를.
_SOURCE_AFTER_SUM = re.compile(
    r"\s(?P<source>[가-힣]{2,3}?)(?:[을를이가도은는]\s(?!\d)|\s(?:지원|확보|투입|반영|배정))"
)
# 지난해보다 3억 원 늘어난: no sum of its own.
_COMPARED = re.compile(
    r"(?:(?:지난해|작년|전년|올해)(?:보다|\s?대비)?\s?)?\d[\d,.]*\s?[조억만천\s\d,.]*원?\s?(?:가량\s|정도\s)?(?:늘어난|늘린|증가한|증액된|줄어든|줄인|감소한|많은|적은)\s"
)
# Each gets so much: 11억원씩 지원받고.
_EACH_GETS = re.compile(r"\s?씩(?:을|의)?\s(?:[가-힣]{1,4}\s){0,2}(?:지원|받|지급|준다|배정|투입)")
_SUBJECT = re.compile(r"[가-힣A-Za-z)](?:은|는|이|가)\s")
# In a report on money asked of the state, a sum that is; in one on money it gave, an item; and what only a whole has.
_ASKED_SUM = re.compile(r"(?:요구|요청|건의|신청)\s?액(?:은|이)?\s(?:약\s)?$")
_ASKED_AFTER = re.compile(r"\s?원?(?:을|를)\s(?:[가-힣]{1,4}\s)?(?:요청|건의|신청|요구)")
_WITH_TOTAL = re.compile(r"\s?원?\s?[(（]\s?총\s?(?:사업비|예산|규모)")
_ALLOTTED = re.compile(r"\s?여?\s?원?[을이]\s(?:[가-힣]{1,4}\s)?(?:배정|반영)(?:됐|되|돼|했|된)")
_ITEM_OF_BUDGET = re.compile(
    r"(?:[▷▶△▲▪■☞]|^\s{0,4}[-·ㅇ○•◦])\s?[^▷▶△▲\d()\n]{2,40}\s$|[가-힣A-Za-z’”]에(?:는)?\s(?:모두\s|총\s)?$"
    # With its sum in brackets: △ 가람 AI 센터 구축(20억 원).
    r"|[▷▶△▲▪■☞]\s?(?:[^▷▶△▲()\n]|\([^()\d\n]{1,12}\)){2,40}\(\s?$"
)
_THAN_AFTER = re.compile(r"\s?여?\s?원?(?:보다|\s대비|에\s비해)")
_TOTAL_LABEL = re.compile(r"총\s?사업비|사업비|규모|국비|시비|도비|군비|지방비|민자|투자|효과")
# What all of them are given together; what each is given in several years is no such sum.
_OF_ALL = re.compile(r"(?<!년간\s)(?<!동안\s)(?:총|모두)\s(?:약\s|[가-힣]{2,5}\s)?$")
# The budget of a year that becomes another: 예산은 42억원에서 187억원으로.
_BUDGET_IS = re.compile(r"예산(?:은|이|을)\s(?:약\s)?$")
_FROM = re.compile(r"\d[\d,.조억만천 ]{0,14}원?에서\s(?:[가-힣]{2}\s)?\d")
# What a budget was turned into, which only budgets are: 34억원에서 12억원으로 깎였다.
_CUT = r"(?:깎|삭감|감액|증액|반토막|쪼그라|내려앉|불었|불어|올[렸려]|늘|줄)"
_SUM_TEXT = r"\d[\d,.조억만천 ]{0,14}원?"
_TURNED = re.compile(rf"{_SUM_TEXT}에서\s(?:[가-힣]{{2}}\s)?{_SUM_TEXT}으로\s(?:[가-힣]{{1,4}}\s)?{_CUT}")
_INTO = re.compile(rf"{_SUM_TEXT}에서\s(?:[가-힣]{{2}}\s)?$")
_OF_WHOLE = re.compile(r"총\s?사업비|총액|규모|매출|투자|목표|수출|당초")
# The budget of a year that a sum is put in: 20억 원을 2027년 본예산안에 담았다.
_INTO_BUDGET = re.compile(
    r"\s?여?\s?원?(?:을|를|으로|은|이)?\s(?:20\d\d년도?|내년도?|올해)\s?(?:본|정부\s?|추경\s?|세출\s?)?예산안?에"
)
_WHOLE_SAID, _NEAR_WHOLE = re.compile(r"총\s|모두\s|전체"), 8
_PAST_YEAR = re.compile(r"20\d\d년(?!도)")
_SEVERAL_YEARS = re.compile(r"\d\s?(?:년간|개년|년\s동안)")
# A sentence about a year, and what is done with a sum in it: 올해는 이를 위해 80억 원의 예산이 투입된다.
_ABOUT_YEAR = re.compile(r"\W{0,3}(?:또\s|특히\s)?(?:올해|내년|금년|20\d{2}년)(?:도)?(?:은|는|에는|엔|에도)\s")
_IS_BUDGET = re.compile(
    r"\s?여?\s?원?(?:\s?(?:규모|가량|정도))?(?:의\s예산|[을를이가]\s(?:투입|편성|배정|들여|쓴다|반영))"
)
_SINCE_SUM = re.compile(r"원|[.;]\s|\d\s?[억만]")
# After a year it is no longer that year's money alone.
_YEARS = re.compile(r"(?:년도?|올해|내년|지난해|작년|월|말|초|반기)\s?(?:부터|까지|이후|이래)")
_EVERY_YEAR = re.compile(r"매년|해마다|연간|(?<![가-힣])연\s?$")
# One sum for each of two sources: 국비와 도비 각각 30억원.
_EACH_OF_TWO = re.compile(
    r"(?P<one>[가-힣]{2,6}?)(?:과|와|[·ㆍ‧・,/]|\s및)\s?(?P<other>[가-힣]{2,6}?)[을를가이에서]{0,2}\s?각각?\s"
    r"(?:약\s)?(?P<first>\d[\d,.조억만천 ]{0,14}원?(?:과|와|,)\s(?:약\s)?)?$"
)
_PAIR_BEFORE = 44
# The subject right before a sum, whatever is said of each before it: 업체당 100만원씩 300개사이며 예산은 3억원이다.
_WHOLE_BUDGET_IS = re.compile(
    r"(?<![가-힣]당\s)(?<![가-힣])(?:총\s?)?(?:예산|사업비|총액)(?:은|는)\s(?:약\s|모두\s|총\s)*$"
)
# Two sums, one for each of two that are named before: A와 B에 각각 5억원과 15억원을.
_RESPECTIVELY = re.compile(r"각각\s(?:약\s)?$")
_AND_SUM = re.compile(r"\s?여?\s?원?(?:과|와|,)\s(?:약\s)?\d")
_SUM = re.compile(r"\s?(?:합\s?계|총\s?계|계)$")
_SUM_COLUMN = re.compile(r"\s?(?:[총합]\s?)?계\s?(?:\(|$)")
# The sum of a part, over its column; all that is given in prizes.
_SUM_OF_PART, _ALL_PRIZES = (
    re.compile(r"\s?[가-힣]{2,4}별?\s(?:합계|소계)\s?"),
    re.compile(r"총\s?(?:시)?상금\s?(?:은|[:：])?\s?(?:약\s)?$"),
)
_UNIT_STATED = re.compile(
    rf"단위\s?[:：]?\s?(?:(?P<times>10{{1,2}})?(?P<unit>{_SCALED})\s?원|(?P<number>1[0,]{{1,11}})\s?원|원(?![가-힣]))"
)
# The unit of a head: 예산(백만원), 지원금 천원; not a sum in it, as 1억원 이하.
_UNIT_IN_HEAD = re.compile(rf"(?<![\d천백십])(?<!\d\s)(?P<unit>{_SCALED})\s?원|\((?P<short>{_SCALED})\)")
_UNIT_IN_BRACKETS = re.compile(rf"[(\[](?P<unit>{_SCALED})\s?원[^()\[\]\n]{{0,12}}[)\]]")


# What the head of a column of sums says besides whose money it is.
_ASIDE = re.compile(r"\([^()]*\)")
_SOURCE_ASIDE = re.compile(r"(?:예산|사업비|지원금|지원액|규모|금액)\s?\((?P<source>[가-힣]{2,4})\)$")
_WHICH = re.compile(r"^(?:\s|도(?=\s)|총|전체|연간|(?:분야|유형|과정|트랙|부문|지역|권역)별)+|\s?(?:규모|합계)$")
_TASK = re.compile(
    r"(?:과제|품목|주제|RFP)\s?(?:\([^()]*\)\s?)?(?:명|번호)|^(?:지정|공모|세부|대상|연구개발|연구)\s?과제(?:\s?\([^()]*\))?$"
)
_OF_TASK = re.compile(r"(?:정부\s?)?(?:예산|지원액|지원금|사업비|연구(?:개발)?비|출연금)(?:\s?(?:규모|내외))?")
_WHOLE_HEAD = re.compile(r"(?:총액?|[총합]?\s?계)?")

_LINE = re.compile(r"[^\n]+")
_YEAR_IN_CAPTION = re.compile(r"20\d{2}년|올해|내년|’\d{2}년")
_FEWEST_HEADS = 3
_FIGURE = re.compile(r"-(?=\s|$)|\d[\d,]*(?:\.\d+)?")
_SPACED_ROW = re.compile(
    r"\s*[가-힣A-Za-z][^\n|]*?(?P<figures>(?:\s+(?:-|\d[\d,]*(?:\.\d+)?)(?=\s|$)){2,})\s*(?P<notes>(?:\s[가-힣A-Za-z()]+){0,2})\s*"
)
_YEAR_COLUMN = re.compile(r"(?:20|[’'‘`])\d{2}\s?년?(?:도)?|\d\s?차\s?년도?")
_FEWEST_YEARS = 2
_YEAR_HEAD = re.compile(r"(?:20|[’'‘])?\d{2}년?")


def _in_tables(doc: Doc) -> Iterator[Sum]:
    """Yield bare numbers of a table whose column, row or caption states the unit."""
    caption = 0.0
    for block in doc.layout.blocks:
        if not block.column and not block.row:
            stated = _stated_scale(_UNIT_STATED, block.text) or _stated_scale(_UNIT_IN_BRACKETS, block.text)
            caption = stated or (caption if block.caption or begins_cell(doc.text, block.start) else 0.0)
            continue
        scale = _scale_of_cell(doc.layout, block, caption)
        match = _CELL.fullmatch(block.text) if scale else None
        for name in ("low", "high") if match else ():
            krw = round((won.figure(match[name] or "") or 0) * scale) if match else 0
            if match and krw >= _LEAST:
                yield Sum(block.start + match.start(name), block.start + match.end(name), krw, range_end=block.end)


def _in_spaced_rows(doc: Doc) -> Iterator[Sum]:
    """Yield numbers of a table whose columns are separated by spaces, below a caption that states the unit.

    The line under the caption has the headers of the columns; columns of words come after those of numbers.
    """
    lines = list(_LINE.finditer(doc.text)) if "단위" in doc.text else []
    for number, caption in enumerate(lines[:-2]):
        scale = 0.0 if caption[0].startswith("|") else _stated_scale(_UNIT_STATED, caption[0])
        heads = lines[number + 1][0].split() if scale else []
        if len(heads) < _FEWEST_HEADS:
            continue
        for line in lines[number + 2 :]:
            row = _SPACED_ROW.fullmatch(line[0])
            columns = heads[1 : len(heads) - len(row["notes"].split())] if row else []
            figures = list(_FIGURE.finditer(line[0], row.start("figures"), row.end("figures"))) if row else []
            if not row or len(figures) != len(columns):
                break
            for head, figure in zip(columns, figures, strict=True):
                krw = round((won.figure(figure[0]) or 0) * scale)
                role = _spaced_role(head, line[0].split()[0], caption[0])
                if krw >= _LEAST and role:
                    yield Sum(line.start() + figure.start(), line.start() + figure.end(), krw, role)


def _spaced_role(head: str, row: str, caption: str) -> str:
    """Return the role of a number by the header of its column or row, or the caption; empty if it is not money."""
    words = _lexicon()
    for name, pattern in words.funding_source.items():
        if pattern.match(head):
            return name
    for name, pattern in words.funding_source_head.items():
        if pattern.match(head):
            return name
    of_row = next((name for name, pattern in words.funding_source.items() if pattern.match(row)), "")
    if _SUM_COLUMN.match(head):
        return of_row or ("annual" if _YEAR_IN_CAPTION.search(caption) else "total")
    if _YEAR_HEAD.fullmatch(head):
        of_caption = (name for name, pattern in words.funding_source.items() if pattern.search(caption))
        return of_row or next(of_caption, "annual")
    return ""


def _scale_of_cell(layout: Layout, block: Block, caption: float) -> float:
    """Return the unit of a cell by its column, its row or the caption of its table; 0 if it contains no sum."""
    if _COUNT_HEAD.search(block.column) or _COUNT_HEAD.search(block.row):
        return 0.0
    scale = _stated_scale(_UNIT_STATED, block.column) or _stated_scale(_UNIT_IN_HEAD, block.column)
    if scale:
        return scale
    named = _MONEY_HEAD.search(block.column) or _MONEY_HEAD.search(block.row)
    if not named and not (_MONEY_COLUMN.match(block.column) and _is_beside_funding_source(layout, block)):
        return _scale_of_years(layout, block, caption)
    return _stated_scale(_UNIT_STATED, block.row) or _stated_scale(_UNIT_IN_BRACKETS, block.row) or caption


def _scale_of_years(layout: Layout, block: Block, caption: float) -> float:
    """Return the unit of a cell in the column of a year, or of the sum of those: 2026년, 2027년, 계(억원); else 0."""
    heads = {other.column for other in layout.row_of(block)}
    years = [head for head in heads if _YEAR_COLUMN.fullmatch(head.strip())]
    if len(years) < _FEWEST_YEARS or not (block.column in years or _SUM_COLUMN.match(block.column)):
        return 0.0
    stated = (_stated_scale(_UNIT_IN_HEAD, head) for head in heads if _SUM_COLUMN.match(head))
    return next(filter(None, stated), caption)


def _stated_scale(pattern: re.Pattern[str], text: str) -> float:
    """Return the unit that a header or caption states, or 0."""
    match = pattern.search(text)
    if not match:
        return 0.0
    groups = match.groupdict()
    if number := groups.get("number"):
        return float(number.replace(",", ""))
    return float(groups.get("times") or 1) * _UNITS.get(groups["unit"] or groups.get("short") or "", 1.0)


# The clause before a sum, and the part of it that the sum stands in.
_BEGINS_CLAUSE, _PART_OF_CLAUSE = re.compile(r"[.;▶☞]\s|\n\n"), re.compile(r"[,，(]\s?")
_PER_EACH = re.compile(r"당\s*[^가-힣]{0,4}$")
_OF_NATION = re.compile(r"\((?:정부\s?출연금|국비)\)\s?[:：]")


class _SourcePatterns(NamedTuple):
    """By funding source, patterns of its words: before a sum, as what a sum is said to be, and as a table's header."""

    before: dict[str, re.Pattern[str]]
    predicate: dict[str, re.Pattern[str]]
    head: dict[str, re.Pattern[str]]


@cache
def _source_patterns() -> _SourcePatterns:
    words = {name: pattern.pattern for name, pattern in _lexicon().funding_source.items()}
    noun = r"\s(?:예산|지원금?|보조금?|(?:요청|요구|신청|건의|확보|배정)액?|몫)[은는이가을를도]?"
    near = rf"[가-힣]{{0,2}}(?:{noun})?[^가-힣]{{0,6}}(?:총|약|각|최대)?\s?$"
    return _SourcePatterns(
        {name: re.compile(f"(?:{source}){near}") for name, source in words.items()},
        {
            name: re.compile(
                rf"[은는이가]\s(?:(?:전액|모두)\s)?(?:{source})(?:다|이다|고|이고|이며|로|,|\s?몫)"
                rf"|[을를]\s(?:전액\s)?(?:{source})로\s"
                rf"|\s?\((?:전액\s?)?(?:{source})(?:\s?(?:전액|100\s?%))?\)"
            )
            for name, source in words.items()
        },
        {name: re.compile(rf"\s*+(?:{source})\s*+(?:\(.{{1,12}}\))?\s*+") for name, source in words.items()},
    )


def _funds(doc: Doc, amount: Sum, kind: str) -> bool:
    """Return whether a sum funds a programme or is paid by it; in a call, only sections of facts count."""
    words, text = _lexicon(), doc.text
    block = doc.layout.at(amount.start)
    start = max(block.start if block else 0, amount.start - _BEFORE, 0)
    start = max(start, text.rfind("\n", start, amount.start) + 1)
    before = text[start : amount.start]
    after = text[amount.after : amount.after + _AFTER].split("\n", 1)[0]
    clause = _BEGINS_CLAUSE.split(before)[-1]
    if words.threshold_after.match(after) or words.nothing.search(clause[-24:] + "◇" + after):
        return False
    if words.market.search(before, max(0, len(before) - _NEAR_MARKET)) or _is_outlook(
        doc.sentence_at(amount.start).text
    ):
        return False
    if kind != "announcement" or block is None:
        return True
    if not doc.is_fact_of_call(amount.start) or words.worked.search(block.column + block.caption[-14:]):
        return False
    return not (words.worked.search(before[-8:]) and "총" not in before[-4:])


@lru_cache(maxsize=1)
def _is_outlook(sentence: str) -> bool:
    """Return whether a sentence is about the growth of a market; successive sums mostly share a sentence."""
    is_of_market = _lexicon().market.search(sentence) and re.search(r"성장|전망", sentence)
    return bool(is_of_market) or "성장할 전망" in sentence


def _continued(doc: Doc, amount: Sum, last: tuple[int, str]) -> str:
    """Return the role of the preceding sum for the second of a pair: 40억원에서 65억원으로, 16억원과 10억원을.

    A part of the money of a year is money of that year, too: 올해 쓰는 돈은 32억원이다. 이 가운데 18억원은.
    """
    end, role = last
    if amount.start < end:
        return role  # the upper end of a range
    between = doc.text[end : amount.start]
    if _NEXT_YEAR.fullmatch(between):
        return role
    if role == "national" and _THAN_BEFORE.fullmatch(between):
        return role
    if role in _lexicon().funding_source and (payer := _NEXT_PAYER.fullmatch(between)):
        return _payer_named(payer["who"], is_listed=True)
    is_second = bool(_SECOND.fullmatch(between))
    if is_second and (role in ("annual", "local", "private") or "각각" in doc.text[max(0, end - _PAIR) : end]):
        return role
    if role == "annual" and (
        _PART.fullmatch(between) or _is_part_of_budget(doc.text, end, between) or _is_next_item(between)
    ):
        return role
    if role == "other" and _IN_ANOTHER_YEAR.fullmatch(between):
        return role
    return role if role in _lexicon().funding_source and _ASKED_FOR.fullmatch(between) else ""


def _is_part_of_budget(text: str, end: int, between: str) -> bool:
    """Return whether words between two sums make the second a part of the first, a budget."""
    return bool(_OF_WHICH.fullmatch(between)) and bool(_BUDGETED.search(text, max(0, end - _NEAR_BUDGET), end))


def _is_next_item(between: str) -> bool:
    """Return whether only the name of a further item stands between two sums: no source, whole, award or earnings."""
    words = _lexicon()
    is_named = _NEXT_ITEM.fullmatch(between) and "," in between
    others = (words.total, words.each, words.other)
    return bool(is_named) and not (any(other.search(between) for other in others) or _sources_in(between))


def _role(doc: Doc, amount: Sum, kind: str) -> str:
    """Return the role by the nearest words before the sum in its clause, right after it, or above its table column."""
    words, text = _lexicon(), doc.text
    block = doc.layout.at(amount.start)
    start = max(block.start if block else 0, amount.start - _BEFORE)
    before = _BEGINS_CLAUSE.split(text[start : amount.start])[-1]
    before = _carried(text, start) + before
    after = text[amount.after : amount.after + _AFTER].split("\n", 1)[0]
    if block and amount.range_end == block.end:
        after = text[amount.end : block.end]  # a cell holds nothing but the number and its bounds
    near = before if _PER_EACH.search(before) else _PART_OF_CLAUSE.split(before)[-1]
    column = block.column if block else ""
    sections = block.sections if block else ()
    if block and _TIMES.search(before):
        return "award_ceiling" if words.ceiling_after.match(after) else "award_amount"
    for head in (column, block.row if block else ""):
        for name, is_source in _source_patterns().head.items():
            if is_source.fullmatch(head):
                return name
    if words.national_column.fullmatch(column.strip()):
        return "national"
    if block and block.row and (name := _payer_of_row(doc.layout, block)):
        return name
    if block and not words.ceiling_after.match(after) and (role := _role_of_column(doc, block)):
        return role
    if block and _MONEY_COLUMN.match(column) and _is_beside_funding_source(doc.layout, block):
        roles = (name for name, pattern in words.funding_source_head.items() if pattern.match(column.strip()))
        if name := next(roles, "total" if _SUM_COLUMN.match(column) and not words.each.search(block.row) else ""):
            return name
    if block and (_SUM.match(block.row) or _SUM_OF_PART.fullmatch(column)):
        return "total"
    if _ALL_PRIZES.search(before):
        return "total"
    if _YEAR_IN_BRACKETS.search(before):
        return "annual" if kind != "announcement" else "total"
    if words.attracted.match(after):
        return "other"
    if role := _stated_source(doc, amount, before, after):
        return role
    if words.other.search(before[-24:]) or words.other_after.match(after) or _is_of_others(doc, amount, after):
        return "other"
    if _RETURNED.match(doc.text, amount.after) and not _GRANT.search(before):
        return "other"
    if words.saved_cost.search(before) and words.saved.search(doc.sentence_at(amount.start).text):
        return "other"
    if role := _payer(doc, amount, before):
        return role
    if words.whole_after.match(after):
        return "total"
    is_prose = kind != "announcement"
    if is_prose and _INTO_BUDGET.match(doc.text, amount.after):
        return "annual"
    if words.annual_after.match(after) or (is_prose and _OF_YEAR.search(before)):
        return "annual"
    clause = _DESCRIBED.split(_SINCE_SUM.split(_COMPARED.sub("", before))[-1])[-1] if is_prose else before[-16:]
    is_annual = bool(words.annual.search(clause)) and (not _YEARS.search(clause) or bool(_EVERY_YEAR.search(clause)))
    is_annual = is_annual or (
        is_prose and (_is_budget_of_year(doc, amount) or _is_replaced_budget(doc, amount, before))
    )
    if is_prose and not words.ceiling_before.search(near[-14:]) and _is_given_to_chosen(doc, amount):
        return "award_amount"
    if re.search(r"(?:총\s?(?:사업비)?|모두|도합|합쳐|합계|합해|\(계)\s?(?:약\s?)?$", before):
        return "annual" if is_prose and is_annual and not words.each.search(before) else "total"
    heads = f"{column} {block.row}" if block else ""
    respectively = _RESPECTIVELY.search(before) and _AND_SUM.match(after)
    is_whole = _WHOLE_BUDGET_IS.search(before)
    each = (bool(words.each.search(before)) and not respectively and not is_whole) or bool(words.each.search(heads))
    each = each or (is_prose and not _EVERY_YEAR.search(clause) and bool(_EACH_GETS.match(doc.text, amount.after)))
    ceiling = words.ceiling_before.search(near[-14:]) or words.ceiling_after.match(after)
    if each and block and words.each.search(block.row) and _is_in_table_of_ceilings(doc, block):
        return "award_ceiling"
    if is_prose and ceiling and not each and _SPENT.match(doc.text, amount.after):
        return "total"
    if ceiling or words.ceiling_before.search(heads) or ("award" in sections and words.ceiling_before.search(column)):
        return "award_ceiling"
    if _TIMES.search(before):
        return "award_amount"
    if each or words.fixed.search(near[-10:]) or "award" in sections:
        return "award_amount" if not re.match(r"\s?규모", after) or each else "total"
    if re.match(r"\(\s?(?:정부출연금|국비)(?:\s?기준|\)|,)", after):
        return "national"
    if is_annual:
        return "annual"
    if is_prose and re.search(r"[:：비행]\s?$", before) and _is_under_year(doc, amount.start):
        return "annual"
    if is_prose and block and _MONEY_HEAD.search(column) and _YEAR_IN_CAPTION.search(block.caption):
        return "annual"
    if words.given_to.search(before) or words.given_each.match(after):
        return "award_amount"
    if (
        is_prose
        and words.received.match(after)
        and words.receives.search(doc.text[doc.sentence_at(amount.start).start : amount.start])
    ):
        return "award_amount"
    # What is given as from so much to so much is given to each: 6000만~2억4000만원을 지원받는다.
    is_range = is_prose and bool(amount.range_end)
    return (
        "award_amount"
        if is_range and words.granted.match(doc.text[amount.after : amount.after + _GRANTED])
        else "total"
    )


def _role_in_report(doc: Doc, amount: Sum, role: str) -> str:
    """Return the role of a sum in a report on a budget: what the state gives, or what a government spends in a year."""
    report = budget_reports.of(doc)
    if report is None or role not in ("total", "annual"):
        return role
    if report.role == "national":
        return "national" if amount.start >= report.end and _is_of_state(doc, amount, report.is_asked) else role
    return "annual" if _is_of_budget(doc, amount) else role


def _is_of_state(doc: Doc, amount: Sum, is_asked: bool) -> bool:
    """Return whether a sum is an item of a list in a text about money from the national budget."""
    line = doc.text.rfind("\n", 0, amount.start) + 1
    before, after = doc.text[max(line, amount.start - _BEFORE) : amount.start], amount.after
    if is_asked:
        return bool(_ASKED_SUM.search(before) or _ASKED_AFTER.match(doc.text, after))
    if _TOTAL_LABEL.search(before[before.rfind(")") + 1 :]):
        return False
    if amount.start < budget_reports.LEAD and _THAN_AFTER.match(doc.text, after):
        return True
    return bool(
        _WITH_TOTAL.match(doc.text, after) or _ALLOTTED.match(doc.text, after) or _ITEM_OF_BUDGET.search(before)
    )


def _is_of_budget(doc: Doc, amount: Sum) -> bool:
    """Return whether a sum of a report on a budget is of its year: no words call it a whole, or of several years."""
    sentence = doc.sentence_at(amount.start)
    before = doc.text[sentence.start : amount.start]
    if _SEVERAL_YEARS.search(before) or _YEARS.search(before) or _PAST_YEAR.search(before):
        return False
    return not (_OF_WHOLE.search(before[-_BEFORE:]) or _WHOLE_SAID.search(before[-_NEAR_WHOLE:]))


def _is_budget_of_year(doc: Doc, amount: Sum) -> bool:
    """Return whether a sentence about a single year says that a sum is spent."""
    sentence = doc.sentence_at(amount.start)
    before = doc.text[sentence.start : amount.start]
    about = _ABOUT_YEAR.match(before)
    if about is None or not _IS_BUDGET.match(doc.text, amount.after):
        return False
    return not (_YEARS.search(before) or _SEVERAL_YEARS.search(before) or _SINCE_SUM.search(before, about.end()))


def _is_replaced_budget(doc: Doc, amount: Sum, before: str) -> bool:
    """Return whether a sum is the budget of a year that became another: 예산은 42억원에서 187억원으로."""
    if _BUDGET_IS.search(before) and _FROM.match(doc.text, amount.start):
        return True
    turned = _TURNED.match(doc.text, amount.start) or _INTO.search(
        doc.text, max(0, amount.start - _BEFORE), amount.start
    )
    return bool(turned) and not _OF_WHOLE.search(before)


def _is_given_to_chosen(doc: Doc, amount: Sum) -> bool:
    """Return whether a sum goes to each of the chosen applicants, whose number is not stated."""
    words, sentence = _lexicon(), doc.sentence_at(amount.start)
    chosen = words.chosen.search(doc.text, sentence.start, amount.start)
    if chosen is None or _OF_ALL.search(doc.text, chosen.end(), amount.start):
        return False
    return bool(words.is_given.match(doc.text, amount.after, sentence.end))


def _role_of_column(doc: Doc, block: Block) -> str:
    """Return the role by the head of a column that says who pays, apart from its year and unit; else empty.

    In the row of a task that a call designates, the money of one year is annual.
    """
    words = _lexicon()
    for head in (block.column, block.row):
        aside = _SOURCE_ASIDE.search(head)
        if aside and not words.each.search(head) and (name := _source_named(aside["source"])):
            return name
    bare = _ASIDE.sub("", block.column)
    is_of_year = bool(words.year_column.search(f"{block.column_group} {bare}"))
    bare = _WHICH.sub("", words.year_column.sub("", bare)).strip()
    if _WHOLE_HEAD.fullmatch(bare) and block.column_group:
        bare = _ASIDE.sub("", block.column_group).strip()
    if is_of_year and (not bare or _OF_TASK.fullmatch(bare)) and _names_task(doc, block):
        return "annual"
    if words.private_column.fullmatch(bare):
        return "private"
    if not words.national_column.fullmatch(bare) or words.each.search(block.column):
        return ""
    if is_of_year:
        return "annual" if _names_task(doc, block) else ""
    return "national"


def _names_task(doc: Doc, block: Block) -> bool:
    """Return whether a cell of the same row names a task."""
    at = doc.layout.index_at(block.start)
    near = doc.layout.blocks[max(0, at - _NEAR_CELLS) : at]
    return any(_TASK.search(cell.column) and "\n" not in doc.text[cell.start : block.start] for cell in near)


def _is_under_year(doc: Doc, offset: int) -> bool:
    """Return whether the nearest header above names a single year."""
    lines = doc.text[max(0, offset - 900) : offset].split("\n")[-2 : -_HEADS_ABOVE - 2 : -1]
    return any(_HEAD_OF_YEAR.fullmatch(line.strip()) for line in lines)


def _is_in_table_of_ceilings(doc: Doc, block: Block | None) -> bool:
    """Return whether a row above in the same table marks the sums of awards as ceilings."""
    words = _lexicon()
    at = doc.layout.index_at(block.start) if block else 0
    while at and is_in_row(doc.text, (above := doc.layout.blocks[at - 1]).start):
        if words.each.search(above.row) and words.ceiling_before.search(above.row):
            return True
        at -= 1
    return False


def _stated_source(doc: Doc, amount: Sum, before: str, after: str) -> str:
    """Return the stated funding source of a sum; empty if it is that of a ceiling for each award."""
    words, patterns = _lexicon(), _source_patterns()
    # What follows says it: 140억원의 국비, 20억원 규모의 도비.
    of = _OF_SOURCE.match(after)
    for name, pattern in words.funding_source.items():
        if of and pattern.match(after, of.end()):
            return name
    source_of_payment = _SOURCE_AFTER_SUM.match(doc.text, amount.after)
    if source_of_payment and (name := _source_named(source_of_payment["source"])):
        return name
    for name in words.funding_source:
        source = patterns.before[name].search(before)
        if source and not (words.each.search(before[: source.start()]) and words.ceiling_after.match(after)):
            return name
    paid = _PAID_WHOLLY.search(doc.text, doc.sentence_at(amount.start).start, amount.start)
    if paid and not _SINCE_SUM.search(doc.text, paid.end(), amount.start) and (name := _source_named(paid["source"])):
        return name
    if _OF_NATION.search(doc.text[doc.text.rfind("\n", 0, amount.start) + 1 : amount.start]):
        return "national"
    for name, is_source in patterns.predicate.items():
        if is_source.match(after):
            return name
    if words.paid_after.match(after):
        return _payer(doc, amount, before) or "private"
    if words.private_beside.search(before):
        return "private"
    if words.local_beside.search(before):
        return "local"
    payer = doc.text[amount.after : amount.after + _GRANTED].split("\n", 1)[0]
    if name := next((name for name, pays in words.paid_by.items() if pays.match(payer)), ""):
        return name
    if (paid_by := _PAYER_IN_BRACKETS.search(before)) and (name := _payer_named(paid_by["who"], is_listed=True)):
        return name
    if _OF_PRIVATE.search(before):
        return "private"
    if (first := _FIRST_PAYER.search(before)) and (name := _payer_named(first["who"], is_listed=True)):
        return name
    if (share := _SHARE_OF.search(before)) and (name := _payer_named(share["who"])):
        return name
    stated = _sources_in(doc.sentence_at(amount.start).text)
    if words.own_budget["national"].search(before) and stated - {"national"}:
        return "national"
    return "local" if _names_government(words.own_budget["local"].search(before)) and stated - {"local"} else ""


def _payer_named(who: str, *, is_listed: bool = False) -> str:
    """Return the funding source that a payer is; in a list only of one that is known to be a firm or an authority."""
    if _lexicon().no_payer.fullmatch(who):
        return ""
    return _source_of_payer(who) or ("" if is_listed else "private")


def _source_of_payer(who: str) -> str:
    """Return the funding source that a word for a payer is known to be, or an empty text."""
    words = _lexicon()
    named = next((name for name, payer in words.payer.items() if payer.fullmatch(who)), "")
    return "" if named == "local" and words.no_government.fullmatch(who) else named


def _sources_in(sentence: str) -> set[str]:
    """Return the funding sources that a sentence names."""
    return {name for name, pattern in _lexicon().funding_source.items() if pattern.search(sentence)}


def _is_of_others(doc: Doc, amount: Sum, after: str) -> bool:
    """Return whether a company invests a sum of its own, outside the programme."""
    words = _lexicon()
    before = doc.text[doc.sentence_at(amount.start).start : amount.start]
    if words.invested.match(after):
        return bool(_SUBJECT.search(before)) and not words.public.search(before)
    return bool(words.own_after.match(after)) and bool(words.own.search(before))


def _payer(doc: Doc, amount: Sum, before: str) -> str:
    """Return the funding source by the payer, if the sentence says who pays: 도가 24억원, 한전이 22억원을 낸다."""
    words, sentence = _lexicon(), doc.sentence_at(amount.start).text
    if not words.pays.search(sentence):
        return ""
    if words.national_payer.search(before):
        return "national"
    if _names_government(words.local_payer.search(before)):
        return "local"
    return "private" if words.private_payer.search(before) else ""


def _names_government(payer: re.Match[str] | None) -> bool:
    """Return whether a match names a government, and no word that merely ends as one does: 해군이, 제도가."""
    return payer is not None and not _lexicon().no_government.fullmatch(payer["who"] or "")


def _payer_of_row(layout: Layout, block: Block) -> str:
    """Return the funding source by the head of a row that names who pays, below or above rows of other sources."""
    named = _source_of_payer(block.row.strip())
    if not named:
        return ""
    at = layout.index_at(block.start)
    near = layout.blocks[max(0, at - _NEAR_ROWS) : at + _NEAR_ROWS + 1]
    return named if any(other.column == block.column and _is_funding_source(other.row) for other in near) else ""


def _is_beside_funding_source(layout: Layout, block: Block) -> bool:
    """Return whether a neighbouring cell of the row is in the column of a funding source."""
    at = layout.index_at(block.start)
    near = layout.blocks[max(0, at - _NEAR_CELLS) : at + _NEAR_CELLS + 1]
    return any(_is_funding_source(other.column) for other in near if other.column != block.column)


def _is_funding_source(head: str) -> bool:
    return any(pattern.match(head.strip()) for pattern in _lexicon().funding_source.values())


def _carried(text: str, start: int) -> str:
    """Return the short line above that the sum's line continues: cells of a table that has lost its lines."""
    above = text[max(0, start - 14) : start]
    cut = above.rstrip("\n ").rfind("\n")
    word = above[cut + 1 :].strip()
    return word + " " if _lexicon().ceiling_before.fullmatch(word) else ""


def _deduplicated(doc: Doc, alike: list[Amount]) -> list[Amount]:
    """List an amount that is stated twice only once, with its most specific role.

    Funding sources are separate parts. If one of them is the only one in its table row, the total in another column is
    the same amount, and both are listed.
    """
    shares = [entry for entry in alike if entry.role in _lexicon().funding_source]
    if shares:
        beside = [entry for entry in alike if any(_in_one_row(doc, entry, share) for share in shares)]
        return [*shares, *(entry for entry in beside if entry.role == "total")]
    rank = ("award_ceiling", "award_amount", "annual", "other", "total")
    whole = [entry for entry in alike if entry.role == "total" and _is_called_whole(doc, entry)]
    best = min(alike, key=lambda entry: rank.index(entry.role or "")).role
    return whole[:1] or [entry for entry in alike if entry.role == best]


def _in_another_cell(doc: Doc, one: Amount, other: Amount) -> bool:
    """Return whether two amounts are of two years in a row of a table, or of two rows in a column of it.

    These are two sums, which only happen to be as much: 20억원 of 2026 and 20억원 of 2027.
    """
    first, second = (doc.layout.at(_start_of(entry)) for entry in (one, other))
    if first is None or second is None or not (first.column and second.column):
        return False
    if first.row == second.row:
        heads = {f"{block.column_group} {block.column}" for block in (first, second)}
        return len(heads) > 1 and all(map(_YEAR_COLUMN.search, heads))
    return first.column == second.column and bool(first.row and second.row)


def is_paid_by_another(doc: Doc, one: Amount, other: Amount) -> bool:
    """Return whether province and city pay the same sum beside each other: 도비 1억5천만원, 시비 1억5천만원."""
    if one.role != "local" or abs(_start_of(other) - _start_of(one)) > _BESIDE_PAYER:
        return False
    payers = [_PAYER.search(doc.text, max(0, _start_of(entry) - _PAIR), _start_of(entry)) for entry in (one, other)]
    named = {payer[1] for payer in payers if payer}
    return len(named) > 1 and not named & {"지방비"}


def _is_called_whole(doc: Doc, entry: Amount) -> bool:
    """Return whether the words before an amount call it the whole: 총 지원 규모는 40억 원."""
    start = _start_of(entry)
    return bool(_lexicon().called_whole.search(doc.text[max(0, start - _BEFORE) : start].rsplit("\n", 1)[-1]))


def _in_one_row(doc: Doc, one: Amount, other: Amount) -> bool:
    """Return whether two amounts stand in different columns of the same row of a table."""
    first, last = sorted((_start_of(one), _start_of(other)))
    start = doc.text.rfind("\n", 0, first) + 1
    return is_in_row(doc.text, start) and "\n" not in doc.text[first:last] and "|" in doc.text[first:last]
