"""Amounts of money in won and the part they play."""

from __future__ import annotations

import re
from typing import Any

from gonggo.extract.doc import Doc

_NUM = r"\d[\d,]{0,15}(?:\.\d{1,4})?"
_MONEY = re.compile(
    rf"(?<![\d.,제])(?<!제\s)(?:(?P<jo>{_NUM})\s?조\s?)?(?:(?P<eok>{_NUM})\s?억\s?)?(?:(?P<cheon>{_NUM})\s?천\s?(?=만|백만|원)(?P<cu>만|백만)?\s?)?"
    rf"(?:(?P<bm>{_NUM})\s?백만\s?)?(?:(?P<man>{_NUM})\s?만\s?)?(?:(?P<won>{_NUM})\s?(?=천?원))?(?P<k>천)?(?P<unit>원)?"
)
_FOREIGN = re.compile(r"\s?(?:달러|불|유로|위안|엔|파운드)")
_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("other", re.compile(r"매출|경제\s?효과|유발|투자\s?유치|시장\s?규모|수출|절감|목표액")),
    ("award_ceiling", re.compile(r"최대|이내|한도|까지")),
    ("award_amount", re.compile(r"(?:기업|과제|개사|업체|사|팀|곳|건)\s?(?:당|별)|각각|각\s")),
    ("national", re.compile(r"국비|정부\s?출연금|국고|정부\s?지원금")),
    ("local", re.compile(r"지방비|도비|시비|군비|구비")),
    ("private", re.compile(r"민자|민간|자부담|기업\s?부담")),
    ("annual", re.compile(r"연간|올해|매년|당해|금년|내년")),
)


def find(doc: Doc) -> list[dict[str, Any]]:
    """``{"krw", "role", "evidence"}`` of each different amount with its role, in text order."""
    out: dict[tuple[int, str], dict[str, Any]] = {}
    for found in _MONEY.finditer(doc.text):
        krw = _krw(found)
        # Foreign money and the size of a market fund nothing.
        if krw is None or _FOREIGN.match(doc.text, found.end()) or _market(doc.text, found.start()):
            continue
        span = doc.span(found.start(), found.end())
        role = _role(doc.text, span.start, span.end)
        out.setdefault((krw, role), {"krw": krw, "role": role, "evidence": span.evidence()})
    return list(out.values())


def parse(text: str) -> int | None:
    """Won of a text that is one amount; None otherwise."""
    found = _MONEY.fullmatch(text.strip())
    return _krw(found) if found else None


def _krw(found: re.Match[str]) -> int | None:
    parts = found.groupdict()
    if not parts["unit"] and not parts["eok"] and not parts["jo"]:
        return None
    total = 0.0
    thousand = {"만": 1e7, "백만": 1e9, None: 1e3}[parts["cu"]]
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
            total += float(parts[name].replace(",", "")) * scale
    return round(total) if total >= 10_000 else None


def _market(text: str, start: int) -> bool:
    return "시장" in text[max(0, start - 20) : start].rsplit("\n", 1)[-1]


def _role(text: str, start: int, end: int) -> str:
    """The role word nearest before the amount in its line; a ceiling may follow it too."""
    before = text[max(0, start - 25) : start].rsplit("\n", 1)[-1]
    after = text[end : end + 6].split("\n", 1)[0]
    if re.match(r"\s?(?:이내|한도|까지)", after):
        return "award_ceiling"
    best = max(((m.end(), role) for role, words in _ROLES for m in words.finditer(before)), default=None)
    if best and re.search(r"최대", before):
        return "award_ceiling"
    return best[1] if best else "total"
