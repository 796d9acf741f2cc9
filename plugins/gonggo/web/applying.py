"""How to apply, and what an applicant pays himself: words of the text that applicants ask for and that are no facts."""

from __future__ import annotations

import re

# Longest line that is read: a label and its value, no paragraph.
_LONGEST_LINE = 300
_HOW = re.compile(r"(?:신청|접수)\s?방법\s{0,3}[:：]\s{0,3}(\S.{1,150})$")
_PAYER = r"(?:자부담|기업\s?부담금?|민간\s?부담금?)(?:률|율)?\s{0,3}[:：]?\s{0,3}"
_OF = r"(?:(?:총사업비|총\s사업비|사업비|지원금)의\s)?"
_BOUND = r"[^,;()|]{0,12}(?:\([^()|]{1,12}\))?"
# A percentage after the payer, with what it is of and the words that bound it: 총사업비의 20% 이상(현금).
_SHARE = re.compile(_PAYER + "(" + _OF + r"\d{1,3}(?:\.\d{1,2})?\s?%" + _BOUND + ")")


def how_to_apply(text: str) -> str:
    """Return what a line such as ``신청방법: 온라인 접수`` says, or an empty text."""
    return _first(_HOW, text)


def own_share(text: str) -> str:
    """Return the percentage that applicants pay themselves, as the text says it, or an empty text."""
    return _first(_SHARE, text)


def _first(pattern: re.Pattern[str], text: str) -> str:
    for line in text.splitlines():
        found = pattern.search(line.rstrip()) if len(line) <= _LONGEST_LINE else None
        if found:
            return found[1].strip().rstrip(".")
    return ""
