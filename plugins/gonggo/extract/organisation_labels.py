"""The role of organisations in a list behind a label in prose: (주관) 가, 나; * 참여기관: 가, 나; 주관대학인 가, 나."""

from __future__ import annotations

import re

from gonggo.extract.lexicons import organisations

_WORD = r"(?:주최|공동\s?주관|주관|후원|협찬|참여|협력|협업|수행|운영|전담|지정|선정|공급|시행)"
_KIND = r"(?:\s?(?:기관|기업|대학|병원|업체|부처|단체|사))"
# A label at the beginning of a line, in brackets or before a colon.
_AT_LINE = re.compile(
    rf"(?:^|\n)[^\n가-힣A-Za-z0-9]{{0,8}}(?P<label>(?:[가-힣A-Za-z0-9]{{1,8}}\s){{0,2}}{_WORD}(?:\s?[/·,]\s?{_WORD})?{_KIND}?)"
    r"(?:\s?\)\s?[:：]?|\s?[:：])\s?(?P<list>(?:[^\n]|,[^\S\n]*\n\s*)*?)\Z"
)
# What the names after it are: 주관대학인 가, 나, 다.
_APPOSED = re.compile(rf"(?P<label>{_WORD}{_KIND})인\s(?P<list>(?:[^\s,]{{2,16}}(?:\s[^\s,]{{2,12}})?,\s){{0,9}})\Z")
# What no list of names contains: a sentence, or a further label.
_NO_LIST = re.compile(rf"다\.|[:：]|\(\s?{_WORD}\s?\)|[을를]\s|[은는]\s")
# A list in a footnote, and the label with the same mark above it: 운영기관* … * (청주) 가, (제주) 나.
_IN_FOOTNOTE = re.compile(r"(?:^|\n)[^\S\n]*(?P<mark>\*{1,3})\s?(?P<list>[^\n]*)\Z")
_MARKED = re.compile(rf"(?P<label>{_WORD}{_KIND})(?P<mark>\*{{1,3}})(?!\*)")
_BARE = re.compile(r"공동\s?주관|주관")
_REACH = 260
_FAR = 600


def role(text: str, start: int) -> str:
    """Return the role that a label states for the name at ``start``; empty for none, 주관 for a body in charge."""
    before = text[max(0, start - _REACH) : start]
    for pattern in (_AT_LINE, _APPOSED):
        match = pattern.search(before)
        if match and not _NO_LIST.search(match["list"]):
            return _of_label(match["label"])
    footnote = _IN_FOOTNOTE.search(before)
    if footnote and not _NO_LIST.search(footnote["list"]):
        above = text[max(0, start - _FAR) : start - len(footnote.group())]
        marked = [match for match in _MARKED.finditer(above) if match["mark"] == footnote["mark"]]
        return _of_label(marked[-1]["label"]) if marked and "*" not in above[marked[-1].end() :] else ""
    return ""


def _of_label(label: str) -> str:
    for stated, words in organisations().labels.items():
        if words.search(label):
            return stated
    return "charge" if _BARE.search(label) else ""
