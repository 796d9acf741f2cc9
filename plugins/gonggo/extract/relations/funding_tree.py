"""Trees of sums of money: the year of each, the sum that contains it, and sums that are stated twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from gonggo.extract import budget_reports, money
from gonggo.extract.doc import Doc
from gonggo.extract.layout import Block
from gonggo.extract.record_types import Amount, Ground, Programme, TextEvidence
from gonggo.extract.relations import grid
from gonggo.extract.relations.around import Around
from gonggo.extract.relations.context import Context
from gonggo.extract.relations.years import YearMention

FUNDING_SOURCES = ("national", "local", "private")
_WHOLES = ("total", "annual", "national", "award_ceiling", "award_amount")
# Parts that are of the year of their whole.
_SHARES = ("total", *FUNDING_SOURCES)
_AWARDS = ("award_ceiling", "award_amount")
_OF_A_YEAR = ("total", "annual", *FUNDING_SOURCES)
# What can be all of the money of a call: of one purse alone, too.
_BUDGETS = ("total", "national", "local")
# What is done with the money of one year: 내년 예산에 82억원을 편성했다.
_BUDGETED = re.compile(r"[^.\n]{0,60}?(?:편성|책정|배정|배치|반영)(?:했|하고|하며|하기로|한|해|돼|됐|된)")
# Before a sum, in what states the budget of a year: 내년도 예산, 올해 AI 사업으로.
_YEAR_OF_BUDGET = re.compile(r"(?:도|에는|에|의)?\s(?:[가-힣A-Za-z()·]{1,8}\s){0,2}(?:정부|본)?(?:예산|사업비|사업)")
_SENTENCES_OF_BUDGET = 6
# What a report is about whose lead says so: the budget of one year, or what is added to that of this year.
_BUDGET_REPORTED = re.compile(r"(?:년도|년|도)?[^.\d\n]{0,16}(?:예산안?(?![군가-힣]{0,2}절감)|추경)")
_SUPPLEMENTARY, _LEAD_OF_REPORT = re.compile(r"추경"), 260
# Before a sum that is an item of such a report: 'X'은, 'Y'에는; or what begins a sentence about a budget.
_ITEM_NAMED = re.compile(r"[’'”\"」』]\s?(?:사업|구축|지원)?\s?(?:은|는|이|가|에|에는|도)\s(?:모두\s|총\s)?$")
_ITS_BUDGET = re.compile(r"(?:(?:소요|내년|올해)\s)?(?:예산|사업비|배정액|소요액)[은는]\s(?:약\s|모두\s)?$")
# What a whole text is about: the budget of the state for a year.
_YEAR_OF_STATE_BUDGET, _LEAD = re.compile(r"(?:도)?\s정부\s?예산"), 500
# Behind the year whose money a report on a budget is about: 2027년도 국비, 2027년 본예산.
_YEAR_OF_MONEY = re.compile(r"(?:년도|년|도)?\s?(?:정부\s?)?(?:국비|(?:본)?예산)")
# Between a sum and the year whose plan it is the size of: 1,076억원 규모의 2026년도 사업계획.
_SIZE_OF = re.compile(r"\s?여?\s?원?\s?규모의?\s[‘“'\"]?$")
_PLAN = re.compile(r"\s?(?:년?도)?\s?(?:사업|시행|추진|예산)\s?(?:계획|안)?")
_OPENED = re.compile(r"\(\s?(?:[가-힣·\s\d~.’'‘,]{0,24})$")
# Between the whole and its part: 이 중, 가운데, of which.
_OF_WHICH = re.compile(
    r"^[^.\d]{0,4}(?:원)?(?:\s?(?:규모|수준|가량|정도))?(?:의|로|으로|이며|이고|인데|다\.)?,?\s?"
    r"(?:[이그]\s?)?(?:가운데|중(?:에서)?|에서)\s"
)
# Between the money of a year or a source and all of it, in brackets: 72억원(총사업비 141억원).
_IN_TOTAL = re.compile(r"\s?(?:원)?\s?[(（]\s?총\s?(?:사업비|예산|규모)\s?[:：]?\s?(?:약\s)?")
_RANGE_NAMED = re.compile(r"\s?원?\s?대(?![가-힣])|\s?원?\s?대(?=[의에로])")
_OF_THIS = re.compile(r"^\W{0,3}(?:이\s?중|이\s?가운데|그\s?중|그\s?가운데|이\s?돈|여기서|이\s?중에서)")
_IN_ALL = re.compile(
    r"^(?:원)?(?:을|를)?\s?(?:등|포함(?:해|한|하여)|합쳐|합친|합해|더해)\s?(?:모두|총|합계)?\s?(?:[가-힣]{1,8}\s)?$"
)
_SHARED = re.compile(r"분담|맡|부담|보태|나눠|구성|재원|합쳐|가운데|중\s|나머지|낸다|내고|지원받|투입|들여|들인다")
# How many years' money a sum is: 138억원(3년간).
_YEARS_AFTER = re.compile(r"\s?원?\s?\(\s?(?:총\s?)?\d\s?(?:개년|년간|년)\s?[),]")
# Several years at once: 3년간, 5개년.
_RUN = re.compile(r"\d\s?(?:년간|개년|년\s동안)|[두세네]\s해")
_BUDGET = re.compile(r"예산|사업비|사업\s?계획|시행\s?계획|국비|도비|시비|편성|반영|투입|배정|규모")
_FIRST_OF_CHANGE = re.compile(r"\d[\d,.조억만천 ]{0,14}원?에서\s(?:[가-힣]{2}\s)?\d[\d,.조억만천 ]{0,14}원?으?로")
# Not the money of a year alone: 2030년까지, 3년간.
_SPENT_IN_ALL = re.compile(r"까지|\d\s?(?:년간|개년|년\s동안)|총\s?(?:사업비|\d)")
_FROM, _TO = re.compile(r"^[^가-힣]{0,12}[조억만천\s]*원?에서\s(?:[가-힣]{1,4}\s)?$"), re.compile(r"(?:으?로|까지)")
_BESIDE, _ATTACHED, _LONGEST_HEADING = 8, 3, 50
# How far before an award its year stands: ’25년 과제당 10억원.
_BEFORE = 24
# Between a sum and the year in which it is to be spent: 3억원을 세워 내년 1월부터 12월까지.
_TO_SPEND = re.compile(r"\s?(?:여\s?)?원?(?:을|를)?\s(?:세워|들여|써서|써|확보해|투입해|편성해|배정받아)\s$")
# Between a sum and the one of the year before that it is compared with: 40억원으로 지난해 25억원에서 60% 늘었다.
_COMPARED = re.compile(r"\s?원?(?:으?로|이다|인데|으로서)?,?\s?(?:이는\s)?$")
_WITH_ANOTHER = re.compile(r"\s?(?:\(?\s?)?\d[\d,.]*\s?(?:조|천|백|만|억)[^.\n]{0,12}?(?:에서|보다|대비|에\s비해)")
# The last mark of an item before a sum, with no other sum between.
_MARK, _LONGEST_ITEM = re.compile(r"[△▲▷▶▪■](?![^△▲▷▶▪■]*[△▲▷▶▪■])[^△▲▷▶▪■]*$"), 64
# A budget that another one is compared with: 8조 원보다 7% 많은.
_THAN = re.compile(r"\s?여?\s?원?\s?(?:보다|대비|에\s비해|와\s견줘)")
# Between a sum and the year of the budget that it is put in: 20억 원을 2027년 본예산안에.
_INTO, _BUDGET_AFTER = (
    re.compile(r"\s?여?\s?원?(?:을|를|으로|은|이)?\s$"),
    re.compile(r"(?:년)?도?\s?(?:본|정부\s?|추경\s?|세출\s?)?예산안?에"),
)
_ROUNDED, _EXACT = 0.06, 0.005
_LEAD_CHARACTERS = 300
_NEAR, _FAR, _RESTATED = 400, 1600, 40
# In prose, so many sentences on, a source is one of the money named before.
_SENTENCES = 1
_FEW = 2
_MOST_PARTS = 12
# A year before the name of a programme counts where the document introduces it, not where it goes on about it.
_NAMES_READ = 3000


class _Sum(NamedTuple):
    """A sum of the record, the ``number``-th, and its position."""

    number: int
    amount: Amount
    around: Around | None

    @property
    def krw(self) -> int:
        return self.amount.krw

    @property
    def start(self) -> int:
        return self.around.start if self.around else -1


def relate_amounts(amounts: list[Amount], context: Context) -> list[Amount]:
    """Return the sums of a document, each with its year, the sum that contains it and the one that it restates."""
    sums = [_Sum(number, amount, context.sentences.around(amount.evidence)) for number, amount in enumerate(amounts)]
    tree = _Tree(sums, context)
    return list(_distinct(context.doc, (tree.related(one) for one in sums)))


def _distinct(doc: Doc, amounts: Iterable[Amount]) -> Iterator[Amount]:
    """Yield amounts without those that are as much, of the same role, programme and year, as one before.

    What a province and its city pay, as much as each other, are two amounts.
    """
    seen: dict[tuple[int, str | None, str | None, str | None], list[Amount]] = {}
    for amount in amounts:
        alike = seen.setdefault((amount.krw, amount.role, amount.programme, amount.year), [])
        if all(money.is_paid_by_another(doc, one, amount) for one in alike):
            alike.append(amount)
            yield amount


class _Cell(NamedTuple):
    """A sum in a table: its offset and that of its line, its amount and role, and the headers of its cell."""

    start: int
    line: int
    krw: int
    role: str | None
    heads: grid.Heads


class _Tree:
    """The sums of a document while the sums that contain them are determined."""

    def __init__(self, sums: list[_Sum], context: Context) -> None:
        self.context, self.is_prose = context, context.kind != "announcement"
        self.placed = sorted((one for one in sums if one.around), key=lambda one: one.start)
        self.parents = {programme.name: programme.parent for programme in context.record.programmes}
        self.mentioned = {one.number: self._year_mention(one) for one in self.placed}
        self.same = {one.number: other for one in self.placed if (other := self._finer(one))}
        self.year = {number: mention.value for number, (mention, _) in self.mentioned.items() if mention}
        for one in self.placed:
            is_open = self.mentioned[one.number] == (None, False) or self._is_unresolved(one)
            if is_open and (year := self._of_report(one)):
                self.year[one.number] = year
        self.titled: set[int] = set()
        self._title_years()
        self.whole: dict[int, _Sum] = {}
        self.purse: dict[int, str] = {}
        self.added: set[int] = set()
        self.placed = [one._replace(amount=replace(one.amount, role=self._role(one))) for one in self.placed]
        for one in self.placed:
            if one.number not in self.same and (
                whole := self._restated(one) or _by_words(one, self._larger(one), self.context)
            ):
                self.whole[one.number] = whole
        self._of_tables()
        self._add_up()
        for one in self.placed:
            if one.number not in self.same and one.number not in self.whole and (whole := self._whole(one)):
                self.whole[one.number] = whole
        self._of_purses()
        self._untitle_runs()
        self._of_reported_budget()
        for one in self.placed:
            whole = self.whole.get(one.number)
            is_open = one.number not in self.year and one.amount.role in (*_SHARES, "annual")
            if whole and is_open and whole.number in self.year:
                self.year[one.number] = self.year[whole.number]

    def _year_mention(self, one: _Sum) -> tuple[YearMention | None, bool]:
        """Return the year next to a sum; for one first stated in a headline, else that next to its next statement."""
        mention, is_any = _year_beside(one, self.placed, self.context)
        if is_any or mention or one.start >= _LEAD_CHARACTERS or one.amount.role not in _OF_A_YEAR:
            return mention, is_any
        for again in self.context.stated.amounts:
            around = self.context.sentences.around(again.evidence)
            if around and again.krw == one.krw and around.start > one.start:
                return _year_beside(_Sum(one.number, one.amount, around), self.placed, self.context)
        return None, False

    def _of_report(self, one: _Sum) -> str | None:
        """Return the year of a sum without one of its own, in a report on a budget or after a sentence of a year."""
        around = one.around
        if around is None or self.context.kind == "announcement" or one.amount.role not in _OF_A_YEAR:
            return None
        if _ITS_BUDGET.fullmatch(around.before):
            number = self.context.sentences.index(around.start)
            above = self.context.sentences.spans[number - 1] if number else None
            years_above = self.context.years.within(above.start, above.end) if above else []
            if len(years_above) == 1 and years_above[0].is_one and years_above[0].edge != "until":
                return str(years_above[0].year)
        year = self.reported
        is_of_all = bool(_SPENT_IN_ALL.search(self._own_words(one)))
        if year is None or is_of_all:
            return None
        text, role = self.context.doc.text, one.amount.role
        if self.report and role == self.report.role and not self._is_share(one):
            return str(year - 1 if _FIRST_OF_CHANGE.match(text, one.start) else year)
        if role not in ("total", "annual") or one.start < _LEAD_OF_REPORT // 2:
            return None
        if role == "annual":
            return str(year - 1 if _FIRST_OF_CHANGE.match(text, one.start) else year)
        is_item = bool(_ITEM_NAMED.search(around.before))
        return str(year) if is_item and not _SPENT_IN_ALL.search(around.sentence.text) else None

    @cached_property
    def reported(self) -> int | None:
        """Return the year whose budget the lead of a report is about."""
        text, years = self.context.doc.text, self.context.years
        for mention in years.within(0, _LEAD_OF_REPORT):
            if mention.is_one and not mention.edge and _BUDGET_REPORTED.match(text, mention.end):
                return mention.year
        if _SUPPLEMENTARY.search(text, 0, _LEAD_OF_REPORT):
            return years.base
        if self.report is None:
            return None
        stated = (mention for mention in years.mentions if mention.is_one and not mention.edge)
        return next((mention.year for mention in stated if _YEAR_OF_MONEY.match(text, mention.end)), None)

    @cached_property
    def report(self) -> budget_reports.BudgetReport | None:
        """Return what budget the document reports on, if it is no call."""
        return None if self.context.kind == "announcement" else budget_reports.of(self.context.doc)

    def _is_unresolved(self, one: _Sum) -> bool:
        """Return whether the year before a sum cannot be resolved: 내년 in a document without a day."""
        around = one.around
        return around is not None and self.context.years.is_unresolved(around.sentence.start, around.start)

    def _own_words(self, one: _Sum) -> str:
        """Return the words before a sum in its sentence, or in its item of a list in it."""
        around, text = one.around, self.context.doc.text
        assert around is not None
        mark = _MARK.search(text, max(around.sentence.start, around.start - _LONGEST_ITEM), around.start)
        return text[mark.start() if mark else around.sentence.start : around.start]

    def _is_share(self, one: _Sum) -> bool:
        """Return whether a sum stands in the bracket behind another one: 100억 원(국비 50억 원)."""
        around, text = one.around, self.context.doc.text
        opened = _bracket(text, around.start) if around else None
        return opened is not None and any(
            other.around and other.around.end <= opened and opened - other.around.end < _BESIDE for other in self.placed
        )

    def related(self, one: _Sum) -> Amount:
        whole, finer, mention = self.whole.get(one.number), self.same.get(one.number), self.mentioned.get(one.number)
        grounds: list[Ground] = []
        if mention and mention[0] and mention[1]:
            grounds.append(Ground("year", self.context.doc.span(mention[0].start, mention[0].end).evidence()))
        for bearing, other in (("part_of", whole), ("same_as", finer)):
            if other and other.amount.evidence:
                grounds.append(Ground(bearing, other.amount.evidence))
        return replace(
            one.amount,
            role=self._role(one) if one.around else one.amount.role,
            programme=finer.amount.programme if finer else one.amount.programme,
            year=self.year.get(one.number),
            part_of=whole.krw if whole else None,
            same_as=finer.krw if finer else None,
            grounds=(*(one.amount.grounds or ()), *grounds) or None,
        )

    def _role(self, one: _Sum) -> str | None:
        """Return the role of a sum; in prose, the budget of a programme for one year is not its total."""
        year = self.year.get(one.number)
        if one.number in self.purse:
            return self.purse[one.number]
        if one.amount.role != "total" or year is None or "~" in year or self.context.kind == "announcement":
            return one.amount.role
        is_of_larger = any(
            other.amount.role == "total"
            and other.amount.programme == one.amount.programme
            and other.krw > one.krw
            and other.number not in self.year
            for other in self.placed
        )
        around = one.around
        assert around is not None
        base = self.context.years.base
        is_near = base is None or abs(int(year) - base) <= 1
        if _ITS_BUDGET.fullmatch(around.before):
            return one.amount.role
        is_item = bool(_ITEM_NAMED.search(around.before)) and year == str(self.reported)
        is_budgeted = is_near and (is_item or bool(_BUDGETED.match(around.after)))
        return "annual" if is_of_larger or is_budgeted else one.amount.role

    def _title_years(self) -> None:
        """Give the total of a one-year call and its funding sources the year in the name of the call."""
        years = dict(_years_of_names(self.context))
        for one in self.placed:
            name = one.amount.programme or ""
            year = years.get(name) or years.get(self.parents.get(name) or "")
            if year and one.number not in self.in_runs and self._is_budget(one) and one.number not in self.year:
                self.year[one.number] = year
                self.titled.add(one.number)

    def _is_budget(self, one: _Sum) -> bool:
        """Return whether a sum is the budget of a one-year programme: in a call the largest one with such a label."""
        if self.context.kind != "announcement":
            return one.amount.role == "total"
        if one.amount.role not in _BUDGETS:
            return False
        own = [
            other.krw
            for other in self.placed
            if other.amount.role in _BUDGETS and other.amount.programme == one.amount.programme
        ]
        around = one.around
        assert around is not None
        block = self.context.doc.layout.at(around.start)
        is_track = bool(self.parents.get(one.amount.programme or ""))
        labelled = bool(block and "budget" in block.sections) or bool(_BUDGET.search(around.before[-24:]))
        return one.krw == max(own) and (labelled or is_track)

    @property
    def in_runs(self) -> set[int]:
        """Return the sums next to which a range of years is mentioned."""
        return {number for number, (mention, is_one) in self.mentioned.items() if mention is None and is_one}

    def _finer(self, one: _Sum) -> _Sum | None:
        """Return the precise sum that another one rounds: 138억 in the headline, 138억5천만원 in the text."""
        if one.amount.role not in ("total", "annual", "award_ceiling", *FUNDING_SOURCES):
            return None
        for other in self.placed:
            if (
                other.number != one.number
                and other.amount.role in (one.amount.role, "total")
                and (other.amount.programme == one.amount.programme or self._is_before_names(one))
                and _is_rounded(one.krw, other.krw)
                and (one.start < _LEAD_CHARACTERS or one.amount.role.startswith("award"))
            ):
                return other
        return self._in_range(one)

    def _in_range(self, one: _Sum) -> _Sum | None:
        """Return the only precise total in the range that a headline names: 1조 원대 of 1조 1,909억원."""
        if one.start >= _LEAD_CHARACTERS or one.around is None or not _RANGE_NAMED.match(one.around.after):
            return None
        end = one.krw + 10 ** (len(str(one.krw)) - 1)
        within = [other for other in self.placed if other.amount.role == "total" and one.krw < other.krw < end]
        return within[0] if len(within) == 1 else None

    def _is_before_names(self, one: _Sum) -> bool:
        """Return whether a sum is stated before any programme is named, as in a headline."""
        return not self.context.mentions or one.start < self.context.mentions[0].start

    def _larger(self, one: _Sum) -> list[_Sum]:
        return [
            other
            for other in self.placed
            if other.krw > one.krw and other.number not in self.same and other.amount.role != "other"
        ]

    def _add_up(self) -> None:
        """Find sequences of neighbours that add up to a sum nearby.

        A list of funding sources is tried as a whole first; then the shortest sequences, then those above them.
        """
        for one in self.placed:
            run = self._run(one) if one.amount.role in FUNDING_SOURCES and one.number not in self.whole else []
            if len(run) > 1 and not any(other.number in self.same for other in run) and (whole := self._sum_of(run)):
                self.whole |= {other.number: whole for other in run if other.number not in self.whole}
        is_changed = True
        while is_changed:
            is_changed = False
            rest = [
                one
                for one in self.placed
                if one.number not in self.whole and one.number not in self.same and one.amount.role != "award_ceiling"
            ]
            for length in range(2, _MOST_PARTS + 1):
                for first in range(len(rest) - length + 1):
                    run = rest[first : first + length]
                    whole = self._sum_of(run)
                    if whole:
                        self.whole |= {one.number: whole for one in run}
                        self.added |= {one.number for one in run}
                        is_changed = True
                        break
                if is_changed:
                    break

    def _sum_of(self, run: list[_Sum]) -> _Sum | None:
        """Return the sum next to a sequence of neighbours that is their total."""
        total, members = sum(one.krw for one in run), {one.number for one in run}
        for whole in self.placed:
            if whole.krw != total or whole.number in members or whole.number in self.same:
                continue
            if self._is_beside(whole, run) or self._is_item_beside(whole, run):
                continue
            if not _are_of_a_kind(whole, run, self.is_prose) or self._is_inside(whole, members):
                continue
            gap = min(abs(whole.start - run[0].start), abs(whole.start - run[-1].start))
            if gap < _NEAR:
                return whole
            is_of_it = all(self._may_hold(whole, one) for one in run) or self._is_enumerated(run)
            if gap < _FAR and len(run) > _FEW and is_of_it:
                return whole
        return None

    def _is_beside(self, one: _Sum, run: list[_Sum]) -> bool:
        """Return whether a sum and a sequence right after it make up another: 6,000 are 3,000, 2,000 and 1,000."""
        if one.number in self.whole or self.placed.index(run[0]) - self.placed.index(one) != 1:
            return False
        total = 2 * one.krw
        return any(
            other.krw == total and other.number not in self.same and _are_of_a_kind(other, [one, *run], self.is_prose)
            for other in self.placed
        )

    def _is_enumerated(self, run: list[_Sum]) -> bool:
        """Return whether a sentence of prose lists some sums, each in an item of its own."""
        marks = {_item_mark(self.context.doc.text, one.start) for one in run}
        return self.is_prose and None not in marks and len(marks) == 1

    def _is_item_beside(self, whole: _Sum, run: list[_Sum]) -> bool:
        """Return whether a sum and those of a sequence are items of one list, of which none contains another."""
        text = self.context.doc.text
        marks = {one.number: _item_mark(text, one.start) for one in (whole, *run)}
        return marks[whole.number] is not None and set(marks.values()) == {marks[whole.number]}

    def _of_tables(self) -> None:
        """Assign the sums of a table to the total of their row, else of their column."""
        totals = _totals_of_tables(self.context)
        by_krw = {one.krw: one for one in reversed(self.placed) if one.number not in self.same}
        for one in self.placed:
            if one.number in self.whole or one.number in self.same or one.amount.role == "other":
                continue
            of_place = totals.get(one.start) or totals.get((one.krw, one.amount.role))
            if of_place in by_krw:
                self.whole[one.number] = by_krw[of_place]

    def _untitle_runs(self) -> None:
        """Take the year of the title from what is the money of several years, and from what is part of that."""
        of_parts: dict[int, set[str]] = {}
        for number, whole in self.whole.items():
            if number in self.year and number not in self.titled:
                of_parts.setdefault(whole.number, set()).add(self.year[number])
        runs = {number for number, years in of_parts.items() if len(years) > 1} & self.titled
        for number in self.titled:
            over = self.whole.get(number)
            if number in runs or (over and over.number in runs):
                del self.year[number]

    def _of_purses(self) -> None:
        """Make what adds up to the money of the state, or of a region, money of it too: no words say whose it is."""
        for at, one in enumerate(self.placed):
            over = self.whole.get(one.number) if one.number in self.added else None
            if over and one.amount.role == "total" and over.amount.role in FUNDING_SOURCES:
                self.placed[at] = one._replace(amount=replace(one.amount, role=over.amount.role))
                self.purse[one.number] = over.amount.role

    def _of_reported_budget(self) -> None:
        """Assign the items of a report on a budget to the budget that its lead states, if they fit in it."""
        year = str(self.reported)
        if self.report is None or self.reported is None:
            return
        roles = ("national",) if self.report.role == "national" else ("annual", *FUNDING_SOURCES)
        of_year = [one for one in self.placed if one.amount.role in roles and self.year.get(one.number) == year]
        stated = [one for one in of_year if one.amount.role == self.report.role and one.start < budget_reports.LEAD]
        whole = max(stated, key=lambda one: one.krw, default=None)
        if whole is None:
            return
        items = [
            one
            for one in of_year
            if one.krw < whole.krw
            and one.number not in self.whole
            and one.number not in self.same
            and not (one.around and _THAN.match(one.around.after))
        ]
        # What stands behind several others is an item like them, of a whole that is not stated.
        is_item = sum(one.start < whole.start for one in items) > 1
        if len(items) > 1 and not is_item and sum(one.krw for one in items) <= whole.krw * (1 + _ROUNDED):
            self.whole |= {one.number: whole for one in items}

    def _is_inside(self, whole: _Sum, members: set[int]) -> bool:
        """Return whether a sum is a part, at any depth, of one of some others."""
        while up := self.whole.get(whole.number):
            if up.number in members:
                return True
            whole = up
        return False

    def _whole(self, one: _Sum) -> _Sum | None:
        role = one.amount.role
        larger = self._larger(one)
        if role in FUNDING_SOURCES:
            return self._of_funding_source(one, larger)
        if role == "annual":
            return self._of_year(one, larger)
        return self._of_track(one, larger) if role == "total" else None

    def _of_funding_source(self, one: _Sum, larger: list[_Sum]) -> _Sum | None:
        """Return the total of a funding source and those around it, else the nearest total of its programme."""
        wholes = [other for other in larger if other.amount.role in ("total", "annual") and self._may_hold(other, one)]
        run = self._run(one)
        for whole in sorted(wholes, key=lambda other: abs(other.start - one.start)):
            if _adds_up([other.krw for other in run], whole.krw):
                return whole
        year = self.year.get(one.number)
        near = [
            whole
            for whole in wholes
            if self._is_near(whole, one)
            and not self._is_of_unknown_year(one, whole)
            and not self._is_share_beside(one, whole)
            and (year is None or self.year.get(whole.number) in (year, None))
        ]
        before = [whole for whole in near if whole.start < one.start]
        if year and (
            own := [
                other
                for other in larger
                if other.amount.role == one.amount.role and other.number not in self.year and self._may_hold(other, one)
            ]
        ):
            return min(own, key=lambda other: other.krw)
        if near:
            return before[-1] if before else near[0]
        only = [whole for whole in wholes if whole.amount.programme == one.amount.programme and whole.start < one.start]
        is_over = len(only) == 1 and (year is None or self.year.get(only[0].number) in (year, None))
        return only[0] if is_over and one.amount.programme else None

    def _is_share_beside(self, one: _Sum, other: _Sum) -> bool:
        """Return whether another sum is the share of a year in the same row of a table, not what both make up."""
        heads = self.context.heads(other.start)
        if other.amount.role != "annual" or heads is None or grid.sums_up(heads.column):
            return False
        first, last = sorted((one.start, other.start))
        return self.context.heads(one.start) is not None and "\n" not in self.context.doc.text[first:last]

    def _is_of_unknown_year(self, part: _Sum, whole: _Sum) -> bool:
        """Return whether a sum is of a year that cannot be resolved (지난해), and another sentence states the whole."""
        around = part.around
        assert around is not None
        unknown = self.context.years.is_unresolved(around.sentence.start, around.start)
        return unknown and whole.around is not None and whole.around.sentence.start != around.sentence.start

    def _is_near(self, whole: _Sum, part: _Sum) -> bool:
        """Return whether two sums are near each other: in prose, where neighbouring sentences state them."""
        if abs(whole.start - part.start) >= _NEAR:
            return False
        if self.context.kind == "announcement" or self._is_list(part):
            return True
        places = [self._sentences_of(one) for one in (whole, part)]
        return any(abs(one - other) <= _SENTENCES for one in places[0] for other in places[1])

    def _sentences_of(self, one: _Sum) -> set[int]:
        """Return the numbers of the sentences that state a sum."""
        index, amounts = self.context.sentences.index, self.context.stated.amounts
        stated = (again.evidence for again in amounts if again.krw == one.krw)
        return {index(one.start), *(index(place.start) for place in stated if isinstance(place, TextEvidence))}

    def _restated(self, one: _Sum) -> _Sum | None:
        """Return the whole that is stated again right before its part: 총사업비 6,000억원 가운데 3,000억원은."""
        around = one.around
        assert around is not None
        larger = {other.krw: other for other in self._larger(one) if other.amount.role in _WHOLES}
        ends = [
            (evidence.end, amount.krw)
            for amount in self.context.stated.amounts
            if isinstance(evidence := amount.evidence, TextEvidence)
            and around.start - _RESTATED < evidence.end <= around.start
        ]
        end, krw = max(ends, default=(0, 0))
        gap = self.context.doc.text[end : around.start]
        return larger.get(krw) if end and _OF_WHICH.match(gap) and "\n" not in gap else None

    def _run(self, one: _Sum) -> list[_Sum]:
        """Return the funding sources in the same enumeration as one."""
        number = self.placed.index(one)
        run = [one]
        for step in (-1, 1):
            at = number + step
            while 0 <= at < len(self.placed) and len(run) < _MOST_PARTS:
                other = self.placed[at]
                gap = self.context.doc.text[min(run[0].start, other.start) : max(run[-1].start, other.start)]
                if (
                    other.amount.role not in FUNDING_SOURCES
                    or other.amount.programme != one.amount.programme
                    or "\n\n" in gap
                ):
                    break
                run = [other, *run] if step < 0 else [*run, other]
                at += step
        return run

    def _of_year(self, one: _Sum, larger: list[_Sum]) -> _Sum | None:
        """Return the total of the programme for a sum of one year; else the sum of the umbrella for that year."""
        own = [
            other for other in larger if other.amount.programme == one.amount.programme and other.amount.role == "total"
        ]
        year = self.year.get(one.number)
        of_all = [other for other in own if other.number not in self.year]
        if of_all:
            return min(of_all, key=lambda other: abs(other.start - one.start))
        same_year = [other for other in own if self.year.get(other.number) == year]
        if same_year:
            return same_year[0]
        return self._of_track(one, larger)

    def _of_track(self, one: _Sum, larger: list[_Sum]) -> _Sum | None:
        """Return the sum of the umbrella that contains that of a track: its neighbours' total, else the smallest."""
        parent = self.parents.get(one.amount.programme or "")
        held = (parent, one.amount.programme) if parent else (one.amount.programme,)
        year = self.year.get(one.number)
        wholes = [
            other
            for other in larger
            if other.amount.role in ("total", "annual")
            and other.amount.programme in held
            and (other.amount.programme == parent or self._is_list(one))
            and (year is None or self.year.get(other.number) in (year, None))
        ]
        alike = [
            other for other in self.placed if other.amount.role == one.amount.role and other.number not in self.same
        ]
        at = alike.index(one)
        near = [other.krw for other in alike[max(0, at - _MOST_PARTS) : at + _MOST_PARTS]]
        for whole in wholes:
            if _holds_run(near, min(at, _MOST_PARTS), whole.krw):
                return whole
        wholes = [whole for whole in wholes if whole.amount.programme == parent]
        if not parent or not wholes:
            return None
        return min(wholes, key=lambda other: other.krw)

    def _is_list(self, one: _Sum) -> bool:
        """Return whether a sum is in a list or a table."""
        around = one.around
        assert around is not None
        line = self.context.doc.text[self.context.doc.text.rfind("\n", 0, around.start) + 1 : around.start]
        return bool(re.match(r"\s*[-·ㆍ•○ㅇ◦▲△▷◇□■①-⑳➊-➓⑴-⒇*┃│|(]", line)) or bool(self.context.heads(around.start))

    def _may_hold(self, whole: _Sum, part: _Sum) -> bool:
        """Return whether two sums are of one programme, or of an umbrella and its part."""
        names = (whole.amount.programme, part.amount.programme)
        if names[0] is None or names[1] is None:
            return names[0] == names[1] and abs(whole.start - part.start) < _NEAR
        return names[0] == names[1] or self.parents.get(names[1]) == names[0]


def _cells(context: Context) -> Iterator[_Cell]:
    """Yield the sums that stand in tables."""
    for amount in context.stated.amounts:
        evidence = amount.evidence
        if isinstance(evidence, TextEvidence) and (heads := context.heads(evidence.start)):
            line = context.doc.text.rfind("\n", 0, evidence.start)
            yield _Cell(evidence.start, line, amount.krw, amount.role, heads)


def _totals_of_tables(context: Context) -> dict[int | tuple[int, str | None], int]:
    """Return the total over each sum of a table, by where the sum stands and by its amount and role.

    It is the total of its row; for that total, or if the row has none, that of its column.
    """
    cells = list(_cells(context))
    of_rows = {cell.line: cell.krw for cell in reversed(cells) if grid.sums_up(cell.heads.column)}
    of_columns = {
        (cell.heads.column, cell.heads.caption): cell.krw for cell in reversed(cells) if grid.sums_up(cell.heads.row)
    }
    totals: dict[int | tuple[int, str | None], int] = {}
    for cell in cells:
        over = (of_rows.get(cell.line, 0), of_columns.get((cell.heads.column, cell.heads.caption), 0))
        if krw := next((krw for krw in over if krw > cell.krw), None):
            totals[cell.start] = krw
            totals.setdefault((cell.krw, cell.role), krw)
    return totals


def _are_of_a_kind(whole: _Sum, run: list[_Sum], is_prose: bool) -> bool:
    """Return whether some sums can be the parts of another: all are of its source, funding sources, tracks or years."""
    roles = {one.amount.role for one in run}
    if roles == {whole.amount.role} and whole.amount.role in FUNDING_SOURCES:
        return True
    if "total" in roles and roles <= {"total", whole.amount.role} and whole.amount.role in FUNDING_SOURCES:
        return (is_prose and roles == {"total"}) or len(run) > _FEW
    if roles <= set(FUNDING_SOURCES):
        return whole.amount.role in ("total", "annual", "award_amount")
    return whole.amount.role in ("total", "annual") and not roles & {*FUNDING_SOURCES, "award_amount", "award_ceiling"}


def _adds_up(parts: list[int], whole: int) -> bool:
    return len(parts) > 1 and abs(sum(parts) - whole) <= _EXACT * whole


def _holds_run(sums: list[int], at: int, whole: int) -> bool:
    """Return whether neighbours in a list of sums, including the one at ``at``, add up to a whole."""
    for first in range(at, -1, -1):
        total = sum(sums[first : at + 1])
        for last in range(at, len(sums)):
            total += sums[last] if last > at else 0
            if last > first and abs(total - whole) <= _EXACT * whole:
                return True
            if total > whole * (1 + _EXACT):
                break
    return False


def _is_rounded(coarse: int, fine: int) -> bool:
    """Return whether a sum is another one, rounded or truncated: its fewer digits are those of the other."""
    if coarse == fine or abs(coarse - fine) > _ROUNDED * fine:
        return False
    unit: int = 10 ** (len(str(coarse)) - len(str(coarse).rstrip("0")))
    return unit > 1 and fine % unit != 0 and abs(coarse - fine) < unit


def _by_words(one: _Sum, larger: list[_Sum], context: Context) -> _Sum | None:
    """Return the whole that words or brackets name: 227억 원(국비 150, 지방비 65), 620억원 가운데 국비가 410억원."""
    around, text = one.around, context.doc.text
    assert around is not None
    before = [other for other in larger if other.around and other.around.end <= around.start]
    after = [other for other in larger if other.start >= around.end]
    last = before[-1] if before else None
    opened = _bracket(text, around.start)
    if opened is not None:
        for other in reversed(before):
            assert other.around is not None
            gap = text[other.around.end : opened]
            if other.around.end <= opened and len(gap) <= 10 and not re.search(r"[.,;)△▲▷▶]", gap):
                return other
            if other.around.end <= opened:
                break
    for other, at in _stated_after(one, larger, after, context):
        gap = text[around.end : at]
        if _IN_TOTAL.fullmatch(gap):
            return other
        if _IN_ALL.match(_without_sums(gap)) and "\n" not in gap and other.amount.role in ("total", "annual"):
            return other
    if last and last.around and last.amount.role in _WHOLES:
        gap = text[last.around.end : around.start]
        if _OF_WHICH.match(gap) and "\n\n" not in gap and len(gap) < 60:
            return last
        if (
            _OF_THIS.match(around.sentence.text)
            and last.around.sentence.end <= around.sentence.start
            and len(gap) < 160
        ):
            return last
    return None


def _stated_after(one: _Sum, larger: list[_Sum], after: list[_Sum], context: Context) -> Iterator[tuple[_Sum, int]]:
    """Yield the next larger sums after one, and those of the headline that its sentence states again, with offsets."""
    yield from ((other, other.start) for other in after[:2])
    assert one.around is not None
    by_krw = {other.krw: other for other in larger if other.start < one.start}
    for again in context.stated.amounts:
        place = again.evidence
        other = by_krw.get(again.krw)
        if other and isinstance(place, TextEvidence) and one.around.end <= place.start < one.around.sentence.end:
            yield other, place.start


def _item_mark(text: str, start: int) -> str | None:
    """Return the mark of the item of a sentence that a sum stands in: △ 가람 AI 센터(20억 원)."""
    mark = _MARK.search(text, max(text.rfind("\n", 0, start) + 1, start - _LONGEST_ITEM), start)
    return mark[0][0] if mark else None


def _without_sums(words: str) -> str:
    """Return some words without further sums of an enumeration: 60억 원, 도비 12억 원, 시비 24억 원 등 총 96억 원."""
    return re.sub(
        r"^(?:원)?(?:,|와|과|·)?\s?(?:[가-힣]{1,8}\s?\d[\d,.]*\s?(?:조|억|천만|백만|만|원|\s|\d)*(?:,|와|과|·)?\s?)+",
        "",
        words,
    )


def _bracket(text: str, offset: int) -> int | None:
    """Return the offset of the bracket that is open at ``offset`` on its line."""
    line = text.rfind("\n", 0, offset) + 1
    opened = text.rfind("(", line, offset)
    return opened if opened >= 0 and text.rfind(")", opened, offset) < 0 else None


def _year_beside(one: _Sum, placed: list[_Sum], context: Context) -> tuple[YearMention | None, bool]:
    """Return the year next to a sum, and whether its words mention one at all; a range of years gives none."""
    around = one.around
    assert around is not None
    ends = [other.around.end for other in placed if other.around and other.around.end <= around.start]
    start = max([around.sentence.start, *ends])
    if one.amount.role in _AWARDS and (near := context.years.within(max(start, around.start - _BEFORE), around.start)):
        return near[-1], True
    if _is_of_all_years(around, context):
        return None, True
    if one.amount.role in (*_OF_A_YEAR, *_AWARDS) and (head := context.heads(around.start)):
        block = context.doc.layout.at(around.start)
        if block and not _has_year(block, context) and _is_beside_period(block, context):
            return None, True
        over = block.column_group if block else ""
        for words in (head.column, over, head.row, head.caption if one.amount.role in _OF_A_YEAR else ""):
            if mention := context.years.of(words):
                return (mention, False) if mention.is_one else (None, True)
    if one.amount.role == "other":
        near = context.years.within(max(start, around.start - _BEFORE), around.start)
        is_beside = bool(near) and near[-1].is_one and around.start - near[-1].end < _ATTACHED
        return (near[-1], True) if is_beside else (None, False)
    if one.amount.role not in _OF_A_YEAR:
        return None, False
    if _RUN.search(context.doc.text[start : around.start]) or context.years.is_unresolved(start, around.start):
        return None, True
    if replacement := _year_of_replacement(one, placed, context):
        return replacement, True
    if near := context.years.within(start, around.start):
        return _of_budget(near[-1], one, context)
    if (later := _year_after(around, context)) is not None:
        return later, True
    after = context.years.within(around.end, around.end + 12)
    if after and re.match(r"\s?\(", around.after):
        return (after[0], True) if after[0].is_one and not _is_split(one, placed, context) else (None, True)
    if _OF_THIS.match(around.sentence.text):
        before = [other for other in placed if other.around and other.around.end <= around.sentence.start]
        return _year_beside(before[-1], placed, context) if before else (None, False)
    if _BUDGETED.match(around.after) and context.kind != "announcement":
        return _carried(around, context), False
    heading = context.heading(around.start) if context.is_listed(around.sentence) else ""
    above = context.years.of(heading) if len(heading) <= _LONGEST_HEADING else None
    return (above, False) if above and above.is_one and not above.edge else (None, False)


def _is_split(one: _Sum, placed: list[_Sum], context: Context) -> bool:
    """Return whether the bracket behind a sum says what of it is of a year: 24억 원(2027년 10억 원, 2028년 14억 원)."""
    assert one.around is not None
    closed = context.doc.text.find(")", one.around.end)
    return any(one.around.end < other.start < closed for other in placed)


def _has_year(block: Block, context: Context) -> bool:
    """Return whether the header of a column says which year it is of."""
    return bool(context.years.of(block.column) or context.years.of(block.column_group))


def _is_beside_period(block: Block, context: Context) -> bool:
    """Return whether another cell in the row of a table holds a period of several years: ’25.4. ~ ’28.12."""
    row = (other for other in context.doc.layout.row_of(block) if other.start != block.start)
    periods = (mention for other in row for mention in context.years.within(other.start, other.end))
    return any(mention.last is not None and mention.last > mention.year for mention in periods)


def _is_of_all_years(around: Around, context: Context) -> bool:
    """Return whether a sum is that of several years: in a row beside theirs, or followed by how many they are."""
    if _YEARS_AFTER.match(around.after):
        return True
    block = context.doc.layout.at(around.start)
    if block is None or not block.column or not grid.sums_up(block.column):
        return False
    of_years = [other for other in context.doc.layout.row_of(block) if context.years.of(other.column)]
    return len(of_years) > 1


def _year_after(around: Around, context: Context) -> YearMention | None:
    """Return the year in which a sum is to be spent, or that after the year of the sum that it is compared with."""
    text = context.doc.text
    for mention in context.years.within(around.end, min(around.sentence.end, around.end + 24)):
        between = text[around.end : mention.start]
        if _TO_SPEND.fullmatch(between) and mention.last in (None, mention.year):
            return mention
        if _INTO.fullmatch(between) and mention.is_one and _BUDGET_AFTER.match(text, mention.end):
            return mention
        if _SIZE_OF.fullmatch(between) and mention.is_one and _PLAN.match(text, mention.end):
            return mention
        if _COMPARED.fullmatch(between) and _WITH_ANOTHER.match(text, mention.end):
            return mention._replace(year=mention.year + 1)
    return None


def _carried(around: Around, context: Context) -> YearMention | None:
    """Return the year whose budget the sentences before a sum, or the whole text, speak of."""
    number, text = context.sentences.index(around.start), context.doc.text
    for span in reversed(context.sentences.spans[max(0, number - _SENTENCES_OF_BUDGET) : number]):
        for mention in reversed(context.years.within(span.start, span.end)):
            if mention.is_one and not mention.edge and _YEAR_OF_BUDGET.match(text, mention.end):
                return mention
    lead = (mention for mention in context.years.within(0, _LEAD) if mention.is_one and not mention.edge)
    return next((mention for mention in lead if _YEAR_OF_STATE_BUDGET.match(text, mention.end)), None)


def _of_budget(mention: YearMention, one: _Sum, context: Context) -> tuple[YearMention | None, bool]:
    """Return the year (None for a range, or a start of something other than a budget), and True: one is mentioned."""
    assert one.around is not None
    is_first = mention.edge == "since" and bool(_BUDGETED.match(one.around.after))
    if not mention.is_one or (mention.edge and not is_first):
        return None, True
    words = context.doc.text[mention.start : one.around.start]
    is_dated = words[:2] == "20" or "월" in words[: mention.end - mention.start]
    is_event = one.amount.role != "annual" and is_dated and not _BUDGET.search(words) and len(words) > _BESIDE
    return (None, True) if is_event and context.kind != "announcement" else (mention, True)


def _year_of_replacement(one: _Sum, placed: list[_Sum], context: Context) -> YearMention | None:
    """Return the year of a sum that replaced another, or was replaced: 올해 예산이 42억원에서 9억원으로."""
    if one not in placed:
        return None
    at = placed.index(one)
    for step, is_first in ((1, True), (-1, False)):
        other = placed[at + step] if 0 <= at + step < len(placed) else None
        first, second = (one, other) if is_first else (other, one)
        if first is None or second is None or first.around is None or second.around is None:
            continue
        # Read as a range, the words of the first reach over the second.
        between = context.doc.text[first.start : second.start]
        if not _FROM.search(between) or not _TO.match(second.around.after):
            continue
        mentions = context.years.within(first.around.sentence.start, first.around.start)
        # 올해 54억원에서 내년 74억원으로: each has its own.
        own = context.years.within(first.start, second.start)
        if own and second.start - own[-1].end < _ATTACHED and mentions:
            return mentions[-1] if is_first else own[-1]
        if len(mentions) > 1 and first.start - mentions[-1].end < _ATTACHED:
            return mentions[-1] if is_first else mentions[-2]
        if mentions:
            return mentions[-1]._replace(year=mentions[-1].year - 1) if is_first else mentions[-1]
    return None


def _years_of_names(context: Context) -> Iterator[tuple[str, str]]:
    """Yield the programmes with a year before their name, at the first mention or in the title."""
    title = context.doc.fields.get("title", "")
    for number, programme in enumerate(context.record.programmes):
        if _runs_on(programme):
            continue
        mention = _beside_name(programme, context)
        if mention is None and number == 0 and context.kind == "announcement":
            mention = context.years.of(title)
        if mention and mention.last is None:
            yield programme.name, mention.value
        elif context.kind == "announcement" and (year := _only_year(programme, context)):
            yield programme.name, year


def _only_year(programme: Programme, context: Context) -> str | None:
    """Return the year of a call for a programme that ends in the year in which it is called for."""
    starts, ends = (programme.start or programme.end or "")[:4], (programme.end or "")[:4]
    return ends if ends and starts == ends == str(context.years.base) else None


def _runs_on(programme: Programme) -> bool:
    """Return whether a programme lasts several years."""
    return bool(programme.start and programme.end and int(programme.end[:4]) - int(programme.start[:4]) > 1)


def _beside_name(programme: Programme, context: Context) -> YearMention | None:
    text = context.doc.text
    for name in (programme.name, *programme.aliases):
        at = text.find(name)
        while at >= 0:
            near = context.years.within(at - 9, at)
            if near and not text[near[-1].end : at].strip(" ‘’“”'\"「『<") and not near[-1].edge:
                return near[-1]
            at = text.find(name, at + 1)
            if at > _NAMES_READ:
                break
    return None
