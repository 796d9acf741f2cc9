"""What a reader hands on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gonggo.clean_text import CleanTexts
from gonggo.read.boilerplate import strip_boilerplate
from gonggo.read.normalize import tidy
from gonggo.read.spam import strip_spam

Place = tuple[int, int, str]


@dataclass(frozen=True)
class Reading(CleanTexts):
    """Clean text and what was learned on the way.

    ``meta`` has title and posted_on (ISO date) where the page's metadata says them; ``removed`` lists what was cut
    out: ``{"kind": "spam" | "boilerplate" | "superseded", "quote": …}``; ``places`` says of stretches of the text
    (start, end) where they stand in an office file: ``p3`` a page, ``t2r3c1`` a table's cell, ``공고!B12`` a sheet's.
    ``outcome`` is partial where not all of a file could be read; ``reason`` says why.
    """

    text: str
    title: str | None = None
    meta: dict[str, str] = field(default_factory=dict)
    removed: list[dict[str, str]] = field(default_factory=list)
    charset: str | None = None
    media_type: str | None = None
    places: list[Place] = field(default_factory=list)
    outcome: str = "ok"
    reason: str | None = None


def finish(
    raw: str,
    *,
    whole_page: bool,
    title: str | None = None,
    meta: dict[str, str] | None = None,
    charset: str | None = None,
    media_type: str | None = None,
    superseded: Iterable[str] = (),
) -> Reading:
    """The last steps that all formats share: tidy, take out injected spam, take out boilerplate of whole pages.

    ``superseded`` is what the reader has taken out already, for the text itself says that it no longer holds.
    """
    text, spam = strip_spam(tidy(raw))
    text, boilerplate = strip_boilerplate(text) if whole_page else (text, [])
    removed = [{"kind": "spam", "quote": q} for q in spam] + [{"kind": "boilerplate", "quote": q} for q in boilerplate]
    text = tidy(text) if removed else text
    removed += [{"kind": "superseded", "quote": said} for said in map(tidy, superseded) if said]
    return Reading(text, title, meta or {}, removed, charset, media_type)
