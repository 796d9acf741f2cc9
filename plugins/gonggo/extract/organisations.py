"""Bodies that act in a programme: ministries, cities, agencies, institutes, universities, companies."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import organisations, regions

_ACRONYM = re.compile(r"\s?\(([A-Z][A-Za-z\-]{1,12}|[가-힣]{2,8})\)")
_NOT_ALIAS = re.compile(r"장$|이하|원장|대표|총장|회장|사장|청장|장관|시장|도지사")
_NEAR = 60
MOST = 12


@cache
def _known() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of the names in the lexicon, longest first, and full names of short forms."""
    lexicon, full = organisations(), dict[str, str]()
    for group in (lexicon.ministries, lexicon.agencies):
        for name, shorts in group.items():
            full |= {name: name, **dict.fromkeys(shorts, name)}
    full |= {name: name for name in lexicon.known_companies}
    ordered = sorted(full, key=len, reverse=True)
    return re.compile(rf"(?<![가-힣A-Za-z])(?:{'|'.join(map(re.escape, ordered))})(?![A-Za-z])"), full


@cache
def _shaped() -> re.Pattern[str]:
    endings = "|".join(map(re.escape, sorted(organisations().endings, key=len, reverse=True)))
    return re.compile(
        rf"(?<![가-힣A-Za-z])(?:\(?[사재]\)\s?)?[가-힣A-Za-z]{{2,16}}(?:{endings})(?![가-힣]{{0,3}}(?:장\s|사업\s))"
    )


@cache
def _governments() -> re.Pattern[str]:
    """Cities and provinces acting: 창원시는, 경남도와, 전북특별자치도."""
    names = {r.name_ko for r in regions() if not r.name_ko.endswith("구")}
    names |= {f"{r.short}도" for r in regions() if not r.parent} | {f"{r.short}시" for r in regions() if not r.parent}
    names |= {a for r in regions() for a in r.aliases if a.endswith(("도", "시"))}
    ordered = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(
        rf"(?<![가-힣])({ordered})(?=는|가|와|과|\s?\(|,|·|ㆍ|\s?(?:공고|관계자|주최|주관)|청|에\s?따르면|\s[가-힣A-Z])"
    )


def find(doc: Doc, kind: str) -> list[dict[str, Any]]:
    """GUIDE entries, hosts first named first."""
    found: dict[str, dict[str, Any]] = {}
    for field in ("agency", "operator"):
        if doc.fields.get(field):
            role = "operator" if field == "operator" else "host"
            _add(found, doc.fields[field], None, role, doc.field_evidence(field))
    pattern, full = _known()
    matches = [(m.start(), m.end(), full[m.group()]) for m in pattern.finditer(doc.text)]
    matches += [(m.start(), m.end(), m.group()) for m in _shaped().finditer(doc.text)]
    matches += [(m.start(1), m.end(1), m.group(1)) for m in _governments().finditer(doc.text)]
    for match in organisations().companies.finditer(doc.text):
        group = 1 if match.group(1) else 2
        matches.append((match.start(group), match.end(group), match.group(group)))
    taken = 0
    for start, end, name in sorted(matches, key=lambda m: (m[0], -m[1])):
        if start < taken or organisations().media.search(name):
            continue
        taken = end
        span = doc.span(start, end)
        alias = _alias(doc, end)
        canonical = span.text if name != span.text and name not in doc.text else name
        aliases = [a for a in (alias, span.text if span.text != canonical else None) if a]
        _add(found, canonical, aliases, _role(doc, start, end, canonical, kind), span.evidence())
    return list(found.values())[:MOST]


def _add(
    found: dict[str, dict[str, Any]], name: str, aliases: list[str] | None, role: str, evidence: dict[str, Any]
) -> None:
    entry = found.get(name) or next((e for e in found.values() if name in e["aliases"]), None)
    if entry is None:
        found[name] = {"name": name, "aliases": list(aliases or []), "role": role, "evidence": evidence}
        return
    entry["aliases"] += [a for a in aliases or [] if a not in entry["aliases"] and a != entry["name"]]


def _alias(doc: Doc, end: int) -> str | None:
    match = _ACRONYM.match(doc.text, end)
    return match.group(1) if match and not _NOT_ALIAS.search(match.group(1)) else None


def _role(doc: Doc, start: int, end: int, name: str, kind: str) -> str:
    """By the words around the name; else ministries and governments own, agencies operate, others take part."""
    lexicon = organisations()
    after = doc.text[end : end + _NEAR]
    before = doc.text[max(0, start - 20) : start]
    for role, pattern in lexicon.roles.items():
        if role != "host" and (pattern.search(before) or pattern.search(after[:25])):
            return role
    if (
        name in lexicon.ministries
        or _governments().match(f"{name}는")
        or lexicon.roles["host"].search(before + after[:20])
    ):
        return "host"
    if name in lexicon.agencies:
        return "operator"
    return "host" if kind == "announcement" and start < 400 else "participant"
