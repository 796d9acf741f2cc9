"""Names of programmes in prose: noun phrases and quoted names, ranked by a model that was fitted to labels."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from math import log
from typing import NamedTuple

from gonggo.extract import names, noun_phrases
from gonggo.extract.doc import Doc, Span
from gonggo.extract.lexicons import patterns
from gonggo.extract.linear import Model
from gonggo.extract.names import Name
from gonggo.extract.noun_phrases import NounPhrase

_MOST = 14
# A name that stands beside a probable one as its equal needs this share of the probability that others need.
_SIBLING = 0.4
# So many letters after a phrase may define it; so many before a list introduce it.
_LONGEST_DEFINITION, _BEFORE_LIST = 240, 24
_JOINED = re.compile(r"[’”'\"」』](?:\([^()\n]{1,30}\))?\s?(?:[와과,·]|및|그리고)\s?(?:[가-힣]{1,6}\s)?[‘“'\"「『]")
_LONGEST_JOIN = 42
_BULLET = re.compile(r"[▲△▶▷◆◇●]\s?$")
# Between the parts of an enumeration: A 구축, B 조성(30억원) ▲C 개발
_BETWEEN = re.compile(r"[’”'\"」]?(?:\s?\([^()\n]{1,40}\))?\s?(?:,|[▲△▶▷◆◇●])\s?[‘“'\"「]?")
_FEWEST_ENUMERATED = 3
# A part of a list with bullets, up to the next one; the last ends before what is said of all of them.
_LIST = re.compile(r"[▲△▶▷◆◇●][^\n▲△▶▷◆◇●]{2,160}(?:[▲△▶▷◆◇●][^\n▲△▶▷◆◇●]{2,160})+")
_PART = re.compile(r"[▲△▶▷◆◇●]\s?(?P<name>[^▲△▶▷◆◇●]+)")
_END_OF_PART = re.compile(
    r"(?:\s?\([^()]*\))?\s?(?:[,·]|및|와|과)?\s*$"
    r"|(?:\s?\([^()]*\))?\s?(?:등(?:이다|이며|[의을에이])?|(?:사업|과제)(?:이다|이며|으로|[을를의은는에])|이다|이며)(?=[\s.,]|\s?\d)"
    r"|\s(?:총|국비|도비|시비)?\s?\d[\d,.]{0,9}\s?(?:조|억|천만|백만|만)[^\n]*$"
)
_LONGEST_PART = 50
_FATES = ("cancelled", "missed", "discontinued", "adopted", "expanded", "continued")
# Letters of a name that are left without generic words (AI 사업 has two).
_SHORTEST = 3
# So much of a long text is enough to determine its subject, and so many mentions the context of a name.
_READ, _MOST_MENTIONS = 40_000, 100
_SHORT_TEXT, _SHORT_LEAD, _LEAD, _BEHIND, _BEFORE = 700, 300, 400, 40, 40
_MOST_WORDS, _MOST_LETTERS = 5, 30
_AI = re.compile(r"AI|인공지능|AX")
_MONEY = re.compile(r"\d\s?(?:천|백)?(?:억|조)|\d(?:천|백)?만\s?원")
_OPENING, _CLOSING = "‘“「『｢<《〈'\"", "’”」』｣>》〉'\""
_LETTER = re.compile(r"[가-힣A-Za-z0-9]")
_FIGURE_NEXT = re.compile(r"\s?[:：(]\s?(?:총|약|연|국비)?\s?\d")
# Right after a name: its money (AI 공방에 900억원, AI 공방(9억원)), its count, or what it is
# (- 초기 펀드 : 창업 3년 이내).
_SUM_NEXT = re.compile(
    r"[’”'\"」]?\s?(?:[(:：]\s?)?(?:(?:에는|에|은|는|이|가|도)\s)?(?:총|약|올해|내년|연|국비|도비"
    r"|시비|각각)?\s?\d[\d,.]{0,6}\s?(?:조|억|천만|백만|천\d|천억|백억)"
)
_COUNT_NEXT = re.compile(r"[’”'\"」]?\s?\(?(?:[을를에은는이가]\s)?\d[\d,.]{0,6}\s?(?:명|곳|개사|개소|팀|종|대|건)")
_LABEL_NEXT = re.compile(r"[’”'\"」]?\s?[:：]\s")
# Right before it: what it costs (41억 원이 든, 12억원을 들여 시작한), or what was done to it
# (올해 시작한, 시가 맡은).
_SUM_BEFORE = re.compile(
    r"\d\s?(?:천|백|만)?\s?(?:억|조)?\s?원?(?:이|을)?\s?(?:든|들인|쓴|투입된"
    r"|들여 [가-힣]{2,5}|들어간|짜리|규모의)\s[‘“'\"「]?$"
)
_BEGUN_BEFORE = re.compile(
    r"(?:시작한|시작된|벌인|벌이는|추진한|추진하는|추진해 온|운영하는|운영한|운영해 온|맡은|맡는"
    r"|도입한|들어간|꾸린|꾸리는|내놓은|벌여 온|선보인|시작하는|만든|내건|세운)\s[‘“'\"「]?$"
)
# Parts of a whole, two or more of one kind in a sentence: 개발형과 활용형으로, 고급과정 324명을, 실무과정 890명을.
KINDS_OF_PARTS = "형|반|과정|트랙|코스|부문|리그"
_MORE_KINDS = "과제|펀드|유형"
_PART_OF_WHOLE = re.compile(
    rf"(?<![가-힣A-Za-z\d])(?:[가-힣A-Za-z\d]{{1,8}}\s)?(?P<name>[가-힣A-Za-z]{{1,8}}(?P<kind>{KINDS_OF_PARTS})"
    rf"|(?:대형|중형|소형|단기|장기|초기|성장|도약|자유|지정|일반|기초|심화|고급)\s?(?P<more>{_MORE_KINDS}))"
    r"(?=\(|[과와은는을를에이도]?[\s,·]|으로|에는)"
)
# Kinds of a programme that begin lines of their own: 첫째, 입문형은 …, 둘째, 공정형은 …; 유형1은 …, 유형2는 ….
_KIND_OF_LINE = re.compile(
    r"(?m)^[^\S\n]*+(?:[○□ㅇ▲·*①-⑨-]\s?)?(?:(?:첫|둘|셋|넷)째,?\s)?"
    r"(?P<name>유형\s?\d|[가-힣A-Za-z]{1,8}(?P<kind>형|반|과정|트랙))(?=[은는(]|\s?[:：])"
)
# The money in brackets behind each item of a list in prose: 지능형로봇(33개 과제, 305억원), 디스플레이(14개, 138억원).
_PRICE = re.compile(r"\((?:\d[\d,]*\s?(?:개|건|곳)[^(),]{0,6},\s?)?(?:총\s)?\d[\d,.]*\s?(?:조|억|백만)[^()]{0,8}\)")
_PRICED = re.compile(r"(?:[,▲△▶◆❶-❿①-⑳➊-➓]\s?)(?P<name>[가-힣A-Za-z][가-힣A-Za-z·\- ]{1,32})$")
_WORD_BEFORE = re.compile(r"(?<![^\s])[가-힣A-Za-z·]{2,16}$")
_LONGEST_PRICED = 40
_LINE = re.compile(r"[^\n]+")
_DIVIDED = re.compile(r"나뉘|나뉜|나눠|나눈|나누|쪼개|쪼갠|구분|갈라|갈래|신설")
_EXPLAINED = re.compile(
    r"\s?\(?(?:(?:에는|에|은|는|을|를|이|가)\s)?(?:총|약|최대)?\s?\d[\d,.]{0,6}\s?(?:명|곳|개사|개소|팀|조|억|천만|백만|만)"
)
# A sentence, a row of cells, tags, words across the end of a quotation, or a name behind its place in brackets.
_NO_NAME = re.compile(
    r"^\([가-힣·, ]{2,12}\)\s|[가-힣]다[.]?$|[|#]|\d개\s(?:사업|과제|프로젝트|프로그램)$|^[^‘“'\"「]*[’”」]"
)
# 2단계를 추진한다, 1단계는: not what else has stages (2단계 상승).
_PHASE = re.compile(r"(?<![\d가-힣A-Za-z.~∼-])[1-4]단계(?=[를은는가]\s|에\s(?:들어|착수|돌입)|에(?:는|서는)\s|의\s)")
# An official with his name, as at the head of a release.
_OFFICIAL = re.compile(
    r"(?:과장|국장|팀장|실장|부장|단장|센터장|원장|소장|사무관|주무관|연구관|교수|대표)\s[가-힣]{2,4}$"
)
_KIND_NEXT = re.compile(r"[’”」』]?(?:라는|이라는)?\s(?:이름의\s)?(?:사업|과제|프로젝트|프로그램|협약)(?![가-힣]*자)")
# A mark and a word for its kind, right behind a name; and 등, by which it is one of several.
_KIND_BEHIND = re.compile(r"[’”'\"」』｣]?(?:\([^()\n]{1,30}\))?\s?(?:사업|프로젝트|과제|프로그램)?")
_AMONG_OTHERS = re.compile(r"[’”'\"」』｣]?\s등")
_MODIFIED = re.compile(r"(?:한|던|은|는|설|될|할|린|인|된)\s[‘“「『]?$")
# 활성화를 위한, 지원하기 위해: what something else is for.
_PURPOSE_NEXT = re.compile(r"[을를]?\s?(?:[가-힣]{1,8}(?:하기|기)\s)?위(?:한|해|하여)")
# A body, whose head or people speak or act: 추진단장은, 사업단 관계자는.
_BODY_NEXT = re.compile(
    r"[’”'\"」』]?\s?(?:단장|원장|센터장|본부장|소장|회장|이사장|팀장|관계자|대표|측[은이]|연구팀|교수)"
)
# A place where something else is: 단지 내, 센터에 입주한.
_VENUE_NEXT = re.compile(
    r"\s(?:내|안|일원|일대|인근|부지)(?:에|의|\s)|에\s(?:있는|위치한|자리한|자리\s?잡은|소재한|입주한|구축된|설치된|마련된)\s"
)
# What is hoped for, or what something else is done for, further on in a clause.
_AIM = re.compile(r"목표|비전|위해|위한|통해|통한|기여|기대|역할|기능|도약|거점으로")
# Behind an answer of a survey in quotation marks: ‘인력 부족’(21.3%).
_RATE_NEXT = re.compile(r"[’”'\"」』](?:[이가은는도]|이라는\s[가-힣]{1,6}[은이])?\s?\(?\s?(?:각각?\s)?\d[\d.]*\s?[%％]")
_AGREEMENT = re.compile(
    r"(?:\s추진)?[을를]\s위한\s(?:[가-힣A-Za-z·]{1,12}\s){0,4}(?:업무\s?|투자\s?|상생\s?)?(?:협약|양해각서|합의각서|MOU)(?:\s?\(MO[UA]\))?(?![가-힣]*서에)"
)
# What may stand before the first name of a sentence.
_OPENS_SENTENCE = re.compile(
    r"(?:^|[.!?]\s|[다요]\.\s?)[\s□○ㅇ\-·▲△▶\d.)]*"
    r"(?:(?:그러나|하지만|반면|또한?|특히|먼저|우선|여기에|이와 함께|아울러|한편)\s)?[‘“「『\"']?$"
)
_OWNED = re.compile(r"의\s[‘“「『]?$")
_PARTICLES = {
    "topic": ("은", "는"),
    "subject": ("이", "가"),
    "object": ("을", "를"),
    "genitive": ("의",),
    "locative": ("에", "에는", "에서", "에서는"),
    "copula": ("이다", "이라는", "라는", "이란"),
    "no_particle": ("",),
}
_ORIGINS = ("quoted", "item", "bare")
# Words right after a name that say what is done with it, as the lexicon has them.
_NEXT = ("sought", "run", "used")


def _heads() -> list[str]:
    return patterns("programmes")["heads"].pattern.split("|")


@cache
def features() -> tuple[str, ...]:
    """Return the names of all features of a candidate, in no particular order."""
    words = (f"words_{count}" for count in range(1, _MOST_WORDS + 1))
    own = (
        "always length field ai ai_first ai_last strong weak not digit latin bracket place_first organisation"
        " headline_and_text place_locative listed comma_listed enumerated joint"
        " organisation_inside whole last whole_and_last often quoted quote_opened line_start line_end figure_next"
        " other_particle act object_act money_next money kind_next status_next modified owned headline lead position"
        " in_speech opinion opinion_ai field_head field_whole head_whole field_money field_often by_rule first_by_rule"
        " purpose_next short_by_rule short_not_by_rule length_of_text length_by_rule unquoted_beside short_quoted"
        " quoted_act quoted_object_act quoted_money quoted_often quoted_head_none quoted_opens bare_object_act"
        " opens_sentence opens_topic object_act_money listed_money organisation_locative modified_bare"
        " part sum_next count_next sum_before begun_before label_next quoted_double field_topic ai_topic quoted_topic"
        " quoted_copula field_sum part_sum candidates"
        " among_others body_next aim aim_bare fate fate_topic fate_opens agreement venue"
    ).split()
    heads = (f"head_{head}" for head in (*_heads(), "none"))
    return (*own, *_NEXT, *words, *_PARTICLES, *(f"origin_{name}" for name in _ORIGINS), *heads)


class Candidate(NamedTuple):
    """A name with all its mentions, and its features (those that are 0 are left out)."""

    text: str
    mentions: list[NounPhrase]
    features: dict[str, float]


def find(doc: Doc, kind: str, model: Model) -> list[Name]:
    """Return the names that the model finds probable, by their first mention; one name for each place of the text."""
    context = _Context(doc, kind)
    chosen: list[Name] = []
    taken: list[tuple[int, int]] = []
    for candidate in _probable(context, model):
        if len(chosen) >= _MOST:
            break
        if _OFFICIAL.search(candidate.text):
            continue
        free = [m for m in candidate.mentions if not any(m.start < end and start < m.end for start, end in taken)]
        # Where more words follow, a longer name may begin with this one.
        ending = [mention for mention in candidate.mentions if mention.is_last] or candidate.mentions
        taken += [(mention.start, mention.end) for mention in ending]
        same = next((name for name in chosen if names.is_same(name.span.text, candidate.text)), None)
        if same and candidate.text not in (same.span.text, *same.aliases) and free:
            same.aliases.append(candidate.text)
        if same or not free:
            continue
        first = free[0]
        rule = context.names_by_rule.get((first.start, first.end))
        span = Span(first.start, first.end, candidate.text)
        chosen.append(Name(span, rule.origin if rule else "ranked", list(rule.aliases) if rule else []))
    return sorted(_without_parts(_without_ends(chosen)), key=lambda name: name.span.start)


def _probable(context: _Context, model: Model) -> list[Candidate]:
    """Return the candidates that are probable enough, the most probable first; of equals the longer."""
    weighed = _whole_quotes([(model.probability(candidate.features), candidate) for candidate in _candidates(context)])
    weighed.sort(key=lambda entry: (-round(entry[0], 2), -len(entry[1].text)))
    likely = [candidate for probability, candidate in weighed if probability >= model.threshold]
    return [
        candidate
        for probability, candidate in weighed
        if probability >= model.threshold
        or (
            probability >= _SIBLING * model.threshold
            and any(context.are_siblings(candidate, other) for other in likely)
        )
    ]


def _whole_quotes(weighed: list[tuple[float, Candidate]]) -> list[tuple[float, Candidate]]:
    """Give a name in quotation marks the probability of its most probable part, and leave out what is only its part."""
    quoted = [index for index, (_, candidate) in enumerate(weighed) if candidate.features.get("quoted")]
    best = {index: weighed[index][0] for index in quoted}
    parts = set[int]()
    for index, (probability, candidate) in enumerate(weighed):
        if candidate.features.get("quoted"):
            continue
        holders = [number for number in quoted if _is_part(candidate, weighed[number][1])]
        if holders:
            parts.add(index)
            best[holders[0]] = max(best[holders[0]], probability)
    return [
        (best.get(index, probability), candidate)
        for index, (probability, candidate) in enumerate(weighed)
        if index not in parts
    ]


def _is_part(one: Candidate, whole: Candidate) -> bool:
    """Return whether every mention of a name is within one of another."""
    return all(
        any(m.start <= mention.start and mention.end <= m.end for m in whole.mentions) for mention in one.mentions
    )


def _without_ends(chosen: list[Name]) -> list[Name]:
    """Make a name that is the end of a longer one, or short for it, an alias of that: 국산 실증 지원사업, 의료 허브."""
    own: list[Name] = []
    for name in sorted(chosen, key=lambda name: -len(names.bare(name.span.text))):
        if holder := next((other for other in own if _is_within(name.span.text, other.span.text)), None):
            holder.aliases += [alias for alias in (name.span.text, *name.aliases) if alias not in holder.aliases]
        else:
            own.append(name)
    return own


def _is_within(name: str, whole: str) -> bool:
    return names.is_end_of(name, whole) or names.is_short_for(name, whole)


def _without_parts(chosen: list[Name]) -> list[Name]:
    """Make a single word that is part of another name an alias of that name, unless it is in quotation marks."""
    own: list[Name] = []
    for name in chosen:
        word = name.span.text
        is_word = " " not in word and name.origin != "quoted"
        holders = (other for other in chosen if is_word and other is not name and word in other.span.text.split())
        if holder := next(holders, None):
            holder.aliases.append(word)
        else:
            own.append(name)
    return own


def candidates(doc: Doc, kind: str) -> list[Candidate]:
    """Return the candidates of a text: quoted names, those that rules find, and phrases with a word of the field."""
    return _candidates(_Context(doc, kind))


def _candidates(context: _Context) -> list[Candidate]:
    mentions: dict[str, list[NounPhrase]] = {}
    for phrase in context.phrases():
        if len(names.bare(phrase.text)) >= _SHORTEST:
            mentions.setdefault("".join(phrase.text.split()), []).append(phrase)
    groups = (every[:_MOST_MENTIONS] for every in mentions.values())
    return [
        Candidate(group[0].text, group, context.features_of(group)) for group in groups if context.may_be_name(group)
    ]


class _Context:
    """The facts about a document that all its phrases share."""

    def __init__(self, doc: Doc, kind: str) -> None:
        self.doc, self.text, self.kind = doc, doc.text, kind
        found_by_rule = names.of_prose(doc)
        self.names_by_rule = {(name.span.start, name.span.end): name for name in found_by_rule}
        self.origins = {place: name.origin for place, name in self.names_by_rule.items()}
        likely = names.most_likely(doc, found_by_rule)
        self.by_rule = {(name.span.start, name.span.end): order for order, name in enumerate(likely)}
        self.organisations = [(mention.start, mention.end) for mention in doc.mentions]
        self.organisation_starts = [start for start, _ in self.organisations]
        self.places = {name.start for name in doc.place_names}
        self.speech_opens = [match.start() for match in re.finditer("“", self.text)]
        self.speech_closes = [match.start() for match in re.finditer("”", self.text)]
        self.fates: dict[int, bool] = {}
        self.headline = max(self.text.find("\n"), 0)
        self.is_short = len(self.text) < _SHORT_TEXT
        self.has_quoted = "quoted" in self.origins.values()
        self.noun_phrases = list(noun_phrases.scan(self.text[:_READ]))
        field = patterns("programmes")["field"]
        of_field = sum(bool(m.is_whole and m.is_last and field.search(m.text)) for m in self.noun_phrases)
        # So many phrases of the field in a thousand letters: a list of programmes has more than a report.
        self.density = log(1 + 1000 * of_field / max(len(self.text), _SHORT_LEAD))
        self.list_parts = dict.fromkeys(_list_parts(self.text[:_READ]))
        self.agreements = dict.fromkeys(self._agreements())
        self.enumerations = dict(self._enumerations())
        self.parts = dict.fromkeys(_parts_of_whole(self.text[:_READ]))
        self.contents = [m.span() for m in _LIST.finditer(self.text, 0, _READ) if _says_contents(self.text, m.start())]

    def are_siblings(self, one: Candidate, other: Candidate) -> bool:
        """Return whether two names are items of lists, or stand in quotation marks one after the other."""
        if one.features.get("origin_item") and other.features.get("origin_item"):
            return True
        if one.features.get("enumerated") and other.features.get("enumerated"):
            return bool(self._groups(one.mentions) & self._groups(other.mentions))
        if not (one.features.get("quoted") and other.features.get("quoted")):
            return False
        pairs = ((a, b) for a in one.mentions[:4] for b in other.mentions[:4])
        return any(
            _JOINED.fullmatch(self.text, min(a.end, b.end), max(a.start, b.start))
            for a, b in pairs
            if 0 < max(a.start, b.start) - min(a.end, b.end) <= _LONGEST_JOIN
        )

    def _groups(self, mentions: list[NounPhrase]) -> set[int]:
        """Return the starts of the enumerations that have these mentions as parts."""
        return {self.enumerations[m.start, m.end] for m in mentions if (m.start, m.end) in self.enumerations}

    def _enumerations(self) -> Iterator[tuple[tuple[int, int], int]]:
        """Yield the position of every part of an enumeration of works (구축, 개발), with its start."""
        group: list[NounPhrase] = []
        for phrase in [*_whole(self.noun_phrases), None]:
            if phrase and group and _BETWEEN.fullmatch(self.text, group[-1].end, phrase.start):
                group.append(phrase)
                continue
            works = [part for part in group if patterns("programmes")["works"].search(part.text)]
            if group and _says_contents(self.text, group[0].start):
                works = []
            if len(works) >= _FEWEST_ENUMERATED and 3 * len(works) >= 2 * len(group):
                yield from (((part.start, part.end), group[0].start) for part in works)
            group = [phrase] if phrase else []

    def phrases(self) -> Iterator[NounPhrase]:
        """Yield the noun phrases, and the names that rules find outside them."""
        yielded = set[tuple[int, int]]()
        for phrase in self.noun_phrases:
            yielded.add((phrase.start, phrase.end))
            yield phrase
        for start, end in [*self.origins, *self.list_parts, *self.parts, *self.agreements]:
            if (start, end) not in yielded:
                yielded.add((start, end))
                text = self.text[start:end]
                yield NounPhrase(start, end, text, "", text.count(" ") + 1, True, True)

    def may_be_name(self, group: list[NounPhrase]) -> bool:
        """Return whether a phrase can be a name: it is no law, and has a field word, marks, a rule or an ending."""
        text = group[0].text
        if patterns("programmes")["law"].search(text) or _NO_NAME.search(text) or any(map(self._is_none, group)):
            return False
        if text.count("(") != text.count(")"):
            return False
        if all(any(start <= m.start < end for start, end in self.contents) for m in group):
            return False
        if patterns("programmes")["field"].search(text):
            return True
        if any((self._is_opened(m) and self._is_closed(m)) or (m.start, m.end) in self.origins for m in group):
            return True
        if any((m.start, m.end) in self.enumerations or (m.start, m.end) in self.agreements for m in group):
            return True
        if any((m.start, m.end) in self.list_parts or (m.start, m.end) in self.parts for m in group):
            return True
        return " " in text and any(m.is_whole and m.is_last for m in group) and bool(_head_pattern().search(text))

    def _is_none(self, phrase: NounPhrase) -> bool:
        """Return whether the words after a phrase make it a common noun that is defined, or a vision."""
        after = self.text[phrase.end : phrase.end + _LONGEST_DEFINITION]
        return bool(
            patterns("programmes")["defined"].match(after)
            or patterns("programmes")["goal"].match(after)
            or patterns("programmes")["goal_before"].search(self.text[max(0, phrase.start - _BEFORE) : phrase.start])
            or (self._is_opened(phrase) and (patterns("programmes")["vision"].match(after) or _RATE_NEXT.match(after)))
        )

    def _has_fate(self, phrase: NounPhrase) -> bool:
        """Return whether the sentence of a phrase says what became of something: stopped, bought, enlarged."""
        sentence = self.doc.sentence_at(phrase.start)
        if sentence.start not in self.fates:
            words = patterns("outcomes")
            self.fates[sentence.start] = any(words[outcome].search(sentence.text) for outcome in _FATES)
        return self.fates[sentence.start]

    def _agreements(self) -> Iterator[tuple[int, int]]:
        """Yield the agreements that say what they are for: 제조업 AI 전환을 위한 업무협약."""
        ends = {phrase.end: phrase for phrase in reversed(self.noun_phrases) if phrase.is_whole}
        for match in _AGREEMENT.finditer(self.text, 0, _READ):
            phrase = ends.get(match.start())
            if phrase and phrase.words > 1:
                owner = ends.get(phrase.start - 2) if self.text[phrase.start - 2 : phrase.start] == "의 " else None
                yield (owner or phrase).start, match.end()

    def features_of(self, group: list[NounPhrase]) -> dict[str, float]:
        """Return the features of a name with these mentions, without those that are 0."""
        values = {**self._of_words(group), **self._of_mentions(group), **self._of_rules(group)}
        is_field, head = values["field"], "head_none" not in values
        values |= {
            "field_head": is_field and (values["strong"] or values["weak"]),
            "field_whole": is_field * values["whole_and_last"],
            "head_whole": head * values["whole_and_last"],
            "field_money": is_field and values["money"],
            "field_often": is_field * values["often"],
            "place_locative": values["place_first"] and values["locative"],
            "quoted_act": values["quoted"] and values["act"],
            "quoted_object_act": values["quoted"] and values["object_act"],
            "quoted_money": values["quoted"] and values["money"],
            "quoted_often": values["quoted"] * values["often"],
            "quoted_head_none": values["quoted"] and not head,
            "quoted_opens": values["quoted"] and values["opens_sentence"],
            "bare_object_act": not values["quoted"] and values["object_act"],
            "opens_topic": values["opens_sentence"] and values["topic"],
            "object_act_money": values["object_act"] and values["money"],
            "listed_money": values["listed"] and values["money_next"],
            "organisation_locative": values["organisation_inside"] and values["locative"],
            "modified_bare": values["modified"] and not values["quoted"],
            "field_topic": is_field and values["topic"] * values["whole_and_last"],
            "ai_topic": values["ai"] and values["topic"] * values["whole_and_last"],
            "quoted_topic": values["quoted"] and values["topic"],
            "quoted_copula": values["quoted"] and values["copula"],
            "field_sum": is_field and values["sum_next"] * values["whole_and_last"],
            "part_sum": values["part"] and (values["sum_next"] or values["count_next"]),
            "opinion_ai": self.kind == "opinion" and values["ai"],
            "aim_bare": values["aim"] and not values["quoted"],
            "fate_topic": values["fate"] and values["topic"] and values["whole_and_last"],
            "fate_opens": values["fate"] and values["opens_sentence"] and values["whole_and_last"],
        }
        return {name: float(value) for name, value in values.items() if value}

    def _of_words(self, group: list[NounPhrase]) -> dict[str, float]:
        """Return the features of the words of a name."""
        text, words = group[0].text, patterns("programmes")
        head = _head_pattern().search(text)
        ai = _AI.search(text)
        return {
            "always": 1,
            f"words_{min(_MOST_WORDS, text.count(' ') + 1)}": 1,
            "length": min(len(re.sub(r"\s", "", text)), _MOST_LETTERS) / 10,
            "field": bool(words["field"].search(text)),
            "ai": bool(ai),
            "ai_first": bool(ai and ai.start() == 0),
            "ai_last": bool(re.search(rf"(?:{_AI.pattern})$", text)),
            "strong": bool(_ending("strong").search(text)),
            "weak": bool(_ending("weak").search(text)),
            f"head_{head[1] if head else 'none'}": 1,
            "not": bool(words["not"].search(text)),
            "digit": bool(re.search(r"\d", text)),
            "latin": bool(re.search(r"[A-Z]", text) and not ai),
            "bracket": "(" in text or "[" in text,
        }

    def _of_mentions(self, group: list[NounPhrase]) -> dict[str, float]:
        """Return the features of the positions of a name and of the words around it."""
        text, count = self.text, len(group)
        before = [text[max(0, m.start - _BEFORE) : m.start].rsplit("\n", 1)[-1] for m in group]
        after = [text[m.end : m.end + _BEHIND].split("\n", 1)[0] for m in group]
        behind = [part[_end_of(_KIND_BEHIND, part) :] for part in after]
        particles = {m.particle for m in group}
        all_particles = {particle for group_of in _PARTICLES.values() for particle in group_of}
        act = patterns("programmes")["act"]
        opened, closed = [*map(self._is_opened, group)], [*map(self._is_closed, group)]
        return {
            **{name: bool(particles & set(forms)) for name, forms in _PARTICLES.items()},
            "other_particle": bool(particles - all_particles),
            "place_first": any(m.start in self.places for m in group),
            "organisation": any(self._is_within_organisation(m) for m in group),
            "organisation_inside": any(self._holds_organisation(m) for m in group),
            "whole": sum(m.is_whole for m in group) / count,
            "last": sum(m.is_last for m in group) / count,
            "whole_and_last": sum(m.is_whole and m.is_last for m in group) / count,
            "often": log(count),
            "listed": any(m.is_last and _BULLET.search(part) for m, part in zip(group, before, strict=True)),
            "comma_listed": any(
                m.is_whole and m.is_last and (part.endswith(", ") or rest.startswith(", "))
                for m, part, rest in zip(group, before, after, strict=True)
            ),
            "enumerated": any((m.start, m.end) in self.enumerations for m in group),
            "joint": any(" 및 " in m.text for m in group),
            "quoted": any(a and b for a, b in zip(opened, closed, strict=True)),
            "quote_opened": any(a and not b for a, b in zip(opened, closed, strict=True)),
            "line_start": any(not _LETTER.search(part) for part in before),
            "opens_sentence": any(_OPENS_SENTENCE.search(part) for part in before),
            "line_end": any(not _LETTER.search(part) for part in after),
            "figure_next": any(_FIGURE_NEXT.match(part) for part in after),
            "act": any(act.search(part[:24]) for part in after),
            "object_act": any(
                m.particle in _PARTICLES["object"] and act.search(part[:16])
                for m, part in zip(group, after, strict=True)
            ),
            "part": any((m.start, m.end) in self.parts for m in group),
            "sum_next": any(m.is_last and _SUM_NEXT.match(part) for m, part in zip(group, after, strict=True)),
            "count_next": any(m.is_last and _COUNT_NEXT.match(part) for m, part in zip(group, after, strict=True)),
            "label_next": any(_LABEL_NEXT.match(part) for part in after),
            "sum_before": any(_SUM_BEFORE.search(part) for part in before),
            "begun_before": any(_BEGUN_BEFORE.search(part) for part in before),
            "quoted_double": any(
                a and b and self.text[m.start - 1] in '“"' for m, a, b in zip(group, opened, closed, strict=True)
            ),
            "candidates": self.density,
            **{name: any(map(patterns("programmes")[name].match, behind)) for name in _NEXT},
            "among_others": any(map(_AMONG_OTHERS.match, after)),
            "money_next": any(_MONEY.search(part) for part in after),
            "money": any(_MONEY.search(self.doc.sentence_at(m.start).text) for m in group),
            "kind_next": any(_KIND_NEXT.match(part) for part in after),
            "purpose_next": sum(bool(_PURPOSE_NEXT.match(part)) for part in after) / count,
            "status_next": any(status.search(part) for part in after for status in patterns("statuses").values()),
            "modified": any(_MODIFIED.search(part) for part in before),
            "owned": any(_OWNED.search(part) for part in before),
            "headline": any(m.start < self.headline for m in group),
            "headline_and_text": group[0].start < self.headline < group[-1].start,
            "lead": any(m.start < _LEAD for m in group),
            "position": min(m.start for m in group) / max(1, len(text)),
            "in_speech": any(self._is_in_speech(m.start) for m in group),
            "opinion": self.kind == "opinion",
            "body_next": any(_BODY_NEXT.match(part) for part in after),
            "aim": sum(bool(_AIM.search(part)) for part in after) / count,
            "fate": any(self._has_fate(m) for m in group),
            "venue": any(_VENUE_NEXT.match(part) for part in after),
            "agreement": any((m.start, m.end) in self.agreements for m in group),
            "length_of_text": log(max(len(text), 100) / 1000),
        }

    def _of_rules(self, group: list[NounPhrase]) -> dict[str, float]:
        """Return the features that the rules for names give to a name."""
        origins = {self.origins.get((m.start, m.end)) for m in group}
        orders = {self.by_rule[m.start, m.end] for m in group if (m.start, m.end) in self.by_rule}
        is_quoted = "quoted" in origins
        return {
            **{f"origin_{origin}": origin in origins for origin in _ORIGINS},
            "by_rule": bool(orders),
            "first_by_rule": 0 in orders,
            "short_by_rule": self.is_short and bool(orders),
            "short_not_by_rule": self.is_short and not orders,
            "length_by_rule": log(max(len(self.text), 100) / 1000) * bool(orders),
            "unquoted_beside": self.has_quoted and not is_quoted,
            "short_quoted": self.is_short and is_quoted,
        }

    def _is_opened(self, phrase: NounPhrase) -> bool:
        return phrase.start > 0 and self.text[phrase.start - 1] in _OPENING

    def _is_closed(self, phrase: NounPhrase) -> bool:
        return phrase.end < len(self.text) and self.text[phrase.end] in _CLOSING

    def _is_in_speech(self, offset: int) -> bool:
        return bisect_left(self.speech_opens, offset) > bisect_left(self.speech_closes, offset)

    def _is_within_organisation(self, phrase: NounPhrase) -> bool:
        number = bisect_right(self.organisation_starts, phrase.start) - 1
        return number >= 0 and phrase.end <= self.organisations[number][1]

    def _holds_organisation(self, phrase: NounPhrase) -> bool:
        number = bisect_right(self.organisation_starts, phrase.start - 1)
        if number >= len(self.organisations):
            return False
        start, end = self.organisations[number]
        return start < phrase.end and end <= phrase.end and (start, end) != (phrase.start, phrase.end)


def _end_of(pattern: re.Pattern[str], text: str) -> int:
    """Return where a pattern ends that matches at the beginning of a text; 0 if it does not."""
    match = pattern.match(text)
    return match.end() if match else 0


def _list_parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield the positions of list items that name a work such as 구축 or 개발, with or without particles."""
    for listed in _LIST.finditer(text):
        if _says_contents(text, listed.start()):
            continue
        for part in _PART.finditer(text, listed.start(), listed.end()):
            start, rest = part.start("name"), part["name"].split(". ", 1)[0]
            cut = _END_OF_PART.search(rest)
            name = rest[: cut.start()] if cut else rest
            if len(name) <= _LONGEST_PART and " " in name and patterns("programmes")["works"].search(name):
                yield start, start + len(name)


def _parts_of_whole(text: str) -> Iterator[tuple[int, int]]:
    """Yield the positions of the parts of a programme that stand side by side, and of its phases."""
    for line in _LINE.finditer(text):
        kinds: dict[str, list[re.Match[str]]] = {}
        for match in _PART_OF_WHOLE.finditer(text, line.start(), line.end()):
            kinds.setdefault(match["kind"] or match["more"], []).append(match)
        for same in kinds.values():
            if len({match["name"] for match in same}) == 1:
                continue
            explained = sum(bool(_EXPLAINED.match(text, match.end())) for match in same)
            if explained > 1 or _DIVIDED.search(text, same[0].start(), line.end()):
                yield from (match.span("name") for match in same)
        yield from _priced(text, line.start(), line.end())
    of_lines: dict[str, list[re.Match[str]]] = {}
    for match in _KIND_OF_LINE.finditer(text):
        of_lines.setdefault(match["kind"] or "유형", []).append(match)
    for same in of_lines.values():
        if len({match["name"] for match in same}) > 1:
            yield from (match.span("name") for match in same)
    yield from (match.span() for match in _PHASE.finditer(text))


def _priced(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the positions of the items of a list in a line that have their money in brackets, if there are three."""
    items: list[tuple[int, int]] = []
    for price in _PRICE.finditer(text, start, end):
        at = max(start, price.start() - _LONGEST_PRICED)
        before = text[at : price.start()]
        # Words of the sentence stand before the first item of a list.
        if name := _PRICED.search(before):
            items.append((at + name.start("name"), price.start()))
        elif not items and (word := _WORD_BEFORE.search(before)):
            items.append((at + word.start(), price.start()))
    if len({text[first:last] for first, last in items}) >= _FEWEST_ENUMERATED:
        yield from items


def _says_contents(text: str, offset: int) -> bool:
    """Return whether the words before a list say that it names what a programme consists of."""
    before = text[max(offset - _BEFORE_LIST, 0) : offset].rstrip(" △▲▷①1.")
    return bool(patterns("programmes")["contents"].search(before + " "))


def _whole(phrases: list[NounPhrase]) -> list[NounPhrase]:
    """Return the phrases that are part of no other, in their order."""
    whole: list[NounPhrase] = []
    for phrase in sorted(phrases, key=lambda phrase: (phrase.start, -phrase.end)):
        if phrase.is_whole and phrase.is_last and (not whole or phrase.start >= whole[-1].end):
            whole.append(phrase)
    return whole


@cache
def _head_pattern() -> re.Pattern[str]:
    return re.compile(rf"({'|'.join(sorted(_heads(), key=len, reverse=True))})(?:\([^()]*\))?$")


@cache
def _ending(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{patterns('programmes')[name].pattern})(?:\([^)]*\))?$")


def cases(candidates: Iterable[Candidate], similarity: dict[str, float]) -> Iterator[tuple[dict[str, float], bool]]:
    """Yield each candidate as a training case, except those that only resemble a labelled name."""
    for candidate in candidates:
        alike = similarity[candidate.text]
        if not 0 < alike < _SURE:
            yield candidate.features, alike >= _SURE


_SURE = 0.9
