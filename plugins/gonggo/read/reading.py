"""What a reader hands on."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from gonggo.read.boilerplate import strip_boilerplate
from gonggo.read.spam import strip_spam

_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)


@dataclass(frozen=True)
class Reading:
    """Clean text and what was learned on the way.

    ``meta`` has title and posted_on (ISO date) where the page's metadata says them; ``removed`` lists what was cut
    out: ``{"kind": "spam" | "boilerplate", "quote": …}``.
    """

    text: str
    title: str | None = None
    meta: dict[str, str] = field(default_factory=dict)
    removed: list[dict[str, str]] = field(default_factory=list)
    charset: str | None = None
    media_type: str | None = None


def tidy(text: str) -> str:
    """NFC, ordinary line ends and spaces, no invisible characters, no more than one empty line in a row."""
    text = unicodedata.normalize("NFC", text.translate(_ZERO_WIDTH))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = "".join(c if c in "\n\t" or not unicodedata.category(c).startswith("C") else " " for c in text)
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def finish(
    raw: str,
    *,
    whole_page: bool,
    title: str | None = None,
    meta: dict[str, str] | None = None,
    charset: str | None = None,
    media_type: str | None = None,
) -> Reading:
    """The last steps that all formats share: tidy, take out injected spam, take out boilerplate of whole pages."""
    text, spam = strip_spam(tidy(raw))
    text, boilerplate = strip_boilerplate(text) if whole_page else (text, [])
    removed = [{"kind": "spam", "quote": q} for q in spam] + [{"kind": "boilerplate", "quote": q} for q in boilerplate]
    return Reading(tidy(text), title, meta or {}, removed, charset, media_type)
