"""Telephone numbers and e-mail addresses of a call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gonggo.extract.doc import Doc
from gonggo.extract.record_types import Contact, Named
from gonggo.extract.words import matches

_PHONE = re.compile(
    # What is cheapest to refute comes first: most letters begin no number.
    r"(?=[(\d])(?:(?<![\d-])\(?(?P<area>0\d{1,2})\s?[-).]\s?(?P<mid>\d{3,4})\s?[-.]\s?(?P<last>\d{4})(?!\d)"
    r"(?P<more>(?:\s?(?:[,/·~∼～]|~)\s?\d{1,4}(?![\d-]))*)"
    r"|(?<![\d-])(?P<head>1[568]\d{2})\s?-\s?(?P<tail>\d{4})(?!\d))"
)
_PHONE_BEGINS = re.compile(r"[(01](?<![\d-].)")
# Numbers of four digits that are answered without an area code.
_SHORT = re.compile(r"(?:국번\s?없이\s?\)?|☎\s?|콜센터\s?\(?)\s?(1\d{2,3})(?!\d|\s?-)")
_MAIL = re.compile(r"[A-Za-z0-9][\w.+-]{0,60}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z]{2,10}){1,3}")
_FAX = re.compile(r"(?:팩스|FAX|F\.)[^\d\n]{0,6}$", re.IGNORECASE)
_MORE = re.compile(r"([,/·~∼～])\s?(\d{1,4})")
_ASK = re.compile(r"문\s?의|담당|연락|전화|TEL|☎|☏|이메일|e-?mail|메일|접수|상담", re.IGNORECASE)
# Of a newspaper, a portal or the state's office for words: not whom to ask about the call.
_MASTHEAD = re.compile(
    r"구독|제보|발행|편집인|등록번호|법인사업자|저작권|무단\s?전재|기자|누리집\s?관리|저작권정책"
    r"|정책브리핑|뉴스\s|브리핑룸|국번없이"
)
# The office of a press release right before its number: 전략산업과 031-…, AI데이터과 과장 이랑(054-….
_OFFICE = re.compile(r"[가-힣A-Za-z]{2,12}(?:과|팀|실|국|단)\s{0,2}(?:[가-힣]{2,4}\s?){0,2}[(☎☏]{0,2}\s?$")
# What the numbers for questions are headed by, and the number of an office in the footer of its page.
_ASKED, _BARE = re.compile(r"문\s?의\s?처?[^\n]{0,80}?\d{3,4}-\d{4}"), re.compile(r"\W*(?:TEL|Tel|tel|전화|T)\W*")
# What may head a further number, be it on the line above: □ 시스템 문의.
_HEADS_QUESTIONS = re.compile(r"문\s?의|담당")
_NEAR, _FAR = 60, 300


def find(doc: Doc, kind: str = "announcement") -> Contact:
    """Return telephone numbers and e-mail addresses, without fax numbers."""
    phones: dict[str, Named] = {}
    mails: dict[str, Named] = {}
    for match in matches(_PHONE, _PHONE_BEGINS, doc.text):
        if _FAX.search(doc.text[max(0, match.start() - 12) : match.start()]) or not _is_of_call(doc, match, kind):
            continue
        evidence = doc.span(match.start(), match.end()).evidence()
        for name in _numbers(match):
            phones.setdefault(name, Named(name, evidence))
    for match in _SHORT.finditer(doc.text):
        if kind == "announcement" and _is_of_call(doc, match, kind):
            span = doc.span(match.start(1), match.end(1))
            phones.setdefault(match[1], Named(match[1], span.evidence()))
    for match in _MAIL.finditer(doc.text) if "@" in doc.text else ():
        if _is_of_call(doc, match, kind):
            mails.setdefault(match.group(), Named(match.group(), doc.span(*match.span()).evidence()))
    return Contact(list(phones.values()), list(mails.values()))


def _is_of_call(doc: Doc, match: re.Match[str], kind: str) -> bool:
    """Return whether the words around a number say that it is for questions about the call."""
    block = doc.layout.at(match.start())
    if block and "annex" in block.sections:
        return False
    before = doc.text[max(0, match.start() - _NEAR) : match.start()].rsplit("\n", 1)[-1]
    line = before + match.group() + doc.text[match.end() : match.end() + _NEAR // 2].split("\n", 1)[0]
    if kind != "announcement":
        return bool(re.search(r"문\s?의|담당", line) or _OFFICE.search(before)) and not _MASTHEAD.search(line)
    if _is_of_footer(doc, match.start()):
        return False
    return block is None or "contact" in block.sections or bool(_ASK.search(line)) or not doc.layout.named("contact")


def _is_of_footer(doc: Doc, at: int) -> bool:
    """Return whether a number stands behind a bare TEL far below those for questions, as in the footer of a page."""
    own = next((item for item in doc.layout.named("contact") if item.start <= at < item.end), None)
    if own is None or not _BARE.fullmatch(own.label_text):
        return False
    asked = _ASKED.search(doc.text, 0, max(0, at - _FAR))
    return asked is not None and not _HEADS_QUESTIONS.search(doc.text, max(0, at - _FAR), at)


def _numbers(match: re.Match[str]) -> Iterator[str]:
    """Yield the number, and the full numbers of its shortened extensions and ranges."""
    if match["head"]:
        yield f"{match['head']}-{match['tail']}"
        return
    front, last = f"{match['area']}-{match['mid']}", match["last"]
    yield f"{front}-{last}"
    for mark, digits in _MORE.findall(match["more"] or ""):
        following = last[: 4 - len(digits)] + digits
        if mark in "~∼～" and 0 < int(following) - int(last) <= 30:
            yield from (f"{front}-{number:04d}" for number in range(int(last) + 1, int(following) + 1))
        else:
            yield f"{front}-{following}"
        last = following
