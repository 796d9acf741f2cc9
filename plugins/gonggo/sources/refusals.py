"""Answers of services that refuse, recognised by their words: invalid key, used quota, unknown address, busy."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.errors import BlockedError, CollectError, TerminalError, TransientError
from gonggo.read.loose import parse_json
from gonggo.sources.block_pages import (
    asks_for_browser,
    asks_to_log_in,
    blocked_phrase,
    login_phrase,
    says_little_but,
    shown_instead,
)

if TYPE_CHECKING:
    from gonggo.sources.catalogue import Site

_MARKUP = re.compile(r"\s*(?:<|\Z)")
_SPACES = re.compile(r"[\s_]+")
_MOST_SHOWN = 120
# The most letters around a word that is the whole answer, such as a key and brackets of JSON.
_MOST_OTHER_LETTERS = 30
# Families of services. Answers of the others are pages, which may contain such words by chance.
_SERVICE_FAMILIES = ("bizinfo", "datago", "json_list", "naver_news")
Kind = Literal["key", "expired", "quota", "busy", "address"]


class _RefusalWords(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Kind
    words: list[str] = []
    alone: list[str] = []  # words that count only in an answer that says little else


class _Refusals(BaseModel):
    model_config = ConfigDict(extra="forbid")
    most_characters: int
    refusals: list[_RefusalWords]
    codes: dict[Kind, list[str]]


@cache
def _load_refusals() -> tuple[_Refusals, list[tuple[Kind, str]], dict[str, Kind]]:
    refusals = load_model(Path(__file__).with_name("refusals.yaml"), _Refusals)
    words = [(entry.kind, _without_spaces(word)) for entry in refusals.refusals for word in entry.words]
    return refusals, words, {code: kind for kind, codes in refusals.codes.items() for code in codes}


def _without_spaces(text: str) -> str:
    return _SPACES.sub("", text).casefold()


def explain(
    url: str, text: str, default: CollectError, site: Site | None = None, *, login: bool = False
) -> CollectError:
    """Return the error that the words of an unexpected page indicate, else ``default`` with what the page shows.

    Args:
        url: The URL of the page.
        text: The text or markup of the page.
        default: The error to return if the page gives no reason.
        site: The site, whose service may refuse in words.
        login: Whether a phrase that asks to log in is a reason, too.
    """
    if phrase := blocked_phrase(text):
        return BlockedError(f"{url}: the site answered with a page that says {phrase!r}")
    if site and (refusal_error := refusal_in(site, text)):
        return refusal_error
    if asks_to_log_in(text):
        return BlockedError(f"{url}: the site asks to log in")
    if login and (phrase := login_phrase(text)):
        return BlockedError(f"{url}: the site asks to log in ({phrase!r})")
    if asks_for_browser(text):
        return BlockedError(f"{url}: the site answered with a script that sets a cookie and loads the page again")
    if _MARKUP.match(text) and (shown := shown_instead(text)):
        return type(default)(f"{default}; {shown}")
    return default


def refusal_in(site: Site, text: str, code: str = "") -> CollectError | None:
    """Return the error for a refusal by a service, with the next step; None if it is no known refusal.

    Args:
        site: The site of the service.
        text: The message of its envelope, or a whole answer that is no list.
        code: The result code of its envelope.
    """
    refusals, words, codes = _load_refusals()
    if len(text) > refusals.most_characters or not (site.key_env or site.family in _SERVICE_FAMILIES):
        return None
    compact = _without_spaces(text)
    kind = next(
        (kind for kind, word in words if word in compact),
        codes.get(code.strip()) or _kind_of_short_answer(refusals, text),
    )
    if not site.key_env and kind not in ("key", "expired"):
        return None
    shown = " ".join(text.split())[:_MOST_SHOWN] or "no message"
    return refusal(site, kind, f"{code.strip()}: {shown}" if code.strip() else shown) if kind else None


def _kind_of_short_answer(refusals: _Refusals, text: str) -> Kind | None:
    """Return the kind of refusal of an answer whose text, or one of whose values, is a single word."""
    texts = [text, *_json_texts(text)]
    kinds = (
        entry.kind
        for entry in refusals.refusals
        if any(says_little_but(value, word, _MOST_OTHER_LETTERS) for word in entry.alone for value in texts)
    )
    return next(kinds, None)


def _json_texts(text: str) -> list[str]:
    """Return the strings in an answer in JSON, none for any other answer."""
    try:
        pending, values = [parse_json(text)], list[str]()
    except ValueError:
        return []
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            values.append(value)
        pending += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return values


def refusal(site: Site, kind: Kind, service_words: str) -> CollectError:
    """Return the error for a kind of refusal, with the words of the service and the next step."""
    message = f"{site.id}: the service refused ({service_words})"
    if kind == "busy":
        return TransientError(f"{message}; it may answer later")
    if kind == "quota":
        return TransientError(
            f"{message}; today's requests are used up. It may answer later: the next run asks again. More requests "
            f"a day can be had at {site.key_url}."
        )
    if kind == "expired" and site.key_env:
        return TerminalError(
            f"{message}. The time of use of the key has ended: extend it at {site.key_url}, or put a new one into "
            f"{site.key_env}."
        )
    if kind == "address":
        return TerminalError(f"{message}. Register the address of this machine for {site.key_env} at {site.key_url}.")
    if not site.key_env:
        return TerminalError(
            f"{message}. It wants a key: name the variable that holds it as key_env in {site.id}.yaml."
        )
    return TerminalError(f"{message}. Check {site.key_env}; apply for the service at {site.key_url}.")
