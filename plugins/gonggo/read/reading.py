"""The result of reading a page or file, and the steps that all formats share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gonggo.clean_text import CleanTexts
from gonggo.read.boilerplate import strip_boilerplate
from gonggo.read.normalize import normalize_text
from gonggo.read.spam import strip_spam

TextLocation = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class RemovedText:
    """A passage that was cut out, as spam, boilerplate or superseded; ``file`` is the attachment that it was in."""

    kind: str
    quote: str
    file: str | None = None


@dataclass(frozen=True)
class Reading(CleanTexts):
    """Clean text with metadata.

    ``meta`` has title and posted_on (ISO date) if the page states them. ``removed`` lists what was cut out.
    ``locations`` maps stretches of the text (start, end) to locations in an office file: ``p3`` a page, ``t2r3c1`` a
    table cell, ``공고!B12`` a cell of a sheet. ``outcome`` is partial if not all of a file could be read; ``reason``
    says why.
    """

    text: str
    title: str | None = None
    meta: dict[str, str] = field(default_factory=dict)
    removed: list[RemovedText] = field(default_factory=list)
    charset: str | None = None
    media_type: str | None = None
    locations: list[TextLocation] = field(default_factory=list)
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
    """Normalize a text, remove injected spam and, from whole pages, boilerplate.

    ``superseded`` lists what the reader has already removed because the text itself marks it as no longer valid.
    """
    text, spam = strip_spam(normalize_text(raw))
    text, boilerplate = strip_boilerplate(text) if whole_page else (text, [])
    removed = [RemovedText("spam", q) for q in spam] + [RemovedText("boilerplate", q) for q in boilerplate]
    text = normalize_text(text) if removed else text
    removed += [RemovedText("superseded", quote) for quote in map(normalize_text, superseded) if quote]
    return Reading(text, title, meta or {}, removed, charset, media_type)
