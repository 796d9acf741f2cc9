"""Pages that come with status 200 and are not the page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel

from gonggo.datafile import load_model


class _Blocked(BaseModel):
    max_characters: int
    phrases: list[str]
    gone: list[str]


@cache
def _known() -> _Blocked:
    return load_model(Path(__file__).with_name("blocked.yaml"), _Blocked)


def blocked_phrase(text: str) -> str | None:
    """The phrase that gives a short page away as a challenge or refusal; None for an honest page."""
    return _said(text, _known().phrases)


def gone_phrase(text: str) -> str | None:
    """The phrase by which a short page says that its announcement was taken down; None for any other page."""
    return _said(text, _known().gone)


def _said(text: str, phrases: list[str]) -> str | None:
    if len(text) > _known().max_characters:
        return None
    squeezed = "".join(text.split())
    return next((phrase for phrase in phrases if "".join(phrase.split()) in squeezed), None)
