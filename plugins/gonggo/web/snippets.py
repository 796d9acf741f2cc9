"""What announcements say around the words of a search, with these words marked."""

from __future__ import annotations

from markupsafe import Markup, escape

from gonggo.web.snapshot import Row, Snapshot

# Stand around a word in plain text.
MARKS = ("«", "»")
# Stand for the tags until everything else is escaped. They are control characters, which no snippet has.
_TAGS = {"\x02": "<mark>", "\x03": "</mark>"}


def snippets(data: Snapshot, words: str | None, rows: list[Row], marks: tuple[str, str] = MARKS) -> dict[str, str]:
    """Return the text around the words in each announcement of a list, by its key; nothing without words."""
    keys = [row["announcement_key"] for row in rows]
    if not words or not keys:
        return {}
    opening, closing = marks
    snippet_rows = data.rows("snippets", words=words, keys=keys, opening=opening, closing=closing)
    return {row["announcement_key"]: row["snippet"] or "" for row in snippet_rows}


def marked_snippets(data: Snapshot, words: str | None, rows: list[Row]) -> dict[str, Markup]:
    """Return the same as HTML: everything escaped, each word in a ``mark``."""
    opening, closing = _TAGS
    return {key: _tagged(text) for key, text in snippets(data, words, rows, (opening, closing)).items()}


def with_snippets(data: Snapshot, words: str | None, rows: list[Row]) -> list[Row]:
    """Return the rows of a list, each with its ``snippet``, which is None without words."""
    snippet_by_key = snippets(data, words, rows)
    return [{**row, "snippet": snippet_by_key.get(row["announcement_key"])} for row in rows]


def _tagged(text: str) -> Markup:
    html = str(escape(text))
    for character, tag in _TAGS.items():
        html = html.replace(character, tag)
    return Markup(html)  # noqa: S704 (escaped above)
