"""Pages with status 200 that are not the requested page: challenges, refusals, login forms, deleted posts."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import unescape
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model

# Words before a phrase that show that it is about the previous or next post, a comment or an attachment.
_ABOUT_NEIGHBOUR = re.compile(r"이전|다음|윗|아랫|위글|아래글|앞글|뒷글|prev|next|댓|답글|관련|첨부|연관", re.I)
_NEIGHBOUR_REACH = 16
_TAGS = re.compile(r"<[^<>]{0,4000}>")
_PASSWORD = re.compile(r"<input\b[^<>]{0,500}\btype\s{0,9}=\s{0,9}[\"']?password", re.I)
_HEADING = re.compile(r"<(?:title|h[1-3])\b[^<>]{0,500}>([^<]{0,300})", re.I)
_WORD, _FEWEST_WORDS = re.compile(r"[^\W_]{2,40}"), 2
_SCRIPT = re.compile(r"<(script|noscript|style|title)\b[^<>]{0,4000}>.*?</\1\s*>", re.I | re.S)
_SETS_COOKIE = re.compile(r"document\.cookie\s*=|set_?cookie\s*\(", re.I)
_LOADS_AGAIN = re.compile(
    r"location\.reload\s*\(|location(?:\.href)?\s*=|location\.replace\s*\(|http-equiv=.?refresh", re.I
)
_ALERT = re.compile(r"\balert\s*\(\s*['\"]([^'\"]{1,400})['\"]")
_LEADS_TO = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\s*\()\s*['\"]([^'\"\s]{1,400})['\"]"
    r"|http-equiv=[\"']?refresh[\"']?[^<>]{0,80}?url=([^\"'<>\s]{1,400})",
    re.I,
)
# The most letters of a page whose text is told, and of what is told.
_MOST_TOLD, _MOST_SHOWN = 300, 120
# A refusal has few letters besides its phrase.
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
    """Return the phrase that marks a short page as a challenge or a refusal, None if it has none.

    The title or text of an announcement may hold such a phrase too. Ask only about pages that cannot be parsed.
    """
    return _first_phrase(text, _block_pages().phrases)


def login_phrase(text: str) -> str | None:
    """Return the phrase by which a short page asks to log in, None if it has none."""
    return _first_phrase(text, _block_pages().login)


def asks_to_log_in(text: str) -> bool:
    """Return whether a page is a login form by its headings; many other pages merely contain one."""
    headings = " ".join(_HEADING.findall(text)).casefold() if _PASSWORD.search(text) else ""
    return "로그인" in headings or "login" in headings


def is_conditional(text: str, phrase: str) -> bool:
    """Return whether an announcement uses a phrase only in conditions, such as "if access is blocked, call …"."""
    compact, compact_phrase = _without_spaces(text), _without_spaces(phrase)
    continuations = compact.split(compact_phrase)[1:]
    all_conditional = all(part.startswith(tuple(_block_pages().conditional)) for part in continuations)
    return all_conditional and any(word in compact.replace(compact_phrase, "") for word in _block_pages().applying)


def gone_phrase(text: str) -> str | None:
    """Return the phrase by which a short page says that its announcement was deleted, None if it has none.

    Phrases about the previous or next post, or about comments, do not count.
    """
    if len(text) > _block_pages().max_characters:
        return None
    compact_markup, compact_text = _without_spaces(text), _without_spaces(_TAGS.sub("", text))
    for phrase in _block_pages().gone:
        compact_phrase = _compact_phrase(phrase)
        if max(compact_markup.count(compact_phrase), compact_text.count(compact_phrase)) > _count_about_neighbours(
            compact_text, compact_phrase
        ):
            return phrase
    return None


def says_little_but(text: str, phrase: str, most_others: int = _MOST_OTHER_LETTERS) -> bool:
    """Return whether a text holds a phrase and fewer than ``most_others`` other letters."""
    compact, compact_phrase = _without_spaces(text), _without_spaces(phrase)
    return compact_phrase in compact and len(compact) - len(compact_phrase) < most_others


def is_about(title: str, text: str, phrase: str) -> bool:
    """Return whether a text holds most words of a title, and at least two; those of ``phrase`` do not count."""
    compact, phrase = _without_spaces(text), _without_spaces(phrase)
    title_words = {word for word in _WORD.findall(title.casefold()) if word not in phrase}
    words_present = sum(word in compact for word in title_words)
    return words_present >= _FEWEST_WORDS and words_present * 2 > len(title_words)


def asks_for_browser(text: str) -> bool:
    """Return whether a page without text is a script that sets a cookie and loads the page again."""
    return not _visible_text(text) and bool(_SETS_COOKIE.search(text) and _LOADS_AGAIN.search(text))


def shown_instead(text: str) -> str:
    """Return in words what a page shows that is not the page asked for, "" if it shows too much to tell."""
    visible = _visible_text(text)
    if visible:
        return f"the page says {visible[:_MOST_SHOWN]!r}" if len(visible) <= _MOST_TOLD else ""
    alert, target = _ALERT.search(text), _LEADS_TO.search(text)
    scripts = f"a script says {alert[1][:_MOST_SHOWN]!r}" if alert else ""
    address = (target[1] or target[2])[:_MOST_SHOWN] if target else ""
    leads = f"{'and' if scripts else 'the page'} leads to {address}" if address else ""
    if scripts or leads:
        return " ".join(filter(None, (scripts, leads)))
    return "the page holds scripts only" if _SCRIPT.search(text) else "the page is empty"


def _visible_text(text: str) -> str:
    return " ".join(unescape(_TAGS.sub(" ", _SCRIPT.sub(" ", text))).split())


def _count_about_neighbours(text: str, phrase: str) -> int:
    """Return how often a phrase is about the previous or next post, or about a comment or attachment."""
    count, position = 0, text.find(phrase)
    while position >= 0:
        count += _ABOUT_NEIGHBOUR.search(text, max(0, position - _NEIGHBOUR_REACH), position) is not None
        position = text.find(phrase, position + 1)
    return count


def _first_phrase(text: str, phrases: list[str]) -> str | None:
    if len(text) > _block_pages().max_characters:
        return None
    compact = _without_spaces(text)
    return next((phrase for phrase in phrases if _compact_phrase(phrase) in compact), None)


@lru_cache(maxsize=4)
def _without_spaces(text: str) -> str:
    """Return a text as phrases are looked for in it; several kinds of them are, one after the other."""
    return "".join(text.split()).casefold()


@cache
def _compact_phrase(phrase: str) -> str:
    """Return a phrase of the file as it is looked for in every page."""
    return _without_spaces(phrase)
