"""The application window of a call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from gonggo.extract.dates import Found, relative, scan, turned
from gonggo.extract.doc import Doc, Span

_EXHAUSTED = re.compile(
    r"(?:예산|자금|사업비|재원|지원금|모집\s?인원|물량)\s?(?:의\s?)?(?:조기\s?)?소진\s?(?:시"
    r"|될\s?때|때)|선착순\s?마감"
)
_ALWAYS = re.compile(r"상시|수시\s?(?:접수|모집)|연중|수시")
_UNTIL = re.compile(r"[~∼～〜]|까지|마감")
_APPLY = re.compile(r"접수|신청|모집|공모|제출|응모|지원서|참가")
_NOT_APPLY = re.compile(r"설명회|발표|평가|협약|개최|시상|결과|진행된|열린|운영한|교육은|행사")
_PROSE_UNTIL = re.compile(r"까지|부터|마감")
_VALUE = 220
# A range cut in two by a lost table: its second half begins the next line.
_TILDE = re.compile(r"\s*[~∼～]")
_GOES_ON = 40
Fact = dict[str, Any] | None


def find(doc: Doc, published: str | None) -> dict[str, Fact]:
    """``opens_at`` and ``closes_at``, each ``{"value", "evidence"}`` or None.

    The period of reception outweighs that of the notice; of several tracks the earliest opening and the latest closing.
    """
    year = int(published[:4]) if published else doc.year
    opened, closed = _labelled(doc, "window", year)
    if not closed:
        prose = _prose(doc, published, year)
        opened, closed = opened or prose[0], closed or prose[1]
    if not opened or not closed:
        notice = _labelled(doc, "notice_period", year)
        opened, closed = opened or notice[0], closed or notice[1]
    return {"opens_at": opened, "closes_at": closed}


def _labelled(doc: Doc, label: str, year: int | None) -> tuple[Fact, Fact]:
    """Earliest opening and latest closing under a label."""
    opens: list[dict[str, Any]] = []
    closes: list[dict[str, Any]] = []
    for item in doc.layout.named(label):
        piece = doc.layout.at(item.start)
        if piece and {"exclusion", "example", "annex", "briefing"} & set(piece.zones):
            continue
        end = item.end + _GOES_ON if _TILDE.match(doc.text, item.end) else item.end
        opened, closed = _read(doc, doc.span(item.start, min(end, item.start + _VALUE)), year)
        if not opened and not closed and item.end - item.start < 60 and not doc.layout.heads_table(item.end):
            # The cells of a lost table: the value stands further below, after other heads.
            opened, closed = _read(doc, doc.span(item.start, item.start + _VALUE // 2), year)
        opens += [opened] if opened else []
        closes += [closed] if closed else []
    words = [fact for fact in closes if not fact["value"][0].isdigit()]
    dated = [fact for fact in closes if fact["value"][0].isdigit()]
    closed = max(dated, key=lambda fact: fact["value"][:10], default=None) or (words[0] if words else None)
    return min(opens, key=lambda fact: fact["value"][:10], default=None), closed


def _read(doc: Doc, near: Span, year: int | None) -> tuple[Fact, Fact]:
    """A labelled value: a range, an end, a beginning, or words."""
    hits = _cut(near.text, list(scan(near.text, year)))
    mark = _EXHAUSTED.search(near.text) or (_ALWAYS.search(near.text) if not hits else None)
    if mark and len(hits) < 2 and (not hits or mark.start() - hits[0].end < 12):
        value = "until_exhausted" if mark.re is _EXHAUSTED else "always"
        return (_fact(doc, hits[0], near.start) if hits else None), _words(doc, near, mark, value)
    if len(hits) >= 2:
        end = turned(hits[0].value, hits[1].value) if not hits[1].year_said else hits[1].value
        if end[:10] >= hits[0].value[:10]:
            return _fact(doc, hits[0], near.start), _fact(doc, hits[1], near.start, end)
    if hits:
        before, after = near.text[: hits[0].start], near.text[hits[0].end : hits[0].end + 12]
        if re.match(r"\s?부터|\s?[~∼～]\s*$", after):
            return _fact(doc, hits[0], near.start), None
        if re.search(r"[~∼～]\s*$", before) or _UNTIL.search(after) or not re.search(r"[~∼～]", after):
            return None, _fact(doc, hits[0], near.start)
        return _fact(doc, hits[0], near.start), None
    return None, None


def _cut(text: str, hits: list[Found]) -> list[Found]:
    """The first date and the one it is joined to; what stands further off is about something else."""
    if len(hits) < 2:
        return hits
    between = text[hits[0].end : hits[1].start]
    joined = len(between) <= 24 and re.search(r"[~∼～〜–—-]|부터|에서", between)
    return hits[:2] if joined else hits[:1]


def _prose(doc: Doc, published: str | None, year: int | None) -> tuple[Fact, Fact]:
    """A sentence that says from when until when applications are taken."""
    for sentence in doc.clauses:
        if (
            not _APPLY.search(sentence.text)
            or not _PROSE_UNTIL.search(sentence.text)
            or not doc.is_fact(sentence.start)
        ):
            continue
        hits = [*scan(sentence.text, year), *_relative(sentence.text, published)]
        hits.sort(key=lambda hit: hit.start)
        for number, hit in enumerate(hits):
            after = sentence.text[hit.end : hit.end + 60]
            if re.match(r"\s?까지", after) and _APPLY.search(after) and not _NOT_APPLY.search(after[:30]):
                before = hits[number - 1] if number else None
                opened = (
                    _fact(doc, before, sentence.start)
                    if before and "부터" in sentence.text[before.end : hit.start]
                    else None
                )
                end = turned(before.value, hit.value) if opened and before and not hit.year_said else hit.value
                return opened, _fact(doc, hit, sentence.start, end)
    return None, None


def _relative(text: str, published: str | None) -> Iterator[Found]:
    if published:
        yield from relative(text, date.fromisoformat(published[:10]))


def _fact(doc: Doc, hit: Found, offset: int, value: str | None = None) -> dict[str, Any]:
    span = doc.span(hit.start + offset, hit.end + offset)
    return {"value": value or hit.value, "evidence": span.evidence()}


def _words(doc: Doc, near: Span, mark: re.Match[str], value: str) -> dict[str, Any]:
    return {"value": value, "evidence": doc.span(near.start + mark.start(), near.start + mark.end()).evidence()}
