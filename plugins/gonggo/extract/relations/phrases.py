"""The phrase before a rate: its measure and subject, or the answer of a survey."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.extract.lexicons import FOLDER

# A syllable of a verb before its noun: 바뀐, 남은, 간.
_ADNOMINAL = f"[{''.join(chr(code) for code in range(ord('간'), ord('힣') + 1, 28))}]"
_LONGEST = 5
_LONGEST_CLAUSE = 9
_FEW, _NEAR_ENOUGH = 3, 24
_PARTICLES = "에서는|에선|에게는|에서도|으로는|에서|에는|에게|까지|은|는|이|가|을|를|도|의|에|로|만|과|와"
_PARTICLE = re.compile(rf"(?<=[가-힣A-Za-z\d)])(?:{_PARTICLES})$")
# Nouns that end like a particle.
_NOUN = re.compile(
    r"(?:속도|정도|활용도|의존도|만족도|선호도|정확도|난이도|빈도|제도|참가|증가|인가|물가|단가|휴가|원가|추가|국가|평가|전문가|농가|어가|회의|협의|합의|동의"
    r"|통로|도로|회로|진로|경로|회복도|성숙도|집중도|이해도|성과|결과|효과|초과|인과|작은|많은|경기도|강원도|제주도|작가|대가|투자와)$"
)
# What is left of the words after the figure before: "27.4%로 가장 높았고 자동차부품 19.0%".
_RESIDUE = re.compile(
    r"^\s*(?:%?p|포인트)?[)\]]?\s?(?:에서는|에서|으로|로|보다는|보다|인데|이고|였고|이며|였으며|였지만|이지만|인\s반면|나\s됐는데|에\s그쳤고|과|와|이|가|은|는|을|를|에)?"
    r"(?=[\s,)]|$)[,\s]*"
)
# Words between a phrase and its figure that are no part of either.
_ADVERB = re.compile(
    r"(?:^|[\s(])(?:역시|또한|약|이미|그나마|되레|오히려|여전히|\d{1,2}(?:년|개월)\s전|(?:20\d\d년\s)?\d{1,2}월\s(?:말\s)?기준|20\d\d년\s(?:말\s)?기준|평균|최소|최대|모두|총|무려|불과|현재|지금|각각|각|딱|최고|겨우|실제로|전체의|다시|매년|해마다|연간|연|한\s해|이미|올해|지난해|작년|내년|같은\s기간"
    r"|도입\s전|최종|전년(?:대비)?|비율로는|합쳐|더|전국|평균적으로|일단|못\s미치는|(?:모두|다)\s(?:더|합쳐|합)(?:해)?도"
    r"|(?:20\d\d|[’'‘]\d\d)년(?:도)?(?:에는|에|까지|까지는)?|(?:올해|내년|지난해|작년)(?:까지는?|에는|는|엔))$"
)
_YEAR_END = re.compile(r"(?:^|\s)(?:20\d\d년(?:에는|에)?|지난해|작년|올해)$")
_OF_A_COUNT = re.compile(
    r"[^\S\n]?\d[\d,천]*\s?(?:개사|개|곳|명|건|억\s?원|호)\s?\(\s?$"
    r"|\s(?:[한두세네열]|다섯|여섯|일곱|여덟|아홉|(?:열|스물|서른|마흔|쉰)[한두세네]?)\s(?:곳|명|개|건)\s?\(\s?$|,?\s?\d[\d,]*\s?(?:개사|개|곳|명|건|호)(?:으로|로|이?고|,)\s?$"
)
_SUM = re.compile(r"\d[\d,.]*\s?(?:조|억|만|천|원|명|건|개|곳|시간|회|%)\s?(?:원|건|명)?(?:으?로|에서|보다|에|,)?\s*$")
_ENDS_A_PHRASE = re.compile(
    r"(?:[을를은는며고]|에서|에선|에게|으로|까지|부터|지만|는데|으나|위해|통해|따라|따르면|가운데|대비|보다|그러나|하지만|현재|지금|다만|반면|특히|또한|한편|그리고|이어|먼저|우선|기준|올해|지난해|작년|하여|했더니|물었더니"
    r"|응답은|더니|뒤|후|결과|안에|[해쳐켜겨]|으?면|만큼|으며|어서|아서)$|[.,:：;!?“”\"()（）\[\]▶▷□○◦△▲☞=/|│┃—…]$|^[▶▷□○◦△▲·•=/|│┃—\-(\[“\"‘']|^\d{4}년|\d(?:억|조|만)?\s?원?$|^(?:그|이|또|이미|그나마|지금|특히)$"
)
_NO_END = re.compile(r"(?:[가-힣]농가|성과|[가-힣]결과|효과|산업재해|재해|피해|화면|평면|측면)$")
# Of a verb that says more of a measure, and is no part of its name.
_RELATIVE = re.compile(r"(?:한|된|던|할|될|들인|걸린|내건|밝힌|느낀|체감한)$")
_NO_RELATIVE = re.compile(r"(?:대한|중한|무한|북한|제한|국한|기한|상한|하한|권한|유한|한계)$")
# Nouns that say little without the words before them.
_GENERIC = re.compile(r"^(?:비율|비중|오차|시간|기간|폭|규모|효과|격차|차이|정도|감소\s?폭|증가\s?폭|비용|이용|사용)$")
_QUOTE = re.compile(
    r"[‘'“\"「]([^’'”\"」]{2,44})[’'”\"」]\s?(?:는|라는|이라는|다는|고|란)?\s?(?:응답|대답|답|답변|기업|곳|이유|의견)?(?:이|은|는|도|가)?$"
    r"|[‘'“\"「]([^’'”\"」]{2,44})[’'”\"」](?:을|를)\s(?:고른|꼽은|택한|선택한|든)\s(?:기업|업체|곳|응답|사람)(?:이|은|는|도|가)?$"
)
_STATED_AFTER = re.compile(
    r"^(?:는|은|가|이|도)?\s?[‘“'\"]([^‘’“”'\"]{2,60})[’”'\"]\s?(?:(?:이?라고|다고|고|을|를)?\s?(?:가장\s많이\s)?(?:답|응답|했|말|꼽)|(?:이)?(?:였다|었다|라는))"
)
# What those who answered named: 54%는 인력 부족을 애로로 꼽았다.
_NAMED_AFTER = re.compile(
    r"^(?:는|은|가|이)\s([가-힣A-Za-z·][가-힣A-Za-z·\s]{1,24}?)(?:을|를)\s(?:[가-힣·]{1,10}\s?[가-힣]{0,6}(?:으로|로)\s)?"
    r"(?:가장\s|많이\s|먼저\s)*(?:들었|들고|꼽았|꼽고|지적했|지목했|택했|골랐)"
)
_REPORTED_AFTER = re.compile(r"^\)?(?:이|가|은|는)\s([^.,“‘”’]{3,40}?다)고\s(?:답|응답|했|말)")
_ANSWERED = re.compile(r"([^,.]{2,40}?)(?:(?<=다)고|라고|고)\s(?:답|응답)한\s(?:곳|기업|업체)$")
_QUOTE_AT_END = re.compile(r"[‘'“\"]([^‘’'“”\"]{4,60})[’'”\"]?$")
_WHO_ANSWERED = re.compile(r"(?:응답|대답|답|답변|경우|분|곳|기업|업체|회사|사람|이유|의견|것|농가|공장)$")
_VERBAL = re.compile(
    rf"(?:는|은|던|한|된|산|준|본|쓴|온|팔린|늘린|줄인|뽑은|들인|받은|갖춘|마친|가진|넘는)\s(?:곳|[가-힣]{{0,4}}기업|업체|회사|사람|것|비율|농가|공장|응답|대답|답|답변|이유|의견)$"
    rf"|[가-힣](?:는|{_ADNOMINAL})\s(?:곳|사람|경우|비율|대답)$|[^가-힣]?(?:간|쓴|준|둔|든)\s(?:곳|사람|경우|비율)$"
)
# The firms of whom a relative clause says something: 현재 AI를 적용하고 있는 중소기업.
_KIND_OF_FIRMS = re.compile(r"(?:중소|중견|대|벤처|제조|소|입주|협력)기업$")
# The group that a clause begins with: 서비스업에서 AI 적용을 희망하는.
_OF_GROUP = re.compile(
    r"^(?:[가-힣·]{1,8}별로는?\s)?(?:조사에서\s)?(?!국내|전국|지역에)([가-힣A-Za-z·]{2,14})에서(?:는)?\s"
)
# A measure with its owner: 참여기업의 생산성.
_OWNED = re.compile(r"[가-힣](?:기업|업체|농가|공장|산업|업)의\s[가-힣A-Za-z]+$")
_FIELD = re.compile(r"분야|부문|업종")
# Words that open a sentence and say nothing of what it is about.
_OPENS = re.compile(r"^(?:(?:그런데|하지만|그래도|앞으로|이들이|결국|무엇보다)\s)+")
_ABOUT = re.compile(r"^(?:[가-힣·]{1,8}별로는?|(?:이번\s|같은\s)?조사에서(?:는)?|조사\s결과|현재|향후(?!\s\d)|전체)\s")
# An item of a list before its figure in brackets: △새로운 시장·고객 개척(37.7%).
_MARKED_ITEM = re.compile(r"[△▲▷▶▸]\s?([^△▲▷▶▸()\n]{2,40})$")
# What stands before a figure and names nothing: the end of a clause, or that it is more than half.
_CONNECTED = re.compile(r"(?:는데|지만|으나|면|면서|며|고|더니)$|(?:^|\s)절반(?:이|을|도)?$")
_COMPARED = re.compile(r"(?:[가-힣]{1,8}\s)?(?<=\s)[가-힣]{1,8}보다(?:는|도)?$")
_NAMED_BY = re.compile(
    r"(?<![가-힣A-Za-z·])([가-힣A-Za-z·]{1,16}(?:\s[가-힣A-Za-z·]{1,16}){0,2}?)(?:들?이|가|의)\s"
    r"(?=(?:가장\s)?(?:많이\s)?(?:꼽|든|답|말|애로|1위|고충|걸림돌))"
)
# Whose it is, after the measure: 증가율은 광주가 전년보다.
_WHOSE_AFTER = re.compile(r"[은는]\s([가-힣A-Za-z·]{2,12}(?:\s[가-힣]{2,8})?)[이가]\s")
# What a rate is compared with: 전국 평균 14.3%.
_AVERAGE = re.compile(r"(?:^|\s)(전국|수도권|비수도권|업계)\s?평균(?:은|인|이|치인?)?$")
_TO_GO = re.compile(r"(?:^|\s)(?:이를|이\s비율을|그\s비율을)$")
# A rate of change whose measure stands before: 절감률.
_OF_CHANGE = re.compile(r"^(?:[가-힣]{1,3}\s)?(?P<rate>절감률|증가율|감소율|상승률|하락률|개선율|증감률)$")
_LISTED_UNDER = re.compile(r"([^:：=()※*•▶□○]{2,24}?)(?:\s(?:추정|현황|결과|추이))?\s?[:：]\s(\S+(?:\s\S+){0,2})$")
_AGAIN = re.compile(r"^(?:같은\s조사|당시|이전|전년|도입\s(?:전|후)|이후|그|이|이것|이는|목표|목표치|최종\s목표)$")
# After a measure whose values by group follow: 취업률을 살펴보면 1기는 68.8%.
_LOOKED_AT = re.compile(r"(?:살펴\s?보면|보면|따져\s?보면|따지면|비교하면)\s")
# What a multiple is of, behind it: 기존보다 5배 빠른 분석 성능.
_MEASURE_AFTER = re.compile(
    r"^\s?(?:이상\s)?(?:빠른|높은|나은|뛰어난|향상된|개선된)\s([가-힣A-Za-z]{2,8}(?:\s[가-힣]{2,6}?)?)(?:을|를|이|가|으로|로)(?=[\s,.])"
)
# Who uses something: AI를 활용하고 있는 업체.
_USES = re.compile(
    r"(?:.*\s)?([가-힣A-Za-z·]+)[을를]\s(?:[가-힣]+\s){0,3}?(활용|도입|적용|사용|이용|보유)(?:하고\s있는|하는|한|해\s본)\s[가-힣]+$"
)
_SHARE_OF_USERS = re.compile(
    r"(?P<what>[가-힣A-Za-z·\s]{2,24}?)[을를]\s(?:[가-힣]{1,4}\s)?(?P<use>활용|도입|사용|이용|보유)(?:하는|하고\s있는|한)\s(?:비율|비중)"
)
# The name of a rate behind its figure: 85%의 집행률을 보였다, 68% 취업률을 기록했다.
_RATE_BEHIND = re.compile(
    r"^(?:의|라는)?\s((?:[가-힣A-Za-z]{1,6}\s)?[가-힣]{1,5}(?:률|율)|만족도|정확도)(?:을|를|로|이|가|은|는)(?=[\s,.])"
)
# What so many of a group do: 공무원은 72%가 교육을 마쳤다.
_DOES = re.compile(r"^(?:가|이)\s([^.,“”]{4,40}?)(?:(?:습니)?다|는데|고|며|지만|으나)(?=[\s.,”’]|$)")
_OF_WHOM = re.compile(r"([^.,“”]{2,30})[은는]$")
# A verb that says how a rate stands to its goal, right before the figure: 넘는 89.7%, 못 미친 61.9%.
_BESIDE_GOAL = re.compile(
    r"^(?:크게\s|훌쩍\s|한참\s)?(?:넘|웃도|웃돈|밑도|밑돈|못\s?미치|못\s?미친|넘어|초과)[가-힣]{0,3}$"
)
_GOAL = re.compile(r"(?:목표(?:였던|로\s적어\s낸|로\s삼은|로\s내건|치|인)?|내건\s목표)$")
_LATER = re.compile(r"^(?:\d+년\s(?:뒤|후)|이듬해|첫해|\d차년도)$")
_SIDO = re.compile(
    r"^(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주)(?:시|도|지역)?$"
)
_OF_THEM = re.compile(
    r"([가-힣A-Za-z]+(?:\s[가-힣A-Za-z]+){0,2})\s(?:\d+조\s)?\d[\d,]*\s?(?:개사|개|곳|명|억\s?원|건)?\s?(?:가운데|중)"
)
_PREDICATE = re.compile(
    r"^(?:는|은|가|이|도|인\s\d[\d,천]*\s?(?:명|곳|개사|개)(?:이|가|은|는))\s"
    r"([^.,]{4,40}?)(?:(?:습니)?다|는데|고|며|지만|으나|데|인데|이?어서|여서)(?=[\s.,”’]|는|$)"
)
_ANY_GROUP = re.compile(r"(?:기업|업체|사업|공장|농가|어가|가게|병원|사업체|곳|회사|지역|부서|기관|점포|\d+호)들?$")
_OPENING_QUOTES = ("“", "‘", '"', "'", "「")
_NO_OWNER = re.compile(
    r"(?:사업|과제|플랫폼|시스템|모델|솔루션)$|^(?:이|그|우리|해당|올해|지난해|작년|모델|전체|대부분|도|시|군)$"
)


_CHANGES = ("증가", "감소", "향상", "절감", "단축", "상승", "하락", "개선", "인하", "저감", "성장", "확대", "축소")
_ENDS_IN_CHANGE = re.compile(rf"\s(?:{'|'.join(_CHANGES)}|비중|비율)$")


class Lexicon(BaseModel):
    """``rates.yaml``."""

    model_config = ConfigDict(extra="forbid")
    measure: re.Pattern[str]
    change: dict[str, re.Pattern[str]]
    group: re.Pattern[str]
    by_group: re.Pattern[str]
    firms: re.Pattern[str]
    fall: dict[str, re.Pattern[str]]
    rise: dict[str, re.Pattern[str]]
    survey: re.Pattern[str]
    target: re.Pattern[str]
    result: re.Pattern[str]
    claim: re.Pattern[str]
    opinion_word: re.Pattern[str]
    world: re.Pattern[str]
    spread: re.Pattern[str]
    share: re.Pattern[str]
    quality: re.Pattern[str]
    served: re.Pattern[str]
    promised_effect: re.Pattern[str]
    reached_effect: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """Return what ``rates.yaml`` says."""
    return load_model(FOLDER / "rates.yaml", Lexicon)


@cache
def _measure_at_end() -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon().measure.pattern})(?:\s(?:{'|'.join(_CHANGES)}))?$")


@cache
def _topic() -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon().measure.pattern})(?=(?:은|는|이|가|도|을|를)\s)")


class Phrase(NamedTuple):
    """The phrase before a figure; ``again`` if it only refers to the last measure."""

    measure: str = ""
    subject: str = ""
    answer: str = ""
    again: bool = False
    slot: str = ""


def measures(words: str) -> bool:
    """Return whether some words end with the noun of a measure."""
    return bool(_measure_at_end().search(words))


def is_group(words: str) -> bool:
    """Return whether some words name an industry, a size, a place or another group."""
    return bool(lexicon().group.search(words) or _SIDO.search(words.split()[-1] if words.split() else ""))


def of_cell(row: str, column: str, caption: str) -> Phrase:
    """Read the headers of a cell."""
    is_measure = measures(column) and not _GENERIC.match(column)
    if is_group(row) or lexicon().by_group.search(caption) or (is_measure and not measures(row)):
        return Phrase(measure=column if measures(column) else "", subject=row, slot="subject")
    return Phrase(measure=row, slot="measure") if measures(row) else Phrase(answer=row, slot="answer")


def read(before_figure: str, after: str, slot: str, place: str = "") -> Phrase:
    """Read the words of a sentence before a figure, back to the figure before it.

    ``slot`` is what the last figure of the sentence had there (``subject`` or ``answer``), which is the same in an
    enumeration. ``place`` is the name of a place at its end.
    """
    words = _RESIDUE.sub("", before_figure, count=1).rstrip()
    if average := _AVERAGE.search(words):
        return Phrase(subject=average[1], slot="subject")
    counted = _OF_A_COUNT.search(words)
    whole = _OF_THEM.search(words) if counted else None
    words = words[: counted.start()].rstrip() if counted else words
    if words.endswith(("(", ":", "：")):
        words = _YEAR_END.sub("", words[:-1].rstrip())
    else:
        while (shorter := _ADVERB.sub("", words).rstrip(" ,(")) != words:
            words = shorter
    if statement := _STATED_AFTER.match(after):
        return Phrase(answer=statement[1], subject=_group_before(words), slot="clause")
    if (reported := _REPORTED_AFTER.match(after)) and not measures(without_particle(words)):
        return Phrase(answer=reported[1], subject=_group_before(words), slot="clause")
    if named := _NAMED_AFTER.match(after):
        return Phrase(answer=named[1], subject=_group_before(words), slot="clause")
    if (behind := _RATE_BEHIND.match(after)) and not measures(without_particle(words)):
        return Phrase(measure=behind[1], slot="measure")
    if (does := _DOES.match(after)) and (subject := _OF_WHOM.search(words)) and is_group(subject[1]):
        return Phrase(answer=does[1], subject=whose(subject[1]), slot="clause")
    if (compared := _MEASURE_AFTER.match(after)) and _COMPARED.search(f" {words}"):
        return Phrase(measure=compared[1], slot="measure")
    if before_figure.rstrip().endswith("(") and (item := _MARKED_ITEM.search(words)):
        return Phrase(answer=_clean(item[1]), slot="answer")
    if quoted := _QUOTE.search(words):
        return Phrase(answer=quoted[1] or quoted[2], subject=_who_named(words[: quoted.start()]), slot="answer")
    bare = without_particle(words)
    if place and tail(bare).split()[-1:] == [place]:
        slot = "subject"
    if whole and (slot == "subject" or is_group(bare)):
        return Phrase(f"{tail(whole[1])} 비중", whose(bare), slot="subject")
    return _of_words(words, bare, after, slot, before_figure)


def _of_words(words: str, bare: str, after: str, slot: str, before_figure: str) -> Phrase:
    if (goal := _GOAL.search(bare)) and measures(aimed := bare[: goal.start()].rstrip()):
        return split(aimed)
    if (
        not bare
        or _BESIDE_GOAL.search(words)
        or _TO_GO.search(words)
        or (_GOAL.search(bare) and not _topics(bare))
        or _AGAIN.search(bare)
        or bare.endswith(("=", "조사"))
    ):
        return Phrase(again=True)
    if _CONNECTED.search(words):
        return Phrase(again=True)
    if _LATER.search(tail(bare)):
        return Phrase(answer=tail(bare), again=True)
    if answered := _ANSWERED.search(bare):
        quoted = _QUOTE_AT_END.search(answered[1])
        return Phrase(answer=quoted[1] if quoted else clause(answered[1]), subject=_population_in(bare), slot="clause")
    if words.endswith("의") and (does := _PREDICATE.match(after)) and is_group(bare):
        return Phrase(answer=does[1], subject=whose(bare), slot="clause")
    topics = _topics(words)
    if _COMPARED.search(words) and topics:
        measured = split(words[: topics[-1]])
        whom = _WHOSE_AFTER.match(words, topics[-1])
        return measured._replace(subject=whom[1], slot="subject") if whom and is_group(whom[1]) else measured
    if _SUM.search(words) and not measures(bare):
        return split(words[: topics[-1]]) if topics else Phrase(again=True)
    if _VERBAL.search(bare) and " " in bare:
        return _of_clause(bare)
    if (under := _LISTED_UNDER.search(bare)) and measures(under[1]) and not measures(under[2]):
        return Phrase(split(under[1]).measure, under[2], slot="subject")
    return _of_item(words, bare, slot, before_figure, topics)


def _of_clause(bare: str) -> Phrase:
    """Read a clause about firms: 서비스업에서 AI 적용을 희망하는 기업, 현재 AI를 적용하고 있는 중소기업."""
    statement = clause(_WHO_ANSWERED.sub("", bare).rstrip())
    while (shorter := _ABOUT.sub("", statement)) != statement:
        statement = shorter
    firms = _KIND_OF_FIRMS.search(bare)
    statement = statement.removesuffix(firms[0].removesuffix("기업")).rstrip() if firms else statement
    subject = _population_in(bare)
    if (group := _OF_GROUP.match(statement)) and is_group(group[1]):
        return Phrase(answer=statement[group.end() :], subject=group[1], slot="clause")
    return Phrase(answer=statement, subject=subject or (firms[0] if firms else ""), slot="clause")


def _of_item(words: str, bare: str, slot: str, before_figure: str, topics: list[int]) -> Phrase:
    """Read a measure, or one of several groups or answers that share a measure."""
    rate = re.search(r"(?:률|율)$", bare)
    rest = words[topics[-1] + 1 :].strip() if topics else ""
    looked_at = _LOOKED_AT.match(rest)
    rest = rest[looked_at.end() :] if looked_at else rest
    under = split(words[: topics[-1]]).measure if rest and (looked_at or words[topics[-1]] in "은는") else ""
    if _GOAL.search(rest):
        return split(words[: topics[-1]])
    if _OWNED.search(bare) and measures(bare):
        return split(bare)
    grouped = is_group(bare) or bool(lexicon().by_group.search(before_figure)) or slot == "subject"
    if grouped and not rate and not (measures(bare) and slot != "subject"):
        if whole := _OF_THEM.search(words):
            return Phrase(f"{tail(whole[1])} 비중", whose(bare), slot="subject")
        return Phrase(under or _asked_of(words, tail(bare)), whose(bare), slot="subject")
    if under and len(rest.split()) <= _FEW and not measures(bare):
        return Phrase(under, tail(bare), slot="subject")
    if slot == "answer" and not rate:
        return Phrase(answer=tail(bare), slot="answer")
    if measures(bare):
        return split(bare)
    if topics and len(words) - topics[-1] < _NEAR_ENOUGH:
        return split(words[: topics[-1]])
    return Phrase(answer=tail(bare), slot="answer")


def _topics(words: str) -> list[int]:
    """Return the ends of the measures that are the topics of some words."""
    return [match.end() for match in _topic().finditer(words)]


def _asked_of(words: str, item: str) -> str:
    """Return the question of a survey to several groups: 제품을 판 적이 있는 기업은 서울 31.5%, 비수도권 18.3%."""
    before = words[: words.rfind(item)].rstrip()
    match = re.search(r"\s(?:기업|업체|곳|비율|응답)(?:은|는)$", before)
    if not match:
        return ""
    topics = _topics(before)
    return split(before[: topics[-1]]).measure if topics else clause(before[: match.start()])


def without_particle(words: str) -> str:
    """Return some words without the particle at their end."""
    return words if _NOUN.search(words) else _PARTICLE.sub("", words)


def tail(words: str) -> str:
    """Return the noun phrase at the end of some words: from the first word that can be part of it."""
    phrase: list[str] = []
    for token in reversed(words.split()):
        if phrase and (len(phrase) >= _LONGEST or (_ENDS_A_PHRASE.search(token) and not _NO_END.search(token))):
            break
        phrase.append(token)
    return _clean(" ".join(reversed(phrase)))


def is_general(group: str) -> bool:
    """Return whether a group is called only firms, plants or so, which does not say which."""
    return bool(_ANY_GROUP.fullmatch(group))


def as_share(name: str) -> str:
    """Return the name of a share of those who use something: AI 서비스를 이용하는 비율 is AI 서비스 이용률."""
    share = _SHARE_OF_USERS.fullmatch(name)
    return f"{share['what']} {share['use']}률" if share else name


def whose(words: str) -> str:
    """Return the group at the end of some words, with its relative clause if the noun is too general."""
    group = tail(words)
    if not _ANY_GROUP.match(group):
        return group
    tokens = words.split()
    phrase = [tokens[-1]]
    for token in reversed(tokens[:-1]):
        if len(phrase) > _LONGEST or re.search(r"[.,:：;=“”‘’()|│]$|(?:며|는데|지만|더니)$", token):
            break
        if token.endswith("고") and phrase[-1] != "있는":
            break
        if len(phrase) == 1 and not re.search(r"(?:[는은던한된본준쓴온]|맡은|들인)$", token):
            break
        if len(phrase) > 1 and token.endswith(("은", "는")):
            break
        phrase.append(token)
        if token.startswith(_OPENING_QUOTES):
            break
        if token.endswith(("이", "가")) and len(phrase) > 2:
            break
    return _clean(" ".join(reversed(phrase)))


def clause(words: str) -> str:
    """Return the clause at the end of some words."""
    cut = re.split(
        r"[,.:：;=]\s|(?:했는데|인데|했더니|물었더니|조사한\s결과|해\s보니|였고|이고|했으며|했고|이며|으며|그러나|다만|가운데|이들)\s",
        words,
    )[-1]
    cut = _OPENS.sub("", re.sub(r"(?<=다)(?:는|고)$", "", cut).lstrip())
    return _clean(" ".join(cut.split()[-_LONGEST_CLAUSE:]))


def _clean(words: str) -> str:
    return words.strip(" ‘’“”'\"·,()[]=:▶▷□○-–—")


def _group_before(words: str) -> str:
    phrase = tail(without_particle(words))
    return whose(without_particle(words)) if is_group(phrase) else ""


def _who_named(words: str) -> str:
    """Return the group before an answer that it gave: 지역 기업이 꼽은 애로는, 서울 기업의 1위는."""
    groups = [match[1] for match in _NAMED_BY.finditer(words) if is_group(match[1])]
    return tail(groups[-1]) if groups else ""


def _population_in(words: str) -> str:
    match = re.search(r"([가-힣A-Za-z·]+(?:\s[가-힣A-Za-z·\d]+){0,4})\s(?:가운데|중)\s", words)
    return whose(match[1]) if match and is_group(match[1]) else ""


def split(phrase: str) -> Phrase:
    """Split a phrase into subject and measure: 국내 제조업의 AI 도입률."""
    tokens = phrase.split()
    measure_words: list[str] = []
    subject = ""
    for number in range(len(tokens) - 1, -1, -1):
        token = tokens[number]
        if measure_words and token.endswith("의") and len(token) > 1 and not _NOUN.search(token):
            subject = whose(" ".join([*tokens[:number], token[:-1]]))
            if used := _share_that_uses(subject, measure_words):
                return Phrase(used, slot="measure")
            break
        if measure_words and _FIELD.fullmatch(token) and number and is_group(tokens[number - 1]):
            subject = tail(" ".join(tokens[:number]))
            break
        if measure_words and lexicon().firms.search(token) and not measures(token):
            subject = tail(" ".join(tokens[: number + 1]))
            break
        if measure_words and _stops(token, measure_words):
            break
        measure_words.append(token)
        if len(measure_words) >= _LONGEST:
            break
    measure = _clean(" ".join(reversed(measure_words)))
    measure = _in_brackets(measure)
    return Phrase(measure, "" if not subject or _NO_OWNER.search(subject) else subject, slot="measure")


def _share_that_uses(subject: str, measure_words: list[str]) -> str:
    """Return the name of a share of firms that use something: AI를 활용하고 있는 업체의 비중 is AI 활용 비중."""
    used = _USES.match(subject) if len(measure_words) == 1 and _GENERIC.match(measure_words[0]) else None
    return f"{used[1]} {used[2]} {measure_words[0]}" if used else ""


def _in_brackets(words: str) -> str:
    """Return what follows a bracket that is open at a figure, if it names a measure: 취업(취업률."""
    inner = words.rpartition("(")[2]
    return inner if "(" in words and ")" not in inner and measures(inner) else words


def _stops(token: str, measure_words: list[str]) -> bool:
    """Return whether a word is the left limit of the name of a measure."""
    if _GENERIC.match(" ".join(reversed(measure_words))) and not re.search(
        r"[.,:：;!?()=|│┃—]$|(?:고|며|지만|은|이|는데)$", token
    ):
        return False
    if _ENDS_A_PHRASE.search(token) and not _NO_END.search(token):
        return True
    if _RELATIVE.search(token) and not _NO_RELATIVE.search(token):
        return True
    return (
        bool(_PARTICLE.search(token))
        and not _NOUN.search(token)
        and len(token) > 1
        and not token.endswith(("과", "와"))
    )


# After a figure that is the level reached; and what ends the words about it.
_TO_LEVEL = re.compile(
    r"\s?(?:에\s비해|보다|에서|(?:으?로|까지)\s?(?:[가-힣]{1,3}\s)?(?:낮|떨어|내려|올|높|줄|늘|끌어|증가|감소|상승|달성))"
)
_FIGURE_OR_STOP = re.compile(r"\d|[.…]")


def change(after: str, measure: str = "") -> str:
    """Return the name of a change by the words after its figure; empty if the figure is the new level."""
    if _TO_LEVEL.match(after):
        return ""
    words, near = lexicon(), _FIGURE_OR_STOP.split(after[:24])[0]
    matches = [(m.start(), name, m.group()) for name, pattern in words.change.items() if (m := pattern.search(near))]
    if not matches:
        return ""
    _, name, word = min(matches)
    if word in _CHANGES:
        return word
    kinds = words.fall if name == "감소" else words.rise
    return next((kind for kind, pattern in kinds.items() if pattern.search(measure)), name)


def of_change(measure: str, before: str) -> str:
    """Return the measure of a change, with the quantity named before it: 전기요금 and 절감률."""
    match = _OF_CHANGE.match(measure)
    base = _ENDS_IN_CHANGE.sub("", before)
    return f"{base} {match['rate']}" if match and base else measure
