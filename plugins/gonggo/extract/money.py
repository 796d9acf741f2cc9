"""Amounts of money in won and the part they play."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import FOLDER

_NUM = r"\d[\d,]{0,15}(?:\.\d{1,4})?"
_MONEY = re.compile(
    rf"(?<![\d.,제’'‘])(?<!제\s)(?=\d)(?:(?P<jo>{_NUM})\s?조\s?(?=\d|원|\s|,|$|[^가-힣]))?"
    rf"(?:(?P<eok>{_NUM})\s?억\s?(?!\d{{0,3}}\s?(?:명|개|건|달러)))?"
    rf"(?:(?P<cheon>{_NUM})\s?천\s?(?=만|백만|원|억)(?P<cu>만|백만|억)?\s?)?"
    rf"(?:(?P<bm>{_NUM})\s?백만\s?)?(?:(?P<man>{_NUM})\s?만\s?)?(?:(?P<won>{_NUM})\s?(?=천?원))?(?P<k>천)?(?P<unit>원)?"
)
_RANGE = re.compile(
    rf"(?<![\d.,])(?P<low>{_NUM})\s?(?P<scale>천만|백만|만|억|천)?\s?[~∼～-]\s?(?={_NUM}\s?(?:천"
    rf"만|백만|만|억|천)?\s?(?:원|[^\d]))"
)
_FOREIGN = re.compile(r"\s?(?:달러|불(?![가-힣])|유로|위안|엔(?![가-힣])|파운드|크로네|NOK|USD)")
_CONVERTED = re.compile(r"(?:달러|유로|위안|엔|파운드)\s?\(\s?(?:약\s?)?(?:한화\s?)?(?:약\s?)?$")
_BARE = re.compile(
    rf"(?P<word>국비|지방비|도비|시비|군비|구비|민자|민간|자부담|기타)\s*(?P<n>{_NUM})(?!\s?[\d%％억만천원조백년월개명.]"
    rf")"
)
_UNIT = re.compile(r"(억|백만|천만|천|만)\s?원")
_SCALES = {"억": 1e8, "백만": 1e6, "천만": 1e7, "천": 1e3, "만": 1e4}
_CELL = re.compile(rf"{_NUM}$")
_MONEY_HEAD = re.compile(
    r"금액|예산|사업비|지원금|시상금|상금|국비|지방비|도비|시비|군비|구비|민자|자부담|합계|규모|총액|지원액|단가"
)
_BEFORE, _AFTER = 40, 14
_LEAST = 10_000


class _Lexicon(BaseModel):
    model_config = ConfigDict(extra="forbid")
    purse: dict[str, re.Pattern[str]]
    other: re.Pattern[str]
    each: re.Pattern[str]
    ceiling_before: re.Pattern[str]
    ceiling_after: re.Pattern[str]
    fixed: re.Pattern[str]
    annual: re.Pattern[str]
    annual_after: re.Pattern[str]
    total: re.Pattern[str]
    nothing: re.Pattern[str]
    threshold_after: re.Pattern[str]
    worked: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    return load_model(FOLDER / "money.yaml", _Lexicon)


class Amount(NamedTuple):
    """A sum of money where it stands: ``krw`` in won; ``purse`` when its own words say whose money it is."""

    start: int
    end: int
    krw: int
    purse: str = ""


def find(doc: Doc, kind: str = "article") -> list[dict[str, Any]]:
    """``{"krw", "role", "evidence"}`` of each different amount with its role, in text order."""
    out: dict[int, list[dict[str, Any]]] = {}
    for amount in sorted({*scan(doc.text), *_in_tables(doc)}, key=lambda a: a.start):
        if not _funds(doc, amount, kind):
            continue
        role = amount.purse or _role(doc, amount)
        span = doc.span(amount.start, amount.end)
        told = out.setdefault(amount.krw, [])
        if all(entry["role"] != role for entry in told):
            told.append({"krw": amount.krw, "role": role, "evidence": span.evidence()})
    found = [entry for told in out.values() for entry in _once(told)]
    return sorted(found, key=lambda entry: int(entry["evidence"]["start"]))


def parse(text: str) -> int | None:
    """Won of a text that is one amount; None otherwise."""
    found = _MONEY.fullmatch(text.strip())
    return _krw(found) if found else None


def scan(text: str) -> Iterator[Amount]:
    """Sums written out, the lower ends of ranges, and bare numbers beside a purse that take their unit from before."""
    scale = 0.0
    where = 0
    for found in _both(text):
        if found.re is _BARE:
            if scale and found.start() - where < 60 and "\n" not in text[where : found.start()]:
                role = next((name for name, words in _lexicon().purse.items() if words.match(found["word"])), "private")
                yield Amount(found.start(), found.end(), round(_number(found["n"]) * scale), role)
            continue
        if found.re is _RANGE:
            following = _MONEY.match(text, found.end())
            if following and _krw(following):
                low = _number(found["low"]) * (_SCALES[found["scale"]] if found["scale"] else _scale_of(following))
                if low >= _LEAST:
                    yield Amount(found.start(), found.end(), round(low))
            continue
        krw = _krw(found)
        if (
            krw is None
            or _FOREIGN.match(text, found.end())
            or _CONVERTED.search(text[max(0, found.start() - 16) : found.start()])
        ):
            continue
        scale, where = _scale_of(found), found.end()
        yield Amount(found.start(), found.end(), krw)


def _both(text: str) -> list[re.Match[str]]:
    money = [m for m in _MONEY.finditer(text) if m.end() > m.start()]
    return sorted([*money, *_RANGE.finditer(text), *_BARE.finditer(text)], key=lambda m: m.start())


def _scale_of(found: re.Match[str]) -> float:
    parts = found.groupdict()
    for name, scale in (("jo", 1e12), ("eok", 1e8), ("cheon", 1e7), ("bm", 1e6), ("man", 1e4)):
        if parts[name] and name != "jo":
            return 1e3 if name == "cheon" and not parts["cu"] else scale
    return 1e3 if parts["k"] else 1.0


def _number(said: str) -> float:
    return float(said.replace(",", "").rstrip("."))


def _krw(found: re.Match[str]) -> int | None:
    parts = found.groupdict()
    if not parts["unit"] and not parts["eok"] and not parts["jo"]:
        return None
    total = 0.0
    thousand = {"만": 1e7, "백만": 1e9, "억": 1e11, None: 1e3}[parts["cu"]]
    scales = (
        ("jo", 1e12),
        ("eok", 1e8),
        ("cheon", thousand),
        ("bm", 1e6),
        ("man", 1e4),
        ("won", 1e3 if parts["k"] else 1),
    )
    for name, scale in scales:
        if parts[name]:
            total += _number(parts[name]) * scale
    return round(total) if total >= _LEAST else None


def _in_tables(doc: Doc) -> Iterator[Amount]:
    """Bare numbers of a table whose column, row or caption says the unit."""
    caption = 0.0
    for piece in doc.layout.pieces:
        unit = _UNIT.search(piece.column) if piece.column else None
        if not piece.column:
            said = _UNIT_SAID.search(piece.text)
            caption = (
                _SCALES.get(said[1], 1.0)
                if said
                else caption
                if doc.text[piece.start - 1 : piece.start] == "|"
                else 0.0
            )
            continue
        scale = _SCALES[unit[1]] if unit else caption if _MONEY_HEAD.search(piece.column) else 0.0
        head = _UNIT_IN_HEAD.search(piece.column) if not unit else None
        scale = _SCALES[head[1]] if head else scale
        of_row = _UNIT_SAID.search(piece.row) if not scale and _MONEY_HEAD.search(piece.column) else None
        scale = _SCALES.get(of_row[1], 1.0) if of_row else scale
        if scale and _CELL.fullmatch(piece.text) and _number(piece.text) * scale >= _LEAST:
            yield Amount(piece.start, piece.end, round(_number(piece.text) * scale))


_SUM = re.compile(r"\s?(?:합\s?계|총\s?계|계)$")
_UNIT_SAID = re.compile(r"단위\s?[:：]\s?(억|백만|천만|천|만)?\s?원")
_UNIT_IN_HEAD = re.compile(r"\((억|백만|천만|천|만)\s?원?\)")


def _funds(doc: Doc, amount: Amount, kind: str) -> bool:
    """Whether a sum funds or is given by a programme; in a call, only where its sections state facts."""
    words, text = _lexicon(), doc.text
    piece = doc.layout.at(amount.start)
    start = max(piece.start if piece else 0, amount.start - _BEFORE, 0)
    start = max(start, text.rfind("\n", start, amount.start) + 1)
    before = text[start : amount.start]
    after = text[amount.end : amount.end + _AFTER].split("\n", 1)[0]
    if words.threshold_after.match(after) or words.nothing.search(before[-24:] + "◇" + after):
        return False
    if re.search(r"(?<![가-힣])시장|[가-힣]\s시장", before[-20:]) or _is_outlook(doc.sentence_at(amount.start).text):
        return False
    if kind != "announcement" or piece is None:
        return True
    if not piece.is_fact or words.worked.search(piece.column + piece.caption[-14:]):
        return False
    return not (words.worked.search(before[-8:]) and "총" not in before[-4:])


@lru_cache(maxsize=1)
def _is_outlook(sentence: str) -> bool:
    """Whether a sentence speaks of how a market grows. Sums that follow each other mostly share theirs."""
    return bool(re.search(r"시장|전망", sentence) and re.search(r"성장|전망", sentence))


def _role(doc: Doc, amount: Amount) -> str:
    """By the words nearest before the sum in its clause, right after it, or over its table column."""
    words, text = _lexicon(), doc.text
    piece = doc.layout.at(amount.start)
    start = max(piece.start if piece else 0, amount.start - _BEFORE)
    before = re.split(r"[.;▶☞]\s|\n\n", text[start : amount.start])[-1]
    before = _carried(text, start) + before
    after = text[amount.end : amount.end + _AFTER].split("\n", 1)[0]
    near = re.split(r"[,，(]\s?", before)[-1] if not re.search(r"당\s*[^가-힣]{0,4}$", before) else before
    column = piece.column if piece else ""
    zones = piece.zones if piece else ()
    for name, pattern in words.purse.items():
        if re.fullmatch(rf"\s*+(?:{pattern.pattern})\s*+(?:\(.{{1,12}}\))?\s*+", column):
            return name
    if piece and _SUM.match(piece.row):
        return "total"
    if words.other.search(before[-24:]):
        return "other"
    for name, pattern in words.purse.items():
        if re.search(rf"(?:{pattern.pattern})[가-힣]{{0,2}}[^가-힣]{{0,6}}(?:총|약|각)?\s?$", before):
            return name
    if words.annual_after.match(after):
        return "annual"
    if re.search(r"총\s?(?:사업비)?\s?(?:약\s?)?$", before):
        return "total"
    each = bool(words.each.search(before)) or bool(words.each.search(column))
    ceiling = words.ceiling_before.search(near[-14:]) or words.ceiling_after.match(after)
    if ceiling or ("award" in zones and words.ceiling_before.search(column)):
        return "award_ceiling"
    if each or words.fixed.search(near[-10:]) or "award" in zones:
        return "award_amount" if not re.match(r"\s?규모", after) or each else "total"
    if re.match(r"\(\s?(?:정부출연금|국비)(?:\s?기준|\)|,)", after):
        return "national"
    if words.annual.search(before[-16:]):
        return "annual"
    return "total"


def _carried(text: str, start: int) -> str:
    """A short line above that the sum's line goes on from: the cells of a table that has lost its lines."""
    above = text[max(0, start - 14) : start]
    cut = above.rstrip("\n ").rfind("\n")
    word = above[cut + 1 :].strip()
    return word + " " if _lexicon().ceiling_before.fullmatch(word) else ""


def _once(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An amount that stands twice is listed once, with the role that says most; purses are parts of their own."""
    purses = [entry for entry in told if entry["role"] in _lexicon().purse]
    if purses:
        return purses
    rank = ("award_ceiling", "award_amount", "annual", "other", "total")
    return [min(told, key=lambda entry: rank.index(entry["role"]))]
