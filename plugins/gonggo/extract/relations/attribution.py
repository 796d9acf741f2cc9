"""The programme of a figure or an organisation: the one that its words name, else the subject of the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple, TypeVar

from gonggo.extract import budget_reports, layout
from gonggo.extract.record_types import (
    Amount,
    ExtractionRecord,
    Ground,
    Metric,
    Organisation,
    Programme,
    Quantity,
    TextEvidence,
)
from gonggo.extract.relations import grid, outline
from gonggo.extract.relations.context import Context, Mention
from gonggo.extract.words import final_consonant, occurrences

_Figure = TypeVar("_Figure", Amount, Quantity, Metric)
_Stated = TypeVar("_Stated", Amount, Quantity)
# Words that point back to the programme that the text is speaking of.
_BACK = re.compile(
    r"(?:^|\s)(?:이|해당|본|동|이번)\s?(?:사업|프로젝트|센터|과제|대회|협약|시설|플랫폼|제도)"
    r"|(?:^|\s)(?:이런|이러한|이와?\s?같은)\s(?:사업|실증|성과|지원|결과|계획|노력|과정)"
)
# After the name of a programme that is only one of several: 'A', 'B' 구축 등의 사업을.
_IN_A_LIST = re.compile(r"[’”'\"」』]?\s?(?:(?:사업|구축|운영|과정)\s?)?(?:,\s|·|ㆍ|\s?등(?:의|을|이|으로|도|에)?\s)")
# After the name of a programme that its sentence only passes by: the means, the model or the occasion of another.
_IN_PASSING = re.compile(
    r"[’”'\"」』>]?\s?(?:\([^()\n]{0,40}\)\s?)?(?:사업|프로젝트|센터|계획|전략)?(?:\s(?:등|구축|조성|건립|운영|선정|지정|경험|성과))*"
    r"(?:[을를]?\s?(?:기반|바탕|토대|발판|거점|계기|시작)으로|[와과](?:의)?\s(?:연계|연결|별도|별개|병행)|에\s이어|의\s후속"
    r"|[을를]?\s(?:본떠|본받아|본보기로|모델로|벤치마킹)"
    r"|[을를]\s(?:[가-힣]{2,4}로\s)?(?:빼고|뺀|뺐|제외하고|제외한|덜어내))"
)
# After the names of some of the programmes that a sentence speaks of together: A를 포함한 총 8개 사업에.
_INCLUDED = re.compile(r"[’”'\"」』]?\s?(?:사업)?(?:\s등)?[을를]?\s?(?:포함|비롯)(?:한|해|하여)\s")
# The mark of an item of a sentence, and what ends the item.
_MARK = re.compile(r"[△▲▷▶]")
_ITEM_ENDS = re.compile(r"[△▲▷▶]|(?:^|[\s)])등(?:에서|에|의|을|으로|이|은)?\s")
# After the name of a programme that its sentence is about.
_IS_TOPIC = re.compile(
    r"[’”'\"」』>]?\s?(?:\([^()\n]{0,40}\)\s?)?(?:사업|프로젝트|과제)?(?:은|는|이|가|에는|에서는|에|의)\s"
)
_IS_OBJECT = re.compile(r"[’”'\"」』>]?\s?(?:\([^()\n]{0,40}\)\s?)?(?:사업|프로젝트|과제)?(?:을|를)\s")
# Before a figure that is of several programmes together: 세 사업에 317억원, 관련 사업 7건, 국비 1,017억원.
_OF_SEVERAL = re.compile(
    r"(?:두|세|네|다섯|여섯|일곱|여덟|아홉|열|\d+\s?개)\s사업(?:에|의|은|이|을|,)\s[^.\n]{0,24}$"
    r"|관련\s(?:사업|예산)(?:을|은|이)?\s[^.\n]{0,24}$"
)
# Before a sum that is all the money of a government for a field: 내년도 AI 예산을 57억 원으로, AI에 3천억 원을.
_OF_FIELD = re.compile(
    r"(?:AI|인공지능|AX|디지털|데이터)\)?\s?(?:(?:관련|분야|부문)\s?)?(?:(?:예산|국비)(?:안|액)?(?:[을를은는이가]|으로|에)?"
    r"|(?:사업|분야)?에(?:만|는)?)\s(?:[가-힣\d.%]+\s){0,5}(?:약\s)?$"
)
# Right before what is said of all that is listed.
_IN_ALL = re.compile(r"(?:총|모두|합쳐|합해|합계)\s?(?:약\s)?$")
# A sentence that adds a thing of its own to what is said of the whole.
_ADDS = re.compile(r"[\s‘“'\"]*(?:더불어|또한|아울러|이와\s함께|이\s밖에|이\s외에도?|나아가)[\s,]")
# The programme, without its name: what the text is about.
_THE_PROGRAMME = re.compile(
    r"(?:^|[\s□○ㅇ-])(?:총\s?)?사업(?:비|\s?(?:규모|예산|기간)|\s(?:투입|지원)\s(?:예산|규모))(?:은|는|로는|로|에는|[:：])"
)
# Between a sum and the programme that it is the money of: 227억원 규모의 '…', 10억원이 투입되는 '…'.
_MONEY_OF = re.compile(
    r"\s?여?\s?원?(?:[을를]?\s?(?:들인|들여|투입한|투입하는)|[이가]?\s?(?:드는|들어간|들어가는|투입된|투입되는|걸린)|\s?(?:규모|상당|짜리)(?:의|인)?|의)"
    r"\s?(?:[‘“'\"「『<]\s?)?"
)
# Behind a sum, up to the end of the whole that it is a part of.
_INCLUDED_IN = re.compile(
    r"\s?여?\s?원?(?:을|를)?\s(?:포함(?:한|해|하여)|등)\s(?:모두\s|총\s)?(?:총?[가-힣]{2,4}\s)?"
    r"\d[\d,.조억만천백 ]{0,14}원?"
)
# Between a sum and what was done with it: 6억 원으로 벌인 '…', 30억원을 들여 만든 '…'.
_MADE_WITH = re.compile(
    r"\s?여?\s?원?(?:을\s(?:들여|투입해|써서?)|으로)\s(?:[가-힣]{1,4}\s)?[가-힣]{0,4}([가-힣])\s[‘“'\"「『]"
)
_BRACKETS = re.compile(r"\s?\([^()\n]{0,40}\)")
_CLOSING = re.compile(r"[^()\n]{0,40}\)")
# A sentence that turns to another thing, and a sum of a programme without a name: 4,300억원 규모의 1단계 사업.
_CHANGES_SUBJECT = re.compile(r"[\s‘“'\"○ㅇ□-]*(?:한편|이와는?\s(?:별도|별개)로|이와는?\s달리|반면)[\s,]")
_OF_UNNAMED = re.compile(
    r"\s?여?\s?원?\s?(?:(?:규모|상당|짜리)의|의\s(?:예산|사업비|국비)[이가을를]\s(?:투입된|투입되는|투입한|들인|들어간))"
    r"\s(?:[가-힣A-Za-z\d·]{1,10}\s){0,2}[가-힣A-Za-z\d]*(?:사업|과제|프로젝트|\d단계)"
)
# A facility is no 사업: where a text goes on with 이 사업, it means the programme before.
_FACILITY = re.compile(r"(?:센터|단지|거점|허브|플랫폼|시설|관|원|랩|밸리)$")
_BACK_TO_PROGRAMME = re.compile(r"(?:^|\s)(?:이|본|동|이번)\s?(?:공모\s?)?(?:사업|프로젝트|과제|공모)")
# Right behind the sentence that names a programme first: 이 사업은, the text's own.
_GOES_ON = re.compile(
    r"[\s□○ㅇ·*-]*(?:이|본|동|이번|해당|금번)\s?(?:공모\s?)?(?:사업|프로젝트|과제|과정)(?:은|는|에는?|의|이)\s"
)
# The lines at the head of a release that are marked as its title: 가람시 보도자료 …, 제목: …, 부제: ….
_LABELLED_HEADLINE = re.compile(r"(?:[^\n]{0,100}\n\s*)?(?:(?:제\s?목|부\s?제(?:목)?)\s?[:：][^\n]*\n\s*)+")
# A sentence that says what the programme is: what it names on the way is no subject.
_DEFINES = re.compile(
    r"[^.\n]{0,60}?[가-힣)](?:은|는)\s[^.\n]*(?:하는|하기\s위한|위한|위해\s[가-힣]+(?:한|하는|된))\s[^.\n]{0,16}(?:사업|프로그램|것|제도)(?:이다|입니다)"
)
_SUBJECT = re.compile(r"[^.\n]{0,60}?[가-힣)](?:은|는)\s")
# A sentence about what happened before.
_ASIDE = re.compile(r"[\s‘“'\"○ㅇ□-]*(?:이에\s)?앞서[\s,]")
_GAP = 1
# The final consonant of a verb before a noun: 벌인, 만든.
_NIEUN = 4
# In a call, what follows the name of a track at the head of a line or cell belongs to it, so far down.
_REACH = 700
# In a call, a figure is stated for a track alone within so much of its name.
_CLOSE = 150
# So far before a figure a name is right before it, unless a line ends or another figure stands between.
_RIGHT_BEFORE = 16
_PARTED = re.compile(r"[\d\n,;.]")
# So far before the first mention of a programme a headline and a lead speak of it.
_LEAD, _LEAD_SENTENCES = 200, 3
# In what speaks of more than programmes, a figure is tied only so near to a name.
_NEAR = 1
# So many sentences after 이 사업 the text is still about it.
_KEPT = 2
# A label before the name of a programme at the head of a line.
_WORD = re.compile(r"[가-힣A-Za-z]{2}")
_LABELLED = re.compile(r"\n[ \t]*[^\w\s(]?[ \t]?[ㅇo]?[ \t]?\(([^()\n]{2,12})\)\s?[‘“'\"「]?$")
_LONGEST_LABEL = 24
# Before the name of a programme at the head of a block: 사업명, or which of several it is, as (유형 1), [사업 A].
_HEAD = re.compile(
    r"\W*(?:\d{1,2}[-.]\d{1,2}\.?\s)?\W*(?:(?:세부|내역)?(?:사업|과제|트랙|유형|분야|부문|프로그램|공모)\s?(?:명|\d{1,2}|[A-ZⅠ-Ⅴ①-⑳가-하])"
    r"|(?:\d{1,2}|[A-ZⅠ-Ⅴ])\s?(?:유형|트랙|분야|부문|과제))?\W*"
)
# The number of a programme before its name, and where the text means the programme by it: ③ 트랙은, ②의 과제당.
_NUMBERED = re.compile(r"([①-⑳])\s?[‘“'\"「]?$")
_BY_NUMBER = re.compile(r"([①-⑳])(?:번?\s?(?:트랙|유형|과제|분야|부문|사업)|의\s|은\s|는\s)")
_LONGEST_HEADLINE, _LONGEST_ITEM = 100, 40
# Among so many mentions before and after one are those that head the lines next to it.
_NEIGHBOURS = 3
_SHORTEST_ORGANISATION, _MOST_MENTIONS = 2, 12
# The header of a column is the beginning of the name of a track only if it has so many letters.
_SHORTEST_HEAD = 3
_LOCAL = re.compile(r"(?:시|도|군|구)$")
_CALLED = re.compile(r"(?<![가-힣])([시도군구])(?:는|은|가|에)\s")
_GOVERNMENT = re.compile(r"(?:시|도|군|구|특별자치도|광역시|특별시|부|처|청)$")


def _made_with(text: str, end: int) -> re.Match[str] | None:
    """Return the words from a sum to the name of what it was spent on: 6억 원으로 벌인 '…'."""
    words = _MADE_WITH.match(text, end)
    return words if words and final_consonant(words[1]) == _NIEUN else None


class _Owner(NamedTuple):
    """A programme, and the words that assign a fact to it; ``is_beside`` if they are next to the fact."""

    name: str
    evidence: TextEvidence | None
    is_beside: bool = False


def attribute_to_programmes(record: ExtractionRecord, context: Context) -> None:
    """Give each amount, quantity and metric of ``record`` its programme, and each organisation all its programmes.

    A fact belongs to the programme named last before it in its sentence, else to one that the sentence names after it,
    else to the subject of the text: the programme named last, or its umbrella after the end of the list of its parts.
    In a call it belongs to the track in the heading above it, else to the call. An ``indicator`` belongs to none.
    """
    topics = _Topics(record, context)
    record.amounts = sorted(_amounts(record.amounts, context, topics), key=_position)
    record.quantities = _counts(record.quantities, context, topics)
    record.metrics = [
        metric if metric.side == "indicator" else _tied(metric, topics.owner(metric)) for metric in record.metrics
    ]
    record.organisations = [_with_programmes(organisation, topics) for organisation in record.organisations]


def _amounts(amounts: list[Amount], context: Context, topics: _Topics) -> list[Amount]:
    """Return the sums of a record with their programmes; a sum of several programmes once for each."""
    stated: dict[int, list[Amount]] = {}
    for amount in context.stated.amounts:
        stated.setdefault(amount.krw, []).append(amount)
    firsts = [
        _first(amount, [one for one in stated.get(amount.krw, ()) if one.role == amount.role], topics)
        for amount in amounts
    ]
    return [*firsts, *_further(firsts, context.stated.amounts, lambda one: one.krw, topics)]


def _counts(counts: list[Quantity], context: Context, topics: _Topics) -> list[Quantity]:
    """Return the counts of a record with their programmes; a count of several programmes once for each."""
    stated: dict[tuple[float, str | None], list[Quantity]] = {}
    for count in context.stated.counts:
        stated.setdefault((count.value, count.unit), []).append(count)
    firsts = [_first(count, stated.get((count.value, count.unit), []), topics) for count in counts]
    return [*firsts, *_further(firsts, context.stated.counts, lambda one: (one.value, one.unit), topics)]


def _first(figure: _Stated, stated: list[_Stated], topics: _Topics) -> _Stated:
    """Return a figure with the programme next to its first statement, else next to any statement."""
    places = stated or [figure]
    # A headline names a programme shorter than the text below it does, if at all.
    below = [one for one in places if not topics.is_in_headline(one)]
    if below and topics.is_in_headline(figure):
        figure = replace(figure, evidence=below[0].evidence)
    for some in (below, places):
        if owners := [owner for one in some if (owner := topics.owner(one))]:
            return _tied(figure, next((owner for owner in owners if owner.is_beside), owners[0]))
    return figure


def _further(
    figures: list[_Stated], stated: list[_Stated], value: Callable[[_Stated], Hashable], topics: _Topics
) -> Iterator[_Stated]:
    """Yield figures that are stated again next to the name of another programme.

    Only a call and a table repeat a figure for another programme; prose repeats it in other words.
    """
    listed = {value(figure) for figure in figures}
    yielded = {(value(figure), figure.programme) for figure in figures}
    for one in stated:
        owner = topics.owner(one) if value(one) in listed else None
        if (
            owner
            and (topics.states_for(owner, one) or topics.lists(owner, one))
            and (value(one), owner.name) not in yielded
        ):
            yielded.add((value(one), owner.name))
            yield _tied(one, owner)


def _position(amount: Amount) -> int:
    return amount.evidence.start if isinstance(amount.evidence, TextEvidence) else -1


def _tied(figure: _Figure, owner: _Owner | None) -> _Figure:
    if owner is None:
        return figure
    grounds = list(figure.grounds or ())
    if owner.evidence:
        grounds.append(Ground("programme", owner.evidence))
    return replace(figure, programme=owner.name, grounds=tuple(grounds) or None)


def _with_programmes(organisation: Organisation, topics: _Topics) -> Organisation:
    """Return an organisation with its programmes; a government that the text is about has a role in all."""
    owners = topics.owners(organisation)
    grounds = tuple(Ground("programmes", owner.evidence) for owner in owners if owner.evidence)
    return replace(organisation, programmes=tuple(owner.name for owner in owners), grounds=grounds or None)


class _Topics:
    """The programme that is the subject of the text at each position."""

    def __init__(self, record: ExtractionRecord, context: Context) -> None:
        self.context = context
        self.text = context.doc.text
        self.programmes = record.programmes
        self.is_call = context.kind == "announcement"
        self.parents = {programme.name: programme.parent for programme in record.programmes}
        self.mentions = context.mentions if self.is_call else context.references
        self.starts = [mention.start for mention in self.mentions]
        self.organisations = record.organisations
        # What parts paragraphs: empty lines, where there are any.
        self.paragraph = "\n\n" if "\n\n" in self.text else "\n"

    @cached_property
    def main(self) -> Programme | None:
        """Return the main programme of the text: an umbrella, else the one in its title, else the one named first."""
        if not self.programmes:
            return None
        parents = Counter(parent for parent in self.parents.values() if parent)
        if parents:
            name = parents.most_common(1)[0][0]
            return next((programme for programme in self.programmes if programme.name == name), self.programmes[0])
        in_text = [programme for programme in self.programmes if programme.name not in self.only_in_headline]
        own = self.goes_on_with
        return own or next(filter(self.is_in_title, in_text), in_text[0])

    @cached_property
    def goes_on_with(self) -> Programme | None:
        """Return the programme that the text below the headline names first, if it goes on with 이 사업은 ….

        A headline may quote a part of it instead: ‘나래 도우미’로 ….
        """
        first = None if self.is_call else next((one for one in self.mentions if one.start >= self.headline), None)
        if first is None:
            return None
        behind = self.context.sentences.at(first.start).end
        alone = all(one.name == first.name for one in self._inside(first.start))
        if not alone or not _GOES_ON.match(self.text, behind):
            return None
        return next((programme for programme in self.programmes if programme.name == first.name), None)

    @cached_property
    def only_in_headline(self) -> set[str]:
        """Return the programmes that the headline of prose alone names, if the text below it names others."""
        if self.is_call:
            return set()
        below = {mention.name for mention in self.mentions if mention.start >= self.headline}
        return {mention.name for mention in self.mentions} - below if below else set()

    @cached_property
    def headline(self) -> int:
        """Return where the headline of prose ends: its first line, if that is no sentence and a text follows."""
        if labelled := _LABELLED_HEADLINE.match(self.text):
            return 0 if self.is_call else labelled.end() - 1
        end = self.text.find("\n")
        is_headline = 0 < end <= _LONGEST_HEADLINE and not self.text[:end].rstrip().endswith(".")
        return end if is_headline and not self.is_call else 0

    def is_in_headline(self, figure: Amount | Quantity) -> bool:
        """Return whether a figure stands in the headline."""
        return isinstance(figure.evidence, TextEvidence) and figure.evidence.start < self.headline

    def is_in_title(self, programme: Programme) -> bool:
        """Return whether the title of the document names a programme."""
        title = self.context.doc.fields.get("title", "")
        return any(name in title for name in (programme.name, *programme.aliases))

    @cached_property
    def leading_government(self) -> str | None:
        """Return the name of the government that the text is about: the one named most often.

        It is a host, or a city or province that takes part in what another one owns. A text that calls it 시는 or 도는
        names it, too.
        """
        governments = [
            organisation
            for organisation in self.organisations
            if (organisation.role == "host" and _GOVERNMENT.search(organisation.name))
            or (organisation.role == "participant" and _LOCAL.search(organisation.name))
        ]
        ranked = [
            (self._count(organisation) + self._called.get(organisation.name[-1], 0), -number, organisation.name)
            for number, organisation in enumerate(governments)
        ]
        return max(ranked)[2] if ranked else None

    @cached_property
    def _called(self) -> Counter[str]:
        """Return how often the text calls a government by what it is alone: 시는, 도는."""
        return Counter(_CALLED.findall(self.text))

    def _count(self, organisation: Organisation) -> int:
        return sum(self.text.count(name) for name in (organisation.name, *organisation.aliases))

    def owner(self, figure: Amount | Quantity | Metric) -> _Owner | None:
        """Return the programme of a fact by the position of its words."""
        if not self.programmes:
            return None
        evidence = figure.evidence
        at = evidence.start if isinstance(evidence, TextEvidence) else None
        if at is not None and (owner := self._of_row(at)):
            return owner
        if self.is_call:
            first = self.programmes[0]
            return self._track(at) or _Owner(first.name, None)
        if at is None or not isinstance(evidence, TextEvidence):
            return _Owner(self.programmes[0].name, None) if len(self.programmes) == 1 else None
        if isinstance(figure, Amount) and (after := self._money_of(evidence.end) or self._in_money_of(evidence.end)):
            return after
        if self._is_of_several(at) or (isinstance(figure, Amount) and self._is_of_unnamed(at, evidence.end)):
            return None
        if over := self._of_all(at):
            return over
        inside = self._inside(at)
        if not inside and isinstance(figure, Amount) and (self._is_of_field(at) or self._is_whole_budget(figure, at)):
            return None
        if len({mention.name for mention in inside}) > 1 and inside[0].start > at:
            return self._named_just_before(at)  # it is theirs together
        funds = isinstance(figure, Amount) and figure.role != "other"
        return self._in_sentence(at) or self._spoken_of(at, funds=funds)

    def owners(self, organisation: Organisation) -> list[_Owner]:
        """Return the programmes of an organisation."""
        if not self.programmes:
            return []
        if self.is_call:
            return [_Owner(self.programmes[0].name, None)]
        if organisation.name == self.leading_government and self.context.kind in ("article", "press_release"):
            return [_Owner(programme.name, None) for programme in self.programmes]
        owners: dict[str, _Owner] = {}
        for number, at in enumerate(self._positions(organisation)):
            near = self._in_sentence(at) or (self._spoken_of(at, funds=False) if number == 0 else None)
            if near:
                owners.setdefault(near.name, near)
        return list(owners.values())

    def _positions(self, organisation: Organisation) -> list[int]:
        """Return the positions at which an organisation is named."""
        names = [name for name in (organisation.name, *organisation.aliases) if len(name) >= _SHORTEST_ORGANISATION]
        positions = [at for at, _ in occurrences(self.text, sorted(names, key=len, reverse=True))]
        if isinstance(organisation.evidence, TextEvidence) and organisation.evidence.start not in positions:
            positions.insert(0, organisation.evidence.start)
        return positions[:_MOST_MENTIONS]

    def _of_row(self, at: int) -> _Owner | None:
        """Return the programme in the header of a table row, or in the label before a name in a list."""
        heads = self.context.heads(at)
        if heads is None:
            return None
        if self.is_call and grid.sums_up(heads.row):
            return _Owner(self.programmes[0].name, None)
        best = self._named_by(heads.row) or (self._named_by(heads.column) if self.is_call else None)
        return self._named(best, is_beside=True) if best else None

    def _named_by(self, head: str) -> Mention | None:
        """Return the programme that the header of a row or column names, in full or by the beginning of its name."""
        head = head.strip()
        if not head:
            return None
        named = [mention for mention in self.mentions if self.text[mention.start : mention.end] in head]
        best = max(named, key=lambda mention: mention.end - mention.start, default=self.labelled.get(head))
        if best or len(head) < _SHORTEST_HEAD:
            return best
        begun = [mention for mention in self.mentions if mention.name.startswith(f"{head} ")]
        return begun[0] if len({mention.name for mention in begun}) == 1 else None

    @cached_property
    def labelled(self) -> dict[str, Mention]:
        """Return the programmes of a list by the labels in brackets before their names: ㅇ (광주) 인공지능 실증."""
        by_label: dict[str, Mention] = {}
        for mention in self.mentions:
            if label := _LABELLED.search(self.text, max(0, mention.start - _LONGEST_LABEL), mention.start):
                by_label.setdefault(label[1].strip(), mention)
        return by_label

    def _track(self, at: int | None) -> _Owner | None:
        if at is None:
            return None
        if before := self._right_before(at) or self._by_number(at):
            return before
        for mention in reversed(self.mentions[bisect_left(self.starts, at - _REACH) : bisect_right(self.starts, at)]):
            if self._heads_block(mention) and not self._is_ended(mention, at):
                return self._named(mention, is_beside=True)
        return None

    def _heads_block(self, mention: Mention) -> bool:
        """Return whether a block begins with the name of a programme, apart from a label."""
        block = self.context.doc.layout.at(mention.start)
        if block is None:
            return False
        before = self.text[block.start : mention.start]
        return not re.search(r"[가-힣A-Za-z]{2}", before) or bool(_HEAD.fullmatch(before))

    def _is_ended(self, mention: Mention, at: int) -> bool:
        """Return whether the part of a call under the name of a programme has ended before ``at``."""
        if outline.is_left(self.text, mention.start, at) or self._is_below_table(mention, at):
            return True
        return outline.goes_on_beside(self.text, mention.start, at) and self._is_item(mention)

    def _is_below_table(self, mention: Mention, at: int) -> bool:
        """Return whether a programme is named beside other words in a row of a table that has ended before ``at``."""
        line = self.text.rfind("\n", 0, mention.start) + 1
        end = self.text.find("\n", mention.start)
        if not self.text.startswith("|", line) or end < 0 or at < end or layout.is_in_row(self.text, at):
            return False
        return sum(bool(_WORD.search(cell)) for cell in self.text[line:end].split("|")) > 1

    def _is_item(self, mention: Mention) -> bool:
        """Return whether the name of another programme heads the line before or after that of ``mention``."""
        number = bisect_left(self.starts, mention.start)
        for other in self.mentions[max(0, number - _NEIGHBOURS) : number + _NEIGHBOURS + 1]:
            first, second = min(mention.start, other.start), max(mention.start, other.start)
            if other.name == mention.name or not outline.are_neighbours(self.text, first, second):
                continue
            if self._heads_block(other):
                return True
        return False

    def _by_number(self, at: int) -> _Owner | None:
        """Return the programme that the line of a figure means by its number: ③ 트랙은 불량률 20% 감소."""
        line = self.text.rfind("\n", 0, at) + 1
        numbers = _BY_NUMBER.findall(self.text, line, at) if self.numbered else ()
        mention = self.numbered.get(numbers[-1]) if numbers else None
        return self._named(mention, is_beside=True) if mention else None

    @cached_property
    def numbered(self) -> dict[str, Mention]:
        """Return the programmes by the numbers in circles before their names, where these are unambiguous."""
        by_number: dict[str, Mention | None] = {}
        for mention in self.mentions:
            if number := _NUMBERED.search(self.text, max(0, mention.start - _GAP - 2), mention.start):
                known = by_number.setdefault(number[1], mention)
                if known and known.name != mention.name:
                    by_number[number[1]] = None
        return {number: mention for number, mention in by_number.items() if mention}

    def _right_before(self, at: int) -> _Owner | None:
        """Return the programme whose name stands right before a figure, with no other figure between."""
        number = bisect_right(self.starts, at) - 1
        if number < 0:
            return None
        between = self.text[self.mentions[number].end : at]
        is_there = len(between) <= _RIGHT_BEFORE and not _PARTED.search(between)
        return self._named(self.mentions[number], is_beside=True) if is_there else None

    def _money_of(self, end: int) -> _Owner | None:
        """Return the programme right behind a sum that ends at ``end``, if the words between tie them."""
        line = self.text.rfind("\n", 0, end) + 1
        is_in_brackets = self.text.rfind("(", line, end) > self.text.rfind(")", line, end)
        closed = (_CLOSING if is_in_brackets else _BRACKETS).match(self.text, end)
        words = _made_with(self.text, end) or _MONEY_OF.match(self.text, closed.end() if closed else end)
        number = bisect_left(self.starts, words.end() - _GAP) if words else len(self.starts)
        if words is None or number == len(self.starts) or self.starts[number] > words.end() + _GAP:
            return None
        return self._named(self.mentions[number], is_beside=True)

    def _in_money_of(self, end: int) -> _Owner | None:
        """Return the programme behind the whole that contains a sum: 국비 14억 원을 포함한 총 23억 원 규모의 '…'."""
        whole = _INCLUDED_IN.match(self.text, end)
        return self._money_of(whole.end()) if whole else None

    def _named_just_before(self, at: int) -> _Owner | None:
        """Return the only programme of the sentence before, in the same paragraph, for the money of its parts."""
        sentence = self.context.sentences.at(at)
        before = self._inside(sentence.start - _GAP - 1) if sentence.start > _GAP else []
        if len({mention.name for mention in before}) != 1 or "\n" in self.text[before[-1].end : sentence.start]:
            return None
        is_part = any(mention.name == before[-1].name for mention in self._inside(at))
        return None if is_part or self._is_in_a_list(before[-1]) else self._named(before[-1])

    def _named(self, mention: Mention, is_beside: bool = False) -> _Owner:
        return _Owner(mention.name, self.context.doc.span(mention.start, mention.end).evidence(), is_beside)

    def states_for(self, owner: _Owner, figure: Amount | Quantity) -> bool:
        """Return whether a figure is next to one programme: in its table row, or near its name in a call."""
        if not owner.is_beside or owner.evidence is None or not isinstance(figure.evidence, TextEvidence):
            return False
        start = figure.evidence.start
        return self.context.heads(start) is not None or (self.is_call and start - owner.evidence.start < _CLOSE)

    def lists(self, owner: _Owner, figure: Amount | Quantity) -> bool:
        """Return whether a sentence lists a programme with a figure of its own: △ 가람 AI 센터 구축(5억 원)."""
        if not owner.is_beside or owner.evidence is None or not isinstance(figure.evidence, TextEvidence):
            return False
        item = self.text[owner.evidence.end : figure.evidence.start]
        is_marked = _MARK.search(self.text, max(0, owner.evidence.start - 3), owner.evidence.start)
        return bool(is_marked) and len(item) < _LONGEST_ITEM and not _MARK.search(item)

    def _inside(self, at: int) -> list[Mention]:
        """Return the programmes that the sentence at a position names."""
        sentence = self.context.sentences.at(at)
        return self.mentions[bisect_left(self.starts, sentence.start) : bisect_left(self.starts, sentence.end)]

    def _in_sentence(self, at: int) -> _Owner | None:
        """Return the programme named last before a fact in its sentence, else the first named after it."""
        inside = [
            mention
            for mention in self._inside(at)
            if not (self._is_in_a_list(mention) or self._is_item_before(mention, at) or self._is_defining(mention))
        ]
        before = [mention for mention in inside if mention.start <= at]
        if before:
            return None if self._is_left_behind(before[-1]) else self._named(before[-1], is_beside=True)
        return self._named(inside[0], is_beside=True) if len({mention.name for mention in inside}) == 1 else None

    def _is_in_a_list(self, mention: Mention) -> bool:
        """Return whether a sentence of prose names a programme only as one of several, or in passing."""
        return not self.is_call and any(
            words.match(self.text, mention.end) for words in (_IN_A_LIST, _IN_PASSING, _INCLUDED)
        )

    def _is_defining(self, mention: Mention) -> bool:
        """Return whether a programme is only named to say what another one is: 이 사업은 A를 구축하는 사업이다."""
        if self.is_call or mention.name == self.mentions[0].name:
            return False
        sentence = self.context.sentences.at(mention.start)
        subject = _SUBJECT.match(sentence.text)
        if subject is None or mention.start < sentence.start + subject.end():
            return False
        return bool(_DEFINES.match(sentence.text))

    def _is_aside(self, number: int, at: int) -> bool:
        """Return whether a programme is named after others, and only by an earlier sentence about the past (앞서 …)."""
        mention = self.mentions[number]
        sentence = self.context.sentences.at(mention.start)
        is_first = all(other.name == mention.name for other in self.mentions[:number])
        return not is_first and sentence.end <= at and bool(_ASIDE.match(sentence.text))

    def _is_item_before(self, mention: Mention, at: int) -> bool:
        """Return whether a sentence of prose names a programme as an item that ends before ``at``: △A △B 등에 10억."""
        if self.is_call:
            return False
        start = self.context.sentences.at(mention.start).start
        return bool(_MARK.search(self.text, start, mention.start) and _ITEM_ENDS.search(self.text, mention.end, at))

    def _is_left_behind(self, mention: Mention) -> bool:
        """Return whether the rest of a sentence points back to a programme before it: A를 개발하기 위해 이 사업에."""
        end = self.context.sentences.at(mention.start).end
        return not _IS_TOPIC.match(self.text, mention.end) and bool(_BACK.search(self.text, mention.end, end))

    def _of_all(self, at: int) -> _Owner | None:
        """Return the umbrella of the parts that a sentence lists before what is said of all: △A △B에 총 10억원."""
        inside = [mention for mention in self._inside(at) if mention.start < at]
        over = {self.parents.get(mention.name) for mention in inside}
        is_of_all = (
            len({mention.name for mention in inside}) > 1
            and len(over) == 1
            and _IN_ALL.search(self.text[max(0, at - 8) : at])
        )
        parent = over.pop() if is_of_all else None
        return _Owner(parent, None) if parent else None

    def _is_of_several(self, at: int) -> bool:
        """Return whether a figure is of several programmes together, of which none is the umbrella of the others."""
        start = self.context.sentences.at(at).start
        return not any(self.parents.values()) and bool(_OF_SEVERAL.search(self.text[start:at]))

    def _is_of_field(self, at: int) -> bool:
        """Return whether a sum is all the money for a field, not that of a programme."""
        start = self.context.sentences.at(at).start
        return bool(_OF_FIELD.search(self.text, start, at)) and not _BACK.search(self.text, start, at)

    def _is_whole_budget(self, amount: Amount, at: int) -> bool:
        """Return whether a sum is the budget that a report is about, or a part of it before the lists of programmes."""
        report = budget_reports.of(self.context.doc)
        if report is None or amount.role not in (report.role, "total"):
            return False
        paragraph = self.text.rfind("\n", 0, at) + 1
        return at < budget_reports.LEAD and not any(
            paragraph <= mention.start < at for mention in self.mentions[: bisect_left(self.starts, at)]
        )

    def _is_of_unnamed(self, at: int, end: int) -> bool:
        """Return whether a sum is the size of a programme that the text does not name otherwise."""
        words = _OF_UNNAMED.match(self.text, end)
        if words is None or _BACK.search(self.text, max(0, at - 12), end):
            return False
        return not any(at < mention.end and mention.start < words.end() for mention in self._inside(at))

    def _spoken_of(self, at: int, funds: bool) -> _Owner | None:
        """Return the programme that is the subject of the text at a position; ``funds`` if there is money for one."""
        sentences = self.context.sentences
        inside = self._inside(at)
        number = bisect_right(self.starts, at) - 1
        while number >= 0 and (
            self._is_aside(number, at)
            or self._is_defining(self.mentions[number])
            or self._is_in_a_list(self.mentions[number])
            or self._is_item_before(self.mentions[number], at)
            or (self.mentions[number] in inside and self._is_left_behind(self.mentions[number]))
        ):
            number -= 1
        if number < 0:
            return self._of_lead(at, funds)
        if not inside and _BACK_TO_PROGRAMME.search(sentences.at(at).text):
            number = self._programme_before(number, at)
        elif not inside and _CHANGES_SUBJECT.match(sentences.at(at).text):
            return None
        last = self.mentions[number]
        apart = sentences.index(at) - sentences.index(last.start)
        back = bool(_BACK.search(sentences.at(at).text))
        if self.context.is_survey or self.context.kind == "opinion":
            is_on = "\n" not in self.text[last.end : at]
            return self._named(last) if apart <= _NEAR or is_on or (back and apart <= 2 * _NEAR) else None
        parent = self.parents.get(last.name)
        listed = self.context.is_listed(sentences.at(last.start))
        is_added = apart > 0 and bool(_ADDS.match(sentences.at(at).text))
        if parent and (is_added or (self.paragraph in self.text[last.end : at] and (listed or not back))):
            return next(
                (self._named(other) for other in reversed(self.mentions[:number]) if other.name == parent),
                _Owner(parent, None),
            )
        if self.main is None or last.name == self.main.name or back:
            return self._named(last)
        # Where each line is a paragraph, the next one goes on about the programme.
        is_apart = self.paragraph in self.text[last.end : at] and (apart > _NEAR or self.paragraph != "\n")
        if not is_apart or self._is_kept(last.end, at):
            return self._named(last)
        is_of_main = self.is_in_title(self.main) or _THE_PROGRAMME.search(sentences.at(at).text)
        return None if funds and not is_of_main else _Owner(self.main.name, None)

    def _is_kept(self, end: int, at: int) -> bool:
        """Return whether a sentence behind the name of a programme, not far before ``at``, means it by 이 사업."""
        sentences = self.context.sentences
        sentence = sentences.at(at).start
        means_it = [match.end() for match in _BACK_TO_PROGRAMME.finditer(self.text, end, max(end, sentence))]
        return bool(means_it) and sentences.index(at) - sentences.index(means_it[-1] - 1) <= _KEPT

    def _programme_before(self, number: int, at: int) -> int:
        """Return the number of the last mention that is no facility, unless the last sentence is about one."""
        last, sentences = self.mentions[number], self.context.sentences
        is_topic_or_object = _IS_TOPIC.match(self.text, last.end) or _IS_OBJECT.match(self.text, last.end)
        if is_topic_or_object and sentences.index(at) - sentences.index(last.start) == 1:
            return number
        before = (other for other in range(number, -1, -1) if not _FACILITY.search(self.mentions[other].name))
        return next(before, number)

    @cached_property
    def begins_with_main(self) -> bool:
        """Return whether the first programme of the text is its main one."""
        return self.main is not None and bool(self.mentions) and self.mentions[0].name == self.main.name

    def _of_lead(self, at: int, funds: bool) -> _Owner | None:
        """Return the programme for a headline or lead that names none, if the text names it soon."""
        if self.context.is_survey or self.context.kind == "opinion" or self.main is None:
            return None
        first = next((mention for mention in self.mentions if mention.name == self.main.name), None)
        if first is None:
            return _Owner(self.main.name, None)
        if funds and at < self.headline and self.begins_with_main:
            return self._named(first)
        is_lead = first.start - at <= _LEAD and self.context.sentences.index(at) <= _LEAD_SENTENCES
        return self._named(first) if is_lead else None
