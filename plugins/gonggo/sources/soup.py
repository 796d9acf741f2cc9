"""List pages as trees of BeautifulSoup, queried with the CSS selectors of the YAML files.

Selectors behave as in ``soup.select``, so that they can be tried out in a well-known API. Pages of announcements are
read with lxml (``dom.py``).
"""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup
from soupsieve import SelectorSyntaxError

from gonggo.errors import ChangedError, TerminalError
from gonggo.read.markup import hostile_markup

# A list page has some thousand tags. BeautifulSoup takes many times as long as lxml, so that a page made to be large
# would hold up its run for minutes.
MOST_TAGS = 100_000


def soup_of(text: str, url: str) -> BeautifulSoup:
    """Return the tree of the markup of a page; all attributes are strings, ``class`` too.

    Raises:
        ChangedError: The markup is made to exhaust a parser, or cannot be parsed.
    """
    if problem := hostile_markup(text):
        raise ChangedError(f"{url}: {problem}; no page that people made has that")
    if (tags := text.count("<")) > MOST_TAGS:
        raise ChangedError(f"{url}: a list page of {tags:,} tags; at most {MOST_TAGS:,} are read")
    try:
        content = text.encode("utf-8", "replace")
        return BeautifulSoup(content, "lxml", from_encoding="utf-8", multi_valued_attributes=None)
    except ParserRejectedMarkup as error:
        raise ChangedError(f"{url}: {error}") from error


def select(around: Tag, selector: str, limit: int = 0) -> list[Tag]:
    """Return the descendants of ``around`` that match a selector, which may name ancestors too.

    Args:
        around: The element to search in.
        selector: A CSS selector.
        limit: The most elements to return; 0 for all.

    Raises:
        TerminalError: The selector is invalid or not supported.
    """
    try:
        return list(around.select(selector, limit=limit))
    except SelectorSyntaxError as error:
        raise TerminalError(f"{selector!r} is no selector that can be used: {error}") from error


def matches(node: Tag, selector: str) -> bool:
    """Return whether an element matches a selector.

    Raises:
        TerminalError: The selector is invalid or not supported.
    """
    try:
        return node.css.match(selector)
    except SelectorSyntaxError as error:
        raise TerminalError(f"{selector!r} is no selector that can be used: {error}") from error


def text_of(node: Tag) -> str:
    """Return the text of an element: its strings, stripped and joined by spaces."""
    return " ".join(node.stripped_strings)


def attribute(node: Tag, name: str) -> str:
    """Return an attribute of an element, "" if it has none."""
    return str(node.get(name) or "")
