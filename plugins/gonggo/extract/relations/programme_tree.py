"""The umbrella and the outcome of each programme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, pairwise

from gonggo.extract.doc import Span
from gonggo.extract.layout import Block
from gonggo.extract.lexicons import patterns
from gonggo.extract.name_ranking import KINDS_OF_PARTS
from gonggo.extract.names import bare, umbrella_in
from gonggo.extract.record_types import Amount, Ground, Programme, TextEvidence
from gonggo.extract.relations.context import Context, Mention

# A line of a list that a programme heads.
_HEADS_A_LINE = re.compile(
    r"\s*(?:[-·ㆍ•○ㅇ◦▲△▷◇□■┃│|]|[①-⑳➊-➓⑴-⒇❶-❿]|\d{1,2}[.)])?\s?(?:\([가-힣·, ]{2,10}\)\s?)?[‘“'\"「]?$"
)
# An umbrella says how many it has.
_HAS_PARTS = re.compile(
    r"(?:\d+\s?(?:개|가지)|(?<![가-힣])(?:두|세|네|다섯|여섯|일곱|여덟|아홉|열)\s?(?:개|가지)?)\s?"
    r"(?:세부\s|내역\s|핵심\s|신규\s)?(?:사업(?!화|자)|과제|분야|프로그램|축|거점|유형|갈래|줄기)|[가-힣]{1,2}\s가지|\d대\s(?:(?:핵심|중점)\s(?:분야|전략|사업|과제)|분야)|\d종\s세트|다음과\s같다|프로그램\s>|추진\s내용"
)
_PART_OF = re.compile(
    r"^[’”'\"」]?\s?(?:사업|과제|프로젝트)?(?:의\s일환|의\s(?:세부|내역|하위)\s?사업|\s내\s|\s중\s하나|\s가운데\s하나|의\s하나)"
)
# After the name of a programme in the lead of a call that is one year's or one government's part of it.
_CALLED_UNDER = re.compile(
    r"[’”'\"」』｣]?\s?(?:사업|공모|공모사업)?(?:에\s(?:[가-힣]{2,10}[가이]\s)?(?:최종\s)?선정(?:됨|된|되어|돼)|에\s(?:따라|따른|의거)|의\s(?:20\d\d년|\d{1,2}차\s?년|\d단계)"
    r"|의\s(?:본격\s)?(?:착수|추진)에\s앞서)"
)
# After the name of one of its parts: AI 바우처 사업 등을 포함해 네 분야를 추진했다.
_INCLUDED = re.compile(r"[’”'\"」]?\s?(?:사업)?(?:\s등)?[을를]?\s?(?:포함해|포함한|포함하여|비롯해|비롯한)")
# The label before the name of a project, of which a notice announces one call or course.
_LABELLED = re.compile(r"사업명\s?\)?\s?[:：|]?\s?(?:20\d\d년?도?\s)?[‘“'\"「]?$")
# After the name of a strategy: what the text is about is a part of it, and what the paragraph goes on to name.
_MAIN_PART = re.compile(
    r"[’”'\"」]?\s?(?:전략|계획|정책|사업|프로젝트)?(?:의\s(?:핵심\s?축|핵심\s사업|주축)|의?\s일환|\s대상에\s선정된\s데\s따라)"
)
# After the name of a call that was won, for what is built with it: ‘A’ 사업에 선정됨에 따라 ‘B’를 짓는다.
_WON_FOR = re.compile(
    r"[’”'\"」』]?\s?(?:사업|공모|공모사업|과제)?\s?(?:대상)?에\s(?:최종\s)?선정(?:됨에\s따라|된\s데\s따라|돼|되어|되면서)\s"
)
# After the last of its parts: ‘A’와 ‘B’로 구분해 추진한다.
_DIVIDED = re.compile(
    r"[’”'\"」』]?\s?(?:사업|과제|유형|트랙)?(?:\([^()\n]{1,24}\))?(?:\s등\s?(?:\d+개\s?)?(?:분야|사업|유형|트랙|과제)?)?(?:으로|로)\s(?:구분|나뉘|나뉜|쪼개|쪼갠|갈라|갈린|나눠|나누|구성|이뤄|이루어|추진)"
)
# A phase or a kind of a programme, which has no name by itself: 2단계, 개발형, 고급과정.
_PHASE = re.compile(rf"\d단계|[가-힣A-Za-z]{{1,6}}(?:{KINDS_OF_PARTS})")
# What stands by itself beside others of a text.
_APART = re.compile(
    r"이와\s별도|별도로|한편|이와\s함께|앞서|같은\s기간|반면|다만|이보다\s앞서|애초|20\d\d년(?:에)?\s[^.]{0,20}(?:시작|도입|내놓|문을\s열)|비슷한"
)
# After a call that was won; and around the name of the task that won it: 수행하는 과제는 ‘B’로, ‘B’ 과제를 맡는다.
_WON = re.compile(
    r"[’”'\"」』]?\s?(?:사업|공모|공모사업|과제)?\s?(?:공모|공모사업)?에\s(?:[가-힣]{2,12}[이가]\s)?(?:공동\s?(?:으로)?\s?)?(?:최종\s)?선정"
)
_TASK_BEFORE = re.compile(r"과제(?:는|명은|인|로는)\s[‘“'\"「『]?$")
_TASK_AFTER = re.compile(r"[’”'\"」』]?\s?과제(?:로|를|가|는|다|이다|\s|,)")
# After a plan that is made known: AI 육성 계획을 17일 발표했다.
_ANNOUNCED = re.compile(
    r"[’”'\"」』]?[을를]\s(?:[가-힣\d]{1,8}\s){0,2}(?:발표|수립|내놓|내놨|공개|확정|마련|세웠|세우고)"
)
_PLAN = re.compile(r"(?:전략|계획|로드맵|마스터플랜|구상|대책)$")
# What goes on about the programme of the sentence before.
_THIS = re.compile(r"\W{0,3}(?:이|이번|해당|동)\s?(?:사업|프로젝트|계획|전략|과제)[은는이가]\s")
_BEFORE_THIS = re.compile(r"앞서|지난해|작년|이미")
# The mark of an item in a sentence.
_ITEM = re.compile(r"[△▲▷▶◇◆▸①-⑳]\s?[‘“'\"「]?$")
_MARK, _ITEMS_REACH, _BEFORE_TASK = 4, 4, 10
_PAIR, _TOPIC = 2, re.compile(r"[’”'\"」』]?\s?(?:사업|공모)?[은는]\s")
_LEAD = 2500
# Two totals add up to a third by chance.
_FEWEST = 3
_REACH = 260
# The outcomes, in the order in which one holds of those that stand at the same distance.
OUTCOMES = ("cancelled", "missed", "discontinued", "adopted", "expanded", "continued")
_BEFORE, _SUBJECT = "before_", 20
# A call that compares itself with the one of the year before.
_COMPARED = re.compile(r"지난해|작년|전년|시범")
# What the outcome says of the status.
_OVER, _RUNNING, _AHEAD = ("discontinued", "cancelled"), ("adopted", "expanded"), ("planned",)
# Between names of which the same is said: ‘A’와 ‘B’는.
_JOINED = re.compile(r"[’”'\"」]?\s?(?:사업)?\s?(?:와|과|,|·|ㆍ|및)\s?[‘“'\"「]?")


def relate_programmes(programmes: list[Programme], context: Context) -> list[Programme]:
    """Return the programmes of a document, each with its umbrella and its outcome."""
    parents = dict(
        _parents_in_call(programmes, context)
        if context.kind == "announcement"
        else _parents_in_prose(programmes, context)
    )
    is_call = context.kind == "announcement"
    outcomes = dict(
        _grown_call(programmes[0], context) if is_call and programmes else _outcomes(programmes, parents, context)
    )
    # What a call is made under is under way itself.
    under = {mention.name for mention in context.mentions if is_call and _is_called_under(mention, context)}
    out = []
    for programme in programmes:
        parent, outcome = parents.get(programme.name), outcomes.get(programme.name)
        is_over = programme.name in under and any(over == programme.name for over, _ in parents.values())
        status = "ongoing" if is_over and programme.status == "open" else programme.status
        grounds = [
            Ground(bearing, source[1])
            for bearing, source in (("parent", parent), ("outcome", outcome))
            if source and source[1]
        ]
        out.append(
            replace(
                programme,
                parent=parent[0] if parent else None,
                outcome=outcome[0] if outcome else None,
                status=_status(status, outcome[0]) if outcome else status,
                grounds=tuple(grounds) or None,
            )
        )
    return out


def _status(status: str | None, outcome: str) -> str | None:
    """Return the status of a programme of which a text says what became of it."""
    if outcome in _OVER:
        return "ended"
    return "ongoing" if outcome in _RUNNING and status in _AHEAD else status


_Relation = tuple[str, tuple[str, TextEvidence | None]]


def _parents_in_call(programmes: list[Programme], context: Context) -> Iterator[_Relation]:
    """Yield the umbrellas in a call: all others are its tracks, except one that its lead calls its umbrella."""
    if len(programmes) < 2:
        return
    call = programmes[0]
    umbrella = next((other for other in programmes[1:] if _is_over(other, call, context)), None)
    if umbrella:
        yield call.name, (umbrella.name, _evidence(umbrella))
    tracks = [track for track in programmes[1:] if track is not umbrella]
    for track in tracks:
        over = _in_row_of(track, tracks, context) or call
        yield track.name, (over.name, _evidence(over))


def _in_row_of(track: Programme, tracks: list[Programme], context: Context) -> Programme | None:
    """Return the track of which another is a task: it heads the row where that stands in a further column."""
    block = _block(track, context)
    if block is None or not block.row:
        return None
    heads = (other for other in tracks if other is not track and block.row.endswith(other.name))
    return next((head for head in heads if (cell := _block(head, context)) and cell.column != block.column), None)


def _block(programme: Programme, context: Context) -> Block | None:
    at = _evidence(programme)
    return context.doc.layout.at(at.start) if at else None


def relate_by_money(programmes: list[Programme], amounts: list[Amount]) -> list[Programme]:
    """Return the programmes, with the umbrella of those whose totals add up to the total of another one."""
    totals: dict[str, Amount] = {}
    for amount in amounts:
        if amount.role == "total" and amount.programme and amount.year is None:
            totals[amount.programme] = max(totals.get(amount.programme, amount), amount, key=lambda one: one.krw)
    for over in sorted(totals.values(), key=lambda one: one.krw, reverse=True):
        parts = _adding_up(over, [one for one in totals.values() if one.programme != over.programme])
        names = {one.programme for one in parts}
        # An umbrella that is a part itself was misread.
        if parts and {one.parent for one in programmes if one.name in names} <= {None, over.programme, *names}:
            return [_under(one, over) if one.name in names else one for one in programmes]
    return programmes


def _adding_up(over: Amount, others: list[Amount]) -> list[Amount]:
    """Return at least three neighbouring totals that add up to another one; none if there are no such."""
    for first in range(len(others)):
        for last in range(first + _FEWEST, len(others) + 1):
            if sum(one.krw for one in others[first:last]) == over.krw:
                return others[first:last]
    return []


def _under(programme: Programme, over: Amount) -> Programme:
    if programme.parent == over.programme:
        return programme
    others = (ground for ground in programme.grounds or () if ground.bearing != "parent")
    grounds = (*others, *((Ground("parent", over.evidence),) if over.evidence else ()))
    return replace(programme, parent=over.programme, grounds=grounds or None)


def _evidence(programme: Programme) -> TextEvidence | None:
    return programme.evidence if isinstance(programme.evidence, TextEvidence) else None


def _is_over(other: Programme, call: Programme, context: Context) -> bool:
    """Return whether the title or the lead of a call names another programme as its umbrella."""
    over = bare(umbrella_in(context.doc.fields.get("title", "")))
    if over and over in map(bare, (other.name, *other.aliases)):
        return True
    for mention in context.mentions:
        if mention.name != other.name or mention.start > _LEAD:
            continue
        if _PART_OF.search(context.doc.text[mention.end : mention.end + 30]):
            return True
        if _is_called_under(mention, context):
            return True
        if _LABELLED.search(context.doc.text[max(0, mention.start - 24) : mention.start]):
            return True
    return False


def _is_called_under(mention: Mention, context: Context) -> bool:
    return mention.start <= _LEAD and bool(_CALLED_UNDER.match(context.doc.text, mention.end))


def _parents_in_prose(programmes: list[Programme], context: Context) -> Iterator[_Relation]:
    """Yield the umbrellas in prose: of lists of parts, and of parts after a programme with a stated number of them."""
    if len(programmes) < 2:
        return
    first: dict[str, Mention] = {}
    for mention in context.mentions:
        first.setdefault(mention.name, mention)
    order = [first[p.name] for p in programmes if p.name in first]
    order.sort(key=lambda mention: mention.start)
    parents: dict[str, tuple[str, TextEvidence | None]] = {}
    listed = [mention for mention in order if _in_list(mention, context)]
    if len(listed) > 1 and (over := _umbrella(listed[0], listed, context)):
        for mention in listed:
            parents[mention.name] = over.name, context.doc.span(over.start, over.end).evidence()
    if not parents:
        parents |= dict(_after_umbrella(order, context))
    parents |= dict(_items(context))
    parents |= (
        dict(_won_for(context)) | dict(_divided(context)) | dict(_included(context)) | dict(_of_strategies(context))
    )
    for part, relation in (*_tasks(context), *_of_plans(context)):
        parents.setdefault(part, relation)
    phases = [mention for mention in order if _PHASE.fullmatch(mention.name)]
    over = next((mention for mention in order if mention not in phases), None)
    for phase in phases:
        if over and phase.name not in parents:
            parents[phase.name] = over.name, context.doc.span(over.start, over.end).evidence()
    for mention in context.mentions:
        for other in context.mentions:
            gap = context.doc.text[mention.end : other.start]
            if mention.name != other.name and mention.end <= other.start and len(gap) < 30 and _PART_OF.search(gap):
                parents[other.name] = mention.name, context.doc.span(mention.start, mention.end).evidence()
    yield from parents.items()


def _items(context: Context) -> Iterator[_Relation]:
    """Yield the items that a sentence marks, under the programme that the text names last before them: ▲A ▲B 등."""
    text, sentences = context.doc.text, context.sentences
    marked = [
        mention for mention in context.mentions if _ITEM.search(text, max(0, mention.start - _MARK), mention.start)
    ]
    for sentence, group in groupby(marked, lambda mention: sentences.index(mention.start)):
        items = list(group)
        over = _subject_before(items[0], context) or _umbrella(items[0], [*items, *marked], context)
        over = over if over and not _is_set_apart(over, context) else None
        is_apart = _APART.search(text[sentences.spans[sentence].start : items[0].start])
        if len(items) > 1 and over and not is_apart and sentence - sentences.index(over.start) <= _ITEMS_REACH:
            for item in items:
                yield item.name, (over.name, context.doc.span(over.start, over.end).evidence())


def _subject_before(item: Mention, context: Context) -> Mention | None:
    """Return the first programme of the sentence before one that begins with 이 사업은 and lists its parts."""
    sentences, mentions = context.sentences, context.mentions
    number = sentences.index(item.start)
    if number < 1 or not _THIS.match(sentences.spans[number].text):
        return None
    return next((m for m in mentions if sentences.index(m.start) == number - 1 and m.name != item.name), None)


def _is_set_apart(over: Mention, context: Context) -> bool:
    """Return whether a programme is only what went before what its text is about: 앞서 유치한 A."""
    sentence = context.sentences.at(over.start)
    return bool(_BEFORE_THIS.search(context.doc.text, sentence.start, over.start))


def _won_for(context: Context) -> Iterator[_Relation]:
    """Yield the programmes that a sentence attributes to winning a call, under that call."""
    for over, part in pairwise(context.mentions):
        in_one = context.sentences.index(over.start) == context.sentences.index(part.start)
        if over.name != part.name and in_one and _WON_FOR.match(context.doc.text, over.end):
            yield part.name, (over.name, context.doc.span(over.start, over.end).evidence())


def _tasks(context: Context) -> Iterator[_Relation]:
    """Yield the tasks that a text says were won in a call, under that call."""
    text, over = context.doc.text, None
    for mention in context.mentions:
        if _WON.match(text, mention.end):
            over = over or mention
        elif over and mention.name != over.name:
            before = text[max(0, mention.start - _BEFORE_TASK) : mention.start]
            if _TASK_BEFORE.search(before) or _TASK_AFTER.match(text, mention.end):
                yield mention.name, (over.name, context.doc.span(over.start, over.end).evidence())


def _of_plans(context: Context) -> Iterator[_Relation]:
    """Yield what a text names after a plan that it says was made known, under that plan."""
    over = next(
        (m for m in context.mentions if _PLAN.search(m.name) and _ANNOUNCED.match(context.doc.text, m.end)), None
    )
    # A column weighs plans of others, and what it names after one may be its own.
    if over is None or context.kind == "opinion":
        return
    before = {mention.name for mention in context.mentions if mention.end <= over.start}
    for mention in context.mentions:
        sentence = context.sentences.at(mention.start)
        if mention.start < over.end or mention.name == over.name or mention.name in before:
            continue
        if _BEFORE_THIS.search(context.doc.text, max(over.end, sentence.start), mention.start):
            continue
        if _APART.search(context.doc.text, sentence.start, mention.start):
            return
        yield mention.name, (over.name, context.doc.span(over.start, over.end).evidence())


def _divided(context: Context) -> Iterator[_Relation]:
    """Yield the programmes into which a sentence divides the one named before them."""
    mentions, sentences = context.mentions, context.sentences
    for number, last in enumerate(mentions):
        if not _DIVIDED.match(context.doc.text, last.end):
            continue
        sentence = sentences.index(last.start)
        parts = [m for m in mentions[: number + 1] if sentences.index(m.start) == sentence]
        names = list(dict.fromkeys(part.name for part in parts))
        if len(names) > _PAIR and names[0] not in names[1:]:
            parts = [part for part in parts if part.name != names[0]] if _is_topic(parts[0], context) else parts
        over = _subject_before(parts[0], context) or _umbrella(parts[0], parts, context)
        if over and len({part.name for part in parts}) >= _PAIR:
            evidence = context.doc.span(over.start, over.end).evidence()
            yield from ((part.name, (over.name, evidence)) for part in parts)


def _is_topic(mention: Mention, context: Context) -> bool:
    return bool(_TOPIC.match(context.doc.text, mention.end))


def _included(context: Context) -> Iterator[_Relation]:
    """Yield the parts that a text includes in the programme that it speaks of."""
    for over, part in pairwise(context.mentions):
        sentences = context.sentences
        apart = sentences.index(part.start) - sentences.index(over.start)
        if over.name != part.name and apart <= 1 and _INCLUDED.match(context.doc.text, part.end):
            yield part.name, (over.name, context.doc.span(over.start, over.end).evidence())


def _of_strategies(context: Context) -> Iterator[_Relation]:
    """Yield the parts of a strategy: the programme that is called a main part of it, and those named after it."""
    main_parts: set[str] = set()
    for number, over in enumerate(context.mentions):
        if over.name in main_parts or not _MAIN_PART.match(context.doc.text, over.end):
            continue
        main_parts.add(over.name)
        paragraph = context.doc.text.find("\n\n", over.end)
        evidence = context.doc.span(over.start, over.end).evidence()
        before = [mention.name for mention in context.references if mention.end <= over.start]
        after = [
            mention.name for mention in context.mentions[number + 1 :] if paragraph < 0 or mention.start < paragraph
        ]
        for name in (*before[-1:], *after):
            if name != over.name:
                yield name, (over.name, evidence)


def _in_list(mention: Mention, context: Context) -> bool:
    text = context.doc.text
    return (
        bool(_HEADS_A_LINE.fullmatch(text[text.rfind("\n", 0, mention.start) + 1 : mention.start]))
        and mention.start > 0
    )


def _umbrella(at: Mention, listed: list[Mention], context: Context) -> Mention | None:
    """Return the programme named last before a list, if it is not in the list."""
    names = {mention.name for mention in listed}
    before = [mention for mention in context.mentions if mention.end <= at.start and mention.name not in names]
    return before[-1] if before else None


def _after_umbrella(order: list[Mention], context: Context) -> Iterator[_Relation]:
    for number, over in enumerate(order[:-1]):
        mentions = [mention for mention in context.mentions if mention.name == over.name]
        numbered = next(
            (
                m
                for m in mentions
                if _HAS_PARTS.search(_around(m, context)) and not _INCLUDED.match(context.doc.text, m.end)
            ),
            None,
        )
        if numbered is None:
            continue
        for other in order[number + 1 :]:
            sentence = context.sentences.at(other.start)
            if _is_beside(over, other, context) or _WON.match(context.doc.text, other.end):
                continue
            if not _APART.search(sentence.text[: max(0, other.start - sentence.start) + len(other.name)]):
                yield other.name, (over.name, context.doc.span(numbered.start, numbered.end).evidence())
        return


def _is_beside(one: Mention, other: Mention, context: Context) -> bool:
    """Return whether two programmes are items of one list in a sentence: △A △B."""
    text, start = context.doc.text, context.sentences.at(one.start).start
    return context.sentences.at(other.start).start == start and all(
        _ITEM.search(text, max(start, mention.start - _MARK), mention.start) for mention in (one, other)
    )


def _around(mention: Mention, context: Context) -> str:
    """Return the sentence of a mention and the one after it."""
    number = context.sentences.index(mention.start)
    spans = context.sentences.spans[max(0, number) : number + 2]
    return " ".join(span.text for span in spans)


def _outcomes(
    programmes: list[Programme], parents: dict[str, tuple[str, TextEvidence | None]], context: Context
) -> Iterator[_Relation]:
    """Yield the outcomes that the text states right before a programme, or after it and before the next one.

    Of several the nearest holds; what was given up in the same sentence in which it missed its aim was given up.
    """
    mentions = context.mentions
    for programme in programmes:
        best: tuple[int, str, Span] | None = None
        for number, mention in enumerate(mentions):
            if mention.name != programme.name:
                continue
            for outcome, end in _stated_outcomes(mention.end, _stop(number, mentions, parents, context), context):
                distance, sentence = end - mention.end, context.sentences.at(end - 1)
                is_over = best is not None and best[1:] == ("missed", sentence) and outcome in _OVER
                if best is None or distance < best[0] or is_over:
                    best = distance, outcome, sentence
            for outcome in _OVER:
                if patterns("outcomes")[_BEFORE + outcome].search(context.doc.text, *_ahead(mention)):
                    best = 0, outcome, context.sentences.at(mention.start)
        if best:
            yield programme.name, (best[1], best[2].evidence())


def _stated_outcomes(start: int, stop: int, context: Context) -> Iterator[tuple[str, int]]:
    """Yield each outcome that a stretch of text states, with the end of its first words that none take back."""
    for outcome in OUTCOMES:
        if end := next(_statements_of(outcome, start, stop, context), None):
            yield outcome, end


def _statements_of(outcome: str, start: int, stop: int, context: Context) -> Iterator[int]:
    """Yield the ends of the words in a stretch of text that state an outcome, and that none take back."""
    words = patterns("outcomes")
    for match in words[outcome].finditer(context.doc.text, start, stop):
        sentence = context.sentences.at(match.end() - 1)
        rest = context.doc.text[match.end() : min(sentence.end, match.end() + 24)]
        clause = context.doc.text[max(sentence.start, match.start() - _SUBJECT) : match.end()]
        if not words["unless"].match(rest) and not (outcome == "expanded" and words["grown"].search(clause)):
            yield match.end()


def _ahead(mention: Mention) -> tuple[int, int]:
    return max(0, mention.start - _SUBJECT), mention.start


def _grown_call(call: Programme, context: Context) -> Iterator[_Relation]:
    """Yield that a call is larger than the one before, if a sentence of it says so."""
    # Few texts compare, which is found out faster than that something grew.
    if not _COMPARED.search(context.doc.text):
        return
    for end in _statements_of("expanded", 0, len(context.doc.text), context):
        sentence = context.sentences.at(end - 1)
        if _COMPARED.search(sentence.text):
            yield call.name, ("expanded", sentence.evidence())
            return


def _stop(
    number: int, mentions: list[Mention], parents: dict[str, tuple[str, TextEvidence | None]], context: Context
) -> int:
    """Return where the words about a mention end: at another programme, the end of the paragraph, or a maximum.

    The names of its parts, and those joined to its own, are no end.
    """
    mention, text = mentions[number], context.doc.text
    paragraph = text.find("\n\n", mention.end)
    ends = [mention.end + _REACH] + ([paragraph] if paragraph > 0 else [])
    last = mention
    for other in mentions[number + 1 :]:
        is_part = parents.get(other.name, ("", None))[0] == mention.name
        if other.name != mention.name and not is_part and not _JOINED.fullmatch(text, last.end, other.start):
            ends.append(other.start)
            break
        last = other
    return min(ends)
