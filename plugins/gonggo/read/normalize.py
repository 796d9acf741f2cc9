"""Text as it is kept: one form for what looks the same."""

from __future__ import annotations

import re
import unicodedata

_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\ufffe\uffff]")

# Only what has to change is matched: most spaces are single and ordinary already.
_SPACES = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")
_AROUND_BREAKS = re.compile(r" \n ?|\n ")
_EMPTY_LINES = re.compile(r"\n{3,}")
# Control, format and private characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200e\u200f\u202a-\u202e\u2061-\u206f\ud800-\udfff\ue000-\uf8ff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# Word processors keep their bullets among the private characters; at the head of a line that is what they are.
_BULLET = re.compile("^([ \t#>|-]*)[\ue000-\uf8ff\U000f0000-\U0010fffd]", re.M)
# Syllables set apart to fill a line, a cell or a label (접 수 기 간), and at the end of a title (모 집 공 고).
_APART = re.compile(r"(?<![^\W_])[가-힣](?: [가-힣]){1,11}(?![^\W_])")
_BEGINS = re.compile(r"(?:^|[\n|(\[【<〈「])$|(?:[\n|□■○●◦ㅇ▶▪·※-]|[\d가-하][.)]) $")
_ENDS = re.compile(r"\Z|\n| ?[|)\]】>〉」:：]")

# Letters and digits of full width, which many word processors leave in Korean texts.
_WIDE = {code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)}
_ANY_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
# Letters of Greek and Cyrillic that look like Latin ones: typed by mistake, or to hide a word from a search.
_TWINS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХаеорсухіјѕ", "ABEZHIKMNOPTYXABESIJKMHOPCTYXaeopcyxijs")
_ANY_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_LATIN_OR_FOREIGN = re.compile("[A-Za-z]*[\u0370-\u03ff\u0400-\u04ff][A-Za-z\u0370-\u03ff\u0400-\u04ff]*")


def _in_latin(match: re.Match[str]) -> str:
    """A word in Latin letters where each of its letters could be one; a Greek or Russian word stays what it is."""
    folded = match.group().translate(_TWINS)
    return folded if len(folded) > 1 and folded.isascii() else match.group()


def _together(match: re.Match[str]) -> str:
    said, text = match.group(), match.string
    begins = match.start() == 0 or _BEGINS.search(text[max(0, match.start() - 3) : match.start()])
    if _ENDS.match(text, match.end()) and (begins or said.endswith("공 고")):
        return said.replace(" ", "")
    return said


def tidy(text: str) -> str:
    """NFC, ordinary line ends and spaces, letters and digits of one width and script, syllables that were set apart
    together, no invisible characters, no more than one empty line in a row."""
    text = _ZERO_WIDTH.sub("", text)
    text = text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
    if _ANY_WIDE.search(text):
        text = text.translate(_WIDE)
    if _ANY_FOREIGN.search(text):
        text = _LATIN_OR_FOREIGN.sub(_in_latin, text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _INVISIBLE.sub(" ", _BULLET.sub("\\1□", text))
    text = _SPACES.sub(" ", text)
    text = _AROUND_BREAKS.sub("\n", text)
    text = _APART.sub(_together, text)
    return _EMPTY_LINES.sub("\n\n", text).strip()
