"""Candidate names of programmes: from the title of a call, in quotation marks, and bare in prose."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby

from gonggo.extract import places, tracks
from gonggo.extract.doc import Doc, Span
from gonggo.extract.lexicons import organisations, patterns
from gonggo.extract.words import alternation

_OPEN, _CLOSE = "「『‘“｢<《〈'\"", "」』’”｣>》〉'\""
_QUOTED = re.compile(
    rf"(?=[{_OPEN}])(?:(?<![가-힣A-Za-z\d])[{_OPEN}]([^{_OPEN}{_CLOSE}\n]{{3,64}})[{_CLOSE}]|[「『｢]([^」』｣\n]{{"
    rf"3,64}})[」』｣])"
)
# Right behind what somebody says in quotation marks.
_SPOKEN = re.compile(r"[’”'\"」』｣]이?라(?:며|고|면서|는\s(?:말|응답|대답|지적))?[\s,]")
_KIND_AFTER = re.compile(r"\s?(?:지원\s?)?(?:사업|프로젝트|프로그램)(?![가-힣])")
_INNER = re.compile(r"[「『｢‘“]([^」』｣’”]{4,70})[」』｣’”]")
# What a call's title says besides the name of its programme. Spaces once taken are kept (+): a tail that does not fit
# is not tried again with fewer of them.
_TITLE_TAIL = re.compile(
    r"\s{0,3}+(?:\d\s?차\s?년도\s{0,3}+(?:\(20\d\d년?도?\)\s{0,3}+)?)?(?:사업\s(?=시행|통합|신규))?(?:\(?\d{1,4}차\)?\s{0,3}+)?(?:신규$|신규\s?지원\s?대상\s?과제|신규\s?과제|통합|시행\s?계획|시행|선정을?\s?위한|기업\s?지원|참여\s?희망|최종|"
    r"(?:추가\s{0,3}+)?(?:참여|지원|수요|공급|수행|입주|도입|주관|참가|예비|수혜|선도|신규|시행|대상|운영|채용연계)?(?:\s?[·ㆍ]\s?(?:공급|수요|참여|도입))?\s?(?:기업|기관|팀|사업장|사업자|지구|농가|학교|공장|수요처|교육생|수강생|참가자|참여자|신청자|대상자|과제|컨소시엄|스타트업|창업팀|소상공인)?"
    r"(?:\s?및\s(?:공급|수요|참여|도입)\s?기업)?\s{0,3}+(?:\(대기업\s등\))?\s{0,3}+)?"
    r"(?:추가\s{0,3}+|연장\s{0,3}+|변경\s{0,3}+|수정\s{0,3}+|취소\s{0,3}+|재\s?|\d차\s{0,3}+|상시\s{0,3}+|통합\s{0,3}+|사전\s{0,3}+|시행\s{0,3}+){0,4}(?:모집|공모|선정(?:\s?평가)?|접수|신청|시행\s?계획|참가)?\s{0,3}+(?:계획\s{0,3}+|결과\s{0,3}+(?:발표\s{0,3}+)?)?"
    r"(?:\((?:변경|재|연장|수정|추가)\)\s{0,3}+)?(?:추가\s{0,3}+|연장\s{0,3}+|변경\s{0,3}+|취소\s{0,3}+|철회\s{0,3}+|재|통합\s{0,3}+|사전\s{0,3}+|\d차\s{0,3}+){0,4}(?:공고|안내|공모|모집|알림)?(?:문)?\s{0,3}+"
    r"(?:\([^)]{0,20}(?:변경|재공고|연장|수정|추가|예정|\d차|등|~|까지|지원|사업)[^)]{0,14}\)\s{0,3}+)?$"
)
_TITLE_HEAD = re.compile(
    r"^(?:\[[^\]]{1,16}\]\s*|\((?:재공고|연장|변경|취소|긴급|수정)[^)]{0,16}\)\s*|20\d\d\s?년?도?\s*|[’'‘]?\d\d\s?년도?\s+|(?:상|하)반기\s|\d분기\s)+"
)
# A place or an issuer before the year of a title: 가람군·나린군 2026년 2차 ….
_BEFORE_YEAR = re.compile(
    r"^(?:[가-힣]{1,4}(?:도|시|군|구)(?:\s?[·ㆍ,]\s?)?){1,6}\s(?=20\d\d\s?년)"
    r"|^(?:\([가-힣]{1,2}\)|㈜)?[가-힣A-Za-z]{2,14}(?:TP|연구원|진흥원|테크노파크|센터|재단|공단|대학교|상공회의소|협회)\s(?=20\d\d\s?년)"
)
# The umbrella of a call around its title: in dashes or marks before it, or in brackets behind it.
_UMBRELLA = re.compile(
    r"^(?:[-–]\s)?(?P<before>[^-–「『\n]{6,60}(?:사업|프로젝트))\s[-–]\s(?=[「『])"
    r"|^[「『](?P<over>[^」』\n]{6,60}(?:사업|프로젝트))[」』]\s(?=[^「『」』]{8,60}(?:사업|과정|과제|프로그램|트랙)\s[^「『」』]{0,20}(?:공고|모집|공모)$)"
    r"|(?:공고|모집|공모|안내)(?:문)?\s?[(（](?P<behind>[^()（）\n]{6,50}(?<!지원)(?<!통합)(?<!주관)(?<!주관\s)(?<![는은])(?<![는은]\s)(?:\s사업|사업|프로젝트))[)）]$"
)
_ENDS_IN_DASH = re.compile(r"\s[-–]\s?[「『｢‘“]$")
# What a name is called from here on: (이하 ‘캠퍼스’); and of which programme a call is a part.
_SHORTENED = re.compile(r"\(이하\s?[「『｢‘“'\"]$")
_AS_PART = re.compile(r"[」』｣’”'\"]?\s?(?:사업|과제|프로젝트)?의?\s일환")
_SHORTENED_REACH = 8
_OF = re.compile(r"(?<=[가-힣]{2})(?<!강)의$")
_COUNTED = re.compile(r"^제?\s?\d+\s?(?:차|회|기)\s")
_GROUP = re.compile(r"^\S{2,6}기업\s?대상\s")
# After a bare name whose last word says little: somebody does something with it.
_BEGUN = re.compile(
    r"(?:을|를|에|이|가)\s(?:[가-힣]{1,6}\s)?(?:짓|조성|시작|착수|운영|구축|개최"
    r"|연다|열|선정|따냈|투입|나선|나섰|들어|추진|문을|출범|마련|수립|발표|확정"
    r"|통과|시행)"
)
# A line of a list in prose that names a programme and says its money or its count: ② 부두 AI 지킴이 : 1,260억원.
_ITEM = re.compile(
    r"(?m)^[ \t]*+(?:[①-⑳⑴-⒇➊-➓❶-❿■□○ㅇ▲△◦·-]|\d[.)])\s?(?:\([가-힣·, ]{2,10}\)\s?)?"
    r"(?P<name>[^\n:：()\d][^\n:：()]{3,33}?)\s?[:：(]\s?(?:총|약|올해)?\s?(?=\d[\d,]{0,9}\s?(?:억|조|천|백|만|개사|명|곳))"
)
# A part of a sentence that lists programmes with their money: ▲ 지역 인공지능 전환(AX) 활성화(30억원) ▲ ….
_LISTED_ITEM = re.compile(
    r"[▲△▶▷◆◇●]\s?(?P<name>(?:[^▲△▶▷◆◇●()\n]|\([^()\d]{1,24}\)){4,50}?)\s?\((?:[^()\d]{0,10}\s)?(?=\d[\d,.]{0,9}\s?(?:억|조|천만|백만))"
)
_NO_ITEM = re.compile(
    r"(?:사업비|예산|규모|금액|대상|기간|모집|인원|국비|도비|시비|군비|매출|고용|일자리|투자|참여기업|성과|효과|상금|[다요함음])$"
    r"|^(?:총|국비|선정|참여|지난|올해)"
)
_SUM_AT_END = re.compile(r"\s(?:총|약|국비)?\s?\d[\d,.]{0,9}\s?(?:조|억|천만|백만|만)\S{0,12}(?:\s?원)?$")
# Cells of a table that lists programmes: a name, and money or a count beside it.
_FIRST_CELL = re.compile(r"[^\d\s|][^|\n]{3,39}")
_SUM_CELL = re.compile(r"\d\s?(?:억|조|천만|백만|만)\s?원?|\d\s?(?:개사|명|개소|곳|과제)")
_FEWEST_ITEMS = 2
_LETTER = re.compile(r"[가-힣A-Za-z0-9]")
_SHORTEST_REST, _SHORTEST_END, _SHORTEST_SHORT = 3, 4, 6
# What is done with the thing that a name names, at its end.
_WORKS = re.compile(r"\s?(?:(?:조성|구축|건립|설립|지원)\s?)?(?:사업|조성|구축|건립|설립|추진)?$")
_ASIDE = re.compile(r"\([^()]*\)")
# What a call cites: a plan that it follows, a programme whose winners may apply.
_REFERRED = re.compile(
    r"(?<=계획)[」』’”｣]?\s?에\s(?:따라|따른|의거|의한|근거)|[」』’”｣]?\s?(?:기\s?)?(?:선정|졸업)\s?(?:기업|기관|과제)(?!\s?(?:모집|공고))"
)
_CALLS = re.compile(r"(?:모집|공모|공고|안내|선정)$")
# Behind the title of a call: the name of the board or page; behind a name in marks: who is sought.
_PAGE_BEHIND = re.compile(r"(?<=[가-힣\)])\s[|<>›»]\s[^|<>›»]{2,24}$")
_SOUGHT = re.compile(r"\s?[」』｣’”]\s?(?:의\s)?[^「『｢‘“」』｣’”]{0,40}(?:모집|공모|선발|공고|안내)(?:\s?공고)?(?:문)?$")
_SHORTEST_HEAD = 8
_BRACKET = re.compile(r"\s?\([^()]{2,30}\)$")
_LEAD = 1500
_LONGEST, _LONGEST_BARE = 64, 60
# Candidates of one text, more than any has: each is compared with all before it.
_MOST = 300
_MOST_IN_PROSE, _SHORT_TEXT = 12, 700
_AI = re.compile(r"AI|인공지능|AX")
# AX(인공지능 전환), 연구개발(R&D)
_SHORT_FORM = re.compile(r"(?<=[A-Za-z])\s?\([^()\d]{2,30}\)|\s?\([A-Za-z][A-Za-z &·*\-]{1,24}\)")
_AI_TWICE = re.compile(r"인공지능\s?\(AI\)|AI\s?\(인공지능\)")


@dataclass
class Name:
    """A candidate: its first mention, its aliases, and its origin (title, umbrella, lead, track, quoted, item …)."""

    span: Span
    origin: str
    aliases: list[str] = field(default_factory=list)


def of_call(doc: Doc, title: str | None) -> list[Name]:
    """Return the programme of a call, umbrella programmes in its lead, and its tracks."""
    names: list[Name] = []
    lead, shortened = list[Span](), list[Span]()
    for span in _lead_quotes(doc):
        (shortened if _is_shortened(doc, span) else lead).append(span)
    if title:
        own, over = _of_title(doc, title), list(_umbrellas(doc, title))
        umbrellas = {bare(span.text) for span in over}
        lead = [span for span in lead if bare(span.text) not in umbrellas]
        inside = [span for span in lead if len(bare(span.text)) >= 5 and bare(span.text) in bare(title)]
        # The lead separates a title that is two names in a row.
        covered = sum(len(bare(span.text)) for span in _different(inside)) if own else 0
        if own and (len(_different(inside)) < 2 or covered < 0.8 * len(bare(own.text))):
            short = [span.text for span in shortened if _stands_before(doc, own, span)]
            names.append(Name(own, "title", [*_head_of(title, own), *short]))
        names += [Name(span, "title") for span in inside]
        names += [Name(span, "umbrella") for span in over]
    for span in lead:
        if title and doc.is_fact(span.start) and _is_larger(doc, span):
            names.append(Name(span, "umbrella" if _AS_PART.match(doc.text, span.end) else "lead"))
    names = _merged(names)
    sure, possible = tracks.find(doc)
    whole = bare(doc.text) if possible else ""
    marked = [*sure, *(span for span in possible if _is_own(whole, span))]
    own_tracks = [span for span in marked if not _is_of_title(span.text, title or "")]
    return _merged([*names, *(Name(span, "track") for span in own_tracks)]) if names else names


def of_prose(doc: Doc) -> list[Name]:
    """Return names in quotation marks, and names without them that end in a programme word after words of the field."""
    words = patterns("programmes")
    names: list[Name] = []
    for match in _QUOTED.finditer(doc.text):
        group = 1 if match[1] else 2
        if _SPOKEN.match(doc.text, match.end(group)):
            continue
        span = doc.span(match.start(group), match.end(group))
        after, before = doc.text[match.end() : match.end() + 30], doc.text[max(0, match.start() - 14) : match.start()]
        tail = re.match(r"\s?(투자\s?협약|업무\s?협약|선도\s?모델|프로젝트|사업)", after)
        is_announced = bool(words["after"].search(after) or words["before"].search(before))
        if _is_name(span.text + (" " + tail[1] if tail else ""), quoted=True) or (
            is_announced and _is_short_name(span.text)
        ):
            end = match.end() + tail.end() if tail and tail[1] not in ("사업", "프로젝트") else span.end
            names.append(Name(doc.span(span.start, end), "quoted"))
    names += [Name(span, "item") for span in _items(doc)]
    names.sort(key=lambda name: name.span.start)
    quoted = [name.span for name in names]
    starts = [span.start for span in quoted]
    for unquoted in _bare_names(doc):
        number = bisect_right(starts, unquoted.start) - 1
        if number < 0 or unquoted.start >= quoted[number].end:
            names.append(Name(unquoted, "bare"))
    return _merged(sorted(names, key=lambda name: name.span.start)[:_MOST])


def most_likely(doc: Doc, candidates: list[Name]) -> list[Name]:
    """Return only the quoted names of a short text, if there are any; quoted and other names of a long text."""
    quoted = [name for name in candidates if name.origin == "quoted"]
    if len(doc.text) < _SHORT_TEXT and quoted:
        return quoted[:3]
    if len(doc.text) < _SHORT_TEXT:
        return sorted(candidates, key=lambda name: not _AI.search(name.span.text))[:2]
    return candidates[:_MOST_IN_PROSE]


def _items(doc: Doc) -> list[Span]:
    """Return names at the beginning of lines, rows or items, if at least two are followed by money or a count."""
    matches = (match for pattern in (_ITEM, _LISTED_ITEM) for match in pattern.finditer(doc.text))
    spans = [*(_without_sum(doc.span(*match.span("name"))) for match in matches), *_first_cells(doc)]
    named = [
        span for span in spans if not _NO_ITEM.search(span.text) and not re.search(f"[{_OPEN}{_CLOSE}]", span.text)
    ]
    return named if len(named) >= _FEWEST_ITEMS else []


def _without_sum(span: Span) -> Span:
    """Cut a sum at the end of an item: A 구축 6억5000만원(총사업비 417억원)."""
    cut = _SUM_AT_END.search(span.text)
    return Span(span.start, span.start + cut.start(), span.text[: cut.start()]) if cut else span


def _first_cells(doc: Doc) -> Iterator[Span]:
    """Yield the first cells of the rows of tables that have money or a count in another cell."""
    cells = (block for block in doc.layout.blocks if block.column)
    for _, row in groupby(cells, key=lambda block: doc.text.rfind("\n", 0, block.start)):
        first, *others = row
        if _FIRST_CELL.fullmatch(first.text) and any(_SUM_CELL.search(cell.text) for cell in others):
            yield doc.span(first.start, first.end)


@lru_cache(maxsize=1024)
def bare(name: str) -> str:
    """Return a name without spaces, marks, years, 및, short forms in brackets and generic words.

    AI stands for 인공지능, and for both together.
    """
    name = _SHORT_FORM.sub("", _AI_TWICE.sub("AI", name)).replace("인공지능", "AI").replace(" 및 ", "")
    squashed = re.sub(r"[\s·ㆍ‧‐\-:()（）,.「」『』｢｣‘’“”'\"*+]|20\d\d년?도?|^제?\d+[차회기]", "", name)
    for _ in range(2):
        squashed = re.sub(r"(?:지원사업|사업|프로젝트|프로그램|구축|공모|지원|선정|시행)$", "", squashed)
    return squashed.lower()


def _of_title(doc: Doc, title: str) -> Span | None:
    title = _PAGE_BEHIND.sub("", re.sub(r"^\[([^\]]{12,70})\]", r"\1", title))
    over = _UMBRELLA.search(title)
    if over and over["over"]:
        title = title[over.end() :]
    elif over and over["behind"]:
        title = title[: over.start("behind")].rstrip(" (（")
    inner = _INNER.search(title)
    is_own = inner and (len(inner[1]) > 0.4 * len(title) - 8 or _names_what_is_sought(title, inner))
    name = inner[1] if inner and is_own else title
    while (bare_of_ministry := _of_ministry().sub("", name)) != name:
        name = bare_of_ministry
    for _ in range(3):
        name = _COUNTED.sub("", _TITLE_HEAD.sub("", _BEFORE_YEAR.sub("", name))).strip(" -「」『』‘’“”'\"")
    if not inner or name not in inner[1] or _CALLS.search(name):
        bare_name = _GROUP.sub("", _without_issuer(_cut_tail(name)))
        name = _whole(bare_name if bare_name == name else _without_particle(bare_name), title)
    if len(bare(name)) < 3:
        return None
    at = doc.text.find(name)
    if at < 0:
        words = name.split()
        there = all(word in doc.text for word in words)
        loose = re.search(r"\s*".join(map(re.escape, words)), doc.text) if there else None
        return Span(loose.start(), loose.end(), name) if loose else Span(-1, -1, name)
    return Span(at, at + len(name), name)


def umbrella_in(title: str) -> str:
    """Return the programme of which a title says that its call is a part; empty if it says none."""
    umbrella = _UMBRELLA.search(title)
    return _TITLE_HEAD.sub("", umbrella["before"] or umbrella["over"] or umbrella["behind"]) if umbrella else ""


def _umbrellas(doc: Doc, title: str) -> Iterator[Span]:
    """Yield the programme of which a title says that its call is a part, as the text has it."""
    name = umbrella_in(title)
    at = doc.text.find(name) if len(name) >= _SHORTEST_HEAD else -1
    if at >= 0 and not patterns("programmes")["not"].search(name):
        yield doc.span(at, at + len(name))


def _is_of_title(name: str, title: str) -> bool:
    """Return whether a title says a name, but not as the first of several: A 및 B 지원 공고."""
    return bare(name) in bare(title) and not re.search(rf"{re.escape(name)}\s?(?:및|와|과|·|,)\s?", title)


def _head_of(title: str, own: Span) -> list[str]:
    """Return the words before a name in marks in a title, if they end like a name: 인재 양성과정 「A」 모집."""
    at = title.find(own.text)
    head = title[: max(at, 0)]
    if not re.search(r"[「『｢‘“]$", head):
        return []
    name = _TITLE_HEAD.sub("", head[:-1]).strip(" -")
    # What a dash sets off is the umbrella.
    is_name = len(name) >= _SHORTEST_HEAD and _is_name(name, quoted=True) and not _ENDS_IN_DASH.search(head)
    return [name] if is_name else []


def _names_what_is_sought(title: str, inner: re.Match[str]) -> bool:
    """Return whether the words in marks name what a call is for: 인재 양성 「A 과정」 교육생 모집 공고."""
    words = patterns("programmes")
    sought = _SOUGHT.fullmatch(title, inner.end(1)) and not words["not"].search(inner[1])
    return bool(sought) and bool(words["field"].search(inner[1]) or _ending("weak", "$").search(inner[1]))


@cache
def _of_ministry() -> re.Pattern[str]:
    """Return a pattern of a ministry at the beginning of a title, with the year before it."""
    return re.compile(rf"^(?:20\d\d년?도?\s)?(?:{alternation(organisations().ministries)})\s")


def _whole(name: str, title: str) -> str:
    """Restore the word for the kind of programme that was cut with the tail of a title: …활성화 지원 사업 통합 공고."""
    at = title.find(name)
    while at >= 0:
        if kind := _KIND_AFTER.match(title, at + len(name)):
            return title[at : kind.end()]
        at = title.find(name, at + 1)
    return name


def _cut_tail(name: str) -> str:
    before = ""
    while before != name:
        before = name
        name = _TITLE_TAIL.sub("", name).strip(" -") or before
    return name


def _without_particle(name: str) -> str:
    """Cut the particle that tied a name to the tail of its title: … 사업의 (참여기업 모집)."""
    return name if patterns("programmes")["keep"].search(name) else _OF.sub("", name)


def _without_issuer(name: str) -> str:
    """Cut the issuer from the beginning of a title: 서울TP-한국로봇융합연구원 로봇·AI 기술컨설팅 지원사업."""
    head, _, rest = name.partition(" ")
    issuer = re.search(r"(?:TP|연구원|진흥원|테크노파크|혁신센터|재단|공단)$", head)
    return rest if issuer and len(rest) >= 6 else name


def _lead_quotes(doc: Doc) -> Iterator[Span]:
    start = next((p.start for p in doc.layout.blocks if "annex" not in p.sections), 0)
    for match in _QUOTED.finditer(doc.text, start, start + _LEAD):
        group = 1 if match[1] else 2
        if not patterns("programmes")["not"].search(match[group]):
            yield doc.span(match.start(group), match.end(group))


def _different(spans: list[Span]) -> list[Span]:
    different: list[Span] = []
    for span in spans:
        if not any(is_same(span.text, other.text) for other in different):
            different.append(span)
    return different


# What may follow the last word of a name: nothing but a short form in brackets; a particle or a mark.
_SHORT_FORM_AT_END = r"(?:\([^)]{1,20}\))?$"
_AFTER_NAME = r"(?=$|[\s,.)’”'\"·…]|은|는|이|가|을|를|의|에|과|와|도|로|으로|등)"


@cache
def _ending(name: str, after: str) -> re.Pattern[str]:
    """Return a pattern of the last words of names of programmes, ``strong`` or ``weak`` ones, with what follows."""
    return re.compile(f"(?:{patterns('programmes')[name].pattern}){after}")


def _is_larger(doc: Doc, span: Span) -> bool:
    """Return whether a quoted name in the lead is that of a programme, by its end or the words after it."""
    if _REFERRED.match(doc.text, span.end):
        return False
    if _AS_PART.match(doc.text, span.end) and _is_name(span.text, quoted=True):
        return True
    ends = _ending("strong", "$").search(span.text)
    after = patterns("programmes")["after"].search(doc.text[span.end + 1 : span.end + 30])
    return _is_name(span.text, quoted=True) and bool(ends or after)


def _is_shortened(doc: Doc, span: Span) -> bool:
    """Return whether a quoted name is what the name before it is called from here on: (이하 ‘캠퍼스’)."""
    return _SHORTENED.search(doc.text[max(0, span.start - _SHORTENED_REACH) : span.start]) is not None


def _stands_before(doc: Doc, name: Span, short: Span) -> bool:
    """Return whether a name is what a shorter one behind it in brackets stands for."""
    bracket = doc.text.rfind("(", 0, short.start)
    before = doc.text[max(0, bracket - len(name.text) - _SHORTENED_REACH) : max(0, bracket)]
    return name.text in before and bare(before).endswith(bare(name.text))


def _is_own(whole: str, span: Span) -> bool:
    """Return whether the text names a track again, ignoring spaces, by a name of more than a word or two."""
    return len(re.sub(r"\s", "", span.text)) >= 5 and whole.count(bare(span.text)) >= 2


def _is_name(text: str, *, quoted: bool) -> bool:
    words = patterns("programmes")
    text = text.strip()
    if not 4 <= len(text) <= _LONGEST or re.search(r"(?:다|요|까|라|죠|자)[.?!]?$|[?!]", text):
        return False
    ends = _ending("strong", _SHORT_FORM_AT_END).search(text)
    if not ends and quoted:
        ends = _ending("weak", _SHORT_FORM_AT_END).search(text)
    # What no name holds takes the longest to look for.
    return (
        bool(ends)
        and bool(words["field"].search(text) or (quoted and len(text) >= 6 and " " in text))
        and not words["not"].search(text)
    )


def _is_short_name(text: str) -> bool:
    """Return whether a quoted name with an unusual end is in the context of a name: ‘애디(Add+i)’를 구축."""
    if patterns("programmes")["not"].search(text) or re.search(
        r"(?:다|요|까|라|은|는|을|를|에서|으로)[.?!]?$|[?!…,]", text
    ):
        return False
    return 3 <= len(text) <= 40 and (
        bool(patterns("programmes")["field"].search(text)) or bool(re.search(r"[A-Za-z]{3,}", text))
    )


def _bare_names(doc: Doc) -> Iterator[Span]:
    """Yield the words before a programme word, back to the first that cannot be part of a name."""
    words = patterns("programmes")
    strong = _ending("strong", _AFTER_NAME)
    weak = _ending("weak", rf"(?=을|를|에|이|가|\s착수|\s추진|\s본격){_AFTER_NAME}")
    headline = doc.text.find("\n") if "\n" in doc.text else 0
    endings = [
        *strong.finditer(doc.text),
        *(m for m in weak.finditer(doc.text) if m.start() < headline or _BEGUN.match(doc.text, m.end())),
    ]
    taken = 0
    for match in sorted(endings, key=lambda m: (m.start(), -m.end())):
        if match.start() < taken:
            continue
        limit = max(0, match.start() - _LONGEST_BARE)
        before = doc.text[limit : match.start()]
        line = limit + max(before.rfind("\n") + 1, before.rfind(". ") + 2 if ". " in before else 0)
        start = match.end()
        for token in reversed(list(re.finditer(r"\S+", doc.text[line : match.end()]))):
            word = token.group()
            is_last = line + token.end() >= match.end()
            links = words["stop"].search(word) or words["outside"].search(word)
            ends_name = links and not words["keep"].search(word)
            if not is_last and (
                ends_name or not _LETTER.search(word) or re.search(r"[,.’”'\"」』…△▲▸☞■□→:]$|[“‘「『△▲▸'\"]", word)
            ):
                break
            if re.match(r"[△▲▸·\-(“‘'\"「『]" if is_last else "[「『｢“‘]", word):
                start = line + token.start() + 1
                break
            start = line + token.start()
        span = doc.span(start, match.end())
        if (
            not words["never_first"].search(span.text.split(" ")[0])
            and span.text.count(" ") <= 6
            and _is_name(span.text, quoted=match.re is weak)
            and words["field"].search(span.text)
            and (" " in span.text or len(span.text) >= 7)
        ):
            taken = match.end()
            yield span


def _merged(names: list[Name]) -> list[Name]:
    """Merge names that differ only by generic words; the later ones become aliases of the first."""
    merged: list[Name] = []
    for name in names:
        same = next(
            (
                o
                for o in merged
                if is_same(o.span.text, name.span.text) or any(is_same(a, name.span.text) for a in o.aliases)
            ),
            None,
        )
        if same is None:
            merged.append(name)
        elif name.span.text != same.span.text and name.span.text not in same.aliases:
            same.aliases.append(name.span.text)
    return merged


@lru_cache(maxsize=1024)
def _behind_place(name: str) -> str:
    """Return the rest of a name after the place that it begins with; empty if there is no place, or too little rest."""
    place = next(iter(places.scan(name)), None)
    rest = name[place.end :].strip() if place and place.start == 0 else ""
    return rest if len(bare(rest)) >= _SHORTEST_REST else ""


def is_same(one: str, other: str) -> bool:
    """Return whether two names differ only by generic words or a leading place, or one contains most of the other."""
    rests = _behind_place(one), _behind_place(other)
    if bool(rests[0]) != bool(rests[1]) and bare(rests[0] or one) == bare(rests[1] or other):
        return True
    a, b = sorted((bare(one), bare(other)), key=len)
    if _BRACKET.sub("", one) == other or _BRACKET.sub("", other) == one:
        return True
    return a == b or (len(a) >= 5 and len(a) >= 0.75 * len(b) and a in b)


def is_short_for(part: str, whole: str) -> bool:
    """Return whether a name has some words of another in their order, and its last: 의료 허브 of 강원 의료 AI 허브."""
    long = _WORKS.sub("", bare(whole))
    words = [bare(word) for word in _WORKS.sub("", _ASIDE.sub("", part)).split()]
    at = 0
    for word in words:
        start = long.find(word, at)
        if start < 0:
            return False
        at = start + len(word)
    return at == len(long) and _SHORTEST_SHORT <= sum(map(len, words)) < len(long)


def is_end_of(part: str, whole: str) -> bool:
    """Return whether a name is the last words of another, ignoring asides, generic words and spaces between words."""
    own = _ASIDE.sub("", part)
    end = bare(own)
    words = _ASIDE.sub("", whole).split()
    is_long = len(end) >= _SHORTEST_END or (len(end) >= _SHORTEST_REST and len("".join(own.split())) > _SHORTEST_END)
    return is_long and any(bare(" ".join(words[number:])) == end for number in range(1, len(words)))
