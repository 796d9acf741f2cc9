"""Organisations with a role in a programme, and these roles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from gonggo.extract import organisation_labels, organisation_mentions
from gonggo.extract.doc import Doc
from gonggo.extract.layout import classify
from gonggo.extract.lexicons import organisations
from gonggo.extract.organisation_mentions import Mention
from gonggo.extract.record_types import Evidence, Organisation

_LEAD = 900
_NEAR = 26
_MOST = 32
# What is named after so many others is not among those kept.
_MOST_CANDIDATES = 64
# After a name: someone's employer, a source or a venue, not an organisation that acts.
_PASSING = re.compile(
    r"^(?:\s?\([^)]{1,14}\))?\s?(?:(?:소속\s)?[가-힣A-Za-z·]{0,14}\s?[가-힣]{2,4}\s?(?:박사|교수|연구위원|위원|실장|의원|기자|애널리스트)(?=[은는이가\s,])(?!\s?(?:연구)?(?:팀|진))"
    r"|교수(?!\s?(?:연구)?(?:팀|진))|의?\s?(?:자료|데이터)(?:를|에|로)?\s?(?:활용|이용|분석)|의?\s?자료|\)?\s?센터에서\s|\s?(?:건물|별관|청사|선과장|위판장)(?=[^가-힣]|[을를의에이가은는])|\s제공$|\s제공\n|에서\s발급|의\s위탁을\s받아|조사|에서\s?(?:받은|열린|열렸|개최|[‘'「“])|에서\s?서울|의원실|출신|\s?\d층|\s?(?:기자실|브리핑룸|대회의실|소회의실)|\s?\(?[가-힣]{0,4}(?:공장\s)?(?:와\s)?(?:\d차\s)?협력(?:사|업체)(?=인|\s소속|[\s,])|\s?대강당|\s?본관|에\s?위치|\s?사옥)"
)
# After a city: it is one of the places of a row: A시, B시, C군 등 도 전역의; A시·B도 내 병원.
_IS_PLACE = re.compile(
    r"(?:\s?[,·]\s?[가-힣]{1,7}[시군구도]){0,12}\s?(?:등)?\s?(?:[가-힣]{2,8}\s)?(?:전역|일대|일원|전\s?지역|內)(?![가-힣]{2})"
)
_SAYS = re.compile(r"^(?:\([^)\n]{1,14}\))?\s?에\s?따르면")
# Whose own news follows such words, and not only a figure: those that run programmes.
_RUNS = re.compile(r"(?:테크노파크|TP|진흥원|혁신센터|사업단|진흥재단|자유구역청)$")
_INSIDE = re.compile(r"^\s?(?:內|내\s|산하|소재|관내|지역|이전|에\s?있|에\s?소재|안에|에\s?위치|소상공인|내에)")
# Before the last of a row of names: A대, B대, C대에서 모두 30명을 길렀다.
_IN_ROW = re.compile(r"[가-힣A-Za-z)],\s?\Z")
_VENUE = re.compile(r"^에서(?:는)?\s")
# After a name: it asked or estimated something, and takes no part itself.
_SURVEYS = re.compile(
    r"^(?:\s[가-힣]{2,8}본부)?(?:이|가|은|는|의)?\s[^.\n“‘]{0,24}?(?:조사(?:한|했|해|에|를|가|로|\s결과)|물(?:은|었더니)|추산|집계)|^\s분석으로는|^\s부설"
)
# Around a name: it runs the programme.
_RUNS_BEFORE = re.compile(r"(?:운영|관리|수행|주관)은\s$|사업을\s맡은\s$")
_RUNS_AFTER = re.compile(
    r"(?:\([^)]{1,14}\))?(?:을|를)\s통해\s"
    r"|\s등\s(?:총\s)?\d+개\s?[가-힣]{2,6}(?:에서|이|가)\s(?:[^.,\n]{0,12}\s)?(?:수행|운영|맡)"
    r"|\s[가-힣]{2,4}\s교수\s?(?:연구)?(?:팀|진)(?:[이은]\s(?:이끌|주도|맡)|\s주[관도])"
    r"|(?:\([^)]{1,14}\))?[이가은는]\s(?:[^.,\n“‘'\"]{0,18}?\s)?(?:수행|운영|관리|전담|총괄|주도)(?:하[고며는여]|한다|했|해\s)"
    r"|(?:\([^)]{1,14}\))?[이가은는]\s(?:[^.,\n“‘'\"]{0,18}?\s)?(?:맡|이끈|이끌|가르[치쳤]|길러)"
)
# After a name: its money or its support carries what another does; and it is only asked for money.
_SUPPORTS = re.compile(
    r"(?:\([^)]{1,14}\))?(?:의\s(?:지원|후원|출연)(?:으로|을\s받)|[은는이가]\s[^.,\n]{0,24}?(?:기부|후원))"
)
_PAYS = re.compile(r"(?:\([^)]{1,14}\))?\s(?:약\s)?\d[\d,.]*\s?(?:조|억|만|천|백)+\s?원?(?=[,·\s을이])")
# After a name: those that do it are called by it.
_LEADS = re.compile(r"\s컨소시엄(?=[이은을,)·과와]|\s선정)")
_ITS_CALL = re.compile(r"의?\s[^.,\n]{2,24}?(?:공모|사업|과제)(?:에서|로|으로|에)\s")
_HOSPITAL = re.compile(r"(?:병원|의료원)$")
_IS_ASKED = re.compile(r"(?:\([^)]{1,14}\))?(?:에|에게)\s(?:[^.\n]{0,30}?건의|국비\s[^.\n]{0,24}?(?:요청|신청))")
_MASTHEAD = re.compile(r"e-?mail\s?:|기사\s?제보|발행[인·\s]|편집인|등록번호|청소년\s?보호|사업자\s?등록")
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
_EVENT = re.compile(
    r"대회|행사|공모전|챌린지|토론회|세미나|포럼|심포지엄|전시|해커톤|콘테스트|축제|박람회|콘퍼런스|컨퍼런스|설명회"
)
_CALLER = re.compile(
    r"(?<![가-힣A-Za-z])([가-힣A-Za-z0-9]{2,14}(?:\s[가-힣A-Za-z0-9]{0,8})?(?:센터|재단|관|단|캠퍼스|허브))(?:에서는|에서|은|는)\s[^.\n]{4,200}모집"
)
# The head of a column of a call's table.
_COLUMNS = re.compile(r"(?:(?P<leads>주관|수행|대표)|수요|참여|협력|공동)\s?(?:기관|기업|사|처)\s?(?:명)?")
# Between two names that share a verb: A가 기초과정 50명을, B가 심화과정 20명을 가르쳤다.
_GAPPED = re.compile(r"(?:\([^()]{1,16}\))?[이가은는](?:\s[^.,\n]{1,28}[을를이가])?,\s(?:[^.,\n]{1,14}[은는]\s)?")
_JOINED = re.compile(
    r"(?:,\s(?:[가-힣A-Za-z*]{1,8}\s)?[가-힣]{0,6}(?:기관|기업|대학|단체)(?=,))?(?:\([^()]{1,16}\))?\s?(?:와|과|,|·|ㆍ|및|,\s?그리고)\s?(?:\(재\)|\(사\)|\(주\)|㈜)?\s?"
)
# A city that won a call according to the ministry takes part; one that announces so itself hosts the programme.
_WON = re.compile(r"선정|뽑(?:았|혔)|지정했")
# After a name: it takes part with others that are only counted: A, 지역 전문기업 8개사가 참여했다.
_WITH_OTHERS = re.compile(
    r"(?:\([^()\n]{1,16}\))?\s?(?:,|·|및|[과와])\s(?:[가-힣A-Za-z]{1,8}\s){0,5}[가-힣A-Za-z]{0,8}\s?\d+\s?(?:개|곳)?\s?(?:사|곳|기관|기업|업체|대학)?[이가]\s"
    r"(?:[가-힣]{1,5}\s)?(?:참여|협력)"
)
# After a name: the office of a person, who is one of those present.
_OF_PERSON = re.compile(
    r"\s?(?:제?\d\s?)?(?:차관|장관|실장|국장|의장|원장|회장|총장|이사장|사장|청장|처장|본부장|위원장|센터장)(?=[,·과와은는이가\s])"
)
_PRESENT = re.compile(r"참석(?:했|한|하|해)")
_CEREMONY = 400
_SIGNS = re.compile(r"협약|양해각서|MOU|서명")
# Who was chosen, be it one of several: A도와 B시는 C부 공모에 최종 선정됐다. Not who reports what was: A시는 C부 공모에
# D 사업이 뽑혔다고 밝혔다.
_WINNERS = re.compile(
    r"(?<![가-힣])(?P<who>[가-힣]{0,7}[시도군구]|[가-힣]{2}(?=[·,]\s?[가-힣]{2}))(?:\([^()\n]{1,16}\))?"
    r"(?=(?:[은는이가와과]|[·,]|\s등)[^.\n]{0,90}?(?:공모|사업)[가-힣]{0,2}[’'”\"」]?[^.\n]{0,60}?(?<![이가]\s)(?<![이가]\s최종\s)"
    r"(?:선정(?:됐|돼|되[었어며]|됨)|뽑(?:혔|혀|힘)|이름을\s올))"
    r"|(?<=공모에\s)(?P<named>[가-힣]{1,7}[시도군구])(?=(?:\([^()\n]{1,16}\))?[가이와과][^.\n]{0,40}?(?:선정|뽑혔|이름을\s올))"
)
_OF_CITY = re.compile(r"(?:특별자치|광역|특별)?[시도](?=교육청)")
_UNIVERSITY = re.compile(r"(?:(?<=공)과|(?<=여)자|(?<=과)학기술|(?<=과)기)?대(?:학교)?(?=$|병원$)")
# After a name: whom another organisation signs with. No one else begins to act in between.
_PARTNER = re.compile(
    r"(?:\([^()\n]{1,16}\))?\s?(?:와|과|등과)의?\s(?![^.\n]{0,40}[은는]\s)[^.\n]{0,60}?(?:협약|양해각서|MOU|손(?:을)?\s?잡)"
)
# After a name: the one that it joins with, whoever else owns what they do: 도가 A시·B시와 손잡고.
_ALLY = re.compile(r"(?:\([^()\n]{1,16}\))?(?:와|과)\s(?:함께|손(?:을)?\s?잡)")
_SIGNED = re.compile(r"^\s*(?:장관|원장|이사장|대표이사|총장|단장|도지사|시장|군수|청장|회장|소장)")


_LABEL = re.compile(
    r"([가-힣]{2,5}\s?(?:기관|부처|처|기업)|(?<![가-힣/·,])(?:주최(?:\s?[/·,]\s?주관)?|주관|전담|협력|후원|참여|총괄))(?:\s?[:：]\s?|\)\s)"
)
_LABELS_REACH = 120
_HEAD = 300
_HEADED_BY = re.compile(r"\s?\((?:장관|청장|처장|위원장|부위원장|도지사|지사|시장|군수|구청장)\s")
_FOOTNOTE = re.compile(r"\s*(?:\*{1,3}|※)\s?")
_FEWEST_LISTED = 4
# After a name and in its sentence: it takes applications.
_SITE = re.compile(r"(?:\([^)]{1,14}\))?\s(?:공식\s)?(?:누리집|홈페이지)")
_ASKS = re.compile(r"신청|접수|자세한|상세한|지원\s?방법")


@dataclass
class _Candidate:
    """An organisation gathered from its mentions."""

    name: str
    canonical: str
    entity_type: str
    evidence: Evidence
    start: int
    aliases: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    is_beside_government: bool = False
    is_headed: bool = False


def find(doc: Doc, kind: str) -> list[Organisation]:
    """Return the organisations with a role, in the order of their first mention."""
    candidates: dict[str, _Candidate] = {}
    for name, part in (("agency", "host"), ("operator", "operator")):
        if doc.fields.get(name):
            office = _of_office(doc.fields[name])
            candidates[office] = _Candidate(
                office, office, _entity_type(office), doc.field_evidence(name), -1, roles=[part]
            )
            candidates[office].aliases += [doc.fields[name]] if doc.fields[name] != office else []
    mentions = [m for m in doc.mentions if _acts(doc, m, kind)]
    if kind == "announcement" and not any(m.entity_type == "agency" for m in mentions):
        mentions += _in_charge(doc)
    written = {m.surface for m in mentions}
    only_short = {name for name in {m.name for m in mentions if m.name != m.surface} if name not in doc.text}
    listed = _listed_roles(doc, mentions, kind)
    beside_government = {
        mention.start
        for before, mention in pairwise(mentions)
        if before.entity_type in _PUBLIC and _JOINED.fullmatch(doc.text[before.alias_end : mention.start])
    }
    for mention, role in zip(mentions, listed, strict=True):
        name = mention.surface if mention.name in only_short else mention.name
        candidate = _candidate_of(candidates, name, mention)
        if candidate is None and len(candidates) >= _MOST_CANDIDATES:
            continue
        if candidate is None:
            span = doc.span(mention.start, mention.end)
            candidate = candidates[name] = _Candidate(
                name, mention.name, mention.entity_type, span.evidence(), mention.start
            )
        for alias in (mention.alias, mention.surface, mention.name if mention.name in written else ""):
            if alias and alias != candidate.name and alias not in candidate.aliases:
                candidate.aliases.append(alias)
        candidate.roles += [role] if role else []
        candidate.is_headed |= mention.start < _LEAD and bool(_HEADED_BY.match(doc.text, mention.end))
        candidate.is_beside_government |= mention.start in beside_government
    chosen = list(candidates.values())[:_MOST]
    return [_entry(candidate, chosen, kind, doc) for candidate in chosen]


def _of_office(office: str) -> str:
    """Return the organisation in a field that names its signatory: (재)경남창조경제혁신센터 대표이사."""
    office = organisation_mentions.FORM.sub("", office).strip()
    office = re.sub(
        r"\s(?:대표이사|이사장|총장|원장|장관|청장|회장|시장|군수|도지사|센터장|구청장"
        r"|[가-힣]{2,8}(?:실|팀|과))$",
        "",
        office,
    )
    return re.sub(r"(?<=[원단회청관])장$|(?<=부)장관$", "", office)


def _entity_type(name: str) -> str:
    return next((m.entity_type for m in organisation_mentions.scan(name)), "agency")


def _in_charge(doc: Doc) -> list[Mention]:
    """Return the agency that a call names only for applications and questions, else the one that issues the call."""
    for mention in doc.mentions:
        block = doc.layout.at(mention.start)
        if mention.entity_type == "agency" and block and {"contact", "method", "schedule"} & set(block.sections):
            return [mention]
    caller = _CALLER.search(doc.text[:_LEAD]) if not doc.mentions else None
    return [Mention(caller.start(1), caller.end(1), caller[1], caller[1], "agency", caller.end(1))] if caller else []


def _candidate_of(candidates: dict[str, _Candidate], name: str, mention: Mention) -> _Candidate | None:
    if name in candidates:
        return candidates[name]
    names = {name, mention.name, mention.surface, mention.alias} - {""}
    return next(
        (
            b
            for b in candidates.values()
            if names & {b.name, b.canonical, *b.aliases}
            or f" {name}" in b.name
            or f"{name} " in b.name
            or name.startswith(f"{b.canonical} ")
            or _is_university(b, name)
            or _plain(name) in {_plain(other) for other in (b.name, *b.aliases)}
            or _cut_short(b, name)
        ),
        None,
    )


def _plain(name: str) -> str:
    """Return a name in the form in which it is compared: 대전광역시교육청 and 대전교육청 are the same.

    So are 광주상공회의소 and 광주상의, 포스텍 AI연구원 and POSTECH 인공지능연구원. A line that ends within a name
    leaves a space in it.
    """
    full = organisation_mentions.in_full(name)
    return _OF_CITY.sub("", full).replace("상공회의소", "상의").replace("인공지능", "AI").replace(" ", "")


def _is_university(candidate: _Candidate, name: str) -> bool:
    """Return whether a name is that of the same university with or without 학교: 호서대, 호서대학교병원."""
    names = {candidate.name, candidate.canonical, *candidate.aliases}
    return bool(_UNIVERSITY.search(name)) and _UNIVERSITY.sub("대", name) in {_UNIVERSITY.sub("대", n) for n in names}


def _cut_short(candidate: _Candidate, name: str) -> bool:
    """Return whether a field contains only the beginning of the name: 한국지능정보사회진흥."""
    return (
        candidate.start < 0
        and len(candidate.name) >= 6
        and (name.startswith(candidate.name) or candidate.name.startswith(name))
    )


def _acts(doc: Doc, mention: Mention, kind: str) -> bool:
    """Return whether a mention gives its organisation a role, by its position and the words after it."""
    after = doc.text[mention.end : mention.end + 44]
    if _PASSING.match(after) or (
        mention.entity_type == "government" and (_INSIDE.match(after) or _IS_PLACE.match(doc.text, mention.end))
    ):
        return False
    if kind != "announcement" and _OF_PERSON.match(after) and _is_of_those_present(doc, mention):
        return False
    is_public = mention.entity_type in _PUBLIC
    if _SAYS.match(after) and not is_public and not _RUNS.search(mention.surface):
        return False
    if kind != "announcement":
        surveys = kind != "statistics" and _SURVEYS.match(after)
        is_venue = _VENUE.match(after) and not is_public and not _is_last_of_row(doc.text, mention.start)
        return not is_venue and not surveys and not _MASTHEAD.search(_line_at(doc.text, mention.start))
    block = doc.layout.at(mention.start)
    if block is None:
        return True
    sections = set(block.sections)
    if _stated_role(doc, mention, kind) and not sections & (_SILENT - {"schedule", "target"}):
        return True
    if sections & _SILENT:
        return bool({"host", "operator", "participant"} & sections) and not sections & {
            "law",
            "exclusion",
            "annex",
            "notes",
        }
    if "contact" in sections:
        return bool(block.column) and mention.start == block.start
    lead = next((p.start for p in doc.layout.blocks if "annex" not in p.sections), 0)
    return mention.start - lead < _LEAD and (mention.entity_type != "government" or _is_issuer(doc, mention))


def _is_last_of_row(text: str, start: int) -> bool:
    return bool(_IN_ROW.search(text, max(0, start - 4), start))


def _is_of_those_present(doc: Doc, mention: Mention) -> bool:
    """Return whether a sentence only says who was present, at no ceremony at which something is signed."""
    sentence = doc.sentence_at(mention.start)
    return bool(_PRESENT.search(sentence.text)) and not _SIGNS.search(
        doc.text, max(0, sentence.start - _CEREMONY), sentence.end
    )


def _line_at(text: str, offset: int) -> str:
    end = text.find("\n", offset)
    return text[text.rfind("\n", 0, offset) + 1 : end if end >= 0 else len(text)]


def _is_issuer(doc: Doc, mention: Mention) -> bool:
    """Return whether a city or province issues, signs or pays, and is not only the location of applicants."""
    after = doc.text[mention.end : mention.end + 30]
    return bool(re.match(r"\s?(?:와|과|는|가|에서는|의\s지원|\s?공고|[·,]|청|\s?\(|\s?장관|가\s)", after)) or bool(
        _SIGNED.match(after)
    )


def _listed_roles(doc: Doc, mentions: list[Mention], kind: str) -> list[str]:
    """Return the role stated for each organisation, or for the last one of its enumeration: A와 B가 참여한다."""
    roles: list[str] = []
    for mention, following in zip(reversed(mentions), [None, *reversed(mentions)], strict=False):
        role = _stated_role(doc, mention, kind)
        between = doc.text[mention.alias_end : following.start] if not role and following else ""
        if between and (_JOINED.fullmatch(between) or _GAPPED.fullmatch(between)):
            role = roles[-1] if roles[-1] != "other" else ""
        roles.append(role)
    return roles[::-1]


# The clause around a name, and whoever hosts something right after it.
_BEGINS_CLAUSE = re.compile(r"[\n.;]|(?<=[가-힣])\)\s|(?:하고|하며|이며)\s")
_ENDS_CLAUSE = re.compile(r"[.;]|(?<=[와과])\s(?!함께|공동|손(?:을)?\s?잡|협업)|,\s?|·|\n(?!\()")
_HOSTS = re.compile(r"(?:\([^)]*\))?[이가와과,·\s][^.\n]{0,24}?(?:주최|주관)")


def _stated_role(doc: Doc, mention: Mention, kind: str) -> str:
    """Return the role that a label or the words around a name state; empty for none."""
    block = doc.layout.at(mention.start)
    if block and kind == "announcement":
        if role := _labelled_role(doc.text[block.start : mention.start]):
            return role
        for role in ("host", "operator", "participant", "supporter"):
            if role in block.sections and mention.start - block.start < 60:
                return role
    if block and kind == "announcement" and (in_column := _COLUMNS.fullmatch(block.column.strip())):
        return "operator" if in_column["leads"] else "participant"
    if kind != "announcement" and (role := _role_in_prose(doc, mention)):
        return role
    start = max(0, mention.start - _NEAR)
    before = _BEGINS_CLAUSE.split(doc.text[start : mention.start])[-1]
    after = _ENDS_CLAUSE.split(doc.text[mention.end : mention.end + _NEAR])[0]
    if _HOSTS.match(after):
        return "host" if "주최" in after or _is_of_event(doc.sentence_at(mention.start).text) else "operator"
    if (mention.entity_type != "government" and _SUPPORTS.match(after)) or (
        mention.entity_type == "company" and _PAYS.match(after)
    ):
        return "supporter"
    if mention.entity_type == "ministry" and _IS_ASKED.match(doc.text, mention.end):
        return "other"
    if _RUNS_BEFORE.search(before) or _RUNS_AFTER.match(after):
        return "operator"
    if mention.entity_type == "agency" and _LEADS.match(doc.text, mention.end):
        return "operator"
    if mention.entity_type not in _PUBLIC and _PARTNER.match(doc.text, mention.end):
        return "participant"
    if _WITH_OTHERS.match(doc.text, mention.end):
        return "participant"
    if mention.entity_type == "government" and kind == "announcement" and _ALLY.match(doc.text, mention.end):
        return "participant"
    for role, words in organisations().roles.items():
        if words.search(after) or words.search(before[-12:]):
            return role
    return ""


def _role_in_prose(doc: Doc, mention: Mention) -> str:
    """Return the role that a label, a footnote of ministries or the site of an agency states in prose."""
    if role := organisation_labels.role(doc.text, mention.start):
        if role == "charge":
            return "host" if _is_of_event(doc.text[:_HEAD]) else "operator"
        return role
    if mention.entity_type == "ministry" and _is_in_footnote(doc, mention):
        return "participant"
    is_site = mention.entity_type == "agency" and _SITE.match(doc.text, mention.end)
    if is_site and _ASKS.search(doc.sentence_at(mention.start).text):
        return "operator" if any(other.entity_type in _PUBLIC for other in doc.mentions) else ""
    return ""


def _is_in_footnote(doc: Doc, mention: Mention) -> bool:
    """Return whether a line is a footnote that only lists ministries: * A부, B부, C처, D청."""
    line = _line_at(doc.text, mention.start)
    if not _FOOTNOTE.match(line):
        return False
    start = doc.text.rfind("\n", 0, mention.start) + 1
    listed = [m for m in doc.mentions if start <= m.start < start + len(line) and m.entity_type == "ministry"]
    return len(listed) >= _FEWEST_LISTED and sum(m.alias_end - m.start for m in listed) * 2 > len(line)


def _labelled_role(before: str) -> str:
    """Return the role of the last label in a line: 추진체계 : (주최) A / 전담 : B."""
    labels = list(_LABEL.finditer(before[-_LABELS_REACH:].rsplit("\n", 1)[-1]))
    role = classify(labels[-1][1]) if labels else ""
    return role if role in organisations().roles else ""


@lru_cache(maxsize=1)
def _is_of_event(sentence: str) -> bool:
    return bool(_EVENT.search(sentence))


def _entry(candidate: _Candidate, all_candidates: list[_Candidate], kind: str, doc: Doc) -> Organisation:
    is_stated = candidate.roles and (
        candidate.entity_type != "ministry"
        or set(candidate.roles) <= {"supporter", "other"}
        or (set(candidate.roles) == {"participant"} and _is_beside_owner(candidate, all_candidates))
    )
    role = candidate.roles[0] if is_stated else _usual_role(candidate, all_candidates, kind, doc)
    if role == "operator" and candidate.entity_type == "government":
        role = _usual_role(candidate, all_candidates, kind, doc)  # 주관: 충청남도, 천안시
    return Organisation(name=candidate.name, aliases=tuple(candidate.aliases), role=role, evidence=candidate.evidence)


def _is_beside_owner(ministry: _Candidate, all_candidates: list[_Candidate]) -> bool:
    """Return whether another ministry named before one that takes part owns the programme."""
    return any(
        other.entity_type == "ministry"
        and other.start < ministry.start
        and (other.is_headed or "participant" not in other.roles)
        for other in all_candidates
    )


def _has_won(candidate: _Candidate, all_candidates: list[_Candidate], doc: Doc) -> bool:
    """Return whether a text says of a local government that the call of another body chose it.

    Where it is the only one, the text also calls it by what it is: 시는 … 공모에 선정됐다.
    """
    governments = [other for other in all_candidates if other.entity_type == "government"]
    forms = {candidate.name, *candidate.aliases}
    forms |= {candidate.name[-1]} if len(governments) == 1 or candidate is governments[0] else set()
    return any((match["who"] or match["named"]) in forms for match in _WINNERS.finditer(doc.text))


def _is_issued(all_candidates: list[_Candidate]) -> bool:
    """Return whether a text introduces the public body that issues it by who heads it: 가온부(장관 김하나)는."""
    return any(other.entity_type in _PUBLIC and other.is_headed for other in all_candidates)


def _usual_role(candidate: _Candidate, all_candidates: list[_Candidate], kind: str, doc: Doc) -> str:
    """Return the default role: ministries and governments host; an agency hosts without these, else it operates."""
    if kind == "opinion" and (candidate.entity_type == "ministry" or candidate.entity_type == "agency"):
        if candidate.entity_type == "ministry" and _ITS_CALL.match(doc.text, candidate.start + len(candidate.name)):
            return "host"
        return "other"  # what a writer wishes, it has not begun
    first = min(all_candidates, key=lambda other: other.start)
    if candidate.entity_type == "government" and any(other.entity_type == "ministry" for other in all_candidates):
        is_chosen = first.entity_type == "ministry" and _WON.search(doc.sentence_at(candidate.start).text)
        return "participant" if is_chosen or _has_won(candidate, all_candidates, doc) else "host"
    if candidate.entity_type in _PUBLIC:
        return "host"
    public = any(other.entity_type in _PUBLIC for other in all_candidates)
    if public and _HOSPITAL.search(candidate.name):
        return "participant"
    if kind == "press_release" and candidate is first and candidate.entity_type == "university":
        return "operator" if public else "host"
    if candidate.entity_type == "agency":
        if kind == "announcement":
            return "operator" if public else "host" if candidate is first or candidate.start < _LEAD else "participant"
        if kind == "statistics" and candidate.start < _LEAD // 2:
            return "host"
        if candidate is first and not (public and (candidate.is_beside_government or _is_issued(all_candidates))):
            return "host"
        return "operator" if public and candidate.start < _LEAD // 2 else "participant"
    if kind == "opinion" and not re.search(r"컨소시엄|선정", doc.sentence_at(candidate.start).text):
        return "other"
    if kind == "announcement" and len(all_candidates) == 1:
        return "host"
    return "participant"
