"""What an answer that is not the answer means, by what it says: a refused key, a spent quota, a challenge."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.errors import BlockedError, CollectError, TerminalError, TransientError
from gonggo.read.loose import json_of
from gonggo.sources.block_pages import asks_to_log_in, blocked_phrase, login_phrase, says_little_but

if TYPE_CHECKING:
    from gonggo.sources.catalogue import Site

_LOOSE = re.compile(r"[\s_]+")
_SHOWN = 120
# What may stand around a word that is the whole answer: a key of JSON, its brackets.
_AROUND = 30
# Families that ask services; of the others an answer is a page, in which such words may stand.
_SERVICES = ("bizinfo", "datago", "json_list", "naver_news")
Kind = Literal["key", "expired", "quota", "busy", "address"]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Kind
    words: list[str] = []
    alone: list[str] = []  # they tell it only where an answer says little else


class _Refusals(BaseModel):
    model_config = ConfigDict(extra="forbid")
    most_characters: int
    refusals: list[_Said]
    codes: dict[Kind, list[str]]


@cache
def _known() -> tuple[_Refusals, list[tuple[Kind, str]], dict[str, Kind]]:
    told = load_model(Path(__file__).with_name("refusals.yaml"), _Refusals)
    words = [(said.kind, _squeezed(word)) for said in told.refusals for word in said.words]
    return told, words, {code: kind for kind, codes in told.codes.items() for code in codes}


def _squeezed(text: str) -> str:
    return _LOOSE.sub("", text).casefold()


def explained(
    url: str, text: str, otherwise: CollectError, site: Site | None = None, *, login: bool = False
) -> CollectError:
    """Return why a page is not what was expected, by its own words; ``otherwise`` where it gives none.

    ``login``: a page that asks to log in is one that was refused.
    """
    if phrase := blocked_phrase(text):
        return BlockedError(f"{url}: the site answered with a page that says {phrase!r}")
    if site and (refused := in_words(site, text)):
        return refused
    if asks_to_log_in(text):
        return BlockedError(f"{url}: the site asks to log in")
    if login and (phrase := login_phrase(text)):
        return BlockedError(f"{url}: the site asks to log in ({phrase!r})")
    return otherwise


def in_words(site: Site, text: str, code: str = "") -> CollectError | None:
    """Return what a service that takes a key says against it, with the next step; None where it says nothing known.

    ``text`` is the message of its envelope, or a whole answer that is no list.
    """
    told, words, codes = _known()
    if len(text) > told.most_characters or not (site.key_env or site.family in _SERVICES):
        return None
    squeezed = _squeezed(text)
    kind = next((kind for kind, word in words if word in squeezed), codes.get(code.strip()) or _alone(told, text))
    if not site.key_env and kind not in ("key", "expired"):
        return None
    shown = " ".join(text.split())[:_SHOWN] or "no message"
    return refusal(site, kind, f"{code.strip()}: {shown}" if code.strip() else shown) if kind else None


def _alone(told: _Refusals, text: str) -> Kind | None:
    """Return what an answer means that is one word, or has one as one of its values."""
    said = [text, *_values(text)]
    found = (
        refused.kind
        for refused in told.refusals
        if any(says_little_but(value, word, _AROUND) for word in refused.alone for value in said)
    )
    return next(found, None)


def _values(text: str) -> list[str]:
    """Return the texts in a small answer in JSON; none for any other."""
    try:
        left, values = [json_of(text)], list[str]()
    except ValueError:
        return []
    while left:
        value = left.pop()
        if isinstance(value, str):
            values.append(value)
        left += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return values


def refusal(site: Site, kind: Kind, words: str) -> CollectError:
    """Return the error of a refusal of one kind, with the words of the service and the next step."""
    said = f"{site.id}: the service refused ({words})"
    if kind == "busy":
        return TransientError(f"{said}; it may answer later")
    if kind == "quota":
        return TransientError(
            f"{said}; today's requests are used up. It may answer later: the next run asks again. More requests a day "
            f"can be had at {site.key_url}."
        )
    if kind == "expired" and site.key_env:
        return TerminalError(
            f"{said}. The time of use of the key has ended: extend it at {site.key_url}, or put a new one into "
            f"{site.key_env}."
        )
    if kind == "address":
        return TerminalError(f"{said}. Register the address of this machine for {site.key_env} at {site.key_url}.")
    if not site.key_env:
        return TerminalError(f"{said}. It wants a key: name the variable that holds it as key_env in {site.id}.yaml.")
    return TerminalError(f"{said}. Check {site.key_env}; apply for the service at {site.key_url}.")
