"""Pages that come with status 200 and are not the page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model

# Before a phrase of a line about the posts beside this one, or about what hangs on it, stands which one is meant.
_BESIDE = re.compile(r"이전|다음|윗|아랫|위글|아래글|앞글|뒷글|prev|next|댓|답글|관련|첨부|연관", re.I)
_BEFORE = 16
_TAGS = re.compile(r"<[^<>]{0,4000}>")
_PASSWORD = re.compile(r"<input\b[^<>]{0,500}\btype\s{0,9}=\s{0,9}[\"']?password", re.I)
_HEADING = re.compile(r"<(?:title|h[1-3])\b[^<>]{0,500}>([^<]{0,300})", re.I)
_WORD, _TWO = re.compile(r"[^\W_]{2,40}"), 2
# A page that refuses says little beside its phrase.
_LITTLE = 60


class _Blocked(BaseModel):
    model_config = ConfigDict(extra="forbid")
    max_characters: int
    phrases: list[str]
    gone: list[str]
    login: list[str]
    conditional: list[str]
    applying: list[str]


@cache
def _known() -> _Blocked:
    return load_model(Path(__file__).with_name("block_pages.yaml"), _Blocked)


def blocked_phrase(text: str) -> str | None:
    """Return the phrase that gives a short page away as a challenge or refusal; None where it says nothing of the kind.

    A title or a text may say so too: what can be read as the page that was asked for is that page.
    """
    return _said(text, _known().phrases)


def login_phrase(text: str) -> str | None:
    """Return the phrase by which a short page asks to log in; None for any other page."""
    return _said(text, _known().login)


def asks_to_log_in(text: str) -> bool:
    """Return whether a page is a form to log in by its headings; many others have a corner for that."""
    headings = " ".join(_HEADING.findall(text)).casefold() if _PASSWORD.search(text) else ""
    return "로그인" in headings or "login" in headings


def speaks_of_when(text: str, phrase: str) -> bool:
    """Return whether an announcement says what holds when something is so, not that it is so now."""
    squeezed, sought = _squeezed(text), _squeezed(phrase)
    behind = squeezed.split(sought)[1:]
    said_when = all(part.startswith(tuple(_known().conditional)) for part in behind)
    return said_when and any(word in squeezed.replace(sought, "") for word in _known().applying)


def gone_phrase(text: str) -> str | None:
    """Return the phrase by which a short page says that its announcement was taken down; None for any other page.

    What it says of the posts before and after, or of comments, is nothing about the announcement.
    """
    if len(text) > _known().max_characters:
        return None
    whole, shown = _squeezed(text), _squeezed(_TAGS.sub("", text))
    for phrase in _known().gone:
        sought = _squeezed(phrase)
        if max(whole.count(sought), shown.count(sought)) > _of_neighbours(shown, sought):
            return phrase
    return None


def says_little_but(text: str, phrase: str, little: int = _LITTLE) -> bool:
    """Return whether a text holds a phrase and little beside it."""
    squeezed, sought = _squeezed(text), _squeezed(phrase)
    return sought in squeezed and len(squeezed) - len(sought) < little


def is_about(title: str, text: str, phrase: str) -> bool:
    """Return whether a text speaks of what a title names: of its words beside a phrase most, and two at least."""
    squeezed, phrase = _squeezed(text), _squeezed(phrase)
    told = {word for word in _WORD.findall(title.casefold()) if word not in phrase}
    there = sum(word in squeezed for word in told)
    return there >= _TWO and there * 2 > len(told)


def _of_neighbours(text: str, phrase: str) -> int:
    """Return how often a phrase is said of what stands beside the announcement."""
    count, at = 0, text.find(phrase)
    while at >= 0:
        count += _BESIDE.search(text, max(0, at - _BEFORE), at) is not None
        at = text.find(phrase, at + 1)
    return count


def _said(text: str, phrases: list[str]) -> str | None:
    if len(text) > _known().max_characters:
        return None
    squeezed = _squeezed(text)
    return next((phrase for phrase in phrases if _squeezed(phrase) in squeezed), None)


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
