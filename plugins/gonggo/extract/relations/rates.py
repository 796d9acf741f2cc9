"""The meaning of a rate: measure, subject, year, and whether it is a target, result, indicator or claim."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.extract.doc import Span
from gonggo.extract.lexicons import FOLDER
from gonggo.extract.linear import Classifier, best_of, check_classes
from gonggo.extract.record_types import Ground, Metric, TextEvidence
from gonggo.extract.relations import grid, phrases
from gonggo.extract.relations.around import Around
from gonggo.extract.relations.context import Context
from gonggo.extract.relations.phrases import Phrase, lexicon
from gonggo.extract.relations.years import YearMention

_FAR = 12.0
# Who was asked: 지역 제조기업 502개사를 대상으로, 업체 164곳에 물었더니, 도입 기업 가운데.
_POPULATION = re.compile(
    r"([가-힣A-Za-z0-9·~]+(?:\s[가-힣A-Za-z0-9·~]+){0,4}?)\s?(?:\d[\d,천만]*\s?(?:개사|곳|개|명|개\s?업체|개\s?기업))?\s?"
    r"(?:에게?\s(?:[가-힣]{2,4}\s)?(?:이유를\s)?(?:물|설문)|(?:을\s|를\s)(?:대상으로|조사(?:한\s결과|했더니|해\s보니))|(?:을|를)\s돌아다니며|\s설문|가운데|중(?=\s))"
)
# How many were asked is not who they are: 300개 중소기업.
_COUNTED = re.compile(
    r"^(?:\S+[이가]\s(?=올\s|지난\s|지난달\s|이달\s|최근\s|\d))?(?:\d{1,2}월\s)?(?:\d{1,2}일\s)?(?:우리\s)?(?:(?:지난달?|이달|최근|올해?)\s(?:\S{0,8}[일월]\s)?(?:조사한\s)?)?(?:총\s)?"
    r"(?:\d[\d,]*\s?(?:여\s?)?개\s?사?\s)?(?=[가-힣\d])"
)
# When a survey was made, where its year is that of the text: 지난 9월 25일부터.
_MONTH_OF_SURVEY = re.compile(
    r"(?<![년\d])(?<!년\s)(?P<month>1[0-2]|[1-9])월\s?(?:\d{1,2}일)?\s?(?:부터|[~∼～–-])|지난\s?(?P<last>\d{1,2})월"
    r"|(?<![년\d])(?<!년\s)(?P<in>1[0-2]|[1-9])월\s(?=[^.\n]{0,30}?(?:조사|물은|물었|설문))"
    r"|지난\s?\d{1,2}\s?(?:일부터\s|일?\s?[~∼～–-]\s?)\d{1,2}\s?일"
)
_ANSWERED = re.compile(r"응답|대답|답[했한변은이]")
_OF_SOME = re.compile(r"가운데|중\s|대상으로|조사(?:한\s결과|했더니|해\s보니)|물[었은]|설문|돌아다니며")
_ASKED = re.compile(r"대상으로|조사|물|설문")
_BASED = re.compile(r"^(?:[^.]|\.(?=\d)){0,60}?\((?=[^()]{0,16}(?:기준|조사|대비))")
_COMPARED_WITH = re.compile(r"\s?대비")
# A year counted back from that of the document or the survey: 1년 전 같은 조사의 19.8%, 전년(4.9%).
_BACK = re.compile(r"(?:(\d{1,2})년\s전|전년)(?:\s같은\s조사)?(?:의|에는)?\s?\(?$")
_GOAL = re.compile(r"목표(?:였던|로\s적어\s낸\s[가-힣]{1,6}|치|인|는|은|\()?\s?(?:[은는]\s)?(?:[가-힣]{2,4}까지\s)?$")
# Between two rates of a list: what the first does, and what the second is of.
_LISTED = re.compile(
    r"\s?(?:이상|이하|가량|정도|내외)?\s?(?:증가|감소|향상|절감|단축|상승|하락|개선|인하|저감|성장|확대|축소)"
    r"(?:하고|,|·|와|과|\s및)\s[^.,%]{1,24}"
)
# Right before what was aimed at, and right after what was reached: 목표였던 이용률 50%, 93.4%로 목표(90%)를.
_AIMED_AT = re.compile(
    r"(?:목표|기준)(?:였던|로\s(?:내건|잡은|세운|삼은|적어\s낸|제시한)|인|[치값]인?|는|은|\(|(?=\s))\s?(?:[가-힣A-Z]{2,8}\s|[가-힣\d]{2,6}까지\s){0,2}$"
)
_AIM_FOLLOWS = re.compile(r"(?:으?로|이고|이며|인데|였고|이어서)?,?\s(?:당초\s)?목표\s?(?:치|였던)?\s?\(?\d")
# What a line or the header of a cell calls its rates: 최종목표 : 정확도 95% 이상, the column 실적.
_LABELLED_GOAL = re.compile(
    r"(?:^|[\s(·<\[])(?:[가-힣]{2,4}\s?)?목표(?:치|값)?(?:\)?\s?[:：]|[)\]】]\s)(?:[^:：]|[:：](?=\d))*$"
)
_GOAL_HEAD = re.compile(r"목표")
_RESULT_HEAD = re.compile(r"실적|성과|결과|달성")
_NOW_HEAD = re.compile(
    r"^(?:(?:국내|세계|현재|기존)\s?)?(?:기술\s?)?(?:현재|수준|현황|기존)(?:치|값)?(?:\s?\([^()]*\))?$"
)
# Whose reasons, needs or uses a sentence lists: 도입하지 않은 업체가 꼽은 이유는, 솔루션을 들인 기업이 쓰는 곳은.
_GAVE_REASONS = re.compile(
    r"(?:^|[.,]\s)[^가-힣A-Za-z\n]{0,6}(?P<whom>[가-힣A-Za-z·\s]{2,30}(?:기업|업체|회사|공장|농가|곳))(?:들)?[이가]\s"
    r"(?:[가-힣]{1,6}\s){0,2}?(?:든|댄|꼽은|밝힌|답한|내놓은|고른|말한|겪는|느끼는|바라는|원하는|쓰는)\s(?:[가-힣]{1,5}\s){0,2}?"
    r"(?:까닭|이유|원인|애로|걸림돌|어려움|곳|분야|용도|지원|효과)[은는](?=\s)"
)
_ONLY_OF = re.compile(
    r"(?:^|[.,]\s)[^가-힣A-Za-z\n]{0,6}(?P<whom>[가-힣A-Za-z·\s]{2,30}(?:기업|업체|회사|공장|농가|곳))만\s(?:떼어|따로|놓고|추려)[^.\n]{0,4}보면"
)
_BEGINS_WITH_ANSWER = re.compile(r"[‘“'\"]")
_OPENS_SENTENCE = re.compile(r"^(?:이미|현재|아직|반면|한편|또|특히)\s")
# A list of what several measures of the same became: 생산성은 17% 향상되고 불량률은.
_GOES_ON = re.compile(r"[^.\n]{0,16}(?:[가-힣](?:고|며)|,|·|\s및)\s?[^.,\n]{1,18}$")
_GOAL_HEADING = re.compile(r"[^가-힣]{0,8}(?:[가-힣]{2,4}\s?){0,2}목표(?:\s?\([^()]*\))?\W*$")
_RESULT_HEADING = re.compile(r"(?<!기대\s)(?<!예상\s)(?<!조사\s)(?<!조사)(?:실적|성과|결과)\W*$")
_LONGEST_HEADING = 40
_NUMBERED, _HEADING_REACH = re.compile(r"\W*(?:\d{1,2}[.)\s]|[Ⅰ-Ⅹ]|[가-하]\.)"), 6
_PAST_OR_SURVEYED = re.compile(r"지난|작년|조사|실적|결과|평가")
# A rate beside what was aimed at: 목표에 못 미친 61.9%, 목표 6,000명을 31% 초과, or before 목표는 15%였다.
_FELL_SHORT = re.compile(
    r"목표(?:치|인|였던)?\s?(?:\([^()]*\)|[\d.,]+\s?(?:%|[가-힣]{1,2}))?(?:에|를|을|보다)?\s(?:[가-힣]{1,4}\s)?"
    r"(?:못|미달|밑도|밑돈|웃도|웃돈|넘|초과|상회)[^.\n\d]{0,8}$|목표(?:치|는|가)?\s?[\d.]+\s?%(?:인데|였는데|였으나|였지만|지만)[^.\n\d]{0,12}$"
)
_OF_GOAL = re.compile(r"목표(?:치)?의\s?(?:약\s)?$")
_PASSED = re.compile(r"\s?(?:가량|정도|나|포인트)?\s?(?:초과|상회|웃돌|밑돌|넘어섰)")
# What somebody reckons: 40%는 오르리라는 것이 내 계산이다, 30% 수준이라는 게 교수의 추산이다, 20%는 늘릴 수 있다.
_ESTIMATED = re.compile(
    r"[^.\n“”]{0,24}?(?:리라(?:는|고)|는\s?(?:것이|게|건)\s[^.\n]{0,12}?(?:계산|추산|짐작|생각|주장)|[까]\s말까)|[^.\n\d]{0,10}\s(?:수\s있다고\s(?:본|주장|말|했|밝|설명|강조))"
)
# What somebody intends, and what those who were asked said, behind a rate; what is so today is no target.
_INTENDED = re.compile(r"[^.“”\"\n]{0,60}?겠(?:다|습니다)[”\"]")
_REPORTED_SPEECH = re.compile(r"[가는이은]?\s[^.“”\n]{2,40}?고\s(?:답|응답)")
_TODAY = re.compile(r"(?:현재|지금까지|지금|월\s기준|말\s기준)\s?$")
_GOAL_BEFORE, _GOAL_NEXT = (
    re.compile(r"목표[^.\n%]{0,20}$"),
    re.compile(r"(?:[^.\n\d]{0,24}(?<!최종)\s)?목표(?:치)?(?:는|였던|인)\s?\d"),
)
# The growth of a budget or a market is no effect of a programme.
_OF_A_BUDGET = re.compile(r"(?:예산|국비|지방비|사업비|(?:지원|투자|사업)\s?규모)$")
_OF_A_MARKET = re.compile(r"시장(?:은|이|의|\s규모)[^.\n]{0,80}$")
# A sum with which another is compared, and sums that a programme may bring: 올해 612억원보다 405억원(66.2%) 늘어난.
_THAN_A_SUM = re.compile(r"\d\s?(?:[조억만천백]\s?)*원\)?(?:보다|에\s비해|과\s비교하면)[^.\n]{0,24}$")
_EARNED = re.compile(r"매출|수출|소득|투자|비용|연봉|임금|계약")
_BESIDE_QUOTED = 30
_QUOTE_END = re.compile(r"[”\"]")
_HEADED = re.compile(r"^\W{0,4}([가-힣A-Z ]{2,14}?)\s?[=:：]\s")
# The years of the rates before in the sentence are meant again.
_SAME_PERIOD = re.compile(r"같은\s기간")
# The industry in which something was reached: 자동차 부품 산업에선 불량률이.
_IN_INDUSTRY = re.compile(
    r"(?:^|[\s,])([가-힣A-Za-z·]{2,8}(?:\s[가-힣]{2,6})?\s?(?:산업|업종|업계))에(?:선|서는|서도)\s"
)
_RATE = re.compile(r"\d\s?(?:%|％|배)")
_PERCENT = re.compile(r"\d[\d.]*\s?(?:%|％|퍼센트)(?:p|포인트)?")
_RECENT, _BESIDE, _RECENTLY = 2, 14, 20
_IS_SUBJECT = re.compile(r"(?:은|는|이|가)\s")
# Of whom a survey is, as its outline says: 대상: 서울 소재 스타트업 412개사.
_TARGETED = re.compile(
    r"\W*(?:조사\s?)?대상\s?[:：]\s?(?P<whom>[^\d\n(]{2,40}?)\s?\d[\d,]*\s?(?:개사|명|곳|개|가구|농가)"
)
# What a rate that became another was, and what it became: where it comes from is no target.
_COURSES = [(side, later) for side in ("indicator", "result", "claim") for later in (side, "target")]
_MOST_AGAIN = 3
_REST = 140
# A measure that groups are compared by, and a word that says so; what those who were asked named is no group.
_COMPARABLE = re.compile(r"(?:률|율|경험|비중|비율|만족도|정확도|의존도|활용|사용|도입)$")
_COMPARES = re.compile(
    r"가장|뒤를\s이|순(?:으로|이|\()|그쳤|그친|꼴찌|최하위|최고|최저|바닥|높|낮|머물|머무|앞섰|웃돌|밑돌|[은는]\s\d"
)
_OF_ANSWERS = re.compile(
    r"애로|이유|걸림돌|어려움|장애|원인|원하|바라|꼽|효과|용도|쓰는\s곳|복수\s?응답|응답|대답|답[했한변은]|[분부]\s?야[는로]|요인|과제[는로]|가로막"
)
_CLOSING_QUOTE = re.compile(r"[’”'\"」]\s?[가-힣(]{0,3}\s?$")
_ITEM = re.compile(r"^(?!.*(?:년|월|일|전|후)$)[가-힣A-Za-z0-9·㏊.]{1,10}(?:\s[가-힣A-Za-z0-9·]{1,8}){0,2}$")
_FEW_WORDS, _NEAR_MEASURE = 3, 6
# So near a programme, a rate of nobody else is its own: up to two sentences after its name.
_NEAR_PROGRAMME, _BESIDE_PROGRAMME = 0.3, 0.5
_JOINED = re.compile(r"[\d.,]")
_A_MONTH = len("2026-01")


class Models(BaseModel):
    """``rates.json``: the classifier of targets, results, indicators and claims."""

    model_config = ConfigDict(extra="forbid")
    side: Classifier


@cache
def _models() -> Models:
    path = FOLDER / "rates.json"
    models = load_model(path, Models)
    check_classes(models.side, ("target", "result", "indicator", "claim"), path)
    return models


class Case(NamedTuple):
    """A rate, the ``number``-th of its record, with the phrase before it, and its features for the model.

    ``is_goal`` says that a heading above it is one of goals, ``is_result`` that it is one of results, and
    ``results_of`` of which year these are; ``following`` is the sentence after its own.
    """

    number: int
    metric: Metric
    around: Around
    phrase: Phrase
    head: grid.Heads | None
    start: int
    features: dict[str, float]
    is_goal: bool = False
    following: str = ""
    is_result: bool = False
    results_of: str = ""


@dataclass
class _Running:
    """What the preceding sentences stated, for figures that omit it."""

    measure: str = ""
    measure_at: Span | None = None
    subject: str = ""
    # Whether that is the subject of a measure of its own, and where the last rate ends.
    owned: bool = False
    end: int = 0
    row: list[str] = field(default_factory=list)
    row_before: list[str] = field(default_factory=list)
    asked: str = ""
    population: str = ""
    population_at: Span | None = None
    sentence: int = -1
    # What the clause of the sentence says of firms: 서비스업에서 AI 적용을 희망하는 기업이.
    firms_clause: str = ""
    # The name of the rate before, and the sentence with the last rate of the measure.
    last: str = ""
    measure_last_at: int = 0
    slot: str = ""
    year: str | None = None
    latest: str | None = None
    series: list[str] = field(default_factory=list)
    # By when a rate is to be what it becomes: not the year of what it is.
    until: str | None = None
    survey_year: str | None = None
    survey_at: Span | None = None


def relate_rates(metrics: list[Metric], context: Context) -> list[Metric]:
    """Return the rates of a document, each with its meaning."""
    running = _Running()
    related: dict[int, Metric] = {}
    every = list(cases(metrics, context))
    for case, side in zip(every, _sides(every), strict=True):
        _survey(running, case.around, context)
        related[case.number] = _related(case, side, context, running)
    further = [related[number] for number in sorted(related) if number >= len(metrics)]
    return [*(related.get(number, metric) for number, metric in enumerate(metrics)), *further]


def cases(metrics: list[Metric], context: Context) -> Iterator[Case]:
    """Yield the rates of the text in order; rates that are not in the record are numbered after it.

    The same figure twice in a sentence or a table is two rates; elsewhere it is a restatement.
    """
    placed: list[tuple[int, Metric, Around]] = []
    further = len(metrics)
    taken = {metric.evidence.start for metric in metrics if isinstance(metric.evidence, TextEvidence)}
    for number, metric in enumerate(metrics):
        best = _with_best_evidence(metric, context)
        around = context.sentences.around(best.evidence)
        if around is None or not isinstance(best.evidence, TextEvidence):
            continue
        placed.append((number, best, around))
        for again in _again(best.evidence, context):
            beside = context.sentences.around(again)
            if beside and again.start not in taken and _is_of_another(around, beside, context):
                placed.append((further, replace(best, evidence=again), beside))
                further += 1
    sentence, end, slot, is_group = -1, 0, "", False
    for number, metric, around in sorted(placed, key=lambda one: one[2].start):
        same = sentence == around.sentence.start
        start = max(around.sentence.start, end) if same else around.sentence.start
        head = context.heads(around.start)
        phrase = _read_from_rate(around, start, head, slot if same else "", context)
        slot = phrase.slot or (slot if same else "")
        is_group = bool(phrase.subject) or (is_group and same and phrase.again)
        sentence, end = around.sentence.start, around.end
        features = _features(metric, around, phrase, context) | {"group": float(is_group)}
        following = context.sentences.after(around.sentence)
        case = Case(number, metric, around, phrase, head, start, features, _is_below_goals(around, context), following)
        above = "" if head else _heading_of_results(around, context)
        year = context.years.of(above)
        yield case._replace(is_result=bool(above), results_of=year.value if year else "")


def _is_below_goals(around: Around, context: Context) -> bool:
    """Return whether the list in which a rate stands is headed as one of goals."""
    sentences = context.sentences
    number = sentences.index(around.start)
    if not context.is_listed(around.sentence) and context.kind != "announcement":
        return False
    for span in reversed(sentences.spans[max(0, number - _HEADING_REACH) : number]):
        if _GOAL_HEADING.match(span.text):
            return True
        if not context.is_listed(span) or _NUMBERED.match(span.text):
            return False
    return False


def _heading_of_results(around: Around, context: Context) -> str:
    """Return the heading of the list in which a rate stands if that says that it is one of results."""
    if not context.is_listed(around.sentence):
        return ""
    heading = context.heading(around.start)
    return heading if len(heading) <= _LONGEST_HEADING and _RESULT_HEADING.search(heading) else ""


def _read_from_rate(around: Around, start: int, head: grid.Heads | None, slot: str, context: Context) -> Phrase:
    """Read the words before a rate, back to the last rate, though that may be none of the record's."""
    last = None if head else next(reversed([*_PERCENT.finditer(context.doc.text, start, around.start)]), None)
    if last is None:
        return _read(around, start, head, slot, context)
    phrase = _read(around, last.end(), head, slot, context)
    if not phrase.again or phrase.answer:
        return phrase
    return phrases.read(context.doc.text[start : last.start()], context.doc.text[last.end() : around.start], slot)


def _read(around: Around, start: int, head: grid.Heads | None, slot: str, context: Context) -> Phrase:
    if head:
        return phrases.of_cell(*head)
    text = context.doc.text
    return phrases.read(text[start : around.start], around.after, slot, context.place_before(start, around.start))


def _with_best_evidence(metric: Metric, context: Context) -> Metric:
    """Return a rate with its most complete statement as evidence: with measure, year and subject.

    Of equally complete ones, the first below the headline, which names its programme less often than the text does.
    """
    evidence = metric.evidence
    if not isinstance(evidence, TextEvidence):
        return metric
    places = [evidence, *_again(evidence, context)]
    if len(places) == 1:
        return metric
    headline = context.doc.text.find("\n")
    return replace(metric, evidence=max(places, key=lambda one: (_weight(one, context), one.start > headline)))


def _again(evidence: TextEvidence, context: Context) -> Iterator[TextEvidence]:
    """Yield later statements of the same figure."""
    text, at = context.doc.text, evidence.end
    for _ in range(_MOST_AGAIN):
        at = text.find(evidence.quote, at)
        if at < 0:
            return
        end = at + len(evidence.quote)
        if not _JOINED.match(text[at - 1 : at]) and not _JOINED.match(text[end : end + 1]):
            yield TextEvidence(at, end, evidence.quote)
        at = end


def _is_of_another(one: Around, other: Around, context: Context) -> bool:
    """Return whether the same figure in two places is two rates: in one sentence, or in two rows or columns."""
    heads, others = context.heads(one.start), context.heads(other.start)
    if heads and others:
        return heads.caption == others.caption and (heads.row, heads.column) != (others.row, others.column)
    return not heads and not others and one.sentence.start == other.sentence.start


def _weight(evidence: TextEvidence, context: Context) -> int:
    around = context.sentences.around(evidence)
    assert around is not None
    phrase = _read(around, around.sentence.start, context.heads(evidence.start), "", context)
    years = context.years.within(around.sentence.start, evidence.start)
    is_named = phrase.measure or phrase.slot == "clause"
    return 2 * bool(is_named) + bool(re.search(r"(?:률|율)$", phrase.measure)) + bool(phrase.subject) + bool(years)


def _sides(every: list[Case]) -> list[str]:
    """Return the sides of rates; what a rate was and what it became are sides that go together."""
    scores = [_models().side.scores(case.features) for case in every]
    sides = [_settled(case) or _likely(case, of_case) for case, of_case in zip(every, scores, strict=True)]
    for number in reversed(range(len(every) - 1)):
        if _are_listed(every[number], every[number + 1]):
            sides[number] = sides[number + 1]
    for number in range(len(every) - 1):
        before, after = scores[number], scores[number + 1]
        if _became(every[number], every[number + 1]) and not _is_of_survey(every[number]):
            best = max(_COURSES, key=lambda course: before[course[0]] + after[course[1]])
            sides[number : number + 2] = list(best)
    return sides


def _likely(case: Case, scores: dict[str, float]) -> str:
    """Return the side with the highest score; a rate of a programme that the text tells of is no indicator."""
    best = best_of(scores)
    if best == "target" and _TODAY.search(case.around.before):
        best = "indicator"
    return "result" if best == "indicator" and _is_of_programme(case) else best


def _is_of_programme(case: Case) -> bool:
    """Return whether a rate is that of a programme or of those it served, and not of the world."""
    words, sentence = lexicon(), case.around.sentence.text
    near = case.features["near programme"]
    if _OF_A_BUDGET.search(case.phrase.measure) or (case.features["is survey"] and near < _BESIDE_PROGRAMME):
        return False
    if case.features["served"]:
        return True
    if near < _NEAR_PROGRAMME or case.features["is survey"] or phrases.is_group(case.phrase.subject):
        return False
    return not words.world.search(sentence) and not words.survey.search(sentence)


def _settled(case: Case) -> str | None:
    """Return the side of an effect that the rest of its sentence says is promised or was reached."""
    words, after = lexicon(), case.around.after[:_REST]
    if case.head and (side := _side_of_head(case.head)):
        return side
    if _PASSED.match(after) and _GOAL_BEFORE.search(case.around.before):
        return "result"
    if _AIMED_AT.search(case.around.before[-24:]):
        return "target"
    if _is_measured_by_goal(case):
        return "result"
    if case.is_result and not case.features["is survey"] and (case.features["served"] or not case.phrase.subject):
        return "result"
    if _LABELLED_GOAL.search(case.around.before) or (
        case.is_goal and not _PAST_OR_SURVEYED.search(case.around.sentence.text)
    ):
        return "target"
    if _REPORTED_SPEECH.match(after):
        return "result" if case.features["served"] and _is_of_programme(case) else "indicator"
    if _is_of_survey(case) and not case.features["quoted"]:
        return "indicator"
    if _INTENDED.match(after) and (case.features["quoted"] or case.features["change"]):
        return "target"
    if _AIM_FOLLOWS.match(after):
        return "result"
    if _is_of_money(case):
        return "indicator"
    if _ESTIMATED.match(after):
        return "claim"
    if case.features["quoted"] and _is_opinion(case) and not (case.features["served"] and _is_past_change(case)):
        return "claim"
    if "”" in after:
        return None
    promised, reached = words.promised_effect.search(after), words.reached_effect.search(after)
    if promised and (reached is None or promised.start() < reached.start()):
        return "target"
    return "result" if reached or _has_changed(case) else None


def _side_of_head(head: grid.Heads) -> str | None:
    """Return the side of a rate in a table whose column, else whose row says so."""
    if _NOW_HEAD.search(head.column):
        return "indicator"
    for words in (head.column, head.row):
        if _GOAL_HEAD.search(words) or _RESULT_HEAD.search(words):
            return "result" if _RESULT_HEAD.search(words) else "target"
    return None


def _is_measured_by_goal(case: Case) -> bool:
    """Return whether a rate stands beside what was aimed at, which it reached or not."""
    before, after = case.around.before, case.around.after
    if _FELL_SHORT.search(before[-30:]) or _OF_GOAL.search(before):
        return True
    return bool(_GOAL_NEXT.match(case.following)) and not _RATE.search(after)


def _is_of_survey(case: Case) -> bool:
    """Return whether a rate is how many of those that were asked gave an answer."""
    sentence = case.around.sentence.text
    return bool(lexicon().survey.search(sentence) and _ANSWERED.search(sentence)) and not case.features["served"]


def _is_of_money(case: Case) -> bool:
    """Return whether a rate says how much a budget or a market grows."""
    if not case.features["change"]:
        return False
    before = case.around.before
    if _THAN_A_SUM.search(before) and not _EARNED.search(case.around.sentence.text):
        return True
    return bool(_OF_A_BUDGET.search(case.phrase.measure) or _OF_A_MARKET.search(before))


def _is_opinion(case: Case) -> bool:
    """Return whether a rate that somebody states in an article is an opinion: no measured spread, and no goal."""
    words, rest = lexicon(), _QUOTE_END.split(case.around.after)[0]
    is_stated = words.spread.search(case.phrase.measure) or words.target.search(rest[:_BESIDE_QUOTED])
    return bool(case.features.get("kind article")) and not is_stated


def _has_changed(case: Case) -> bool:
    """Return whether a release or an article says that a measure of its own, not one of the world, has changed."""
    words, features, sentence = lexicon(), case.features, case.around.sentence.text
    is_report = not features.get("kind statistics") and not features.get("kind opinion")
    is_own_measure = is_report or features["near programme"] >= _BESIDE_PROGRAMME
    if not is_own_measure or features["is survey"] or features["quoted"]:
        return False
    is_served = bool(words.served.search(case.phrase.subject))
    if case.phrase.slot == "clause" or (case.phrase.subject and not is_served):
        return False
    if any(features.get(f"above {name}") for name in ("survey", "target")) or words.spread.search(case.phrase.measure):
        return False
    if (
        (words.world.search(sentence) and not is_served)
        or words.survey.search(sentence)
        or words.target.search(sentence)
    ):
        return False
    return _is_past_change(case)


def _is_past_change(case: Case) -> bool:
    features = case.features
    is_past = "tense past" in features or "last past" in features
    return is_past and bool(features["change"] or features["from"] or features["to"])


def _are_listed(one: Case, other: Case) -> bool:
    """Return whether two rates are items of one list in a sentence: 생산성 12% 향상, 불량률 7% 감소를."""
    if one.around.sentence.start != other.around.sentence.start:
        return False
    length = other.around.start - one.around.end
    return bool(_LISTED.fullmatch(one.around.after[: max(0, length)]))


def _became(one: Case, other: Case) -> bool:
    """Return whether a rate turned into the other: 4.1%에서 2.6%로."""
    return (
        one.around.after.startswith("에서")
        and one.around.sentence.start == other.around.sentence.start
        and other.around.start - one.around.end < _BESIDE
    )


def _survey(running: _Running, around: Around, context: Context) -> None:
    """Record respondents and year of a survey up to a figure, and the measure in the heading of its line."""
    if running.sentence == around.sentence.start:
        return
    words, text = lexicon(), context.doc.text
    first = context.sentences.index(running.sentence) + 1 if running.sentence >= 0 else 0
    for span in context.sentences.spans[first : context.sentences.index(around.sentence.start) + 1]:
        if "\n\n" in text[max(0, span.start - 2) : span.start]:
            running.population = running.asked if context.is_survey else ""
            running.survey_year = running.survey_year if context.is_survey else None
        if words.survey.search(span.text):
            mentions = [
                year for year in context.years.within(span.start, span.end) if year.last is None and not year.edge
            ]
            year = max((one.value for one in mentions), default=None) or _year_of_months(span, context)
            if year and (running.survey_year is None or year >= running.survey_year):
                running.survey_year, running.survey_at = year, span
        before = text[span.start : min(span.end, around.start)]
        if context.is_survey and "대상" in before and (targeted := _TARGETED.match(before)):
            running.population = running.asked = targeted["whom"]
            running.population_at = span
        for match in _POPULATION.finditer(before) if _OF_SOME.search(before) else ():
            asked = _COUNTED.sub("", phrases.whose(match.string[: match.end(1)]))
            if phrases.is_group(asked):
                running.population, running.population_at = asked, span
                running.asked = running.asked or (asked if _ASKED.search(match.group()) else "")
        if (headed := _HEADED.match(span.text)) and phrases.measures(headed[1]):
            running.measure, running.measure_at = headed[1], span


def _year_of_months(span: Span, context: Context) -> str | None:
    """Return the year of a survey that its text dates by months: the last such month before it was published."""
    day, months = context.record.published_on, _MONTH_OF_SURVEY.search(span.text)
    if day is None or months is None or len(day.value) < _A_MONTH:
        return None
    year, month = int(day.value[:4]), int(months["month"] or months["last"] or months["in"] or 0)
    return str(year - (month > int(day.value[5:7])))


def _as_group(phrase: Phrase, around: Around, running: _Running, context: Context) -> Phrase:
    """Return the answer before a rate as the group whose rate it is, where the sentences before compare such groups.

    금천이 74.3%로 가장 높았고 under 취업률 is a group; what firms answered, which the text says of it, is none.
    """
    if phrase.slot != "answer" or phrase.again or not running.measure or not _COMPARABLE.search(running.measure):
        return phrase
    if len(phrase.answer.split()) > _FEW_WORDS or not _ITEM.search(phrase.answer):
        return phrase
    apart = context.sentences.index(around.start) - context.sentences.index(running.measure_last_at)
    heading = context.doc.text[max(0, around.sentence.start - _BESIDE) : around.sentence.start]
    if apart > _NEAR_MEASURE or _OF_ANSWERS.search(around.sentence.text) or _OF_ANSWERS.search(heading):
        return phrase
    if _CLOSING_QUOTE.search(around.before) or not (apart == 0 or _COMPARES.search(around.sentence.text)):
        return phrase
    return Phrase(subject=phrase.answer, slot="subject")


def _related(case: Case, side: str, context: Context, running: _Running) -> Metric:
    around = case.around
    phrase = case.phrase if case.head else _as_group(case.phrase, around, running, context)
    case = case._replace(phrase=phrase)
    same = running.sentence == around.sentence.start
    if not same:
        running.row_before, running.row = running.row, []
        running.firms_clause = ""
    grounds: list[Ground] = []
    name = _name(case, running, grounds)
    subject = _subject(case, side, running, same, context, grounds)
    year = _year(case, side, running, same, context, grounds)
    if phrase.slot == "clause":
        running.firms_clause = phrase.answer
    if phrase.measure:
        if name != running.measure:
            running.latest = None
        running.measure, running.measure_at = name, around.sentence
    elif phrase.slot == "clause" and not running.measure:
        running.measure, running.measure_at = phrase.answer, around.sentence
    if year and year.isdigit() and (running.latest is None or year > running.latest) and side == "indicator":
        running.latest = year
    running.last = name
    if name == running.measure:
        running.measure_last_at = around.sentence.start
    running.row.append(phrase.subject)
    running.subject, running.end = subject or "", around.end
    running.owned = bool(phrase.subject and phrase.measure) or (same and running.owned and bool(subject))
    running.series = [*(running.series if same else []), *([year] if year else [])]
    running.sentence, running.year = around.sentence.start, year
    return replace(case.metric, name=name, subject=subject, year=year, side=side, grounds=tuple(grounds) or None)


def _name(case: Case, running: _Running, grounds: list[Ground]) -> str:
    phrase = case.phrase
    if phrase.again and not phrase.answer and running.last and _GOAL_BEFORE.search(case.around.before[-12:]):
        return running.last
    name = phrases.of_change(phrase.measure, running.measure) or ("" if phrase.again else phrase.answer)
    if not name and running.firms_clause and phrase.subject:
        return running.firms_clause
    if not name and running.measure:
        name = f"{phrase.answer} {running.measure}".strip()
        if running.measure_at and running.measure_at.start != case.around.sentence.start:
            grounds.append(Ground("name", running.measure_at.evidence()))
    name = name or phrase.subject
    change = phrases.change(case.around.after, name)
    if change and phrase.slot != "clause" and not re.search(r"증감|감소|증가|향상|절감|단축|상승|개선|하락|인하", name):
        name = f"{name} {change}"
    return phrases.as_share(name.strip())


def _subject(
    case: Case, side: str, running: _Running, same: bool, context: Context, grounds: list[Ground]
) -> str | None:
    phrase = case.phrase
    is_general = not phrase.subject or phrases.is_general(phrase.subject)
    if phrase.slot in ("answer", "clause") and is_general and (whom := _who_gave_reasons(case.around, context)):
        return whom
    if phrase.subject:
        return phrase.subject
    if same and phrase.slot == "measure" and running.subject and running.owned:
        between = context.doc.text[running.end : case.around.start]
        if _GOES_ON.match(between):
            return running.subject
    if phrase.again and not phrase.answer:
        number = len(running.row)
        if "각각" in case.around.before and number < len(running.row_before):
            return running.row_before[number] or running.subject or None
        return running.subject or None
    if running.population and _is_of_asked(side, phrase):
        if running.population_at and running.population_at.start != case.around.sentence.start:
            grounds.append(Ground("subject", running.population_at.evidence()))
        return running.population
    if side == "result" and not phrase.again and (company := _company_before(case.around, context)):
        return company
    industry = _IN_INDUSTRY.search(case.around.before)
    return industry[1] if industry and not phrase.again else None


def _who_gave_reasons(around: Around, context: Context) -> str:
    """Return the firms whose answers a sentence lists: 도입하지 않은 업체가 꼽은 이유는 ‘비용’(41%).

    A sentence that begins with an answer goes on with those of the one before it.
    """
    words = around.before
    if _BEGINS_WITH_ANSWER.match(context.doc.text, around.sentence.start):
        number = context.sentences.index(around.sentence.start) - 1
        words = context.sentences.spans[number].text if number >= 0 else ""
    whom = _GAVE_REASONS.search(words) or _ONLY_OF.search(words)
    return _OPENS_SENTENCE.sub("", whom["whom"].strip()) if whom else ""


def _is_of_asked(side: str, phrase: Phrase) -> bool:
    """Return whether a rate is of those that a survey asked, which gives its subject and year."""
    return side == "indicator" or (side == "result" and phrase.slot in ("clause", "answer"))


def _company_before(around: Around, context: Context) -> str | None:
    """Return the company that the sentence says reached a rate: 나린정밀은 불량률을 3%로 낮췄다."""
    mentions = context.doc.mentions
    number = bisect_left(mentions, around.start, key=lambda mention: mention.start) - 1
    while number >= 0 and mentions[number].start >= around.sentence.start:
        mention, after = mentions[number], context.doc.text[mentions[number].alias_end : around.start]
        if mention.entity_type == "company" and _IS_SUBJECT.match(after):
            return mention.surface
        number -= 1
    return None


def _year(case: Case, side: str, running: _Running, same: bool, context: Context, grounds: list[Ground]) -> str | None:
    years, around = context.years, case.around
    if case.head and (mention := years.of(case.head.column) or years.of(case.head.row)):
        return mention.value
    if back := _BACK.search(around.before[-_RECENTLY:]):
        base = running.latest or running.survey_year or (str(years.base) if years.base else "")
        return str(int(base) - int(back[1] or 1)) if base.isdigit() else None
    near = [year for year in years.within(case.start, around.start) if year.edge != "since"]
    if not same:
        running.until = None
    if near and near[-1].edge == "until" and around.after.startswith("에서"):
        running.until = near.pop().value
    elif running.until and not near:
        return running.until
    if len(near) > 1 and _is_change(near[-2], near[-1], case, context):
        return f"{near[-2].year}~{near[-1].year}"
    if near:
        return near[-1].value
    if (based := _BASED.match(around.after)) and (later := years.within(around.end, around.end + based.end() + 10)):
        text = context.doc.text
        return next((year for year in later if not _COMPARED_WITH.match(text, year.end)), later[-1]).value
    if case.results_of:
        return case.results_of
    if case.head and context.kind == "announcement":
        return None
    if same and len(running.series) > 1 and _SAME_PERIOD.search(around.before):
        return running.series[0 if around.after.startswith("에서") else 1]
    if same and running.year:
        return running.year
    if not case.phrase.measure and case.phrase.slot != "clause" and running.latest:
        if running.measure_at:
            grounds.append(Ground("year", running.measure_at.evidence()))
        return running.latest
    if running.survey_year and _is_of_asked(side, case.phrase):
        if running.survey_at and running.survey_at.start != around.sentence.start:
            grounds.append(Ground("year", running.survey_at.evidence()))
        return running.survey_year
    return None


def _is_change(first: YearMention, last: YearMention, case: Case, context: Context) -> bool:
    """Return whether a rate says how much something changed: 2022년 40명에서 2024년 50명으로 25% 늘었다."""
    between = context.doc.text[first.end : last.start]
    is_run = first.last is None and last.last is None and first.year < last.year
    return is_run and "에서" in between and bool(phrases.change(case.around.after)) and not _RATE.search(between)


def _features(metric: Metric, around: Around, phrase: Phrase, context: Context) -> dict[str, float]:
    """Return the features of a rate for the model."""
    words = lexicon()
    out = {
        "always": 1.0,
        f"kind {context.kind}": 1.0,
        "is survey": float(context.is_survey),
        f"unit {metric.unit}": 1.0,
        f"slot {phrase.slot}": 1.0,
    }
    before, after = around.before[-60:], around.after[:200]
    for name in ("target", "result", "survey", "claim", "world", "opinion_word"):
        pattern: re.Pattern[str] = getattr(words, name)
        if match := pattern.search(after):
            out[f"after {name}"] = 2 * _FAR / (2 * _FAR + match.start())
        ends = [match.end() for match in pattern.finditer(before)]
        if ends:
            out[f"before {name}"] = _FAR / (_FAR + len(before) - ends[-1])
    out |= {
        f"sentence {name}": 1.0
        for name in ("survey", "world", "target", "result")
        if getattr(words, name).search(around.sentence.text)
    }
    out |= {
        f"measure {name}": 1.0
        for name in ("spread", "share", "quality")
        if getattr(words, name).search(phrase.measure or phrase.answer)
    }
    out |= {"change": float(bool(phrases.change(around.after))), "goal": float(bool(_GOAL.search(around.before[-16:])))}
    out["again"] = float(phrase.again)
    out |= {
        "from": float(around.after.startswith("에서")),
        "to": float(bool(re.match(r"(?:으?로|까지)", around.after))),
    }
    out |= {f"tense {context.tense(around.after)}": 1.0, f"last {context.last_tense(around.after)}": 1.0}
    number = context.sentences.index(around.start)
    above = " ".join(span.text for span in context.sentences.spans[max(0, number - _RECENT) : number])
    out |= {f"above {name}": 1.0 for name in ("survey", "target", "result") if getattr(words, name).search(above)}
    out["quoted"] = float(_is_quoted(around, context))
    out["hearsay"] = float(bool(re.search(r"(?:다고|고)\s한다\.?\s*$", around.sentence.text)))
    near = context.years.within(around.sentence.start, around.start)
    if near and context.years.base:
        year = near[-1].year
        out["past" if year < context.years.base else "future" if year > context.years.base else "present"] = 1.0
    out["programme"] = float(context.names_programme(around.sentence))
    out |= {"has subject": float(bool(phrase.subject)), "near programme": context.nearness_of_programme(around.start)}
    out["served"] = float(bool(words.served.search(phrase.subject) or words.served.search(before)))
    return out


def _is_quoted(around: Around, context: Context) -> bool:
    """Return whether the rate is a quotation."""
    text = context.doc.text
    opened = text.rfind("“", max(0, around.start - 300), around.start)
    if opened >= 0 and "”" not in text[opened : around.start]:
        return True
    line = text.rfind("\n", 0, around.start) + 1
    return text.count('"', line, around.start) % 2 == 1 and '"' in text[around.end : text.find("\n", around.end)]
