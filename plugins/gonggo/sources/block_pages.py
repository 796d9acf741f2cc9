"""Pages that come with status 200 and are not the page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model

# Before a phrase of a line about the posts beside this one, or about what hangs on it, stands which one is meant.
_ABOUT_NEIGHBOUR = re.compile(r"이전|다음|윗|아랫|위글|아래글|앞글|뒷글|prev|next|댓|답글|관련|첨부|연관", re.I)
_NEIGHBOUR_REACH = 16
_TAGS = re.compile(r"<[^<>]{0,4000}>")
_PASSWORD = re.compile(r"<input\b[^<>]{0,500}\btype\s{0,9}=\s{0,9}[\"']?password", re.I)
_HEADING = re.compile(r"<(?:title|h[1-3])\b[^<>]{0,500}>([^<]{0,300})", re.I)
_WORD, _FEWEST_WORDS = re.compile(r"[^\W_]{2,40}"), 2
# A page that refuses says little beside its phrase.
_MOST_OTHER_LETTERS = 60


class _BlockPages(BaseModel):
    model_config = ConfigDict(extra="forbid")
    max_characters: int
    phrases: list[str]
    gone: list[str]
    login: list[str]
    conditional: list[str]
    applying: list[str]


@cache
def _block_pages() -> _BlockPages:
    return load_model(Path(__file__).with_name("block_pages.yaml"), _BlockPages)


def blocked_phrase(text: str) -> str | None:
    """Return the phrase that gives a short page away as a challenge or refusal; None where it says nothing of the kind.

    A title or a text may say so too: what can be read as the page that was asked for is that page.
    """
    return _first_phrase(text, _block_pages().phrases)


def login_phrase(text: str) -> str | None:
    """Return the phrase by which a short page asks to log in; None for any other page."""
    return _first_phrase(text, _block_pages().login)


def asks_to_log_in(text: str) -> bool:
    """Return whether a page is a form to log in by its headings; many others have a corner for that."""
    headings = " ".join(_HEADING.findall(text)).casefold() if _PASSWORD.search(text) else ""
    return "로그인" in headings or "login" in headings


def is_conditional(text: str, phrase: str) -> bool:
    """Return whether an announcement says what holds when something is so, not that it is so now."""
    compact, compact_phrase = _without_spaces(text), _without_spaces(phrase)
    continuations = compact.split(compact_phrase)[1:]
    all_conditional = all(part.startswith(tuple(_block_pages().conditional)) for part in continuations)
    return all_conditional and any(word in compact.replace(compact_phrase, "") for word in _block_pages().applying)


def gone_phrase(text: str) -> str | None:
    """Return the phrase by which a short page says that its announcement was taken down; None for any other page.

    What it says of the posts before and after, or of comments, is nothing about the announcement.
    """
    if len(text) > _block_pages().max_characters:
        return None
    compact_markup, compact_text = _without_spaces(text), _without_spaces(_TAGS.sub("", text))
    for phrase in _block_pages().gone:
        compact_phrase = _without_spaces(phrase)
        if max(compact_markup.count(compact_phrase), compact_text.count(compact_phrase)) > _count_about_neighbours(
            compact_text, compact_phrase
        ):
            return phrase
    return None


def says_little_but(text: str, phrase: str, most_others: int = _MOST_OTHER_LETTERS) -> bool:
    """Return whether a text holds a phrase and little beside it."""
    compact, compact_phrase = _without_spaces(text), _without_spaces(phrase)
    return compact_phrase in compact and len(compact) - len(compact_phrase) < most_others


def is_about(title: str, text: str, phrase: str) -> bool:
    """Return whether a text speaks of what a title names: of its words beside a phrase most, and two at least."""
    compact, phrase = _without_spaces(text), _without_spaces(phrase)
    title_words = {word for word in _WORD.findall(title.casefold()) if word not in phrase}
    words_present = sum(word in compact for word in title_words)
    return words_present >= _FEWEST_WORDS and words_present * 2 > len(title_words)


def _count_about_neighbours(text: str, phrase: str) -> int:
    """Return how often a phrase is said of what stands beside the announcement."""
    count, position = 0, text.find(phrase)
    while position >= 0:
        count += _ABOUT_NEIGHBOUR.search(text, max(0, position - _NEIGHBOUR_REACH), position) is not None
        position = text.find(phrase, position + 1)
    return count


def _first_phrase(text: str, phrases: list[str]) -> str | None:
    if len(text) > _block_pages().max_characters:
        return None
    compact = _without_spaces(text)
    return next((phrase for phrase in phrases if _without_spaces(phrase) in compact), None)


def _without_spaces(text: str) -> str:
    return "".join(text.split()).casefold()
