"""Pages that come with status 200 and are not the page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel

from gonggo.datafile import load_model


class _Blocked(BaseModel):
    max_characters: int
    phrases: list[str]


@cache
def _known() -> _Blocked:
    return load_model(Path(__file__).with_name("blocked.yaml"), _Blocked)


def blocked_phrase(text: str) -> str | None:
    """The phrase that gives a short page away as a challenge or refusal; None for an honest page."""
    known = _known()
    if len(text) > known.max_characters:
        return None
    squeezed = "".join(text.split())
    return next((p for p in known.phrases if "".join(p.split()) in squeezed), None)
