"""Titles without what boards hang on them: badges, counters, days that are left, the status of today.

They change by themselves, and a title that changes is a new version.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from functools import cache, partial
from itertools import takewhile
from pathlib import Path
from typing import TypeVar

from bs4 import Tag
from bs4.element import NavigableString
from lxml.etree import _Element as Element
from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.sources import soup
from gonggo.sources.dom import pieces_of, words

Node = TypeVar("Node")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_DAYS = r"(?:마감\s{0,2})?D\s{0,2}[-+\u2010-\u2015\u2212]\s{0,2}(?:\d{1,4}|day)"
_COUNT = (
    r"(?:조회수?|댓글수?|답글수?|추천수?|의견|hit|views?)(?:\s{0,2}수)?\s{0,2}[:：]?\s{0,2}"
    r"[(\[]?\s{0,2}\d[\d,]{0,8}\s{0,2}[)\]]?\s{0,2}(?:개|건|회)?"
)
# The whole of an element, or of what stands in brackets.
_COUNTER = re.compile(rf"{_DAYS}|{_COUNT}", re.I)
# The whole of an element behind a title; before or within it, a number is part of it.
_NUMBER = re.compile(r"[(\[+]?\s{0,2}\d{1,3}\s{0,2}[)\]]?(?:\s{0,2}[개건])?")
_HEAD = re.compile(r"[\[(【〔<〈「]([^\[\]()【】〔〕<>〈〉「」]{1,20})[\])】〕>〉」]\s{0,9}(?=\S)")
_TAIL = re.compile(r"(?<=\S)\s{0,9}[\[(【〔<〈「]([^\[\]()【】〔〕<>〈〉「」]{1,20})[\])】〕>〉」]\Z")
_HEAD_BARE = re.compile(rf"{_DAYS}\s{{1,9}}(?=\S)|(?:NEW|HOT|새글|새 글|인기글)!?\s{{1,9}}(?=[\d가-힣\[(【「『])", re.I)
_TAIL_BARE = re.compile(rf"(?<=\S)(?:\s{{1,9}}(?:{_DAYS}|{_COUNT})|\s{{0,9}}\[\d{{1,3}}\])\Z", re.I)
_LETTER_LAST = re.compile(r"(?<=\S)\s{1,9}N\Z")
_KOREAN = re.compile("[가-힣]")
_ICONS = "\U0001f195\U0001f525\U0001f4ce\U0001f512\U0001f4f7\U0001f517\U0001f4c4\u2b50"
# What stands where a title is cut off, and how long a piece must be to be the title once more.
_CUT = re.compile(r"(?:\.{2,}|…)\Z")
_SAID_AGAIN = 6
# So much of a title's end is looked at.
_LONGEST_TAIL = 40


class _Badges(BaseModel):
    model_config = ConfigDict(extra="forbid")
    marks: list[str]
    tails: list[str]
    bracketed: list[str]
    statuses: list[str]
    heads: list[str]
    decisions: list[str]


@cache
def _known() -> dict[str, frozenset[str]]:
    told = load_model(Path(__file__).with_name("badges.yaml"), _Badges)
    return {name: frozenset(map(_squeezed, words)) for name, words in told.model_dump().items()}


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def heading(node: Element) -> tuple[str, str]:
    """Return the title in an element of a page and the status that hangs on it, "" for none."""
    said = {child: text for child in node.iterdescendants() if isinstance(child.tag, str) and (text := words(child))}
    return _heading(said, partial(pieces_of, node))


def row_heading(node: Tag) -> tuple[str, str]:
    """Return the title in an element of a list and the status that hangs on it, "" for none."""
    # Tags are equal where their markup is; each is meant by itself.
    said = {id(child): text for child in node.find_all(True) if (text := soup.words(child))}

    def pieces(marked: Container[int]) -> list[tuple[str, bool]]:
        strings = ((text, text.strip()) for text in node.strings)
        return [(piece, _stands_in(text, node, marked)) for text, piece in strings if piece]

    return _heading(said, pieces)


def _stands_in(text: NavigableString, node: Tag, marked: Container[int]) -> bool:
    """Return whether a text stands in a marked one of the elements below ``node``."""
    above = takewhile(lambda parent: parent is not node, text.parents)
    return any(id(parent) in marked for parent in above)


def _heading(said: dict[Node, str], pieces_in: Callable[[Container[Node]], list[tuple[str, bool]]]) -> tuple[str, str]:
    """Return the title and its status out of the elements in it and what they say.

    Elements that say nothing but a badge are no part of it; a title that is all badge stays.
    """
    badges = {child: text for child, text in said.items() if _is_badge(text)}
    behind = badges.keys() | {child for child, text in said.items() if _NUMBER.fullmatch(text)}
    before, after = (len(list(_edge(pieces))) for pieces in (pieces_in(badges), pieces_in(behind)[::-1]))
    pieces = [piece for piece, _ in pieces_in(())]
    status = next((text for text in badges.values() if _squeezed(text) in _known()["statuses"]), "")
    rest = " ".join(_once(pieces[before : len(pieces) - after])) or " ".join(_once(pieces))
    title, told = titled(rest)
    return title, status or told


def _once(pieces: list[str]) -> list[str]:
    """Return the pieces of a title without those that say it again, whole or cut off, as for a narrow screen.

    What stands between the two, a badge of the second, goes with it.
    """
    kept, said = list[str](), list[str]()
    for piece in pieces:
        squeezed = _squeezed(piece)
        cut = _CUT.sub("", squeezed)
        first = next((at for at, whole in enumerate(said) if len(cut) >= _SAID_AGAIN and _says(whole, cut)), None)
        if first is None:
            kept.append(piece)
            said.append(squeezed)
        else:
            del kept[first + 1 :], said[first + 1 :]
    return kept


def _says(whole: str, cut: str) -> bool:
    return whole.startswith(cut) and (whole == cut or len(whole) < 2 * len(cut))


def _edge(pieces: Iterable[tuple[str, bool]]) -> Iterable[tuple[str, bool]]:
    """Return the pieces before the first that is part of the title."""
    return takewhile(lambda piece: piece[1], pieces)


def titled(text: str) -> tuple[str, str]:
    """Return a title without what hangs on it as text, and the status among that, "" for none."""
    text = " ".join(_INVISIBLE.sub("", text).split())
    status, before = "", ""
    while text != before:
        before = text
        text = text.strip(_ICONS + " ")
        text, told = _without_brackets(text)
        status = status or told
        text, told = _without_bare(text)
        status = status or told
    return text, status


def status_fields(value: str) -> dict[str, str]:
    """Return a status as fields; one that tells a decision is kept once more, as what a version is made of."""
    if any(word in _squeezed(value) for word in _known()["decisions"]):
        return {"status": value, "decision": value}
    return {"status": value}


def _is_badge(text: str) -> bool:
    squeezed, known = _squeezed(text.strip(_ICONS + " []()")), _known()
    if not squeezed or squeezed in known["marks"] or squeezed in known["statuses"]:
        return True
    return _COUNTER.fullmatch(text.strip(" []()")) is not None


def _without_brackets(text: str) -> tuple[str, str]:
    """Return the text without one badge in brackets at its head or end, and the status that it was."""
    for found in (_HEAD.match(text), _TAIL.search(text, max(0, len(text) - _LONGEST_TAIL))):
        if not found:
            continue
        said, known = _squeezed(found[1]), _known()
        if said in known["statuses"] or said in known["bracketed"] or _COUNTER.fullmatch(found[1].strip()):
            rest = text[found.end() :] if found.start() == 0 else text[: found.start()]
            return rest, " ".join(found[1].split()) if said in known["statuses"] else ""
    return text, ""


def _without_bare(text: str) -> tuple[str, str]:
    """Return the text without one badge that stands at its head or end as a word, and the status that it was."""
    if found := _HEAD_BARE.match(text):
        return text[found.end() :], ""
    start = max(0, len(text) - _LONGEST_TAIL)
    found = _TAIL_BARE.search(text, start) or (_LETTER_LAST.search(text, start) if _KOREAN.search(text) else None)
    if found:
        return text[: found.start()], ""
    parts = text.split(" ")
    for count in (2, 1):
        if len(parts) <= count:
            continue
        if _squeezed("".join(parts[-count:])) in _known()["tails"]:
            return " ".join(parts[:-count]), ""
        head = " ".join(parts[:count])
        if _squeezed(head) in _known()["heads"]:
            return " ".join(parts[count:]), head
    return text, ""
