"""Numbers as Korean writes them: ``5천5백만``, ``오천만``, ``1억 5천``, ``2,000백만`` and mixtures of these."""

from __future__ import annotations

import re
from typing import NamedTuple

_DIGITS = {letter: value for value, letter in enumerate("일이삼사오육칠팔구", 1)}
_SMALL = {"천": 1000, "백": 100, "십": 10}
BIG = {"조": 10**12, "억": 10**8, "만": 10**4}
# What a rest without a unit of its own is counted in: 1억 5천 is said for 1억 5천만.
_BELOW = {"조": 10**8, "억": 10**4, "만": 1}
_GAP = r"[^\S\n]{0,2}"
_TOKEN = re.compile(
    rf"{_GAP}(?:(?P<number>\d[\d,.]{{0,23}})"
    r"|(?P<digit>[일이삼사오육칠팔구])(?=[십백천만억조])"
    rf"|(?P<small>[천백십])(?P<bare>(?={_GAP}(?:[만억\d원]|[십백]{_GAP}[만원]|[일이삼사오육칠팔구][십백천만])))?"
    r"|(?P<big>만|억(?!제|지|류|누|눌|양|울|새|척|압)"
    rf"|조(?={_GAP}(?:\d|원|[일이삼사오육칠팔구][십백천])|[^가-힣]|$|[를의가은는이와도대여]|규모|투자|투입|단위)))"
)
# 여 says "a little more than": 20여억 원, 5천여만 원.
_ABOUT = re.compile(rf"여(?={_GAP}[천백만억조원])")
# 원 as the unit, not as the beginning of 원격, 원천기술, 원자재 and the like.
_WON = re.compile(r"\s?원(?!격|천|자|료|리|예|산지|주민|문|칙|본|활|어민|심력|래|형|룸|스톱|동력|도심|서비스|서류)")
_PLAIN = re.compile(r"(?:\d{1,16}|\d{1,3}(?:,\d{3}){1,5})(?:\.\d{1,4})?")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3}){1,5}")
_THOUSANDS_UNIT = re.compile(rf"{_GAP}(?:만|천(?!만|억)|원)")
_LARGE_UNIT = re.compile(rf"{_GAP}(?:억|조|백만|천만|천억|백억)")
_UNIT_NEXT = re.compile(rf"여?{_GAP}[천백십만억]")
# A rest of four digits that ends the phrase: 1억 2,500 / 1억 2500 이내.
_REST = re.compile(r"\s{0,2}[1-9],?\d{3}")
_CLOSES = re.compile(rf"(?={_GAP}(?:$|[\n)\]|]|이내|한도|이하))")
_UNIT_ALONE = re.compile(r"(?:십억|천만|백만|천)\s?원")
_MOST_TOKENS = 24


class Number(NamedTuple):
    """A number and its position in a text.

    ``unit`` is its largest unit (조, 억, 만; empty for none), ``scale`` the unit of its first figure (2천억: 천억),
    ``is_won`` whether 원 follows, ``is_spelt`` whether it begins with a word, ``is_bare`` whether it can also be a unit
    of a table (천만 원).
    """

    start: int
    end: int
    value: int
    unit: str = ""
    scale: int = 1
    is_won: bool = False
    is_spelt: bool = False
    is_bare: bool = False


class _Reader:
    """Reads one number from its first figure on: groups below 만, with ever smaller units (조, 억, 만)."""

    def __init__(self, text: str, start: int) -> None:
        self.text, self.start, self.end = text, start, start
        self.total = self.chunk = 0.0
        self.figure: float | None = None
        self.above, self.last_big = 10**5, 10**16
        self.units: list[str] = []
        self.scale = 0
        self.in_chunk = self.failed = False

    def read(self) -> Number | None:
        first = ""
        for _ in range(_MOST_TOKENS):
            token = _TOKEN.match(self.text, self.end)
            kind = token.lastgroup if token else None
            kind = "small" if kind == "bare" else kind
            if not token or not kind or not self._take(token, kind):
                break
            first = first or kind
        if self.failed or not first or first == "big":
            return None
        return self._closed(first)

    def _take(self, token: re.Match[str], kind: str) -> bool:
        """Return whether a token continues the number; one that does not is not consumed."""
        if kind in ("number", "digit"):
            return self._figure(token, kind)
        unit = token[kind]
        if kind == "small":
            return self._small(token, unit)
        if not self.in_chunk or BIG[unit] >= self.last_big:
            return False
        self._flush()
        if not self.units:
            self.scale = (self.scale or 1) * BIG[unit]
        self.total += self.chunk * BIG[unit]
        self.last_big, self.chunk, self.above, self.in_chunk = BIG[unit], 0.0, 10**5, False
        self.units.append(unit)
        self._to(token.end())
        return True

    def _figure(self, token: re.Match[str], kind: str) -> bool:
        if self.figure is not None:
            return False
        if kind == "digit":
            value, end = float(_DIGITS[token["digit"]]), token.end()
        else:
            digits = token["number"].rstrip(",.")
            end = token.start("number") + len(digits)
            read = _value(digits, self.text, end)
            if read is None:
                # Digits that no one writes so, as 50,00만: nothing is read out of a part of them.
                self.failed = not self.units and not self.in_chunk
                return False
            value = read
        if self.units and not self._belongs(end, kind):
            return False
        self.figure, self.in_chunk = value, True
        self._to(end)
        return True

    def _belongs(self, end: int, kind: str) -> bool:
        """Return whether a figure after a unit continues the number: it has a unit of its own, or ends the phrase."""
        if kind == "digit" or _UNIT_NEXT.match(self.text, end) or _WON.match(self.text, end):
            return True
        rest = _REST.fullmatch(self.text, self.end, end)
        return self.units[-1] == "억" and bool(rest) and bool(_CLOSES.match(self.text, end))

    def _small(self, token: re.Match[str], unit: str) -> bool:
        size = _SMALL[unit]
        if size >= self.above or (self.figure is None and token["bare"] is None):
            return False
        if not self.units and not self.scale:
            self.scale = size
        self.chunk += (1.0 if self.figure is None else self.figure) * size
        self.figure, self.above, self.in_chunk = None, size, True
        self._to(token.end())
        return True

    def _flush(self) -> None:
        if self.figure is not None:
            self.chunk += self.figure
            self.figure = None

    def _to(self, end: int) -> None:
        about = _ABOUT.match(self.text, end)
        self.end = about.end() if about else end

    def _closed(self, first: str) -> Number | None:
        won = _WON.match(self.text, self.end)
        rest_has_unit = self.figure is None and self.chunk > 0
        self._flush()
        if self.units and self.chunk and not won:
            self.total += self.chunk * _BELOW[self.units[-1]]
        elif self.units and self.chunk and won and rest_has_unit and self.units[-1] != "만":
            return None  # 1억 5천원 may be said for 150,000,000 or, to the letter, for 100,005,000.
        else:
            self.total += self.chunk
        end = won.end() if won else self.end
        unit = self.units[0] if self.units else ""
        scale, spelt, bare = self.scale or 1, first != "number", bool(_UNIT_ALONE.match(self.text, self.start))
        return Number(self.start, end, round(self.total), unit, scale, bool(won), spelt, bare)


def read(text: str, start: int) -> Number | None:
    """Return the number that begins at ``start``; None if there is none, or if it is ambiguous."""
    return _Reader(text, start).read()


def figure(text: str) -> float | None:
    """Return the value of digits on their own, as in a table cell; None for a notation that is not used."""
    bare = text.rstrip(",.")
    return float(bare.replace(",", "")) if _PLAIN.fullmatch(bare) else None


def _value(digits: str, text: str, end: int) -> float | None:
    """Return the value of digits; dots separate thousands if a fraction makes no sense (5.000만원)."""
    if _DOTTED.fullmatch(digits) and (digits.count(".") > 1 or _THOUSANDS_UNIT.match(text, end)):
        return float(digits.replace(".", ""))
    if _DOTTED.fullmatch(digits) and digits.endswith("0") and _LARGE_UNIT.match(text, end):
        return None  # 5.000억: five, or five thousand
    return figure(digits)
