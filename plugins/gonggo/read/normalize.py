"""Normalization of text: one form for what looks the same."""

from __future__ import annotations

import re
import unicodedata

_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\ufffe\uffff]")

# Only what has to change is matched, because most spaces are already single and ordinary.
_SPACES = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")
_AROUND_BREAKS = re.compile(r" \n ?|\n ")
_EMPTY_LINES = re.compile(r"\n{3,}")
# Control, format and private characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200e\u200f\u202a-\u202e\u2061-\u206f\ud800-\udfff\ue000-\uf8ff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# Word processors store their bullets as private-use characters at the start of a line.
_BULLET = re.compile("^([ \t#>|-]*)[\ue000-\uf8ff\U000f0000-\U0010fffd]", re.M)
# Syllables spaced out to fill a line, a cell or a label (접 수 기 간), or at the end of a title (모 집 공 고).
_SPACED_SYLLABLES = re.compile(r"[가-힣](?= [가-힣])(?<![^\W_][가-힣])(?: [가-힣]){1,11}(?![^\W_])")
_FIELD_START = re.compile(r"(?:^|[\n|(\[【<〈「])$|(?:[\n|□■○●◦ㅇ▶▪·※-]|[\d가-하][.)]) $")
_FIELD_END = re.compile(r"\Z|\n| ?[|)\]】>〉」:：]")

# Full-width letters and digits, which are common in Korean documents, and the wave dash of ranges.
_WIDE = {code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)}
_WIDE[ord("〜")] = ord("~")
_ANY_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ〜]")
# Greek and Cyrillic letters that look like Latin ones: typed by mistake, or to hide a word from searches.
_LOOKALIKES = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХаеорсухіјѕ", "ABEZHIKMNOPTYXABESIJKMHOPCTYXaeopcyxijs")
_ANY_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
# A sentence that the next one follows without a space, as on pages that lost their line breaks: 밝혔다.이 사업은
_SENTENCES_TOGETHER = re.compile(r"(?<=[가-힣]다\.)(?=[가-힣‘“'\"△▲▶□○ㅇ■])")
# Grave and acute accents that were typed for a single quotation mark.
_ACCENTS = str.maketrans("`´", "''")
_LATIN_OR_FOREIGN = re.compile("[A-Za-z]*[\u0370-\u03ff\u0400-\u04ff][A-Za-z\u0370-\u03ff\u0400-\u04ff]*")


def _latin_lookalikes(match: re.Match[str]) -> str:
    """Return a word in Latin letters if all its letters look Latin; real Greek and Russian words stay."""
    folded = match.group().translate(_LOOKALIKES)
    return folded if len(folded) > 1 and folded.isascii() else match.group()


def _join_syllables(match: re.Match[str]) -> str:
    spaced, text = match.group(), match.string
    starts_field = match.start() == 0 or _FIELD_START.search(text[max(0, match.start() - 3) : match.start()])
    if _FIELD_END.match(text, match.end()) and (starts_field or spaced.endswith("공 고")):
        return spaced.replace(" ", "")
    return spaced


def normalize_text(text: str) -> str:
    """Return the text in its normal form.

    NFC, ordinary line ends and spaces, half-width letters and digits of one script, spaced-out syllables joined,
    sentences apart, no invisible characters, at most one empty line in a row.
    """
    text = _ZERO_WIDTH.sub("", text)
    text = text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
    if _ANY_WIDE.search(text):
        text = text.translate(_WIDE)
    if _ANY_FOREIGN.search(text):
        text = _LATIN_OR_FOREIGN.sub(_latin_lookalikes, text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _INVISIBLE.sub(" ", _BULLET.sub("\\1□", text))
    text = _SPACES.sub(" ", _SENTENCES_TOGETHER.sub(" ", text.translate(_ACCENTS)))
    text = _AROUND_BREAKS.sub("\n", text)
    text = _SPACED_SYLLABLES.sub(_join_syllables, text)
    return _EMPTY_LINES.sub("\n\n", text).strip()
