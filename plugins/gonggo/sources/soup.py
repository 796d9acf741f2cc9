"""A list page as BeautifulSoup, asked with the CSS selectors of the YAML files as ``soup.select`` asks it.

Whoever mends a site tries its selectors in the API that he knows. Pages of announcements, each of which is read whole,
stay with lxml (``dom.py``).
"""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup
from soupsieve import SelectorSyntaxError

from gonggo.errors import ChangedError, TerminalError
from gonggo.read.markup import absurd

# A list page has some thousand tags. A tree of Python objects takes many times as long as one of lxml, so that a page
# made to be large would hold up its run for minutes.
MOST_TAGS = 100_000


def soup_of(text: str, url: str) -> BeautifulSoup:
    """Return the tree of a page's markup; attributes are text, ``class`` too.

    Raises:
        ChangedError: it is made to keep a parser busy, or nothing that can be parsed.
    """
    if problem := absurd(text):
        raise ChangedError(f"{url}: {problem}; no page that people made has that")
    if (tags := text.count("<")) > MOST_TAGS:
        raise ChangedError(f"{url}: a list page of {tags:,} tags; at most {MOST_TAGS:,} are read")
    try:
        content = text.encode("utf-8", "replace")
        return BeautifulSoup(content, "lxml", from_encoding="utf-8", multi_valued_attributes=None)
    except ParserRejectedMarkup as error:
        raise ChangedError(f"{url}: {error}") from error


def select(around: Tag, selector: str, limit: int = 0) -> list[Tag]:
    """Return the elements below ``around`` that a selector finds; it may name what stands above them.

    Raises:
        TerminalError: it is no selector, or one that is not supported.
    """
    try:
        return list(around.select(selector, limit=limit))
    except SelectorSyntaxError as error:
        raise TerminalError(f"{selector!r} is no selector that can be used: {error}") from error


def matches(node: Tag, selector: str) -> bool:
    """Return whether a selector finds an element.

    Raises:
        TerminalError: it is no selector, or one that is not supported.
    """
    try:
        return node.css.match(selector)
    except SelectorSyntaxError as error:
        raise TerminalError(f"{selector!r} is no selector that can be used: {error}") from error


def text_of(node: Tag) -> str:
    """Return the text of an element: its pieces without the space around them, and one between two."""
    return " ".join(node.stripped_strings)


def attribute(node: Tag, name: str) -> str:
    """Return an attribute of an element, "" where it has none."""
    return str(node.get(name) or "")
