"""Titles without the badges that boards add to them: "new", counters, days left, status.

Badges change by themselves, and a changed title would make a new version of the announcement.
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
from gonggo.sources.dom import marked_texts, text_of

Node = TypeVar("Node")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_DAYS = r"(?:마감\s{0,2})?D\s{0,2}[-+\u2010-\u2015\u2212]\s{0,2}(?:\d{1,4}|day)"
_COUNT = (
    r"(?:조회수?|댓글수?|답글수?|추천수?|의견|hit|views?)(?:\s{0,2}수)?\s{0,2}[:：]?\s{0,2}"
    r"[(\[]?\s{0,2}\d[\d,]{0,8}\s{0,2}[)\]]?\s{0,2}(?:개|건|회)?"
)
# Matches the whole text of an element, or of brackets.
_COUNTER = re.compile(rf"{_DAYS}|{_COUNT}", re.I)
# Links around whole cards hold the day too, in an element of its own.
_DATE = re.compile(r"(?:20)?\d\d\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,2}\.?(?:\s{1,3}\d{1,2}:\d\d(?::\d\d)?)?")
# Matches the whole text of an element after a title. A number before or within a title is part of it.
_NUMBER = re.compile(r"[(\[+]?\s{0,2}\d{1,3}\s{0,2}[)\]]?(?:\s{0,2}[개건])?")
_LEADING_BRACKET = re.compile(r"[\[(【〔<〈「]([^\[\]()【】〔〕<>〈〉「」]{1,20})[\])】〕>〉」]\s{0,9}(?=\S)")
_TRAILING_BRACKET = re.compile(r"(?<=\S)\s{0,9}[\[(【〔<〈「]([^\[\]()【】〔〕<>〈〉「」]{1,20})[\])】〕>〉」]\Z")
_HEAD_BARE = re.compile(rf"{_DAYS}\s{{1,9}}(?=\S)|(?:NEW|HOT|새글|새 글|인기글)!?\s{{1,9}}(?=[\d가-힣\[(【「『])", re.I)
_TAIL_BARE = re.compile(rf"(?<=\S)(?:\s{{1,9}}(?:{_DAYS}|{_COUNT})|\s{{0,9}}\[\d{{1,3}}\])\Z", re.I)
_LETTER_LAST = re.compile(r"(?<=\S)\s{1,9}N\Z")
_KOREAN = re.compile("[가-힣]")
_ICONS = "\U0001f195\U0001f525\U0001f4ce\U0001f512\U0001f4f7\U0001f517\U0001f4c4\u2b50"
# The mark of a shortened title, and the fewest letters of a text that repeats the title.
_ELLIPSIS = re.compile(r"(?:\.{2,}|…)\Z")
_SHORTEST_REPEAT = 6
# What marks a title in a link around more than a title.
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TITLE_CLASS = re.compile(
    r"(?:^|\s)(?!\S{0,40}sub[_-]?ti)(?:[a-z][a-z\d]{0,20}[_-]{1,2}){0,3}(?:tit|title|subject|subj|sbj|ttl)(?:\d{1,2}|[_-]te?xt)?(?:$|\s)",
    re.I,
)
_SHORTEST_TITLE = 6
_FEWEST_LETTERS_OF_CUT = 8
_LABEL_CLASS = re.compile(
    r"(?:(?:^|[\s_-])(?:[Ii]con?|[Bb]adge|[Ff]lag|[Cc]ate(?:gory)?|[Tt]ag)|(?<=[a-z])(?:Icon?|Badge|Flag|Cate(?:gory)?|Tag))"
    r"(?:\d{1,2}|(?=[_A-Z-])|$|\s)"
)
_LONGEST_CATEGORY = 20
_FOR_PHONES = re.compile(r"(?:^|\s)(?:mobile(?:[_-](?!hid|none|no\b)\w{1,12})?|mo[_-]con|visible-xs)(?:$|\s)", re.I)
# Badges are looked for in so many letters at the end of a title.
_LONGEST_TAIL = 40


class _Badges(BaseModel):
    model_config = ConfigDict(extra="forbid")
    marks: list[str]
    tails: list[str]
    bracketed: list[str]
    statuses: list[str]
    heads: list[str]
    decisions: list[str]
    link_tails: list[str]


@cache
def _badge_words() -> dict[str, frozenset[str]]:
    badges = load_model(Path(__file__).with_name("badges.yaml"), _Badges)
    return {name: frozenset(map(_normalized, words)) for name, words in badges.model_dump().items()}


@cache
def _link_tail() -> re.Pattern[str]:
    """Return a pattern of what links say of themselves behind the title of what they lead to."""
    tails = load_model(Path(__file__).with_name("badges.yaml"), _Badges).link_tails
    words = "|".join(re.escape(word).replace("\\ ", r"\s?") for word in sorted(tails, key=len, reverse=True))
    return re.compile(rf"[\s(\[-]{{0,3}}(?:에\s?[대관]한\s)?(?:{words})[.)\]]{{0,2}}\Z")


def _normalized(text: str) -> str:
    return "".join(text.split()).casefold()


def heading(node: Element) -> tuple[str, str]:
    """Return the title in an element of lxml and the status among its badges, "" if there is none."""
    texts = {child: text for child in node.iterdescendants() if isinstance(child.tag, str) and (text := text_of(child))}
    return _heading(texts, partial(marked_texts, node))


def row_heading(node: Tag) -> tuple[str, str]:
    """Return the title in an element of BeautifulSoup and the status among its badges, "" if there is none.

    A link around a whole card also holds a summary, a writer and a day: if it marks its title, that alone counts.
    """
    marked_title = marked_title_of(node)
    title, status = _row_heading(node)
    if marked_title is not None:
        title, own_status = _row_heading(marked_title)
        status = own_status or status
    return _uncut(title, node), status


def _uncut(title: str, node: Tag) -> str:
    """Return a title that is shown cut off as a link or a picture of the row says it whole, else as it is."""
    cut = _ELLIPSIS.sub("", title).rstrip()
    if cut == title or len(cut) < _FEWEST_LETTERS_OF_CUT:
        return title
    link = node if node.name == "a" else node.find_parent("a") or node.find("a") or node
    for said in (soup.attribute(link, "title"), *(soup.attribute(image, "alt") for image in link.find_all("img"))):
        whole = _link_tail().sub("", " ".join(said.split()))
        if whole.startswith(cut) and not _ELLIPSIS.search(whole):
            return clean_title(whole)[0]
    return title


def marked_title_of(node: Tag) -> Tag | None:
    """Return the first element in a link that its class or tag says to be the title, None if there is none.

    Beside a text of its own, such an element would be only a part of the title.
    """
    for child in node.find_all(True):
        if child.name not in _HEADING_TAGS and not TITLE_CLASS.search(soup.attribute(child, "class")):
            continue
        beside = (text for text in (child.parent or node).children if isinstance(text, NavigableString))
        text = soup.text_of(child)
        if (
            len(text) >= _SHORTEST_TITLE
            and not _is_badge(text)
            and not is_date(text)
            and not any(map(str.strip, beside))
        ):
            return child
    return None


def _row_heading(node: Tag) -> tuple[str, str]:
    # Tags with the same markup are equal, so they are distinguished by identity.
    texts = {id(child): text for child in node.find_all(True) if (text := soup.text_of(child))}
    for child in node.find_all(True, attrs={"class": _LABEL_CLASS}):
        if _is_category(texts.get(id(child), "")):
            texts |= {id(inner): "" for inner in (child, *child.find_all(True))}
    # A copy for phones, with a day and a writer in it, is shown in place of the cells and is no part of the title.
    for child in node.find_all(True, attrs={"class": _FOR_PHONES}):
        texts |= {id(inner): "" for inner in (child, *child.find_all(True))}

    def marked_strings(marked: Container[int]) -> list[tuple[str, bool]]:
        strings = ((text, text.strip()) for text in node.strings)
        return [(stripped, _stands_in(text, node, marked)) for text, stripped in strings if stripped]

    return _heading(texts, marked_strings)


def _stands_in(text: NavigableString, node: Tag, marked: Container[int]) -> bool:
    """Return whether a text is inside one of the ``marked`` descendants of ``node``."""
    ancestors = takewhile(lambda parent: parent is not node, text.parents)
    return any(id(parent) in marked for parent in ancestors)


def _heading(
    texts: dict[Node, str], marked_texts_of: Callable[[Container[Node]], list[tuple[str, bool]]]
) -> tuple[str, str]:
    """Return the title of an element and the status among its badges.

    Descendants that are badges are left out, unless nothing else remains.

    Args:
        texts: The text of each descendant.
        marked_texts_of: Returns the text nodes, each with whether it is inside one of the given descendants.
    """
    badges = {child: text for child, text in texts.items() if _is_badge(text)}
    badges |= {child: text for child, text in texts.items() if is_date(text)}
    trailing = badges.keys() | {child for child, text in texts.items() if _NUMBER.fullmatch(text)}
    leading_count, trailing_count = (
        len(list(_leading_badges(texts_in_order)))
        for texts_in_order in (marked_texts_of(badges), marked_texts_of(trailing)[::-1])
    )
    texts_in_order = [text for text, _ in marked_texts_of(())]
    status = next((text for text in badges.values() if _normalized(text) in _badge_words()["statuses"]), "")
    remaining = " ".join(
        _without_repeats(texts_in_order[leading_count : len(texts_in_order) - trailing_count])
    ) or " ".join(_without_repeats(texts_in_order))
    title, title_status = clean_title(remaining)
    return title, status or title_status


def _without_repeats(texts: list[str]) -> list[str]:
    """Return the texts of a title without repetitions, whole or shortened, as boards have them for narrow screens.

    Texts between the title and its repetition are badges, and left out too.
    """
    unique, unique_normalized = list[str](), list[str]()
    for text in texts:
        normalized = _normalized(text)
        shortened = _ELLIPSIS.sub("", normalized)
        first = next(
            (
                index
                for index, whole in enumerate(unique_normalized)
                if len(shortened) >= _SHORTEST_REPEAT and _repeats(whole, shortened)
            ),
            None,
        )
        if first is None:
            unique.append(text)
            unique_normalized.append(normalized)
        else:
            del unique[first + 1 :], unique_normalized[first + 1 :]
    return unique


def _repeats(whole: str, shortened: str) -> bool:
    return whole.startswith(shortened) and (whole == shortened or len(whole) < 2 * len(shortened))


def _leading_badges(texts: Iterable[tuple[str, bool]]) -> Iterable[tuple[str, bool]]:
    """Return the texts before the first that is part of the title."""
    return takewhile(lambda text: text[1], texts)


def clean_title(text: str) -> tuple[str, str]:
    """Return a title without the badges in its text, and the status among these, "" if there is none."""
    text = " ".join(_INVISIBLE.sub("", text).split())
    status, before = "", ""
    while text != before:
        before = text
        text = text.strip(_ICONS + " ")
        text, bracket_status = _without_brackets(text)
        status = status or bracket_status
        text, bracket_status = _without_bare(text)
        status = status or bracket_status
    return text, status


def status_fields(value: str) -> dict[str, str]:
    """Return a status as fields; one that states a decision, which makes a new version, is a ``decision`` too."""
    if any(word in _normalized(value) for word in _badge_words()["decisions"]):
        return {"status": value, "decision": value}
    return {"status": value}


def is_date(text: str) -> bool:
    """Return whether a text is a date and nothing else."""
    return _DATE.fullmatch(text.strip(" ()[]")) is not None


def _is_badge(text: str) -> bool:
    normalized, badges = _normalized(text.strip(_ICONS + " []()")), _badge_words()
    if not normalized or normalized in badges["marks"] or normalized in badges["statuses"]:
        return True
    return _COUNTER.fullmatch(text.strip(" []()")) is not None


def _is_category(text: str) -> bool:
    """Return whether the text of an element that is named as a label is no part of a title.

    A decision is: 재공고, 연장 make a new version.
    """
    return len(text) <= _LONGEST_CATEGORY and not any(word in _normalized(text) for word in _badge_words()["decisions"])


def _without_brackets(text: str) -> tuple[str, str]:
    """Return a text without one badge in brackets at its start or end, and that badge if it is a status."""
    for match in (_LEADING_BRACKET.match(text), _TRAILING_BRACKET.search(text, max(0, len(text) - _LONGEST_TAIL))):
        if not match:
            continue
        normalized, badges = _normalized(match[1]), _badge_words()
        if (
            normalized in badges["statuses"]
            or normalized in badges["bracketed"]
            or _COUNTER.fullmatch(match[1].strip())
        ):
            rest = text[match.end() :] if match.start() == 0 else text[: match.start()]
            return rest, " ".join(match[1].split()) if normalized in badges["statuses"] else ""
    return text, ""


def _without_bare(text: str) -> tuple[str, str]:
    """Return a text without one badge at its start or end, and that badge if it is a status."""
    if match := _HEAD_BARE.match(text):
        return text[match.end() :], ""
    start = max(0, len(text) - _LONGEST_TAIL)
    match = _TAIL_BARE.search(text, start) or (_LETTER_LAST.search(text, start) if _KOREAN.search(text) else None)
    if match:
        return text[: match.start()], ""
    parts = text.split(" ")
    for count in (2, 1):
        if len(parts) <= count:
            continue
        if _normalized("".join(parts[-count:])) in _badge_words()["tails"]:
            return " ".join(parts[:-count]), ""
        head = " ".join(parts[:count])
        if _normalized(head) in _badge_words()["heads"]:
            return " ".join(parts[count:]), head
    return text, ""
