"""Places that programmes are for or in: 시도 and 시군구 under all names in use."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Any

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import regions

# After a name: the end of the word, a particle, or a word that makes it a body or a scheme of that place.
_AFTER = (
    r"(?=$|[\s,.·ㆍ()\[\]「」’‘'\"“”:/~-]|은|는|이|가|을|를|의|에|와|과|로|도|시|군|형|권"
    r"|지역|소재|내|관내|테크노|TP|창조|경제|정보|대|AI)"
)
_PASSING = re.compile(
    r"벡스코|코엑스|킨텍스|EXCO|엑스코|컨벤션|호텔|에서\s열린|에서\s개최|설명회|특파원|기자"
    r"|대비|비해|달리|처럼|주소|우편|우\)|번길|로\s?\d+"
)
HEAD = 300
_FOR = re.compile(r"지원\s?대상|신청\s?자격|모집\s?대상|소재|관내|도내|지역\s?내|입주")
_NATION = re.compile(r"전국(?:\s?(?:단위|대상|17개|지자체|규모))?|전\s?지역")


@cache
def _names() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """A pattern of all names, longest first, and the short forms that a name may mean."""
    means: dict[str, list[str]] = {}
    for region in regions():
        if region.short == "전남광주":
            for name in region.aliases:
                means.setdefault(name, []).extend(["광주", "전남"])
            continue
        names = {region.name_ko, *region.aliases}
        if region.parent:
            stem = region.name_ko[:-1]
            if len(stem) >= 2 and region.name_ko[-1] in "시군" and stem not in {r.short for r in regions()}:
                names.add(stem)
        else:
            names.add(region.short)
        for name in names:
            if region.short not in means.setdefault(name, []):
                means[name].append(region.short)
    ordered = sorted(means, key=len, reverse=True)
    pattern = re.compile(rf"(?<![가-힣])(?:{'|'.join(map(re.escape, ordered))}){_AFTER}")
    return pattern, {name: tuple(shorts) for name, shorts in means.items()}


def named_places(text: str) -> list[str]:
    """All names of places of Korea in a text, as they stand there."""
    return [match.group() for match in _names()[0].finditer(text)]


def find(doc: Doc, kind: str = "article") -> list[dict[str, Any]]:
    """``[{"name": "경남 창원시", "evidence"}]``, finest names only; 전국 when a national body calls without a place."""
    pattern, means = _names()
    scores: dict[str, float] = defaultdict(float)
    first: dict[str, dict[str, Any]] = {}
    context = {s for name in named_places(doc.text) for s in means[name] if " " not in s}
    title = doc.fields.get("title", "")
    for name in ("region", "agency", "title"):
        _from_field(doc, name, pattern, means, scores, first, context)
    for match in pattern.finditer(doc.text):
        short = _resolve(means[match.group()], context)
        if short is None:
            continue
        around = doc.text[max(0, match.start() - 12) : match.end() + 24]
        weight = 0.2 if _PASSING.search(around) else 1.0
        if kind == "announcement" and match.start() >= HEAD and not _FOR.search(_line(doc, match.start())):
            # Far down in a call stand addresses, venues and partners.
            weight = 0.1
        weight += 2.0 if match.start() < HEAD or match.group() in title else 0.0
        scores[short] += weight
        first.setdefault(short, doc.span(match.start(), match.end()).evidence())
    return _finest(doc, scores, first)


def _line(doc: Doc, offset: int) -> str:
    start = doc.text.rfind("\n", 0, offset) + 1
    return doc.text[start : doc.text.find("\n", offset) if "\n" in doc.text[offset:] else len(doc.text)]


def _from_field(
    doc: Doc,
    name: str,
    pattern: re.Pattern[str],
    means: dict[str, tuple[str, ...]],
    scores: dict[str, float],
    first: dict[str, dict[str, Any]],
    context: set[str],
) -> None:
    for match in pattern.finditer(doc.fields.get(name, "")):
        short = _resolve(means[match.group()], context | set(means[match.group()][:1]))
        if short:
            scores[short] += 4.0
            first.setdefault(short, doc.field_evidence(name))


def _resolve(shorts: tuple[str, ...], context: set[str]) -> str | None:
    """The one place a name means: by the 시도 named elsewhere when several share it (중구, 고성군, 광주시)."""
    if len(shorts) == 1:
        return shorts[0]
    fitting = [short for short in shorts if short.split()[0] in context]
    sido = [short for short in fitting if " " not in short]
    return sido[0] if sido else fitting[0] if len(fitting) == 1 else None


def _finest(doc: Doc, scores: dict[str, float], first: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    best = max(scores.values(), default=0.0)
    if best < 1.0:
        return _national(doc)
    # A place named once in passing beside one that the text is about.
    kept = [short for short, score in scores.items() if score >= max(1.0, min(best * 0.25, 2.0))]
    covered = {short.split()[0] for short in kept if " " in short}
    return [{"name": short, "evidence": first[short]} for short in kept if short not in covered][:8]


def _national(doc: Doc) -> list[dict[str, Any]]:
    found = _NATION.search(doc.text)
    if found:
        return [{"name": "전국", "evidence": doc.span(found.start(), found.end()).evidence()}]
    from gonggo.extract.lexicons import organisations

    body = re.search("|".join(map(re.escape, organisations().ministries)), doc.text)
    return [{"name": "전국", "evidence": doc.span(body.start(), body.end()).evidence()}] if body else []
