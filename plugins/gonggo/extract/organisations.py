"""Bodies that act in a programme, and the part each plays."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from gonggo.extract import organisation_mentions
from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import organisations
from gonggo.extract.organisation_mentions import Mention
from gonggo.extract.record_types import Evidence, Organisation

_LEAD = 900
_NEAR = 26
_MOST = 16
# What is named after so many others is not among those kept.
_MOST_GATHERED = 64
# After a name: someone's employer, a source or a venue, not a body that acts.
_PASSING = re.compile(
    r"^(?:\s?\([^)]{1,14}\))?\s?(?:(?:소속\s)?[가-힣A-Za-z·]{0,14}\s?[가-힣]{2,4}\s?(?:박사|교수|연구위원|위원|실장|의원|기자|애널리스트)(?=[은는이가\s,])"
    r"|교수|의?\s?자료|조사|에서\s?(?:받은|열린|열렸|개최|[‘'「“])|에서\s?서울|의원실|출신|\s?\d층|\s?대강당|\s?본관|에\s?따르면|에\s?위치|\s?사옥)"
)
_INSIDE = re.compile(r"^\s?(?:내\s|소재|관내|지역|이전|에\s?있|에\s?소재|안에|에\s?위치|소상공인|내에)")
_VENUE = re.compile(r"^에서(?:는)?\s")
_SILENT = {
    "law",
    "exclusion",
    "evaluation",
    "notes",
    "documents",
    "background",
    "annex",
    "example",
    "target",
    "method",
    "briefing",
    "schedule",
}
_PUBLIC = ("ministry", "government")
_EVENT = re.compile(r"대회|행사|공모전|챌린지|토론회|세미나|포럼|심포지엄|전시")
_CALLER = re.compile(
    r"(?<![가-힣A-Za-z])([가-힣A-Za-z0-9]{2,14}(?:\s[가-힣A-Za-z0-9]{0,8})?(?:센터|재단|관|단|캠퍼스|허브))(?:에서는|에서|은|는)\s[^.\n]{4,200}모집"
)
_JOINED = re.compile(r"(?:\([^()]{1,16}\))?\s?(?:와|과|,|·|ㆍ|및|,\s?그리고)\s?(?:\(재\)|\(사\)|\(주\)|㈜)?\s?")
_SIGNED = re.compile(r"^\s*(?:장관|원장|이사장|대표이사|총장|단장|도지사|시장|군수|청장|회장|소장)")


@dataclass
class _Body:
    """A body gathered from its mentions."""

    name: str
    canonical: str
    sort: str
    evidence: Evidence
    start: int
    aliases: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)


def find(doc: Doc, kind: str) -> list[Organisation]:
    """Return the bodies that act, in the order of their first mention."""
    found: dict[str, _Body] = {}
    for name, part in (("agency", "host"), ("operator", "operator")):
        if doc.fields.get(name):
            said = _of_office(doc.fields[name])
            found[said] = _Body(said, said, _sort(said), doc.field_evidence(name), -1, roles=[part])
            found[said].aliases += [doc.fields[name]] if doc.fields[name] != said else []
    mentions = [m for m in doc.bodies if _acts(doc, m, kind)]
    if kind == "announcement" and not any(m.sort == "agency" for m in mentions):
        mentions += _in_charge(doc)
    written = {m.said for m in mentions}
    only_short = {name for name in {m.name for m in mentions if m.name != m.said} if name not in doc.text}
    listed = _listed_roles(doc, mentions, kind)
    for mention, role in zip(mentions, listed, strict=True):
        name = mention.said if mention.name in only_short else mention.name
        body = _gathered(found, name, mention)
        if body is None and len(found) >= _MOST_GATHERED:
            continue
        if body is None:
            span = doc.span(mention.start, mention.end)
            body = found[name] = _Body(name, mention.name, mention.sort, span.evidence(), mention.start)
        for alias in (mention.alias, mention.said, mention.name if mention.name in written else ""):
            if alias and alias != body.name and alias not in body.aliases:
                body.aliases.append(alias)
        body.roles += [role] if role else []
    kept = list(found.values())[:_MOST]
    return [_entry(body, kept, kind, doc) for body in kept]


def _of_office(said: str) -> str:
    """The body in a field that names who signs for it: 중소벤처기업부 장관, (재)경남창조경제혁신센터 대표이사."""
    said = organisation_mentions.FORM.sub("", said).strip()
    said = re.sub(
        r"\s(?:대표이사|이사장|총장|원장|장관|청장|회장|시장|군수|도지사|센터장|구청장"
        r"|[가-힣]{2,8}(?:실|팀|과))$",
        "",
        said,
    )
    return re.sub(r"(?<=[원단회청관])장$|(?<=부)장관$", "", said)


def _sort(said: str) -> str:
    return next((m.sort for m in organisation_mentions.scan(said)), "agency")


def _in_charge(doc: Doc) -> list[Mention]:
    """The agency that a ministry's call names only where to apply and whom to ask; else who says "we call"."""
    for mention in doc.bodies:
        piece = doc.layout.at(mention.start)
        if mention.sort == "agency" and piece and {"contact", "method", "schedule"} & set(piece.sections):
            return [mention]
    caller = _CALLER.search(doc.text[:_LEAD]) if not doc.bodies else None
    return [Mention(caller.start(1), caller.end(1), caller[1], caller[1], "agency", caller.end(1))] if caller else []


def _gathered(found: dict[str, _Body], name: str, mention: Mention) -> _Body | None:
    if name in found:
        return found[name]
    names = {name, mention.name, mention.said, mention.alias} - {""}
    return next(
        (
            b
            for b in found.values()
            if names & {b.name, b.canonical, *b.aliases}
            or f" {name}" in b.name
            or f"{name} " in b.name
            or _cut_short(b, name)
        ),
        None,
    )


def _cut_short(body: _Body, name: str) -> bool:
    """A field that holds only the beginning of a name: 한국지능정보사회진흥."""
    return body.start < 0 and len(body.name) >= 6 and (name.startswith(body.name) or body.name.startswith(name))


def _acts(doc: Doc, mention: Mention, kind: str) -> bool:
    """Whether a mention is of a body that acts, by where it stands and what follows."""
    after = doc.text[mention.end : mention.end + 44]
    if _PASSING.match(after) or (mention.sort == "government" and _INSIDE.match(after)):
        return False
    if kind != "announcement":
        return not _VENUE.match(after)
    piece = doc.layout.at(mention.start)
    if piece is None:
        return True
    zones = set(piece.sections)
    if _said_role(doc, mention, kind) and not zones & (_SILENT - {"schedule", "target"}):
        return True
    if zones & _SILENT:
        return bool({"host", "operator", "participant"} & zones) and not zones & {"law", "exclusion", "annex", "notes"}
    if "contact" in zones:
        return bool(piece.column) and mention.start == piece.start
    lead = next((p.start for p in doc.layout.pieces if "annex" not in p.sections), 0)
    return mention.start - lead < _LEAD and (mention.sort != "government" or _is_issuer(doc, mention))


def _is_issuer(doc: Doc, mention: Mention) -> bool:
    """Whether a city or province calls, signs or pays, and is not only where applicants are."""
    after = doc.text[mention.end : mention.end + 30]
    return bool(re.match(r"\s?(?:와|과|는|가|에서는|의\s지원|\s?공고|[·,]|청|\s?\(|\s?장관|가\s)", after)) or bool(
        _SIGNED.match(after)
    )


def _listed_roles(doc: Doc, mentions: list[Mention], kind: str) -> list[str]:
    """The role said of each body, or of the last in a row of bodies that it stands in: A와 B가 참여한다."""
    roles: list[str] = []
    for mention, following in zip(reversed(mentions), [None, *reversed(mentions)], strict=False):
        role = _said_role(doc, mention, kind)
        if not role and following and _JOINED.fullmatch(doc.text[mention.reach : following.start]):
            role = roles[-1]
        roles.append(role)
    return roles[::-1]


def _said_role(doc: Doc, mention: Mention, kind: str) -> str:
    """The part that a label or the words around a name say it plays, or nothing."""
    piece = doc.layout.at(mention.start)
    if piece and kind == "announcement":
        for role in ("host", "operator", "participant", "supporter"):
            if role in piece.sections and mention.start - piece.start < 60:
                return role
    start = max(0, mention.start - _NEAR)
    before = re.split(r"[\n.;]|(?<=[가-힣])\)\s|(?:하고|하며|이며)\s", doc.text[start : mention.start])[-1]
    after = re.split(r"[.;]|(?<=[와과])\s(?!함께|공동)|,\s?|·|\n(?!\()", doc.text[mention.end : mention.end + _NEAR])[0]
    if re.match(r"(?:\([^)]*\))?[이가와과,·\s][^.\n]{0,24}?(?:주최|주관)", after):
        return "host" if "주최" in after or _is_of_event(doc.sentence_at(mention.start).text) else "operator"
    for role, words in organisations().roles.items():
        if words.search(after) or words.search(before[-12:]):
            return role
    return ""


@lru_cache(maxsize=1)
def _is_of_event(sentence: str) -> bool:
    return bool(_EVENT.search(sentence))


def _entry(body: _Body, all_of_them: list[_Body], kind: str, doc: Doc) -> Organisation:
    is_said = body.roles and body.sort != "ministry"
    role = body.roles[0] if is_said else _usual_role(body, all_of_them, kind, doc)
    return Organisation(name=body.name, aliases=tuple(body.aliases), role=role, evidence=body.evidence)


def _usual_role(body: _Body, all_of_them: list[_Body], kind: str, doc: Doc) -> str:
    """Owners are ministries and governments; an agency beside one operates, alone it owns; others take part."""
    if body.sort in _PUBLIC:
        return "host"
    public = any(other.sort in _PUBLIC for other in all_of_them)
    if body.sort == "agency":
        first = min(all_of_them, key=lambda other: other.start)
        if kind == "announcement":
            return "operator" if public else "host" if body is first or body.start < _LEAD else "participant"
        return "host" if body is first else "operator" if public and body.start < _LEAD // 2 else "participant"
    if kind == "opinion" and not re.search(r"컨소시엄|선정", doc.sentence_at(body.start).text):
        return "other"
    if kind == "announcement" and len(all_of_them) == 1:
        return "host"
    return "participant"
