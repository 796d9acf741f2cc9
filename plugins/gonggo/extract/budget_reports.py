"""Reports on a budget: money that a region won from the state, or the budget of a government for a year."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from gonggo.extract.doc import Doc

LEAD = 500
# Money from the national budget, and that it was got or asked for.
_GOT = r"확보|반영|따[낸냈내]|얻어|얹[었은]|챙[겼긴]|담[겼긴아]|증액"
_STATE = re.compile(
    rf"국비(?!\s?(?:·|와|과|,|\(|\d+\s?%))[^.\n]{{0,30}}\d\s?[조억][^.\n]{{0,24}}(?:{_GOT}|건의|요청|신청)"
    r"|\d\s?[조억][^.\n]{0,12}국비(?:를|가|도)?\s?[^.\n]{0,4}(?:확보|반영)"
)
_ASKED = re.compile(r"건의|요청|신청")
# What makes it that of a year, not that of a single programme.
_YEAR = re.compile(r"내년|올해|(?:20|’)\d\d년(?!까지|부터)|정부\s?예산")
# The budget of a government, or of all that it does in a field, and what is decided on it.
_BUDGET = r"(?:본예산안?|예산안|추경안?|추가경정예산안?|(?:AI|인공지능)\)?\s(?:관련\s)?예산안?)"
_OWN = re.compile(
    rf"{_BUDGET}[^.\n]{{0,30}}\d\s?[조억]|\d\s?[조억][^.\n]{{0,30}}{_BUDGET}|{_BUDGET}[을를]\s(?:[가-힣]{{1,6}}\s)?(?:심의|심사|의결|확정|편성)"
    rf"|{_BUDGET}[이은]\s(?:[가-힣\d]{{1,8}}\s){{0,3}}(?:심의|심사|의결|확정|편성|통과)"
)
_DECIDED = re.compile(r"의결|심의|심사|편성|확정|통과|제출|짰|짜\s|삭감|증액|깎|늘었|늘린|늘어|줄었|줄인|증가|감소")


class BudgetReport(NamedTuple):
    """What a report is about: ``role`` is that of the sums it lists, ``end`` is the end of the words that say so.

    ``is_asked`` says that the money of the state is asked for.
    """

    role: Literal["national", "annual"]
    end: int
    is_asked: bool = False


def of(doc: Doc) -> BudgetReport | None:
    """Return what budget the lead of a document reports on: what the state gives in a year, or a budget of its own."""
    return _read(doc.text[:LEAD])


@lru_cache(maxsize=4)
def _read(lead: str) -> BudgetReport | None:
    if state := _STATE.search(lead):
        start = max(lead.rfind("\n", 0, state.start()), lead.rfind(". ", 0, state.start())) + 1
        is_of_year = _YEAR.search(lead, start, state.end())
        return BudgetReport("national", state.end(), bool(_ASKED.search(state[0]))) if is_of_year else None
    own = _OWN.search(lead)
    return BudgetReport("annual", own.end()) if own and _DECIDED.search(lead) else None
