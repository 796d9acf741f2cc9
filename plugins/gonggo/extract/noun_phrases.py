"""Noun phrases of Korean prose: eojeol that belong together, without the particle of the last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from gonggo.extract.lexicons import patterns
from gonggo.extract.words import final_consonant

_LINE = re.compile(r"[^\n]+")
# Words in brackets right after a word belong to it: 제조AI(제조 특화 모델).
_EOJEOL = re.compile(r"[^\s┃│|()]+\([^()\n┃│|]{1,24}\)[^\s┃│|]*|[^\s┃│|]+")
# A name in corner brackets begins and ends an eojeol, though no space stands beside it: 정부는「A 사업」신규 과제.
_CORNER = re.compile(
    r"(?<=[^\s(])(?=[「『｢])|(?<=[」』｣])(?=[가-힣A-Za-z\d]{2})"
    r"(?!(?:에서|에는|에도|으로|부터|까지|이라는|라는|이란|이다|과|와|은|는)(?![가-힣]))"
)
_CORNERS = frozenset("「『｢」』｣")
_OPENING = re.compile(r"[^0-9A-Za-z가-힣㈜]+")
_MARKS = r"[,.…’‘”“'\"」』｣>》〉\]】:：;!?·ㆍ~∼)）*＊†=]"
_CLOSING = re.compile(rf"(?<!{_MARKS}){_MARKS}++$")
_PARTICLE = re.compile(
    r"(?:에서는|에서도|에서|에게|에는|에도|으로는|으로|로는|에|은|는|이|가|을|를|의|과|와|도|(?<!항)만|부터|까지|보다|처럼|마다|이라는|라는"
    r"|이란|이나|이다|였다|이었다|입니다|이며|이고|로)$"
)
# A parenthesis that is no part of the name before it: a sum, a year, a short form; or one that is never closed.
_ASIDE = re.compile(r"\((?:[^()]*(?:\d|억|이하|가칭)[^()]*\)?|[^()]*$)")
# What stands behind a quotation mark or an asterisk, which end the name: ‘A 서비스’(가람시)는, A*(나래)이다, 'B'사업을.
_BEHIND_NAME = re.compile(
    r"(?<=[가-힣A-Za-z\d)])(?:[’”'\"」』｣*]+\([^()\n]*\)|[’”'\"]\s?(?:지원사업|사업|프로젝트|과제|프로그램|공모|협약))"
)
# What ends an eojeol behind a name that stands before it in quotation marks (‘나래 지킴이’).
_QUOTE_ENDS = frozenset("’”'\"」』｣")
_ENDS_NAME = _QUOTE_ENDS | {"*"}
# A verb, whose 는 is no particle: 보급하는, 쓰이는.
_VERB = re.compile(r"(?<![지이산])(?:하|되|시키|보이|쓰이|나서)$")
# A noun of one syllable needs a particle that is no end of a word by itself: 시는, 도가, 문을; but 마을 is a word.
_ONE_SYLLABLE = re.compile(
    r"(?!(?:마|가|노|고)을)(?:[시도군구문돈말손집값]|[가-힣](?=[을를]|에서))(?:는|은|을|를|가|에서는|에서도|에서|에는|의|에)"
)
# Marks that stand by themselves and join words: A & B.
_JOINING = re.compile(r"[·ㆍ&+]+")
_LONGEST, _SHORTEST = 10, 2
_AND = "및"
_RIEUL = 8


class NounPhrase(NamedTuple):
    """A stretch of one to ten eojeol of one line; two phrases with 및 between them are one more.

    ``particle`` follows it directly; ``is_whole`` says that the eojeol before it ends another phrase, ``is_last`` that
    the one after it begins another.
    """

    start: int
    end: int
    text: str
    particle: str
    words: int
    is_whole: bool
    is_last: bool


class _Eojeol(NamedTuple):
    start: int
    end: int
    core_end: int
    particle: str
    is_opened: bool
    is_closed: bool

    @property
    def goes_on(self) -> bool:
        return not self.particle and not self.is_closed


def scan(text: str) -> Iterator[NounPhrase]:
    """Yield every phrase of each line, a longer one before those that it contains."""
    for line in _LINE.finditer(text):
        before: list[_Eojeol] = []
        for run in _runs(text, line.start(), line.end()):
            if len(run) == 1 and text[run[0].start : run[0].core_end] == _AND:
                before.append(run[0])
                continue
            yield from _phrases(text, run)
            if len(before) > 1 and text[before[-1].start : before[-1].end] == _AND:
                yield from _phrases(text, [*before, *run], joint=len(before) - 1)
            before = run if run and run[-1].goes_on else []


def _runs(text: str, start: int, end: int) -> Iterator[list[_Eojeol]]:
    """Yield the eojeol of each phrase of a line, and each 및 by itself."""
    run: list[_Eojeol] = []
    for eojeol in _eojeol_of(text, start, end):
        if eojeol.start == eojeol.core_end:
            yield run
            run = []
            continue
        if run and (eojeol.is_opened or not run[-1].goes_on):
            yield run
            run = []
        word = text[eojeol.start : eojeol.core_end]
        if _cannot_be_in_name(word):
            yield run
            run = []
            if word == _AND:
                yield [eojeol]
            continue
        run.append(eojeol)
    yield run


def _phrases(text: str, run: list[_Eojeol], *, joint: int | None = None) -> Iterator[NounPhrase]:
    """Yield the parts of a run that can be a name; with ``joint``, only those that have words on both sides of it."""
    never_first, never_last = patterns("programmes")["never_first"], patterns("programmes")["never_last"]
    for first in range(len(run) if joint is None else joint):
        if never_first.search(text[run[first].start : run[first].core_end]):
            continue
        shortest = first if joint is None else joint + 1
        for last in range(min(len(run), first + _LONGEST) - 1, shortest - 1, -1):
            start, end = run[first].start, run[last].core_end
            if end - start >= _SHORTEST and not never_last.search(text[start:end]):
                yield NounPhrase(
                    start,
                    end,
                    text[start:end],
                    run[last].particle,
                    last - first + 1,
                    first == 0,
                    last == len(run) - 1,
                )


def _eojeol_of(text: str, start: int, end: int) -> Iterator[_Eojeol]:
    """Yield the eojeol of a line, and an empty one for each mark by itself that parts phrases (→, ▲, -)."""
    for first, last in _pieces(text, start, end):
        opening = _OPENING.match(text, first, last)
        begin = opening.end() if opening else first
        if begin < last:
            core, particle, is_closed = _core(text[begin:last])
            yield _Eojeol(begin, last, begin + len(core), particle, bool(opening), is_closed)
        elif not _JOINING.fullmatch(text, first, last):
            yield _Eojeol(first, first, first, "", is_opened=True, is_closed=True)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the positions of the eojeol of a line, parted at corner brackets."""
    has_corners = not _CORNERS.isdisjoint(text[start:end])
    for match in _EOJEOL.finditer(text, start, end):
        first = match.start()
        if has_corners:
            for cut in _CORNER.finditer(text, match.start() + 1, match.end()):
                yield first, cut.start()
                first = cut.start()
        yield first, match.end()


def _core(raw: str) -> tuple[str, str, bool]:
    """Split an eojeol into noun and particle; the flag is True if a mark ends it."""
    if not _ENDS_NAME.isdisjoint(raw) and (behind := _BEHIND_NAME.search(raw)):
        particle = _PARTICLE.fullmatch(_without_marks(raw[behind.end() :]))
        return raw[: behind.start()], particle[0] if particle else "", True
    aside = _ASIDE.search(raw)
    core = _without_marks(raw[: aside.start()] if aside and aside.start() else raw)
    is_closed = len(core) < len(raw)
    if raw.rstrip(",.")[-1:] in _QUOTE_ENDS:
        return core, "", True
    if core.endswith("다") and raw.endswith("다.") and _is_head(core[:-1]):
        return core[:-1], "이다", is_closed
    match = _PARTICLE.search(core)
    if _ONE_SYLLABLE.fullmatch(core):
        return core[:1], core[1:], is_closed
    is_particle = match and match.start() >= _SHORTEST and _fits(core[match.start() - 1], match.group())
    if not match or not is_particle or patterns("programmes")["keep"].search(core):
        return core, "", is_closed
    noun = _without_marks(core[: match.start()])
    if match.group() == "는" and _VERB.search(noun):
        return core, "", is_closed
    return noun, match.group(), is_closed or len(noun) < match.start()


def _is_head(noun: str) -> bool:
    """Return whether a noun ends like the name of a programme and in a vowel, so that 다 means 이다: 실증 허브다."""
    return bool(noun) and not final_consonant(noun[-1]) and bool(_heads().search(noun))


@cache
def _heads() -> re.Pattern[str]:
    return re.compile(rf"(?:{patterns('programmes')['heads'].pattern})$")


def _fits(syllable: str, particle: str) -> bool:
    """Return whether a particle fits the syllable before it: 은 and 이 after a final consonant, otherwise 는 and 가."""
    if not "가" <= syllable <= "힣":
        return True
    final = final_consonant(syllable)
    if particle in ("은", "이", "을", "과") or particle.startswith("으로"):
        return bool(final)
    if particle in ("는", "가", "를", "와", "라는"):
        return not final
    return particle not in ("로", "로는") or final in (0, _RIEUL)


def _without_marks(raw: str) -> str:
    """Cut marks at the end, except a bracket that closes one within."""
    while match := _CLOSING.search(raw):
        cut = raw[: match.start()]
        if match.group() in (")", "）") and cut.count("(") > cut.count(")"):
            return raw
        if match.group().startswith(")") and cut.count("(") > cut.count(")"):
            return cut + ")"
        raw = cut
    return raw


@lru_cache(maxsize=4096)
def _cannot_be_in_name(word: str) -> bool:
    words = patterns("programmes")
    # 는 after a final consonant is no particle but the end of a verb: 쏟아붓는, 깎는.
    if len(word) > 1 and word[-1] == "는" and not _fits(word[-2], "는"):
        return True
    return not word or (bool(words["outside"].search(word)) and not words["keep"].search(word))
